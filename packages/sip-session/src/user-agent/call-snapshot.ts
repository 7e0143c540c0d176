import type { Dialog } from '../dialog/dialog.js'
import type { DialogSnapshot } from '../dialog/dialog-snapshot.js'
import type { Description } from '../session-description-handler.js'
import type { Agreement } from '../session/offer-answer.js'

/** An established call as JSON: what another agent of the same identity needs to go on with it. `version` tells the shape. */
export interface CallSnapshot {
  readonly version: 1
  readonly direction: 'incoming' | 'outgoing'
  readonly dialog: DialogSnapshot
  /** What both sides agreed to last; absent while they have not. */
  readonly agreed?: { readonly offer: Description; readonly answer: Description; /** Which of them was ours. */ readonly own: 'offer' | 'answer' }
}

/** What a snapshot says. */
export interface RestoredCall {
  readonly direction: CallSnapshot['direction']
  readonly dialog: Dialog
  readonly agreed: Agreement | undefined
}

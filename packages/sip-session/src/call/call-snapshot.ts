import type { DialogSnapshot } from '../dialog/dialog-snapshot.js'
import type { Description } from '../session-description-handler.js'

/** An established call as JSON: what another agent of the same identity needs to go on with it. `version` tells the shape. */
export interface CallSnapshot {
  readonly version: 1
  readonly direction: 'incoming' | 'outgoing'
  readonly dialog: DialogSnapshot
  /** What both sides agreed to last; absent while they have not. */
  readonly agreed?: { readonly offer: Description; readonly answer: Description; /** Which of them was ours. */ readonly own: 'offer' | 'answer' }
}

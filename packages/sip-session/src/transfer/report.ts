import type { SipRequest } from '@offhook/sip-parser'
import { createSipfrag, parseSipfrag } from '@offhook/sip-parser/multipart'
import type { NotificationBody } from '../subscription/notifier.js'
import type { TransferProgress } from '../call/transfer-types.js'

/** The body that tells how far a referred request has come: a status line, and nothing of the target's own (RFC 3515 §2.4.5, §5). */
export function createReport({ status, reason }: TransferProgress): NotificationBody {
  const { contentType, body } = createSipfrag({ statusCode: status, reasonPhrase: reason.replaceAll(/\p{Cc}/gu, ' ') })
  return { contentType: String(contentType), body }
}

/** What a NOTIFY of the event `refer` tells; `undefined` when that cannot be read. */
export function readReport(notify: SipRequest): TransferProgress | undefined {
  const told = parseSipfrag(notify.body)
  return told.ok && told.value.kind === 'response' ? { status: told.value.statusCode, reason: told.value.reasonPhrase } : undefined
}

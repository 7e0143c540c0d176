import { quoteString } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { ExtraHeaders, RequestFailure } from '../session/session.js'
import type { UsageEnd } from '../session/usage-types.js'
import type { CallEnd, CallEndCause, HangUpOptions } from './call-types.js'

/** What the final responses to an INVITE say in one word; every other says `rejected`. */
const CAUSES: Readonly<Record<number, CallEndCause>> = {
  401: 'unauthorized', 403: 'unauthorized', 404: 'not-found', 407: 'unauthorized', 408: 'no-answer', 410: 'not-found', 480: 'no-answer', 486: 'busy',
  487: 'cancelled', 488: 'media', 502: 'unreachable', 503: 'unreachable', 504: 'unreachable', 600: 'busy', 604: 'not-found', 606: 'media',
}

/** The call was not answered: a final response came. */
export function endOfResponse(response: SipResponse, explanation?: string): CallEnd {
  const { statusCode: status, reasonPhrase } = response
  return { by: 'remote', cause: CAUSES[status] ?? 'rejected', status, reason: explanation ?? reasonOf(response).text ?? reasonPhrase, message: response }
}

/** The call was not answered: no final response came. */
export function endOfFailure(failure: RequestFailure, error?: unknown): CallEnd {
  if (failure === 'cancelled') return { by: 'local', cause: 'cancelled', reason: 'The call was given up.' }
  const timedOut = failure === 'timed-out'
  const reason = error instanceof Error ? error.message : timedOut ? 'The other side did not react.' : 'The connection was lost.'
  return { by: 'error', cause: 'unreachable', status: timedOut ? 408 : 503, reason, error }
}

/** The session ended. */
export function endOfUsage(by: CallEnd['by'], why: UsageEnd, message: SipRequest | SipResponse | undefined): CallEnd {
  const reason = message && reasonOf(message)
  const status = message?.kind === 'response' ? message.statusCode : reason?.status
  const [cause, text] = USAGE_ENDS[why]
  return { by, cause, reason: reason?.text ?? (by === 'local' && why === 'bye' ? 'Hung up.' : text), ...(status !== undefined && { status }), ...(message && { message }) }
}

const USAGE_ENDS: Readonly<Record<UsageEnd, readonly [CallEndCause, string]>> = {
  bye: ['hung-up', 'The other side hung up.'],
  cancelled: ['cancelled', 'The caller gave up.'],
  refused: ['rejected', 'The call was rejected.'],
  lost: ['lost', 'The other side does not know the call any more.'],
  expired: ['lost', 'The other side was not heard of for too long.'],
  disposed: ['closed', 'The call was closed.'],
}

/** The text of a Reason header field, and the status of the one that is of the protocol SIP, if there is one (RFC 3326 §2). */
function reasonOf({ headers }: SipRequest | SipResponse): { readonly status?: number; readonly text?: string | undefined } {
  if (!headers.has('Reason')) return {}
  const reasons = headers.getAll('Reason').join().match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []
  const reason = reasons.find((one) => /^\s*SIP\s*;/i.test(one)) ?? reasons[0] ?? ''
  const status = /^\s*SIP\s*;.*\bcause=(\d{3})\b/i.exec(reason)?.[1]
  const text = /;\s*text="((?:[^"\\]|\\.)*)"/i.exec(reason)?.[1]?.replace(/\\(.)/g, '$1')
  return { text, ...(status !== undefined && { status: Number(status) }) }
}

/** The header fields of our BYE or CANCEL: those of the application, and the reason in its words (RFC 3326 §2). */
export function farewell({ headers, status, reason }: HangUpOptions): ExtraHeaders {
  if (status === undefined && reason === undefined) return headers ?? {}
  const cause = status === undefined ? '' : `;cause=${status}`
  return { Reason: `SIP${cause}${reason === undefined ? '' : `;text=${quoteString(reason)}`}`, ...headers }
}

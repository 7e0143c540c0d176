import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { RequestFailure } from '../session/session.js'
import type { UsageEnd } from '../session/usage-types.js'
import type { CallEnd, CallEndCause } from './call-types.js'

/** What a final response to our INVITE says in one word. */
export function causeOfStatus(status: number): CallEndCause {
  switch (status) {
    case 401: case 403: case 407:
      return 'unauthorized'
    case 404: case 410: case 604:
      return 'not-found'
    case 408: case 480:
      return 'no-answer'
    case 486: case 600:
      return 'busy'
    case 487:
      return 'cancelled'
    case 488: case 606:
      return 'media'
    case 502: case 503: case 504:
      return 'unreachable'
    default:
      return 'rejected'
  }
}

/** The call was not answered: a final response came. */
export function endOfResponse(response: SipResponse, explanation?: string): CallEnd {
  return {
    by: 'remote', cause: causeOfStatus(response.statusCode), status: response.statusCode,
    reason: explanation ?? (reasonText(response) ?? response.reasonPhrase), message: response,
  }
}

/** The call was not answered: no final response came. */
export function endOfFailure(failure: RequestFailure, error?: unknown): CallEnd {
  const told = error instanceof Error ? error.message : undefined
  switch (failure) {
    case 'timed-out':
      return { by: 'error', cause: 'unreachable', status: 408, reason: told ?? 'The other side did not react.', error }
    case 'cancelled':
      return { by: 'local', cause: 'cancelled', reason: told ?? 'The call was given up.' }
    case 'unreachable':
    case 'closed':
      return { by: 'error', cause: 'unreachable', status: 503, reason: told ?? 'The connection was lost.', error }
  }
}

/** The session ended. */
export function endOfUsage(by: CallEnd['by'], why: UsageEnd, message: SipRequest | SipResponse | undefined): CallEnd {
  const status = message?.kind === 'response' ? message.statusCode : message && reasonStatus(message)
  const told = message && reasonText(message)
  const [cause, text] = USAGE_ENDS[why]
  return { by, cause, reason: told ?? text, ...(status !== undefined && { status }), ...(message && { message }) }
}

const USAGE_ENDS: Readonly<Record<UsageEnd, readonly [CallEndCause, string]>> = {
  bye: ['hung-up', 'The other side hung up.'],
  cancelled: ['cancelled', 'The caller gave up.'],
  refused: ['rejected', 'The call was rejected.'],
  lost: ['lost', 'The other side does not know the call any more.'],
  disposed: ['closed', 'The call was closed.'],
}

/** The text of a Reason header field, or what its cause means (RFC 3326). */
export function reasonText(message: SipRequest | SipResponse): string | undefined {
  const reason = message.headers.get('Reason')
  return reason === undefined ? undefined : /;\s*text="((?:[^"\\]|\\.)*)"/i.exec(reason)?.[1]?.replace(/\\(.)/g, '$1')
}

/** The status in a Reason header field of the protocol SIP. */
export function reasonStatus(message: SipRequest | SipResponse): number | undefined {
  const cause = /^\s*SIP\s*;.*\bcause=(\d{3})\b/i.exec(message.headers.get('Reason') ?? '')?.[1]
  return cause === undefined ? undefined : Number(cause)
}

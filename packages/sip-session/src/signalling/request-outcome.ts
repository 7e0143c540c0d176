import type { SipResponse } from '@offhook/sip-parser'
import type { RequestFailure, RequestOutcome } from '../session/session.js'

/** The outcome that a final response makes. */
export function outcomeOf(response: SipResponse, details: Pick<RequestOutcome, 'retryIn' | 'explanation'> = {}): RequestOutcome {
  return { ok: response.statusCode < 300, status: response.statusCode, reason: response.reasonPhrase, response, ...details }
}

const FAILURES: Readonly<Record<RequestFailure, readonly [status: number, reason: string]>> = {
  'timed-out': [408, 'No answer came in time.'],
  unreachable: [503, 'The request could not be sent.'],
  cancelled: [487, 'The request was given up.'],
  closed: [481, 'The session does not take this request now.'],
}

/** The outcome of a request without final response (RFC 3261 §8.1.3.1). */
export function failureOf(failure: RequestFailure, error?: unknown): RequestOutcome {
  const [status, text] = FAILURES[failure]
  return { ok: false, status, reason: error instanceof Error ? error.message : text, failure }
}

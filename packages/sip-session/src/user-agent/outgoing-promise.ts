import { reasonPhraseOf } from '@offhook/sip-parser'
import type { SipResponse } from '@offhook/sip-parser'
import type { OutgoingRequest, RequestFailure, RequestOutcome } from '../session/session.js'

/** What may go with a final response. */
export interface OutcomeDetails {
  readonly retryIn?: number | undefined
  readonly explanation?: string | undefined
}

/** The outcome that a final response makes. */
export function outcomeOf(response: SipResponse, details: OutcomeDetails = {}): RequestOutcome {
  const { retryIn, explanation } = details
  return {
    ok: response.statusCode < 300, status: response.statusCode, reason: response.reasonPhrase, response,
    ...(retryIn !== undefined && { retryIn }), ...(explanation !== undefined && { explanation }),
  }
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
  const reason = error instanceof Error ? error.message : text
  return { ok: false, status, reason: reason === '' ? reasonPhraseOf(status) : reason, failure }
}

/** A request whose outcome is still open. */
export class PendingRequest implements OutgoingRequest {
  readonly method: string
  readonly outcome: Promise<RequestOutcome>
  readonly #cancel: () => void
  #resolve: (outcome: RequestOutcome) => void = () => undefined

  constructor(method: string, cancel: () => void = () => undefined) {
    this.method = method
    this.#cancel = cancel
    this.outcome = new Promise((resolve) => (this.#resolve = resolve))
  }

  settle(outcome: RequestOutcome): void {
    this.#resolve(outcome)
  }

  cancel(): void {
    this.#cancel()
  }
}

import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/** A request of ours that got a final response other than 2xx, or none. Challenges that were answered are not among them. */
export interface RefusedRequest {
  /** As it went out, to be cloned. */
  readonly request: SipRequest
  /** Absent when nobody answered. */
  readonly response: SipResponse | undefined
  /** URI of its next hop. */
  readonly nextHop: string
  /** The same object for every attempt at one request. */
  readonly effort: object
}

/** Another attempt: its CSeq, its Via and its credentials are seen to (RFC 3261 §8.1.3.5). */
export interface NextAttempt {
  readonly request: SipRequest
  /** URI of the next hop, when it is another. */
  readonly nextHop?: string | undefined
}

import type { HeaderValue, SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import type { DialogSnapshot } from '../dialog/dialog-snapshot.js'
import type { Description } from '../session-description-handler.js'

/** Where a session stands. `AckWait`: this side sent a 2xx and waits for its ACK. */
export type SessionState = 'Initial' | 'Early' | 'AckWait' | 'Confirmed' | 'Terminated'

/** Where offer and answer stand (RFC 3264, RFC 6337 §2). */
export type SignalingState = 'Initial' | 'HaveLocalOffer' | 'HaveRemoteOffer' | 'Stable' | 'Closed'

/** Header fields to add, by name; a list gives one field each. CR, LF and NUL are refused. */
export type ExtraHeaders = Readonly<Record<string, HeaderValue>>

/** What the application adds to a request. */
export interface RequestOptions {
  readonly headers?: ExtraHeaders | undefined
  readonly body?: Uint8Array | string | undefined
  /** `application/sdp` for INVITE, UPDATE and PRACK when absent, otherwise `text/plain`. */
  readonly contentType?: string | undefined
}

/** What the application adds to a response. */
export interface ResponseOptions extends RequestOptions {
  readonly statusCode?: number | undefined
  readonly reasonPhrase?: string | undefined
}

/** Why a request got no final response from the peer. */
export type RequestFailure = 'timed-out' | 'unreachable' | 'cancelled' | 'closed'

/** How a request ended. Never a rejection: what the peer says is a value. */
export interface RequestOutcome {
  /** True for a 2xx. */
  readonly ok: boolean
  /** The status of the final response; 408 when none came, 503 when the request could not be sent (RFC 3261 §8.1.3.1). */
  readonly status: number
  readonly reason: string
  /** Absent when the peer did not answer. */
  readonly response?: SipResponse
  /** Set when the peer did not answer. */
  readonly failure?: RequestFailure
  /** Milliseconds after which the request may be tried again: after 491 (RFC 3261 §14.1) or with a Retry-After. */
  readonly retryIn?: number | undefined
  /** What this side said why it could not answer a challenge (401, 407). */
  readonly explanation?: string | undefined
}

/** A request on its way. */
export interface OutgoingRequest {
  readonly method: string
  /** Resolves with the final response; never rejects. */
  readonly outcome: Promise<RequestOutcome>
  /** Gives up: CANCEL for a pending re-INVITE (RFC 3261 §9.1); other requests are left to end by themselves. */
  cancel(): void
}

/** A request of the peer that waits for an answer. Answering twice does nothing. */
export interface IncomingRequest {
  readonly request: SipRequest
  /** Sends a 2xx, 200 unless told. */
  accept(options?: ResponseOptions): void
  /** Sends a 3xx to 6xx; the status that fits the method unless told. */
  reject(options?: ResponseOptions): void
  /** Sends a 1xx. */
  progress(options?: ResponseOptions): void
}

/** An ACK of the peer to our 2xx. */
export interface IncomingAck {
  readonly request: SipRequest
  /** The answer, when our 2xx made the offer. */
  readonly answer?: Description | undefined
}

/** What an application may decide itself. A callback that is absent leaves the request to its default. */
export interface SessionDelegate {
  /** The 2xx to an INVITE was acknowledged. */
  onAck?(ack: IncomingAck): void
  /** No ACK came within 64·T1. Default: BYE (RFC 3261 §13.3.1.4). */
  onAckTimeout?(): void
  /** The peer ended the session; accept with 200 (default). The session is terminated already. */
  onBye?(bye: IncomingRequest): void
  /** Default: 200 without body, 415 otherwise; 469 for an INFO package (RFC 6086 §4.2.2). */
  onInfo?(info: IncomingRequest): void
  /** A re-INVITE. Default: 488. */
  onInvite?(invite: IncomingRequest): void
  /** Default: the agent's `message` event and 200, or 405 when nobody listens to that. */
  onMessage?(message: IncomingRequest): void
  /** Default: 481, for there is no subscription (RFC 6665 §4.1.3). */
  onNotify?(notify: IncomingRequest): void
  /** Default: 481, for no reliable provisional response is outstanding (RFC 3262 §3). With `reliableProvisional()` only a PRACK that makes an offer comes here. */
  onPrack?(prack: IncomingRequest): void
  /** Default: 405. */
  onRefer?(refer: IncomingRequest): void
}

/** What the peer said it can do, in its last message that said so. Empty lists while it has not. */
export interface PeerCapabilities {
  readonly allow: readonly string[]
  readonly supported: readonly string[]
  readonly accept: readonly string[]
}

/** A re-INVITE of ours. */
export interface InviteOptions extends RequestOptions {
  /** Answers the peer's offer in the ACK when the re-INVITE made none (RFC 3261 §13.2.1). Without it the session is ended. */
  readonly answer?: (offer: Description) => Description | Promise<Description>
}

/**
 * One INVITE session in one dialog (RFC 3261 §12 to §15).
 *
 * The members are those of the core session that SIP.js documents, and `update`, `options`, `capabilities` and `snapshot`.
 */
export interface Session {
  /** The answer in force, or the one agreed last; `undefined` unless `signalingState` is `Stable`. */
  readonly answer: Description | undefined
  readonly callId: string
  /** Replace it at any time. */
  delegate: SessionDelegate | undefined
  /** Call-ID, local and remote tag as one key. */
  readonly id: string
  readonly localTag: string
  readonly localURI: Uri
  readonly offer: Description | undefined
  /** Empty when the peer, of the time of RFC 2543, sent none. */
  readonly remoteTag: string
  /** Where requests go: refreshed by every accepted target-refresh (RFC 6141). */
  readonly remoteTarget: Uri
  readonly remoteURI: Uri
  readonly sessionState: SessionState
  readonly signalingState: SignalingState
  readonly capabilities: PeerCapabilities

  /**
   * Ends the session. As UAS before the ACK has come, the BYE waits for it (RFC 3261 §15).
   * @throws {SessionError} `wrong-state` as UAS before a 2xx: reject the INVITE instead.
   */
  bye(options?: RequestOptions): OutgoingRequest
  /** Forgets the session without a word to the peer. */
  dispose(): void
  info(options?: RequestOptions): OutgoingRequest
  /**
   * Sends a re-INVITE; the body is the offer.
   * @throws {SessionError} `request-pending` while another INVITE or offer is under way, `wrong-state` before the session is confirmed.
   */
  invite(options?: InviteOptions): OutgoingRequest
  message(options?: RequestOptions): OutgoingRequest
  notify(options?: RequestOptions): OutgoingRequest
  /** Acknowledges the last reliable provisional response (RFC 3262 §4); RAck is set. @throws {SessionError} `wrong-state` when there is none. */
  prack(options?: RequestOptions): OutgoingRequest
  /** Sends a REFER to `referTo` (RFC 3515 §2.1). */
  refer(referTo: string | Uri, options?: RequestOptions): OutgoingRequest
  /**
   * Sends an UPDATE, with an offer or without (RFC 3311). Before the call is answered it may make an offer once that of the INVITE was answered reliably.
   * @throws {SessionError} `request-pending` when it has an offer and another is under way.
   */
  update(options?: RequestOptions): OutgoingRequest
  options(options?: RequestOptions): OutgoingRequest
  /** The dialog as a value for `JSON.stringify`. */
  snapshot(): DialogSnapshot
}

import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import type { CancelledRequest } from './transaction-options.js'

/** What a {@link TransactionLayer} is told. `F` is the transport's flow; flows compare by identity. */
export type TransactionInput<F extends Hop> =
  /** Opens a client transaction. `key` is the caller's own name for it; the top Via has a fresh branch and the flow's sent-by. */
  | { readonly type: 'request'; readonly key: string; readonly request: SipRequest; readonly flow: F }
  /** Answers through the server transaction `key`. Harmless when that has ended. */
  | { readonly type: 'respond'; readonly key: string; readonly response: SipResponse }
  /** Came from the transport. */
  | { readonly type: 'message'; readonly message: SipMessage; readonly flow: F }
  /** The flow is gone: every transaction on it fails. */
  | { readonly type: 'flow-failed'; readonly flow: F }
  /** What this transaction sent last did not get out: a client transaction fails, a server transaction stays (RFC 6026 §8.8). */
  | { readonly type: 'send-failed'; readonly key: string }
  /** The transaction user gives up: no further effect has this key, and a server transaction answers nothing any more. */
  | { readonly type: 'abandon'; readonly key: string }

/** What a {@link TransactionLayer} asks for. */
export type TransactionEffect<F extends Hop> =
  /** To the transport. A retransmission says what was sent before, octet for octet. */
  | { readonly type: 'send'; readonly message: SipMessage; readonly flow: F; readonly retransmission: boolean; readonly key: string }
  /**
   * A new server transaction; the key is the layer's. It has to be answered or abandoned, one of a method other than INVITE before
   * 64·T1 are over: then it ends without an answer (RFC 4320 §4.2). A `merged` one came before by another way: a user agent
   * answers it by 482 (RFC 3261 §8.2.2.2).
   */
  | { readonly type: 'request'; readonly key: string; readonly request: SipRequest; readonly flow: F; readonly merged: boolean }
  /** An ACK that no transaction swallows: it belongs to a 2xx, and so to the dialog. */
  | { readonly type: 'ack'; readonly request: SipRequest; readonly flow: F }
  /** A CANCEL, in a server transaction `key` of its own, to be answered by `statusCode`; `inviteKey` is what it cancels (§9.2). */
  | { readonly type: 'cancel'; readonly key: string; readonly request: SipRequest; readonly flow: F } & CancelledRequest
  /** To the user of the client transaction `key`; after a 2xx to an INVITE, further ones and retransmissions, too (RFC 6026). */
  | { readonly type: 'response'; readonly key: string; readonly response: SipResponse }
  /** A response that no client transaction waits for. To be dropped (RFC 6026 §8.9). */
  | { readonly type: 'stray-response'; readonly response: SipResponse; readonly flow: F }
  /** Timer B or F: no answer; timer H: no ACK to the non-2xx response. */
  | { readonly type: 'timeout'; readonly key: string; readonly timer: 'B' | 'F' | 'H' }
  /** The transaction could not send, or its flow is gone. */
  | { readonly type: 'flow-failed'; readonly key: string }
  /** The transaction is over and forgotten. */
  | { readonly type: 'ended'; readonly key: string }
  /** A new request beyond the limit, and the 503 to send for it, without any state. */
  | { readonly type: 'refused'; readonly request: SipRequest; readonly response: SipResponse; readonly flow: F }

import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/** What a transaction machine asks for. */
export type MachineEffect =
  /** To the transport. A retransmission is the very object that was sent before. */
  | { readonly type: 'send'; readonly message: SipRequest | SipResponse; readonly retransmission: boolean }
  /** Client: to the transaction user. */
  | { readonly type: 'response'; readonly response: SipResponse }
  /** Server: to the transaction user, once, at the start. */
  | { readonly type: 'request'; readonly request: SipRequest }
  /** Server: an ACK that the transaction user has to see (RFC 6026 §7.1). */
  | { readonly type: 'ack'; readonly request: SipRequest }
  /** No answer came in time: B to an INVITE, F to another request, H no ACK to a non-2xx response. */
  | { readonly type: 'timeout'; readonly timer: 'B' | 'F' | 'H' }
  /** What was to be sent could not be sent. */
  | { readonly type: 'transport-error' }
  /** The machine has reached its end and is to be forgotten. */
  | { readonly type: 'terminated' }

/** What happens to a client transaction from outside. */
export type ClientTransactionInput =
  | { readonly type: 'response'; readonly response: SipResponse }
  | { readonly type: 'transport-error' }

/** What happens to a server transaction from outside. `request` is a retransmission or an ACK, `respond` comes from the transaction user. */
export type ServerTransactionInput =
  | { readonly type: 'request'; readonly request: SipRequest }
  | { readonly type: 'respond'; readonly response: SipResponse }
  | { readonly type: 'transport-error' }

import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import type { Added } from './added.js'
import type { Described } from './client-invite.js'
import type { Agreement } from './offer-answer.js'
import type { RequestFailure, SessionState } from './session.js'

/** A request of the peer that waits for an answer; `key` names its server transaction. */
export interface OpenRequest {
  readonly key: string
  readonly request: SipRequest
}

/** How a usage begins: by the peer's INVITE; by ours, of which `id` is the client transaction; or from a snapshot, with what was agreed. */
export type UsageOrigin = OpenRequest | { readonly id: string; readonly offer?: Description | undefined } | { readonly agreed: Agreement | undefined }

/** The application's answer to a request of the peer. */
export interface AnswerInput {
  readonly type: 'answer'
  readonly key: string
  readonly statusCode: number
  readonly reasonPhrase?: string | undefined
  readonly added: Added
}

/** A request that the application sends. */
export interface SendInput {
  readonly type: 'send'
  readonly id: string
  readonly method: string
  readonly added: Added
}

/** What happens to an `InviteUsage`. `id` names a client transaction, `key` a server transaction. */
export type UsageInput =
  | SendInput
  | AnswerInput
  /** ACK the 2xx that waits for it, with the answer to its offer. */
  | { readonly type: 'acknowledge'; readonly added: Added }
  | { readonly type: 'received'; readonly key: string; readonly request: SipRequest }
  /** The peer's ACK to our 2xx. */
  | { readonly type: 'acknowledged'; readonly request: SipRequest }
  /** The peer's CANCEL of its INVITE. */
  | { readonly type: 'cancelled'; readonly key: string; readonly request: SipRequest }
  | { readonly type: 'response'; readonly id: string; readonly response: SipResponse }
  | { readonly type: 'failed'; readonly id: string; readonly failure: RequestFailure }
  /** Nothing more comes of the client transaction. */
  | { readonly type: 'finished'; readonly id: string }
  | { readonly type: 'dispose' }

/** Why a usage ended. `expired`: the peer was not heard of for too long. */
export type UsageEnd = 'bye' | 'cancelled' | 'refused' | 'lost' | 'expired' | 'disposed'

/** What an `InviteUsage` wants done. */
export type UsageEffect =
  | { readonly type: 'request'; readonly id: string; readonly request: SipRequest }
  /** `sequence` is that of the INVITE. */
  | { readonly type: 'ack'; readonly request: SipRequest; readonly sequence: number }
  /** `again`: it was sent before, and is the same. */
  | { readonly type: 'respond'; readonly key: string; readonly response: SipResponse; readonly again?: boolean }
  | { readonly type: 'state'; readonly state: SessionState }
  /** A request that the application answers by `answer`; `offer` when it makes one. */
  | { readonly type: 'incoming'; readonly key: string; readonly request: SipRequest; readonly offer: Description | undefined }
  | { readonly type: 'acknowledged'; readonly request: SipRequest; readonly answer: Description | undefined; readonly answerMissing: boolean }
  /** The PRACK brought the answer to the offer of our reliable 1xx. */
  | { readonly type: 'answered'; readonly request: SipRequest; readonly answer: Description; readonly answerMissing: false }
  | { readonly type: 'ack-timeout' }
  /** The peer gave up the INVITE `key`; 487 is sent. */
  | { readonly type: 'cancelled'; readonly key: string }
  /** A 1xx. Its `answer` may be a preview, its `offer` waits for an answer in the PRACK; `reliable` wants a PRACK. */
  | { readonly type: 'provisional'; readonly id: string; readonly response: SipResponse; readonly described: Described; readonly reliable: boolean }
  /** A final response. An `offer` in it waits for `acknowledge`. */
  | { readonly type: 'outcome'; readonly id: string; readonly response: SipResponse; readonly described: Described; readonly retryIn: number | undefined }
  | { readonly type: 'failed'; readonly id: string; readonly failure: RequestFailure }
  | { readonly type: 'ended'; readonly by: 'local' | 'remote' | 'error'; readonly why: UsageEnd; readonly message: SipRequest | SipResponse | undefined }
  /** Terminated, and nothing is under way any more: forget it. */
  | { readonly type: 'gone' }

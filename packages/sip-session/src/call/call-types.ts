import type { SipMessage, SipResponse } from '@offhook/sip-parser'
import type { TraceRecord } from '@offhook/sip-transport'
import type { Description } from '../session-description-handler.js'
import type { ExtraHeaders } from '../session/session.js'
import type { RemoteParty } from './remote-party.js'
import type { IncomingMessage } from './text-message.js'

/** Why a call ended, as a word to switch on. */
export type CallEndCause =
  | 'hung-up' // BYE by one side
  | 'cancelled' // the caller gave up before the call was answered
  | 'rejected' // the callee, or a proxy for it, said no (status tells what)
  | 'busy' // 486 or 600
  | 'not-found' // 404, 410, 604
  | 'unauthorized' // 401, 403, 407: no or wrong credentials
  | 'no-answer' // nobody answered in time (408, 480, ring timeout)
  | 'unreachable' // no server or no network
  | 'media' // the media engine or the descriptions failed
  | 'transferred' // the other side, or we, went on with somebody else (RFC 5589)
  | 'replaced' // another call took its place (RFC 3891)
  | 'lost' // the peer does not know the call any more, or did not acknowledge it
  | 'closed' // the user agent was closed

/** How a call ended. */
export interface CallEnd {
  /** Who ended it; `error` when nobody meant to. */
  readonly by: 'local' | 'remote' | 'error'
  readonly cause: CallEndCause
  /** The SIP status that ended it, if one did. */
  readonly status?: number
  /** A sentence: the peer's reason phrase or Reason header, or what went wrong here. */
  readonly reason: string
  /** The message that ended it, when one did. */
  readonly message?: SipMessage
  /** The local error behind it: from media, transport or a callback. */
  readonly error?: unknown
}

/** How the ringing ended. */
export type AnswerOutcome =
  | { readonly answered: true }
  | { readonly answered: false; readonly end: CallEnd }

/** Where a call stands. */
export type CallState =
  | { readonly name: 'calling' } // ours: nobody has answered at all
  | { readonly name: 'ringing' } // theirs: waits for answer() or reject(); ours: 180 or another 1xx has come
  | { readonly name: 'answering' } // theirs: answer() is at work
  | { readonly name: 'established'; /** Instant of the answer, in ms of the agent's clock. */ readonly since: number }
  | { readonly name: 'ended'; readonly end: CallEnd }

/** The result of something asked of a call. A refusal by the peer never ends the call. */
export type OperationOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** `refused` by the peer, `ended`: the call is over, `aborted` by the signal, `failed`: here. */
      readonly code: 'refused' | 'ended' | 'aborted' | 'failed'
      readonly status?: number
      readonly reason: string
      readonly error?: unknown
    }

/** What may be told to an operation. */
export interface OperationOptions {
  readonly signal?: AbortSignal
}

/** What an application may add to its call. */
export interface CallOptions extends OperationOptions {
  readonly headers?: ExtraHeaders
  /** The offer, when there is no media engine. */
  readonly body?: Uint8Array | string
  /** `application/sdp` when absent. */
  readonly contentType?: string
  /** Lets the peer make the offer (RFC 3261 §13.2.1). */
  readonly offerless?: boolean
  /** Without a media engine: answers an offer of the peer. */
  readonly answer?: (offer: Description) => Description | Promise<Description>
  /** Seconds to wait for an answer; the agent's `ringTimeout` when absent. */
  readonly ringTimeout?: number
  /** Route set for this call: URIs of the proxies to pass, instead of the agent's. */
  readonly route?: readonly string[]
}

/** What an application may add to its ringing. */
export interface RingOptions {
  /** 180 when absent; 181 to 199. */
  readonly status?: number
  readonly reason?: string
  readonly headers?: ExtraHeaders
  /** Sends the answer now, as 183, so that media flows before the call is answered. */
  readonly earlyMedia?: boolean
  readonly body?: Uint8Array | string
  readonly contentType?: string
}

/** What an application may add to its answer. */
export interface AnswerOptions extends OperationOptions {
  readonly headers?: ExtraHeaders
  /** The answer, or for an INVITE without offer the offer, when there is no media engine. */
  readonly body?: Uint8Array | string
  readonly contentType?: string
}

/** What an application may add when it ends a call. The signal ends the waiting, not what was begun. */
export interface HangUpOptions extends OperationOptions {
  readonly headers?: ExtraHeaders
  /** Status for an incoming call that was not answered, 480 when absent; for others the cause in a Reason header field (RFC 3326). */
  readonly status?: number
  /** Told to the peer, as reason phrase or in a Reason header field. */
  readonly reason?: string
}

/** Options of a rejection. */
export interface RejectOptions {
  readonly headers?: ExtraHeaders
  readonly body?: Uint8Array | string
  readonly contentType?: string
}

/** The events of a call and what their listeners get. */
export interface CallEvents {
  state: [state: CallState]
  /** The peer rings (180). */
  ringing: [response: SipResponse]
  /** Any other 1xx but 100. */
  progress: [response: SipResponse]
  /** The peer took our call: its 2xx, which nobody keeps. */
  accepted: [response: SipResponse]
  /** The peer holds us, or lets go. */
  hold: [held: boolean]
  /** A digit of the peer, from its media or its INFO. */
  dtmf: [tone: string]
  /** A text of the peer within the call; the agent hears of it when nobody here does. */
  message: [message: IncomingMessage]
  /** A message of this call on the wire. */
  trace: [record: TraceRecord]
  /** The media path, as the media engine sees it. */
  connectivity: [state: 'connected' | 'disconnected' | 'failed']
  /** Another call takes the place of this one: `replacedBy` tells which. */
  replaced: []
  ended: [end: CallEnd]
}

/** What a call is made with. */
export interface CallOrigin {
  readonly direction: 'incoming' | 'outgoing'
  /** Call-ID. */
  readonly id: string
  /** Seconds. */
  readonly ringTimeout: number
  /** The status then of a call of theirs: 487 where it was the caller's patience that ended (RFC 3261 §13.3.1), 480 otherwise. */
  readonly patienceEnds?: number
  readonly options: CallOptions
}

/** Whose address is known. */
export interface FarEnd {
  readonly remoteAddress: RemoteParty
}

import type { SipResponse } from '@offhook/sip-parser'
import type { TraceRecord } from '@offhook/sip-transport'
import type { RegistrationState } from '../registration/registration-types.js'
import type { ExtraHeaders } from '../session/session.js'
import type { Call } from '../call/call.js'
import type { OperationOptions } from '../call/call-types.js'
import type { IncomingMessage } from '../call/text-message.js'

/** What became of a MESSAGE or an OPTIONS. Never a rejection. */
export interface MessageOutcome {
  /** True for a 2xx. */
  readonly ok: boolean
  readonly status: number
  readonly reason: string
  readonly response?: SipResponse
}

/** What may go with a request outside of a call. */
export interface StandaloneOptions extends OperationOptions {
  readonly headers?: ExtraHeaders
  readonly contentType?: string
}

/** How to register. */
export interface RegisterOptions extends OperationOptions {
  /** Seconds; 600 unless told. The registrar may shorten it. */
  readonly expires?: number
  /** Registrar, when it is not the domain of the identity. */
  readonly registrar?: string
  readonly headers?: ExtraHeaders
  /** Attempts after a first one that failed for a reason that may pass; none unless told. Once bound it is tried for ever. */
  readonly retries?: number
}

/** The events of a user agent and what their listeners get. */
export interface UserAgentEvents {
  /** Somebody calls. */
  incoming: [call: Call]
  message: [message: IncomingMessage]
  registration: [state: RegistrationState]
  /** The connection that requests go out on was opened or lost. */
  connection: [state: 'connected' | 'disconnected']
  /** A message on the wire. */
  trace: [record: TraceRecord]
}

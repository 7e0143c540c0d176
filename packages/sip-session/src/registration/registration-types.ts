import type { NameAddr, SipResponse } from '@offhook/sip-parser'

/** Why a registration is not, or no longer, there. */
export type RegistrationErrorCode =
  | 'rejected' // refused for good
  | 'unauthorized' // no or wrong credentials
  | 'unreachable' // no answer, or no way to the registrar
  | 'aborted' // given up by the application
  | 'closed' // the user agent was closed, or unregistered meanwhile

/** A registration that did not come about. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError'
  readonly code: RegistrationErrorCode
  /** The SIP status that said so, 408 or 503 when nobody answered. */
  readonly status: number | undefined
  /** What the registrar said. */
  readonly reason: string

  constructor(code: RegistrationErrorCode, status: number | undefined, reason: string, cause?: unknown) {
    super(status === undefined ? reason : `${reason} (${status})`, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.reason = reason
  }
}

/** A binding of our identity (RFC 3261 §10). It renews itself until `unregister()`. */
export interface Registration {
  readonly state: RegistrationState
  /** Seconds that the registrar granted. */
  readonly expires: number
  readonly registrar: string
  /** All bindings of the identity, as the registrar listed them. */
  readonly contacts: readonly NameAddr[]
  /** Route for requests of ours (RFC 3608). */
  readonly serviceRoute: readonly string[]
  readonly response: SipResponse
}

/** Where the registration stands. */
export type RegistrationState =
  | { readonly name: 'unregistered' }
  | { readonly name: 'registering' }
  | { readonly name: 'registered'; /** Seconds. */ readonly expires: number }
  /** It failed for a reason that may pass, and is tried again. */
  | { readonly name: 'retrying'; readonly status?: number | undefined; readonly reason: string; /** Milliseconds until then. */ readonly retryIn: number }
  | { readonly name: 'failed'; readonly error: RegistrationError }

import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { CallEnd, CallEvents, CallOrigin } from './call-types.js'
import type { DialogSession, SessionHost } from './dialog-session.js'
import type { Listeners } from './listeners.js'
import type { OwnedRequest } from './owned-request.js'

/** A call, as extensions see it. */
export interface ExtendedCall {
  readonly origin: CallOrigin
  readonly host: SessionHost
  readonly events: Listeners<CallEvents>
  /** Absent until there is a dialog. */
  readonly session: DialogSession | undefined
  readonly isOver: boolean
  /** The call is over for the application; nothing is sent. */
  finish(end: CallEnd): void
}

/**
 * A feature that a user agent has when it is composed with it: what it announces, and what it does where the core would
 * refuse. A page that does not import a feature does not carry it. One object serves one agent.
 */
export interface Extension {
  /** Option tags that stand in our Supported, and that may be required of us (RFC 3261 §20.32, §20.37). */
  readonly supported?: readonly string[]
  /** Methods beyond those that every agent takes (RFC 3261 §20.5). */
  readonly allow?: readonly string[]
  /** Adds header fields to a message of ours, after the application and before the agent's identity. */
  dress?(message: SipRequest | SipResponse): void
  /** An INVITE that makes a call of its own, before the application hears of it. True: taken. */
  invited?(call: ExtendedCall, invitation: OwnedRequest): boolean
  /** A request in a call that no delegate took. True: taken. */
  inside?(call: ExtendedCall, session: DialogSession, request: OwnedRequest): boolean
  /** A request outside of any dialog, or of a dialog that is no call's. True: taken. */
  outside?(host: SessionHost, request: OwnedRequest): boolean
}

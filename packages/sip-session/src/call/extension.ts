import type { NameAddr, SipMessage, SipRequest, Uri } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import type { DialogOrigin } from '../dialog/dialog.js'
import type { ExtraHeaders } from '../session/session.js'
import type { UsageExtension } from '../session/usage-extension.js'
import type { Announcement } from '../signalling/announcement.js'
import type { AnswerOutcome, CallEnd, CallEvents, CallOptions, CallOrigin, CallState, HangUpOptions, OperationOutcome } from './call-types.js'
import type { CallSnapshot } from './call-snapshot.js'
import type { DialogSession, SessionHost } from './dialog-session.js'
import type { Listeners } from '../signalling/listeners.js'
import type { OutsideRequest } from '../signalling/outside-request.js'
import type { OwnedRequest } from '../signalling/owned-request.js'
import type { Transfer, TransferOptions } from './transfer-types.js'
import type { NextAttempt, RefusedRequest } from '../signalling/refused-request.js'
import type { Refusal } from '../signalling/request-inspection.js'

/** A call, as extensions see it. */
export interface ExtendedCall {
  readonly origin: CallOrigin
  readonly host: SessionHost
  readonly events: Listeners<CallEvents>
  readonly state: CallState
  readonly answered: Promise<AnswerOutcome>
  readonly ended: Promise<CallEnd>
  /** Absent until there is a dialog. */
  readonly session: DialogSession | undefined
  readonly isOver: boolean
  /** The `Call` that the application knows, if it was told of it. */
  readonly face: object | undefined
  /** Whether the caller was told that it rings. */
  rang: boolean
  /** Who the far end is, as a network says that is trusted. */
  asserted: readonly NameAddr[] | undefined
  /** The call that this one takes the place of, while that one lasts. */
  replaces: ExtendedCall | undefined
  /** The call that is added to that conversation. */
  joins: ExtendedCall | undefined
  /** The call that took the place of this one. */
  replacedBy: ExtendedCall | undefined
  /** Ends the call by the message that its state asks for. @param end what the application is told instead of that it hung up */
  leave(options: HangUpOptions, end?: Partial<CallEnd>): Promise<OperationOutcome>
  /** Refuses the invitation. */
  refuse(statusCode: number, reasonPhrase: string | undefined, options: { readonly headers?: ExtraHeaders }): void
  /** The call is over for the application; nothing is sent. */
  finish(end: CallEnd): void
}

/** A request of ours outside of dialogs, ready for its Via and for what our identity adds. */
export interface PlannedRequest {
  readonly request: SipRequest
  readonly origin: DialogOrigin
  /** URI of the first hop. */
  readonly nextHop: string
}

/** The agent, as extensions see it. */
export interface ExtendedAgent {
  readonly host: SessionHost
  /** Places a call of ours. @throws {SessionError} `bad-target`, `closed` */
  place(target: string | Uri, options: CallOptions): ExtendedCall
  /** What is behind the `Call` that the application has. */
  legOf(face: object): ExtendedCall | undefined
  /** Makes a request of ours with a Call-ID of its own. @throws {SessionError} `bad-target`, `closed` */
  plan(method: string, target: string | Uri, options: { readonly headers?: ExtraHeaders; readonly route?: readonly string[] }): PlannedRequest
}

/**
 * A feature that a user agent has when it is composed with it: what it announces, and what it does where the core would
 * refuse. A page that does not import a feature does not carry it. One object serves one agent.
 */
export interface Extension extends Announcement {
  /** The agent is made; its options are in force. */
  attach?(agent: ExtendedAgent): void
  /** A message of a peer, before anybody else works on it; responses are those to requests of ours. */
  heard?(message: SipMessage, flow: Flow): void
  /** A call begins, ours or theirs, before anything is sent for it. Its event `ended` tells the end. */
  began?(call: ExtendedCall): void
  /** What is wrong with a request of a peer that the core would process (RFC 3261 §8.2). */
  refuse?(request: SipRequest): Refusal | undefined
  /** What to send after a request of ours was refused or failed; the first extension that knows decides. */
  retry?(refused: RefusedRequest): NextAttempt | undefined
  /** What it does within one INVITE usage; made for each. */
  usage?(): UsageExtension
  /** An INVITE that makes a call of its own, before the application hears of it. True: taken. */
  invited?(call: ExtendedCall, invitation: OwnedRequest): boolean
  /** A request in a call that no delegate took. True: taken. */
  inside?(call: ExtendedCall, session: DialogSession, request: OwnedRequest): boolean
  /** A request outside of any dialog, or of a dialog that is no call's, or not any more. True: taken. */
  outside?(host: SessionHost, request: OutsideRequest): boolean
  /** A session is forgotten: its usage of the dialog is over. */
  left?(session: DialogSession): void
  /** The agent is closed; what waits is told so. */
  closed?(): void
  /** What `Call.snapshot()` says. */
  snapshot?(call: ExtendedCall, session: DialogSession): CallSnapshot
  /** Goes on with a call that said `Call.snapshot()`. @throws {SessionError} `bad-snapshot` */
  restore?(host: SessionHost, snapshot: CallSnapshot): ExtendedCall
  /** What `Call.transfer()` does. */
  transfer?(call: ExtendedCall, target: string | Uri | ExtendedCall, options: TransferOptions): Transfer
}

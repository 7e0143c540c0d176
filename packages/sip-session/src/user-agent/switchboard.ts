import { createToken } from '@offhook/sip-machine'
import { createResponse, legible } from '@offhook/sip-parser'
import type { HeaderValue, SipMessage, SipRequest } from '@offhook/sip-parser'
import type { CancelledRequest } from '@offhook/sip-transaction'
import type { Flow, TraceRecord } from '@offhook/sip-transport'
import { Dialog } from '../dialog/dialog.js'
import type { SessionDescriptionHandlerFactory } from '../session-description-handler.js'
import { InviteUsage } from '../session/invite-usage.js'
import type { UsageSettings } from '../session/usage-extension.js'
import { CallLeg } from '../call/call-leg.js'
import type { CallHost } from '../call/call-leg.js'
import type { CallOrigin } from '../call/call-types.js'
import { DialogSession } from '../call/dialog-session.js'
import type { OpenInvite } from '../call/dialog-session.js'
import type { Extension } from '../call/extension.js'
import { headerList } from '../signalling/local-identity.js'
import type { LocalIdentity } from '../signalling/local-identity.js'
import { OutsideRequest } from '../signalling/outside-request.js'
import type { NextAttempt, RefusedRequest } from '../signalling/refused-request.js'
import { inspect } from '../signalling/request-inspection.js'
import type { Router } from '../signalling/router.js'
import { Signalling } from '../signalling/signalling.js'
import type { RequestUser, SignallingOptions } from '../signalling/signalling.js'

/** What a switchboard is made of, and whom it tells. */
export interface SwitchboardOptions extends SignallingOptions {
  readonly identity: LocalIdentity
  readonly extensions: readonly Extension[]
  readonly media: SessionDescriptionHandlerFactory | undefined
  readonly acceptAnyUser: boolean
  /** Seconds. */
  readonly ringTimeout: number
  readonly createRouter: (signalling: Signalling) => Router
  /** Somebody calls. False when nobody takes calls. */
  readonly called: (leg: CallLeg) => boolean
  /** The call is over. */
  readonly left: (leg: CallLeg) => void
  /** A MESSAGE. False when nobody takes messages. */
  readonly messageReceived: (request: SipRequest) => boolean
  readonly closed: (flow: Flow) => void
}

/** Brings what is received to the calls and dialogs that it belongs to (RFC 3261 §8.2, §12.2.2), and makes new ones. */
export class Switchboard implements CallHost, RequestUser {
  readonly signalling: Signalling
  readonly router: Router
  readonly identity: LocalIdentity
  readonly extensions: readonly Extension[]
  readonly media: SessionDescriptionHandlerFactory | undefined
  readonly usages: UsageSettings
  readonly #options: SwitchboardOptions
  /** By our tag, which no two dialogs but the forks of one INVITE share. */
  readonly #dialogs = new Map<string, readonly DialogSession[]>()
  /** INVITE server transactions, which a CANCEL may still concern. */
  readonly #open = new Map<string, OpenInvite>()
  /** Calls that want to see their messages, by Call-ID. */
  readonly #traced = new Map<string, CallLeg>()

  constructor(options: SwitchboardOptions) {
    this.#options = options
    this.identity = options.identity
    this.extensions = options.extensions
    this.media = options.media
    this.signalling = new Signalling(options, this)
    this.router = options.createRouter(this.signalling)
    const { timers, random } = this.signalling
    const within = options.extensions.filter((extension) => extension.usage !== undefined)
    this.usages = { timers, random, extend: within.length === 0 ? undefined : () => within.flatMap((extension) => extension.usage?.() ?? []) }
  }

  /** What is alive: for tests that nothing is left. */
  get size(): { readonly dialogs: number; readonly invites: number } {
    let dialogs = 0
    for (const forks of this.#dialogs.values()) dialogs += forks.length
    return { dialogs, invites: this.#open.size }
  }

  /** Forgets every dialog and transaction: the agent is closed. */
  async close(): Promise<void> {
    await this.signalling.close()
    for (const kept of [this.#dialogs, this.#open, this.#traced]) kept.clear()
  }

  enter(session: DialogSession): void {
    const { localTag } = session
    this.#dialogs.set(localTag, [...(this.#dialogs.get(localTag) ?? []), session])
  }

  leave(session: DialogSession): void {
    const { localTag } = session
    const forks = this.#dialogs.get(localTag)?.filter((fork) => fork !== session) ?? []
    if (forks.length > 0) this.#dialogs.set(localTag, forks)
    else this.#dialogs.delete(localTag)
    if (session.lastInvite !== undefined) session.lastInvite.session = undefined
    for (const extension of this.extensions) extension.left?.(session)
  }

  find(callId: string, localTag: string, remoteTag: string): DialogSession | undefined {
    return this.#dialogs.get(localTag)?.find((session) => session.remoteTag === remoteTag && session.callId === callId)
  }

  leaveCall(leg: CallLeg): void {
    if (this.#traced.size > 0) this.#traced.delete(leg.origin.id)
    this.#options.left(leg)
  }

  traceCall(leg: CallLeg): void {
    if (leg.isOver) return
    this.#traced.set(leg.origin.id, leg)
    this.signalling.watch()
  }

  /** Shows a message on the wire to the call that it belongs to. */
  trace(record: TraceRecord): void {
    this.#traced.get(record.message.callId)?.events.emit('trace', record)
  }

  messageReceived(request: SipRequest): boolean {
    return this.#options.messageReceived(request)
  }

  heard(message: SipMessage, flow: Flow): void {
    for (const extension of this.extensions) extension.heard?.(message, flow)
  }

  retry(refused: RefusedRequest): NextAttempt | undefined {
    return firstOf(this.extensions, (extension) => extension.retry?.(refused))
  }

  request(key: string, request: SipRequest, flow: Flow, merged: boolean): void {
    this.heard(request, flow)
    const refusal = inspect(request, this.identity, this.#options.acceptAnyUser) ?? firstOf(this.extensions, (extension) => extension.refuse?.(request))
    if (refusal !== undefined) {
      const { statusCode, reasonPhrase, headers } = refusal
      return this.#respond(key, request, flow, statusCode, headers, reasonPhrase)
    }
    const toTag = request.to.tag
    if (toTag !== undefined) return this.#requestInDialog(key, request, flow, toTag)
    if (merged) return this.#respond(key, request, flow, 482)
    if (this.#takenOutside(key, request, flow)) return
    switch (request.method) {
      case 'INVITE':
        return this.#invited(key, request, flow)
      case 'OPTIONS':
        return this.#respond(key, request, flow, 200, [['Accept', this.identity.accept], ['Accept-Encoding', 'identity'], ['Accept-Language', 'en']])
      case 'MESSAGE':
        return this.#respond(key, request, flow, this.#options.messageReceived(request) ? 200 : 405)
      case 'REFER':
        return this.#respond(key, request, flow, 405)
      default:
        return this.#respond(key, request, flow, request.method === 'SUBSCRIBE' ? 489 : 481)
    }
  }

  ack(request: SipRequest, flow: Flow): void {
    this.heard(request, flow)
    this.#find(request, request.to.tag ?? '')?.receive({ type: 'acknowledged', request })
  }

  cancel(key: string, request: SipRequest, { statusCode, inviteKey }: CancelledRequest, flow: Flow): void {
    this.heard(request, flow)
    // The CANCEL has an answer of its own, whatever becomes of the INVITE (RFC 3261 §9.2).
    this.#respond(key, request, flow, statusCode)
    if (inviteKey !== undefined) this.#open.get(inviteKey)?.session?.receive({ type: 'cancelled', key: inviteKey, request })
  }

  finished(key: string): void {
    this.#open.delete(key)
  }

  closed(flow: Flow): void {
    this.router.forget(flow)
    this.#options.closed(flow)
  }

  #requestInDialog(key: string, request: SipRequest, flow: Flow, toTag: string): void {
    const session = this.#find(request, toTag)
    // Other usages of the dialog go on when the session is over (RFC 5057 §5).
    if ((session === undefined || session.sessionState === 'Terminated') && this.#takenOutside(key, request, flow)) return
    if (session === undefined) return this.#respond(key, request, flow, 481)
    if (request.method === 'INVITE') {
      const open: OpenInvite = { session }
      session.lastInvite = open
      this.#open.set(key, open)
    }
    session.received(key, request, flow)
  }

  /** Whether an extension takes a request that is no call's. */
  #takenOutside(key: string, request: SipRequest, flow: Flow): boolean {
    if (this.extensions.length === 0) return false
    const localTag = request.to.tag ?? createToken(this.signalling.random)
    const owned = new OutsideRequest(request, flow, localTag, (statusCode, { headers, reasonPhrase }) => {
      this.signalling.run(() => this.#respond(key, request, flow, statusCode, headerList(headers), reasonPhrase, localTag))
    })
    return this.extensions.some((extension) => extension.outside?.(this, owned) === true)
  }

  #find({ callId, from }: SipRequest, toTag: string): DialogSession | undefined {
    return this.find(callId, toTag, from.tag ?? '')
  }

  #invited(key: string, request: SipRequest, flow: Flow): void {
    const { signalling } = this
    const usage = new InviteUsage(Dialog.ofRequest(request, createToken(signalling.random)), { key, request }, this.usages)
    const { dialog } = usage
    const leg = new CallLeg(this, { direction: 'incoming', id: dialog.callId, ...this.#patience(request), options: {} }, dialog)
    const session = new DialogSession(this, leg, usage, flow)
    const open: OpenInvite = { session }
    session.lastInvite = open
    this.#open.set(key, open)
    session.learn(request)
    const invitation = session.own(key, request, usage.negotiation.offer)
    leg.invited(session, invitation)
    if (this.extensions.some((extension) => extension.invited?.(leg, invitation) === true)) return
    if (!this.#options.called(leg)) leg.refuse(480, undefined, {})
  }

  /** The agent's ring timeout, or what the caller grants if that is less (RFC 3261 §13.3.1). */
  #patience(request: SipRequest): Pick<CallOrigin, 'ringTimeout' | 'patienceEnds'> {
    const { ringTimeout } = this.#options
    const granted = legible(() => request.expires) ?? Infinity
    return granted < ringTimeout ? { ringTimeout: granted, patienceEnds: 487 } : { ringTimeout }
  }

  #respond(
    key: string, request: SipRequest, flow: Flow, statusCode: number, headers: Iterable<readonly [string, HeaderValue]> = [], reasonPhrase?: string,
    toTag: string = createToken(this.signalling.random),
  ): void {
    const response = createResponse(request, { statusCode, toTag, headers, reasonPhrase })
    this.identity.dressResponse(response, flow)
    this.signalling.respond(key, response, flow)
  }
}

/** What the first extension that knows something says. */
function firstOf<Value>(extensions: readonly Extension[], ask: (extension: Extension) => Value | undefined): Value | undefined {
  for (const extension of extensions) {
    const value = ask(extension)
    if (value !== undefined) return value
  }
  return undefined
}

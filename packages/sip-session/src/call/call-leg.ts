import type { DeadlinePlace, Instant } from '@offhook/sip-machine'
import type { NameAddr, SipRequest, SipResponse } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'
import type { Description, SessionDescriptionHandlerFactory } from '../session-description-handler.js'
import type { ExtraHeaders, RequestFailure, RequestOptions } from '../session/session.js'
import type { UsageEffect } from '../session/usage-types.js'
import { endOfFailure, endOfResponse, endOfUsage, farewell } from './call-end.js'
import { CallMedia } from './call-media.js'
import type { AnswerOutcome, CallEnd, CallEvents, CallOrigin, CallState, FarEnd, HangUpOptions, OperationOutcome } from './call-types.js'
import type { DialogSession, SessionHost } from './dialog-session.js'
import type { ExtendedCall, Extension, PlannedRequest } from './extension.js'
import { answerInfo } from './dtmf.js'
import { HoldReconciler } from './hold-reconciler.js'
import { Listeners } from '../signalling/listeners.js'
import { headerList } from '../signalling/local-identity.js'
import { OK, textOf } from './operation.js'
import { OutgoingInvite } from './outgoing-invite.js'
import type { InviteOwner } from './outgoing-invite.js'
import type { OwnedRequest } from '../signalling/owned-request.js'
import type { RemoteParty } from './remote-party.js'
import { renegotiate } from './renegotiation.js'
import { setBody } from '../signalling/set-body.js'
import { readMessage } from './text-message.js'
import type { Wakeable } from '../signalling/signalling.js'

/** What a call needs of its user agent. */
export interface CallHost extends SessionHost {
  readonly extensions: readonly Extension[]
  readonly media: SessionDescriptionHandlerFactory | undefined
  /** The call is over. */
  leaveCall(leg: CallLeg): void
  /** The call wants to see its messages on the wire. */
  traceCall(leg: CallLeg): void
  /** A MESSAGE within a call. False when nobody takes messages. */
  messageReceived(request: SipRequest): boolean
}

type Effect<Type extends UsageEffect['type']> = Extract<UsageEffect, { type: Type }>

/** How often a ringing callee says so, in ms, so that no proxy gives up (RFC 3261 §13.3.1.1). */
const STILL_RINGING = 60_000

/** The workings of one call: what its session, its media and its peer do to it. {@link Call} is its face. */
export class CallLeg implements ExtendedCall, InviteOwner, Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  readonly host: CallHost
  readonly origin: CallOrigin
  readonly media: CallMedia
  readonly events: Listeners<CallEvents> = new Listeners<CallEvents>()
  readonly answered: Promise<AnswerOutcome>
  readonly ended: Promise<CallEnd>
  /** The INVITE that the application has to answer, until it has. */
  invitation: OwnedRequest | undefined
  /** Whether the caller was told that it rings. */
  rang = false
  face: object | undefined
  replaces: ExtendedCall | undefined
  joins: ExtendedCall | undefined
  replacedBy: ExtendedCall | undefined
  asserted: readonly NameAddr[] | undefined
  remoteHold = false
  #state: CallState
  #farEnd: FarEnd
  #session: DialogSession | undefined
  /** Whether our INVITE was answered by a 2xx. */
  #accepted = false
  #holding: HoldReconciler | undefined
  #invite: OutgoingInvite | undefined
  #onAnswered: (outcome: AnswerOutcome) => void = () => undefined
  #onEnded: (end: CallEnd) => void = () => undefined
  /** When the ringing has lasted long enough. */
  #giveUpAt: Instant
  /** When the caller is told again that it rings. */
  #ringAt: Instant = Infinity

  /** @param remote what knows the far end: the dialog, or while there is none, whom we call */
  constructor(host: CallHost, origin: CallOrigin, remote: FarEnd) {
    this.host = host
    this.origin = origin
    this.#farEnd = remote
    this.#state = { name: origin.direction === 'outgoing' ? 'calling' : 'ringing' }
    this.answered = new Promise((resolve) => (this.#onAnswered = resolve))
    this.ended = new Promise((resolve) => (this.#onEnded = resolve))
    this.media = new CallMedia(host.media?.({
      direction: origin.direction,
      onDtmf: (tone) => this.events.emit('dtmf', tone),
      onConnectivity: (state) => this.events.emit('connectivity', state),
    }))
    this.#giveUpAt = host.signalling.now + 1000 * origin.ringTimeout
    this.#schedule()
  }

  get state(): CallState {
    return this.#state
  }

  get isOver(): boolean {
    return this.#state.name === 'ended'
  }

  /** The far end, as its dialog names it, or before there is one, as we do. */
  get remote(): RemoteParty {
    const { uri, displayName } = this.#farEnd.remoteAddress
    return { uri, displayName, ...(this.asserted !== undefined && { asserted: this.asserted }) }
  }

  get session(): DialogSession | undefined {
    return this.#session
  }

  /** The session, while both sides are in it. */
  get live(): DialogSession | undefined {
    return this.#state.name === 'established' ? this.#session : undefined
  }

  /** Whether the application may still take or refuse the call, or is about to take it. */
  isOpen(state: 'ringing' | 'answering'): boolean {
    return this.#state.name === state
  }

  /** Made when it is needed: most calls are never held. */
  get holding(): HoldReconciler {
    this.#holding ??= new HoldReconciler(this.host.signalling, this.media, this)
    return this.#holding
  }

  /** Whether we hold the peer, as agreed on the wire. */
  get localHold(): boolean {
    return this.#holding?.held === true
  }

  become(state: CallState): void {
    this.#state = state
    this.events.emit('state', state)
  }

  /** Both sides are in the call. */
  establish(): void {
    if (this.isOver || this.#state.name === 'established') return
    this.#stopRinging()
    this.become({ name: 'established', since: this.host.signalling.now })
    this.#onAnswered({ answered: true })
    this.checkRemoteHold()
  }

  /** It is over, once. */
  finish(end: CallEnd): void {
    if (this.isOver) return
    this.#stopRinging()
    this.media.close()
    this.become({ name: 'ended', end })
    this.#onAnswered({ answered: false, end })
    this.#onEnded(end)
    this.events.emit('ended', end)
    this.events.clear()
    this.changed()
    this.host.leaveCall(this)
  }

  /** Sends the INVITE, with an offer of the media engine or of the application. */
  place(plan: PlannedRequest): void {
    this.#begin()
    const { body, contentType = 'application/sdp', offerless } = this.origin.options
    const { signalling } = this.host
    const offer = typeof body === 'string' ? { body, contentType }
      : offerless === true || this.media.handler === undefined ? undefined : this.media.exchange(() => this.media.createOffer({}))
    const invite = (own: Description | undefined): void => {
      if (this.isOver) return
      if (own !== undefined) setBody(plan.request, own.body, own.contentType)
      this.#invite = new OutgoingInvite(this.host, this, plan, own)
      this.#invite.start()
    }
    signalling.run(() => signalling.follow(offer, invite, (error) => this.#failMedia(undefined, error)))
  }

  /** Takes up the peer's INVITE. */
  invited(session: DialogSession, invitation: OwnedRequest): void {
    this.#join(session)
    this.invitation = invitation
    this.#begin()
  }

  /** Takes up a session that stands. */
  resume(session: DialogSession): void {
    this.#join(session)
    this.#accepted = true
    this.#begin()
    this.establish()
  }

  /** Says 180, and again every minute while it rings. */
  keepRinging(): void {
    if (this.#state.name !== 'ringing' || this.invitation === undefined) return
    this.rang = true
    this.invitation.progress({ statusCode: 180 })
    this.#ringAt = this.host.signalling.now + STILL_RINGING
    this.#schedule()
  }

  wake(now: Instant): void {
    if (now >= this.#giveUpAt) return this.#ringingTooLong()
    this.#ringAt = Infinity
    this.keepRinging()
    this.#schedule()
  }

  /** Ends the call by the message that its state asks for. */
  async leave(options: HangUpOptions, end?: Partial<CallEnd>): Promise<OperationOutcome> {
    const { status = 480, reason } = options
    const session = this.#session
    if (this.isOver) return OK
    if (this.#state.name === 'established' && session !== undefined) {
      const bye = session.bye({ headers: farewell(options) })
      this.finish({ by: 'local', cause: 'hung-up', reason: reason ?? 'Hung up.', ...end })
      await bye.outcome
    } else if (this.origin.direction === 'outgoing') {
      const told = this.#giveUp(farewell(options))
      this.finish({ by: 'local', cause: 'cancelled', reason: reason ?? 'Hung up before the call was answered.', ...end })
      await told
    } else {
      this.refuse(status, reason, options)
    }
    return OK
  }

  /** Refuses the invitation. */
  refuse(statusCode: number, reasonPhrase: string | undefined, options: RequestOptions): void {
    this.invitation?.reject({ ...options, statusCode, reasonPhrase })
    this.finish({ by: 'local', cause: 'rejected', status: statusCode, reason: reasonPhrase ?? 'Rejected.' })
  }

  /** The answer to an offer, by the media engine or the application. */
  async answerTo(offer: Description): Promise<Description | undefined> {
    if (this.media.handler !== undefined) return this.media.answerOffer(offer, { hold: this.localHold })
    return this.origin.options.answer?.(offer)
  }

  /** Describes us before the call stands: the answer to the INVITE, or the offer that it leaves to us. */
  describe(offer: Description | undefined): Promise<Description | undefined> {
    return this.media.exchange(() => (offer === undefined ? this.media.createOffer({}) : this.answerTo(offer)))
  }

  checkRemoteHold(): void {
    const held = this.media.handler?.remoteHold === true
    if (held === this.remoteHold || this.isOver) return
    this.remoteHold = held
    this.events.emit('hold', held)
  }

  // What the INVITE and its sessions tell.

  progressed(response: SipResponse): void {
    if (response.statusCode === 100 || this.isOver) return
    if (this.#state.name === 'calling' && response.statusCode !== 199) this.become({ name: 'ringing' })
    this.events.emit(response.statusCode === 180 ? 'ringing' : 'progress', response)
  }

  refused(response: SipResponse, explanation: string | undefined): void {
    this.finish(endOfResponse(response, explanation))
  }

  failed(failure: RequestFailure, error: unknown): void {
    this.finish(endOfFailure(failure, error))
  }

  provisional(session: DialogSession, { described, reliable }: Effect<'provisional'>): void {
    if (this.isOver) return
    this.#join(session)
    const { answer, offer } = described
    if (answer !== undefined) void this.media.exchange(() => this.media.applyAnswer(answer, false)).catch(() => undefined)
    if (!reliable) return
    const acknowledge = (description?: Description): void => {
      if (session.usage.prackDue && !this.isOver) session.prack(description)
    }
    const own = offer && this.media.exchange(() => this.answerTo(offer))
    this.host.signalling.follow(own, acknowledge, () => acknowledge())
  }

  established(session: DialogSession, { described, response }: Effect<'outcome'>): void {
    this.#join(session)
    this.#accepted = true
    this.#invite = undefined
    this.events.emit('accepted', response)
    const { offer, answerMissing } = described
    if (this.media.handler === undefined && offer === undefined) return this.establish()
    const negotiated = this.media.exchange(async () => {
      if (answerMissing === true) throw new SessionError('no-media', 'The other side took the call, but did not answer the offer of media.')
      // The answer may have come before, in a reliable provisional response.
      if (described.answer === undefined) await this.media.settle()
      else await this.media.applyAnswer(described.answer, true)
      if (offer === undefined) return
      const own = await this.answerTo(offer)
      if (own === undefined) throw new SessionError('no-media', 'The other side offered media, and there is nobody to answer.')
      session.acknowledge(own)
    })
    this.host.signalling.follow(negotiated, () => this.establish(), (error) => this.#failMedia(session, error))
  }

  changed(): void {
    this.#holding?.nudge()
  }

  request(session: DialogSession, owned: OwnedRequest): void {
    if (this.host.extensions.some((extension) => extension.inside?.(this, session, owned) === true)) return
    if (owned.offer !== undefined) return renegotiate(this, session, owned)
    switch (owned.request.method) {
      case 'BYE':
        return owned.accept()
      case 'INVITE':
      case 'UPDATE':
        return renegotiate(this, session, owned)
      case 'INFO':
        return answerInfo(owned, (tone) => this.events.emit('dtmf', tone))
      case 'MESSAGE':
        return this.#heardText(owned.request) ? owned.accept() : owned.reject({ statusCode: 405 })
      case 'OPTIONS':
        return owned.accept({ headers: { Accept: this.host.identity.accept } })
      case 'NOTIFY':
      case 'PRACK':
      case 'REFER':
        return owned.reject()
      default:
        return owned.reject({ statusCode: owned.request.method === 'SUBSCRIBE' ? 489 : 501 })
    }
  }

  acknowledged(session: DialogSession, { answer, answerMissing }: Effect<'acknowledged' | 'answered'>): void {
    this.changed()
    if (answer === undefined && !answerMissing) return
    const exchange = this.media.exchange(async () => {
      if (answer !== undefined) return this.media.applyAnswer(answer, true)
      await this.media.rollback()
      throw new SessionError('no-media', 'The other side acknowledged the call without an answer to the offer of media.')
    })
    this.host.signalling.follow(exchange, () => this.checkRemoteHold(), (error) => {
      // Of the first exchange there is nothing to go back to.
      if (this.media.handler !== undefined && !this.media.agreed) this.#failMedia(session, error)
    })
  }

  ackTimeout(session: DialogSession): void {
    session.bye()
    this.finish({ by: 'error', cause: 'lost', reason: 'The other side never acknowledged the answer.' })
  }

  usageEnded(session: DialogSession, { by, why, message }: Effect<'ended'>): void {
    // Before a 2xx the INVITE itself says how it ended; forks that were not taken end without anybody's notice.
    const taken = this.origin.direction === 'incoming' || this.#accepted
    if (taken && session === this.#session) this.finish(endOfUsage(by, why, message))
  }

  #heardText(request: SipRequest): boolean {
    if (!this.events.has('message')) return this.host.messageReceived(request)
    this.events.emit('message', readMessage(request))
    return true
  }

  /** Our INVITE: CANCEL; where a 2xx has come already, its ACK and BYE. */
  #giveUp(headers: ExtraHeaders): Promise<void> {
    const [invite, session] = [this.#invite, this.#session]
    return new Promise((resolve) => {
      this.host.signalling.run(() => {
        if (this.#accepted && session !== undefined) {
          session.whenGone = resolve
          session.acknowledge(undefined)
        } else if (invite === undefined) resolve()
        else void invite.leave(headerList(headers)).then(resolve)
      })
    })
  }

  #ringingTooLong(): void {
    if (this.#state.name === 'established' || this.isOver) return
    const reason = 'Nobody answered in time.'
    const outgoing = this.origin.direction === 'outgoing'
    const { patienceEnds = 480 } = this.origin
    if (outgoing) void this.#giveUp(farewell({ status: 408, reason }))
    else this.invitation?.reject({ statusCode: patienceEnds })
    this.finish({ by: 'local', cause: 'no-answer', status: outgoing ? 408 : patienceEnds, reason })
  }

  /** The first exchange failed: a session that stands is ended. */
  #failMedia(session: DialogSession | undefined, error: unknown): void {
    if (this.invitation === undefined) session?.acknowledge(undefined)
    else this.invitation.reject({ statusCode: 488 })
    this.finish({ by: 'error', cause: 'media', reason: textOf(error), error })
  }

  #begin(): void {
    for (const extension of this.host.extensions) extension.began?.(this)
  }

  #join(session: DialogSession): void {
    this.#session = session
    this.#farEnd = session.usage.dialog
  }

  #schedule(): void {
    this.host.signalling.schedule(this, Math.min(this.#giveUpAt, this.#ringAt))
  }

  /** Answered, or over: nothing of the INVITE is needed any more. */
  #stopRinging(): void {
    this.invitation = this.#invite = undefined
    this.#giveUpAt = this.#ringAt = Infinity
    this.#schedule()
  }
}

import type { Instant, Machine } from '@offhook/sip-machine'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Dialog } from '../dialog/dialog.js'
import type { Description } from '../session-description-handler.js'
import type { Added } from './added.js'
import { ClientInvite, answerTo } from './client-invite.js'
import type { Described } from './client-invite.js'
import { DESCRIBING, descriptionOf } from './description.js'
import { InviteSuccess } from './invite-success.js'
import { OfferAnswer } from './offer-answer.js'
import { Outbox } from './outbox.js'
import { PendingRequests } from './pending-requests.js'
import type { PendingRequest } from './pending-requests.js'
import { postponement, retryDelay } from './retry-delay.js'
import { ReceivedRequest } from './received-request.js'
import { TARGETING, USAGE, isLost } from './session-life.js'
import type { UsageStep } from './session-life.js'
import type { RequestFailure, SessionState } from './session.js'
import type { ExtendedUsage, UsageExtension, UsageSettings } from './usage-extension.js'
import type { AnswerInput, OpenRequest, UsageEffect, UsageEnd, UsageInput, UsageOrigin } from './usage-types.js'

const NO_EXTENSIONS: readonly UsageExtension[] = []

interface SentRequest extends PendingRequest {
  readonly offered: boolean
}

type Input<Type extends UsageInput['type']> = Extract<UsageInput, { type: Type }>

/**
 * The INVITE usage of one dialog (RFC 3261 §12 to §15, RFC 3311, RFC 5057): what may be sent when, what the peer may do,
 * which answers need no thought. It decides nothing that a person or a media engine should decide.
 */
export class InviteUsage implements Machine<UsageInput, UsageEffect>, ExtendedUsage {
  readonly dialog: Dialog
  readonly negotiation: OfferAnswer
  readonly settings: UsageSettings
  readonly #extensions: readonly UsageExtension[]
  readonly #out: Outbox
  #state: SessionState = 'Initial'
  /** Our 2xx to the peer's last INVITE, which waits for its ACK. */
  #accepted: InviteSuccess | undefined
  /** Our INVITE that is under way. */
  #ours: ClientInvite | undefined
  /** Our last INVITE that was acknowledged, for 2xx that come again. */
  #acknowledgedInvite: ClientInvite | undefined
  /** The peer's requests that the application has to answer. */
  readonly #open = new PendingRequests<ReceivedRequest>()
  /** Our requests without final response. */
  readonly #sent = new PendingRequests<SentRequest>()
  #ownCount = 0

  constructor(dialog: Dialog, origin: UsageOrigin, settings: UsageSettings) {
    this.dialog = dialog
    this.settings = settings
    this.#extensions = settings.extend?.() ?? NO_EXTENSIONS
    this.#out = new Outbox(dialog, this.#extensions)
    this.negotiation = new OfferAnswer('agreed' in origin ? origin.agreed : undefined)
    if ('agreed' in origin) this.#state = 'Confirmed'
    else if ('key' in origin) {
      this.#open.add(new ReceivedRequest(origin))
      this.#offered(origin.request)
    } else {
      const { id, offer } = origin
      this.#ours = new ClientInvite(id, true)
      this.#sent.add({ key: id, method: 'INVITE', offered: offer !== undefined })
      if (offer !== undefined) this.negotiation.local(offer)
    }
  }

  get state(): SessionState {
    return this.#state
  }

  get deadline(): Instant {
    let deadline = this.#accepted?.deadline ?? Infinity
    if (this.#state !== 'Terminated') for (const extension of this.#extensions) deadline = Math.min(deadline, extension.deadline)
    return deadline
  }

  /** Whether a re-INVITE may start: neither an INVITE nor an offer is under way (RFC 3261 §14.1). */
  get mayOffer(): boolean {
    return this.#ours === undefined && this.#accepted === undefined && !this.#open.has('INVITE') && this.negotiation.isIdle
  }

  /** Whether an UPDATE may make an offer: before the 2xx, once the INVITE's own exchange is done reliably (RFC 3311 §5.1). */
  get mayUpdate(): boolean {
    if (this.#state !== 'Early') return this.mayOffer
    return this.negotiation.isSettled && !this.prackDue && !this.#extensions.some(({ unsettled }) => unsettled)
  }

  /** Whether our provisional responses to the INVITE that is open go reliably, so that they may make an offer (RFC 3262 §5). */
  get isReliable(): boolean {
    const invite = this.#open.ofMethod('INVITE')
    return invite !== undefined && this.#extensions.some((extension) => extension.reliable?.(invite.request) === true)
  }

  /** Whether the application has taken the peer's INVITE, and the 2xx has to wait. */
  get isAccepting(): boolean {
    return this.#open.ofMethod('INVITE')?.accepting === true
  }

  /** Whether a reliable provisional response waits for its PRACK. */
  get prackDue(): boolean {
    return this.#ours?.prackDue === true
  }

  receive(now: Instant, input: UsageInput, out: UsageEffect[]): void {
    this.#out.open(now, out)
    this.#take(input)
    this.#settle(now)
  }

  #take(input: UsageInput): void {
    switch (input.type) {
      case 'send': return this.#send(input)
      case 'answer': return this.answer(input)
      case 'acknowledge': return this.#acknowledge(input.added)
      case 'received': return this.#received(input)
      case 'acknowledged': return this.#acknowledged(input.request)
      case 'cancelled': return this.#cancelled(input)
      case 'response': return this.#response(input.id, input.response)
      case 'failed': return this.#failed(input.id, input.failure)
      case 'finished': return this.#finished(input.id)
      case 'dispose':
        // Of what waits, the INVITE alone gets an answer.
        this.#open.keep('INVITE')
        this.#accepted = undefined
        this.#end('local', 'disposed')
        return this.#leave()
    }
  }

  wake(now: Instant, out: UsageEffect[]): void {
    this.#out.open(now, out)
    this.#repeat(now)
    for (const extension of this.#extensions) if (this.#state !== 'Terminated' && now >= extension.deadline) extension.wake(now, this)
    this.#settle(now)
  }

  #settle(now: Instant): void {
    for (const extension of this.#extensions) if (this.#state !== 'Terminated') extension.settled?.(now, this)
    this.#out.close()
  }

  /** Sends our 2xx again when it is time, or gives up. */
  #repeat(now: Instant): void {
    const accepted = this.#accepted
    if (accepted === undefined || now < accepted.deadline) return
    if (accepted.repeats(now)) return this.#out.push({ type: 'respond', key: accepted.key, response: accepted.response, again: true })
    this.#accepted = undefined
    this.negotiation.rollback()
    // Without the ACK a BYE is allowed now (RFC 3261 §15); a re-INVITE is as good as done.
    if (!this.#sendDeferred(accepted)) this.#out.push({ type: 'ack-timeout' })
  }

  // What extensions may do.

  isOpen(key: string): boolean {
    return this.#open.find(key) !== undefined
  }

  open(open: OpenRequest, offer?: Description): void {
    this.#open.add(new ReceivedRequest(open))
    this.#out.push({ type: 'incoming', key: open.key, request: open.request, offer })
  }

  tell(effect: UsageEffect): void {
    this.#out.push(effect)
  }

  request(method: string, added: Added = {}): void {
    this.#send({ type: 'send', id: this.#ownId(), method, added })
  }

  abandon(why: UsageEnd, statusCode: number, text: string): void {
    const invite = this.#open.ofMethod('INVITE')
    const early = this.#state === 'Initial' || this.#state === 'Early'
    if (early && invite !== undefined) {
      this.#open.take(invite.key)
      this.respond(invite, statusCode)
    }
    if (!this.#end('error', why)) return
    if (!early) this.#request(this.#ownId(), 'BYE', { headers: [['Reason', `SIP;cause=${statusCode};text="${text}"`]] })
    this.#leave()
  }

  #send(input: Input<'send'>): void {
    const { id, method, added } = input
    const { negotiation } = this
    const offered = added.description !== undefined && DESCRIBING.includes(method)
    const mayOffer = method === 'PRACK' ? !negotiation.isOffering : method === 'UPDATE' ? this.mayUpdate : this.mayOffer
    if (this.#state === 'Terminated' || ((offered || method === 'INVITE') && !mayOffer)) {
      this.#out.push({ type: 'failed', id, failure: 'closed' })
    } else if (method === 'BYE') {
      if (this.#refuseTaken(added)) return this.#out.push({ type: 'failed', id, failure: 'closed' })
      if (this.#state === 'AckWait' && this.#accepted !== undefined) this.#accepted.bye = input
      this.#end('local', 'bye')
      if (this.#accepted === undefined) this.#request(id, method, added)
    } else {
      const rack = method === 'PRACK' ? this.#ours?.takeRack() : undefined
      if (method === 'INVITE') this.#ours = new ClientInvite(id, false)
      if (offered) negotiation.local(added.description)
      this.#request(id, method, rack === undefined ? added : { ...added, headers: [...(added.headers ?? []), ['RAck', rack]] })
    }
  }

  /** Ends a call that was taken before its 2xx could be sent: with 480, for BYE has no place yet (RFC 3261 §15). */
  #refuseTaken(added: Added): boolean {
    const invite = this.#open.ofMethod('INVITE')
    if (this.dialog.state !== 'early' || invite?.accepting !== true) return false
    this.answer({ type: 'answer', key: invite.key, statusCode: 480, added })
    return true
  }

  #request(id: string, method: string, added: Added = {}): void {
    this.#sent.add({ key: id, method, offered: added.description !== undefined && this.negotiation.isOffering })
    this.#out.request(this, id, method, added)
  }

  /** Names a request of our own accord. */
  #ownId(): string {
    return `${this.dialog.id}\n${this.#ownCount++}`
  }

  #sendDeferred({ bye }: InviteSuccess): boolean {
    if (bye !== undefined) this.#request(bye.id, 'BYE', bye.added)
    return bye !== undefined
  }

  #acknowledge(added: Added): void {
    const ours = this.#ours
    if (ours?.sequence === undefined) return
    if (added.description === undefined) this.negotiation.rollback()
    else this.negotiation.local(added.description)
    this.#sendAck(ours, added)
  }

  #sendAck(ours: ClientInvite, added: Added = {}): void {
    ours.ack = added
    this.#acknowledgedInvite = ours
    this.#ours = undefined
    this.#out.acknowledge(ours)
  }

  answer(answer: AnswerInput): void {
    const { key, statusCode, added, reasonPhrase } = answer
    const open = this.#open.find(key)
    if (open === undefined) return
    const { request, method } = open
    const invite = method === 'INVITE'
    const success = statusCode >= 200 && statusCode < 300
    if (this.#extensions.some((extension) => extension.holds?.(answer, request, this) === true)) {
      open.accepting ||= success
      return
    }
    if (statusCode < 200) return this.#progress(open, answer)
    this.#open.take(key)
    if (invite && success) return this.#accept(open, answer)
    open.final(success, added.description, this.negotiation)
    if (success && TARGETING.includes(method)) this.dialog.refresh(request)
    this.respond(open, statusCode, added, reasonPhrase)
    if (invite) this.#refused('local', 'refused')
    this.#leave()
  }

  #progress(open: ReceivedRequest, { statusCode, added, reasonPhrase }: AnswerInput): void {
    if (open.method !== 'INVITE') return void this.respond(open, statusCode, added, reasonPhrase)
    const reliable = this.isReliable
    this.#step('progress')
    const description = open.progress(added.description, reliable, this.negotiation)
    // The target moves though the session may still stay as it is (RFC 6141 §4.6).
    if (reliable) this.dialog.refresh(open.request)
    this.respond(open, statusCode, { ...added, description }, reasonPhrase)
  }

  #accept(open: ReceivedRequest, { statusCode, added, reasonPhrase }: AnswerInput): void {
    const description = open.success(added.description, this.negotiation)
    this.dialog.confirm()
    this.dialog.refresh(open.request)
    const response = this.respond(open, statusCode, { ...added, description }, reasonPhrase)
    this.#accepted = new InviteSuccess(this.#out.now, open.key, response, this.settings.timers)
    this.#step('accept')
  }

  respond(open: OpenRequest, statusCode: number, added?: Added, reasonPhrase?: string): SipResponse {
    return this.#out.respond(this, open, statusCode, added, reasonPhrase)
  }

  /** The first INVITE of the peer got a final response that is no 2xx. */
  #refused(by: 'local' | 'remote', why: UsageEnd, message?: SipRequest): void {
    if (this.#state === 'Initial' || this.#state === 'Early') this.#end(by, why, message)
  }

  #received(input: Input<'received'>): void {
    const { request } = input
    const { method } = request
    if (this.#state === 'Terminated') this.respond(input, method === 'BYE' ? 200 : 481)
    else if (!this.dialog.accepts(request)) this.respond(input, 500)
    else if (this.#extensions.some((extension) => extension.received?.(this.#out.now, input, this) === true)) return
    else if (method === 'INVITE') this.#receivedInvite(input)
    else if (method === 'UPDATE') this.#receivedUpdate(input)
    else this.open(input)
    if (method !== 'BYE' || !this.#open.has(method)) return
    this.#end('remote', 'bye', request)
    this.#leave()
  }

  #receivedInvite(input: OpenRequest): void {
    const { isIdle, isOffering } = this.negotiation
    // Theirs before is still at work (RFC 3261 §14.2), or the ACK to come brings an answer: a little later, then.
    const atWork = this.#open.has('INVITE') || (this.#accepted !== undefined && !isIdle)
    if (!atWork && (this.#ours !== undefined || isOffering)) this.respond(input, 491)
    else if (atWork || !isIdle) this.#postpone(input)
    else {
      // A new INVITE shows that the 2xx before it arrived, whatever became of its ACK (RFC 5407 §3.1.4).
      if (this.#accepted !== undefined) this.#step('acknowledge')
      this.#accepted = undefined
      this.open(input, this.#offered(input.request))
    }
  }

  #receivedUpdate(input: OpenRequest): void {
    const { request } = input
    if (this.#open.has('UPDATE')) this.#postpone(input)
    else if (descriptionOf(request) === undefined) {
      this.dialog.refresh(request)
      this.respond(input, 200)
    } else if (this.negotiation.isOffering) this.respond(input, 491) // glare of offers (RFC 3311 §5.2)
    else if (!this.negotiation.isIdle) this.#postpone(input)
    else this.open(input, this.#offered(request))
  }

  #postpone(input: OpenRequest): void {
    this.respond(input, 500, postponement(this.settings.random))
  }

  #acknowledged(request: SipRequest): void {
    const accepted = this.#accepted
    if (accepted?.response.cseq.sequence !== request.cseq.sequence) return
    this.#accepted = undefined
    const { answer, answerMissing = false } = this.negotiation.isOffering ? answerTo(this.negotiation, descriptionOf(request)) : {}
    this.#step('acknowledge')
    if (!this.#sendDeferred(accepted)) this.#out.push({ type: 'acknowledged', request, answer, answerMissing })
  }

  #cancelled({ key, request }: OpenRequest): void {
    const open = this.#open.find(key)
    if (open?.method !== 'INVITE') return
    this.#open.take(key)
    this.respond(open, 487)
    this.#out.push({ type: 'cancelled', key })
    this.negotiation.rollback()
    this.#refused('remote', 'cancelled', request)
    this.#leave()
  }

  #response(id: string, response: SipResponse): void {
    const { statusCode } = response
    for (const extension of this.#extensions) if (this.#state !== 'Terminated') extension.responded?.(this.#out.now, response, this)
    if (this.#ours?.id === id) return this.#inviteResponse(this.#ours, response)
    const repeated = this.#acknowledgedInvite
    // The 2xx again: its ACK was lost (RFC 3261 §13.2.2.4).
    if (repeated?.id === id && statusCode >= 200 && statusCode < 300) return this.#out.acknowledge(repeated)
    const sent = statusCode < 200 ? this.#sent.find(id) : this.#sent.take(id)
    if (sent === undefined) return
    if (statusCode < 200) {
      this.#out.push({ type: 'provisional', id, response, described: {}, reliable: false })
      return
    }
    const success = statusCode < 300
    if (success && TARGETING.includes(sent.method)) this.dialog.refresh(response)
    this.#outcome(id, response, sent.offered ? answerTo(this.negotiation, success ? descriptionOf(response) : undefined) : {})
    this.#judge(sent.method, statusCode, response)
  }

  #inviteResponse(ours: ClientInvite, response: SipResponse): void {
    const { id, initial } = ours
    const { statusCode } = response
    if (ours.sequence !== undefined) return
    if (statusCode < 200) {
      const described = this.#state === 'Terminated' ? undefined : ours.provisional(response, this.negotiation)
      if (described === undefined) return
      this.#step('progress')
      // A reliable 1xx moves the target of a session that stands (RFC 6141 §4.7).
      if (!initial && described.reliable) this.dialog.refresh(response)
      this.#out.push({ type: 'provisional', id, response, described, reliable: described.reliable })
      return
    }
    this.#sent.take(id)
    if (statusCode < 300) return this.#inviteSuccess(ours, response)
    this.#ours = undefined
    if (!ours.exchanged) this.negotiation.rollback()
    this.#outcome(id, response, {})
    if (initial) this.#end('remote', 'refused', response)
    this.#judge('INVITE', statusCode, response)
  }

  #inviteSuccess(ours: ClientInvite, response: SipResponse): void {
    const described = ours.success(response, this.negotiation)
    if (ours.initial) this.dialog.confirm(response)
    else this.dialog.refresh(response)
    if (this.#state === 'Terminated') {
      // Not wanted any more: acknowledged and, if it was the first INVITE, ended (RFC 3261 §13.2.2.4, §15).
      this.#sendAck(ours)
      if (ours.initial) this.#request(this.#ownId(), 'BYE')
      return this.#leave()
    }
    this.#step('establish')
    if (described.offer === undefined) this.#sendAck(ours)
    this.#outcome(ours.id, response, described)
  }

  #outcome(id: string, response: SipResponse, described: Described): void {
    this.#out.push({ type: 'outcome', id, response, described, retryIn: retryDelay(response, this.dialog.role === 'uac', this.settings.random) })
  }

  #failed(id: string, failure: RequestFailure): void {
    const sent = this.#sent.take(id)
    if (sent === undefined) return
    const ours = this.#takeOurs(id)
    if (sent.offered && ours?.exchanged !== true) this.negotiation.rollback()
    this.#out.push({ type: 'failed', id, failure })
    if (ours?.initial === true) this.#end('error', 'lost')
    this.#judge(sent.method, failure === 'timed-out' ? 408 : 0)
  }

  #finished(id: string): void {
    this.#sent.take(id)
    if (this.#acknowledgedInvite?.id === id) this.#acknowledgedInvite = undefined
    const ours = this.#takeOurs(id)
    // Another fork was taken, and this one has not answered.
    if (ours?.initial === true && ours.sequence === undefined) this.#end('remote', 'refused')
    this.#leave()
  }

  #takeOurs(id: string): ClientInvite | undefined {
    const ours = this.#ours
    if (ours?.id !== id) return undefined
    this.#ours = undefined
    return ours
  }

  /** 408, 481 and silence end the usage, with a BYE that makes it sure (RFC 3261 §12.2.1.2). */
  #judge(method: string, status: number, response?: SipResponse): void {
    if (isLost(method, status) && this.#end('error', 'lost', response)) this.#request(this.#ownId(), 'BYE')
    this.#leave()
  }

  /** The peer's offer, if the request makes one. */
  #offered(request: SipRequest): Description | undefined {
    const offer = descriptionOf(request)
    if (offer !== undefined) this.negotiation.remote(offer)
    return offer
  }

  #step(step: UsageStep): boolean {
    const next = USAGE[this.#state][step]
    if (next === undefined) return false
    this.#state = next
    this.#out.push({ type: 'state', state: next })
    return true
  }

  #end(by: 'local' | 'remote' | 'error', why: UsageEnd, message?: SipRequest | SipResponse): boolean {
    if (!this.#step('end')) return false
    // What waits for an answer gets one (RFC 3261 §15.1.2).
    for (const open of this.#open.keep('BYE')) this.respond(open, 487)
    if (this.#accepted?.bye === undefined) this.#accepted = undefined
    this.negotiation.close()
    this.dialog.terminate()
    this.#out.push({ type: 'ended', by, why, message })
    return true
  }

  #leave(): void {
    const busy = this.#sent.size + this.#open.size > 0 || this.#accepted !== undefined || this.#ours !== undefined
    if (this.#state === 'Terminated' && !busy) this.#out.push({ type: 'gone' })
  }
}

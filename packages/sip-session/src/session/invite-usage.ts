import type { Instant, Machine } from '@offhook/sip-machine'
import { randomInteger } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Dialog } from '../dialog/dialog.js'
import type { Description } from '../session-description-handler.js'
import { contentOf } from './added.js'
import type { Added } from './added.js'
import { ClientInvite, answerTo } from './client-invite.js'
import type { Described } from './client-invite.js'
import { DESCRIBING, descriptionOf } from './description.js'
import { InviteSuccess } from './invite-success.js'
import { OfferAnswer } from './offer-answer.js'
import { PendingRequests } from './pending-requests.js'
import type { PendingRequest } from './pending-requests.js'
import { retryDelay } from './retry-delay.js'
import { USAGE, isLost } from './session-life.js'
import type { UsageStep } from './session-life.js'
import type { RequestFailure, SessionState } from './session.js'
import type { AnswerInput, OpenRequest, UsageEffect, UsageEnd, UsageInput, UsageOrigin, UsageSettings } from './usage-types.js'

const NOWHERE: UsageEffect[] = []

interface SentRequest extends PendingRequest {
  readonly offered: boolean
}

interface ReceivedRequest extends PendingRequest, OpenRequest {}

type Input<Type extends UsageInput['type']> = Extract<UsageInput, { type: Type }>

/**
 * The INVITE usage of one dialog (RFC 3261 §12 to §15, RFC 3311, RFC 5057): what may be sent when, what the peer may do,
 * which answers need no thought. It decides nothing that a person or a media engine should decide.
 */
export class InviteUsage implements Machine<UsageInput, UsageEffect> {
  readonly dialog: Dialog
  readonly negotiation: OfferAnswer = new OfferAnswer()
  readonly #settings: UsageSettings
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
  /** A BYE that waits for the ACK. */
  #bye: Input<'send'> | undefined
  #byeCount = 0
  /** Where the effects of the input at hand go; between inputs nothing holds them, and the messages in them. */
  #out: UsageEffect[] = NOWHERE

  constructor(dialog: Dialog, origin: UsageOrigin, settings: UsageSettings) {
    this.dialog = dialog
    this.#settings = settings
    if ('key' in origin) {
      this.#open.add({ ...origin, method: 'INVITE' })
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
    return this.#accepted?.deadline ?? Infinity
  }

  /** Whether an offer or a re-INVITE may start: nothing of the kind is under way (RFC 3261 §14.1, RFC 3311 §5.1). */
  get mayOffer(): boolean {
    return this.#ours === undefined && this.#accepted === undefined && !this.#open.has('INVITE') && this.negotiation.isIdle
  }

  /** Whether a reliable provisional response waits for its PRACK. */
  get prackDue(): boolean {
    return this.#ours?.prackDue === true
  }

  receive(now: Instant, input: UsageInput, out: UsageEffect[]): void {
    this.#out = out
    this.#take(now, input)
    this.#out = NOWHERE
  }

  #take(now: Instant, input: UsageInput): void {
    switch (input.type) {
      case 'send': return this.#send(input)
      case 'answer': return this.#answer(now, input)
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
        this.#bye = this.#accepted = undefined
        this.#end('local', 'disposed')
        return this.#leave()
    }
  }

  wake(now: Instant, out: UsageEffect[]): void {
    const accepted = this.#accepted
    if (accepted === undefined || now < accepted.deadline) return
    this.#out = out
    if (accepted.repeats(now)) out.push({ type: 'respond', key: accepted.key, response: accepted.response })
    else {
      this.#accepted = undefined
      this.negotiation.rollback()
      // Without the ACK a BYE is allowed now (RFC 3261 §15); a re-INVITE is as good as done.
      if (!this.#sendDeferredBye()) out.push({ type: 'ack-timeout' })
    }
    this.#out = NOWHERE
  }

  #send(input: Input<'send'>): void {
    const { id, method, added } = input
    const { negotiation } = this
    const offered = added.description !== undefined && DESCRIBING.includes(method)
    const mayOffer = this.mayOffer || (method === 'PRACK' && !negotiation.isOffering)
    if (this.#state === 'Terminated' || ((offered || method === 'INVITE') && !mayOffer)) {
      this.#out.push({ type: 'failed', id, failure: 'closed' })
    } else if (method === 'BYE') {
      // The callee may not send BYE before the ACK has come (RFC 3261 §15).
      if (this.#state === 'AckWait' && this.#accepted !== undefined) this.#bye = input
      this.#end('local', 'bye')
      if (this.#bye === undefined) this.#request(id, method, added)
    } else {
      const rack = method === 'PRACK' ? this.#ours?.takeRack() : undefined
      if (method === 'INVITE') this.#ours = new ClientInvite(id, false)
      if (offered) negotiation.local(added.description)
      this.#request(id, method, rack === undefined ? added : { ...added, headers: [...(added.headers ?? []), ['RAck', rack]] })
    }
  }

  #request(id: string, method: string, added: Added = {}): void {
    this.#sent.add({ key: id, method, offered: added.description !== undefined && this.negotiation.isOffering })
    this.#out.push({ type: 'request', id, request: this.dialog.createRequest(method, contentOf(added)) })
  }

  #sendDeferredBye(): boolean {
    const bye = this.#bye
    this.#bye = undefined
    if (bye !== undefined) this.#request(bye.id, 'BYE', bye.added)
    return bye !== undefined
  }

  /** A BYE of our own accord. */
  #sendBye(): void {
    this.#request(`${this.dialog.id}\n${this.#byeCount++}`, 'BYE')
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
    this.#pushAck(ours)
  }

  #pushAck({ sequence = 0, ack }: ClientInvite): void {
    this.#out.push({ type: 'ack', request: this.dialog.createAck(sequence, contentOf(ack)), sequence })
  }

  #answer(now: Instant, { key, statusCode, added, reasonPhrase }: AnswerInput): void {
    const open = this.#open.find(key)
    if (open === undefined) return
    const { request, method } = open
    const { negotiation } = this
    const invite = method === 'INVITE'
    if (statusCode >= 200) this.#open.take(key)
    if (invite && statusCode >= 200 && statusCode < 300) return this.#accept(now, open, statusCode, added, reasonPhrase)
    const { description } = added
    if (statusCode < 200) {
      if (invite) this.#step('progress')
      if (invite && description !== undefined && negotiation.state === 'HaveRemoteOffer') negotiation.local(description, true)
    } else if (invite || (DESCRIBING.includes(method) && descriptionOf(request) !== undefined)) {
      if (statusCode >= 300) negotiation.rollback()
      else if (description !== undefined) negotiation.local(description)
    }
    if (statusCode >= 200 && statusCode < 300 && method === 'UPDATE') this.dialog.refresh(request)
    this.#respond(open, statusCode, added, reasonPhrase)
    if (invite && statusCode >= 300) this.#refused('local', 'refused')
    this.#leave()
  }

  /** The 2xx to an INVITE. It repeats what the 183 said, unless the application says otherwise (RFC 3261 §13.2.1). */
  #accept(now: Instant, open: OpenRequest, statusCode: number, added: Added, reasonPhrase: string | undefined): void {
    const { dialog, negotiation } = this
    let { description } = added
    if (negotiation.preview) {
      description ??= negotiation.answer
      negotiation.finishPreview(description)
    } else if (description !== undefined) negotiation.local(description)
    dialog.confirm()
    dialog.refresh(open.request)
    this.#accepted = new InviteSuccess(now, open.key, this.#respond(open, statusCode, { ...added, description }, reasonPhrase), this.#settings.timers)
    this.#step('accept')
  }

  #respond({ key, request }: OpenRequest, statusCode: number, added: Added = {}, reasonPhrase?: string): SipResponse {
    const response = createResponse(request, { statusCode, reasonPhrase, toTag: this.dialog.localTag, ...contentOf(added) })
    this.#out.push({ type: 'respond', key, response })
    return response
  }

  /** The first INVITE of the peer got a final response that is no 2xx. */
  #refused(by: 'local' | 'remote', why: UsageEnd, message?: SipRequest): void {
    if (this.#state === 'Initial' || this.#state === 'Early') this.#end(by, why, message)
  }

  #received(input: Input<'received'>): void {
    const { request } = input
    const { method } = request
    if (this.#state === 'Terminated') this.#respond(input, method === 'BYE' ? 200 : 481)
    else if (!this.dialog.accepts(request)) this.#respond(input, 500)
    else if (method === 'INVITE') this.#receivedInvite(input)
    else if (method === 'UPDATE') this.#receivedUpdate(input)
    else this.#openRequest(input)
    if (method !== 'BYE' || !this.#open.has(method)) return
    this.#end('remote', 'bye', request)
    this.#leave()
  }

  #openRequest({ key, request }: OpenRequest, offer?: Description): void {
    this.#open.add({ key, method: request.method, request })
    this.#out.push({ type: 'incoming', key, request, offer })
  }

  #receivedInvite(input: OpenRequest): void {
    const { isIdle, isOffering } = this.negotiation
    // Theirs before is still at work (RFC 3261 §14.2), or the ACK to come brings an answer: a little later, then.
    const atWork = this.#open.has('INVITE') || (this.#accepted !== undefined && !isIdle)
    if (!atWork && (this.#ours !== undefined || isOffering)) this.#respond(input, 491)
    else if (atWork || !isIdle) this.#postpone(input)
    else {
      // A new INVITE shows that the 2xx before it arrived, whatever became of its ACK (RFC 5407 §3.1.4).
      if (this.#accepted !== undefined) this.#step('acknowledge')
      this.#accepted = undefined
      this.#openRequest(input, this.#offered(input.request))
    }
  }

  #receivedUpdate(input: OpenRequest): void {
    const { request } = input
    if (this.#open.has('UPDATE')) this.#postpone(input)
    else if (descriptionOf(request) === undefined) {
      this.dialog.refresh(request)
      this.#respond(input, 200)
    } else if (this.negotiation.isOffering) this.#respond(input, 491) // glare of offers (RFC 3311 §5.2)
    else if (!this.negotiation.isIdle) this.#postpone(input)
    else this.#openRequest(input, this.#offered(request))
  }

  #postpone(input: OpenRequest): void {
    this.#respond(input, 500, { headers: [['Retry-After', randomInteger(this.#settings.random, 0, 11)]] })
  }

  #acknowledged(request: SipRequest): void {
    if (this.#accepted?.response.cseq.sequence !== request.cseq.sequence) return
    this.#accepted = undefined
    const { answer, answerMissing = false } = this.negotiation.isOffering ? answerTo(this.negotiation, descriptionOf(request)) : {}
    this.#step('acknowledge')
    if (!this.#sendDeferredBye()) this.#out.push({ type: 'acknowledged', request, answer, answerMissing })
  }

  #cancelled({ key, request }: OpenRequest): void {
    const open = this.#open.find(key)
    if (open?.method !== 'INVITE') return
    this.#open.take(key)
    this.#respond(open, 487)
    this.#out.push({ type: 'cancelled', key })
    this.negotiation.rollback()
    this.#refused('remote', 'cancelled', request)
    this.#leave()
  }

  #response(id: string, response: SipResponse): void {
    const { statusCode } = response
    if (this.#ours?.id === id) return this.#inviteResponse(this.#ours, response)
    const repeated = this.#acknowledgedInvite
    // The 2xx again: its ACK was lost (RFC 3261 §13.2.2.4).
    if (repeated?.id === id && statusCode >= 200 && statusCode < 300) return this.#pushAck(repeated)
    const sent = statusCode < 200 ? this.#sent.find(id) : this.#sent.take(id)
    if (sent === undefined) return
    if (statusCode < 200) {
      this.#out.push({ type: 'provisional', id, response, described: {}, reliable: false })
      return
    }
    const success = statusCode < 300
    if (sent.method === 'UPDATE' && success) this.dialog.refresh(response)
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
      this.#out.push({ type: 'provisional', id, response, described, reliable: described.reliable })
      return
    }
    this.#sent.take(id)
    if (statusCode < 300) return this.#inviteSuccess(ours, response)
    this.#ours = undefined
    this.negotiation.rollback()
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
      if (ours.initial) this.#sendBye()
      return this.#leave()
    }
    this.#step('establish')
    if (described.offer === undefined) this.#sendAck(ours)
    this.#outcome(ours.id, response, described)
  }

  #outcome(id: string, response: SipResponse, described: Described): void {
    this.#out.push({ type: 'outcome', id, response, described, retryIn: retryDelay(response, this.dialog.role === 'uac', this.#settings.random) })
  }

  #failed(id: string, failure: RequestFailure): void {
    const sent = this.#sent.take(id)
    if (sent === undefined) return
    const ours = this.#takeOurs(id)
    if (sent.offered) this.negotiation.rollback()
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
    if (isLost(method, status) && this.#end('error', 'lost', response)) this.#sendBye()
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
    for (const open of this.#open.keep('BYE')) this.#respond(open, 487)
    if (this.#bye === undefined) this.#accepted = undefined
    this.negotiation.close()
    this.dialog.terminate()
    this.#out.push({ type: 'ended', by, why, message })
    return true
  }

  #leave(): void {
    const busy = this.#sent.size + this.#open.size > 0 || this.#accepted !== undefined || this.#ours !== undefined || this.#bye !== undefined
    if (this.#state === 'Terminated' && !busy) this.#out.push({ type: 'gone' })
  }
}

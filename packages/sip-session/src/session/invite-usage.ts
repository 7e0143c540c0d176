import type { Instant, Machine, RandomSource } from '@offhook/sip-machine'
import { randomInteger } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Dialog } from '../dialog/dialog.js'
import type { Description } from '../session-description-handler.js'
import { contentOf } from './added.js'
import type { Added } from './added.js'
import { ClientInvite } from './client-invite.js'
import type { Described } from './client-invite.js'
import { descriptionOf } from './description.js'
import { OfferAnswer } from './offer-answer.js'
import { retryDelay } from './retry-delay.js'
import { ServerInvite } from './server-invite.js'
import type { Retransmission, RetransmissionTimers } from './server-invite.js'
import type { RequestFailure, SessionState } from './session.js'
import type { AnswerInput, UsageEffect, UsageEnd, UsageInput } from './usage-types.js'

/** What moves a session: a 1xx or 2xx, sent or received, its ACK, its end. */
export type UsageStep = 'progress' | 'accept' | 'establish' | 'acknowledge' | 'end'

/** The life of a session. `accept`: we sent a 2xx; `establish`: we got one. A step that is absent leaves the state as it is. */
export const USAGE: Readonly<Record<SessionState, Readonly<Partial<Record<UsageStep, SessionState>>>>> = {
  Initial: { progress: 'Early', accept: 'AckWait', establish: 'Confirmed', end: 'Terminated' },
  Early: { accept: 'AckWait', establish: 'Confirmed', end: 'Terminated' },
  AckWait: { acknowledge: 'Confirmed', end: 'Terminated' },
  Confirmed: { end: 'Terminated' },
  Terminated: {},
}

/** Requests that belong to the INVITE usage: without an answer the usage is lost (RFC 3261 §12.2.1.2, RFC 5057 §5.3). */
const INTEGRAL = ['INVITE', 'UPDATE', 'BYE', 'INFO']
/** Requests for which 481 speaks of something else than the session (RFC 3262 §3, RFC 6665 §4.2.2). */
const FOREIGN_481 = ['PRACK', 'NOTIFY']
/** Requests that may carry a description (RFC 6337 §2.2). */
const DESCRIBING = ['INVITE', 'UPDATE', 'PRACK']

const NOWHERE: UsageEffect[] = []

interface OpenRequest {
  readonly key: string
  readonly request: SipRequest
}

interface SentRequest {
  readonly id: string
  readonly method: string
  readonly offered: boolean
}

/** How a usage begins: by the peer's INVITE, or by ours, of which `id` is the client transaction. */
export type UsageOrigin =
  | { readonly key: string; readonly request: SipRequest }
  | { readonly id: string; readonly offer?: Description | undefined }

/** What every usage of a user agent shares. */
export interface UsageSettings {
  readonly timers: RetransmissionTimers
  readonly random: RandomSource
}

/**
 * The INVITE usage of one dialog (RFC 3261 §12 to §15, RFC 3311, RFC 5057): what may be sent when, what the peer may do,
 * which answers need no thought. It decides nothing that a person or a media engine should decide.
 */
export class InviteUsage implements Machine<UsageInput, UsageEffect> {
  readonly dialog: Dialog
  readonly negotiation: OfferAnswer = new OfferAnswer()
  readonly #settings: UsageSettings
  #state: SessionState = 'Initial'
  #theirs: ServerInvite | undefined
  #ours: ClientInvite | undefined
  /** Our last INVITE that was acknowledged, for 2xx that come again. */
  #acknowledgedInvite: ClientInvite | undefined
  /** The peer's requests that the application has to answer. */
  #open: readonly OpenRequest[] = []
  /** Our requests without final response. */
  #sent: readonly SentRequest[] = []
  /** A BYE that waits for the ACK. */
  #bye: { readonly id: string; readonly added: Added } | undefined
  #byeCount = 0
  /** Where the effects of the input at hand go; between inputs nothing holds them, and the messages in them. */
  #out: UsageEffect[] = NOWHERE

  constructor(dialog: Dialog, origin: UsageOrigin, settings: UsageSettings) {
    this.dialog = dialog
    this.#settings = settings
    if ('key' in origin) {
      this.#theirs = new ServerInvite(origin.key, origin.request, settings.timers)
      this.#remote(descriptionOf(origin.request))
    } else {
      const { id, offer } = origin
      this.#ours = new ClientInvite(id, true)
      this.#sent = [{ id, method: 'INVITE', offered: offer !== undefined }]
      if (offer !== undefined) this.negotiation.local(offer)
    }
  }

  get state(): SessionState {
    return this.#state
  }

  get deadline(): Instant {
    return this.#theirs?.deadline ?? Infinity
  }

  /** Whether an offer or a re-INVITE may start: nothing of the kind is under way (RFC 3261 §14.1, RFC 3311 §5.1). */
  get mayOffer(): boolean {
    return this.#ours === undefined && this.#theirs === undefined && this.negotiation.isIdle
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
      case 'send':
        return this.#send(input.id, input.method, input.added)
      case 'answer':
        return this.#answer(now, input)
      case 'acknowledge':
        return this.#acknowledge(input.added)
      case 'received':
        return this.#received(input.key, input.request)
      case 'acknowledged':
        return this.#acknowledged(input.request)
      case 'cancelled':
        return this.#cancelled(input.key, input.request)
      case 'response':
        return this.#response(input.id, input.response)
      case 'failed':
        return this.#failed(input.id, input.failure)
      case 'finished':
        return this.#finished(input.id)
      case 'dispose':
        this.#open = []
        this.#bye = undefined
        if (this.#theirs?.state === 'accepted') this.#theirs = undefined
        this.#end('local', 'disposed')
        return this.#leave()
    }
  }

  wake(now: Instant, out: UsageEffect[]): void {
    const theirs = this.#theirs
    if (theirs === undefined || now < theirs.deadline) return
    const repeated: Retransmission[] = []
    theirs.wake(now, repeated)
    out.push(...repeated)
    if (theirs.state !== 'unacknowledged') return
    this.#out = out
    this.#theirs = undefined
    this.negotiation.rollback()
    // Without the ACK a BYE is allowed now (RFC 3261 §15); a re-INVITE is as good as done.
    if (!this.#sendDeferredBye()) out.push({ type: 'ack-timeout' })
    this.#out = NOWHERE
  }

  // What this side sends.

  #send(id: string, method: string, added: Added): void {
    const offered = added.description !== undefined && DESCRIBING.includes(method)
    const mayOffer = this.mayOffer || (method === 'PRACK' && !this.negotiation.isOffering)
    if (this.#state === 'Terminated' || ((offered || method === 'INVITE') && !mayOffer)) {
      this.#out.push({ type: 'failed', id, failure: 'closed' })
    } else if (method === 'BYE') {
      // The callee may not send BYE before the ACK has come (RFC 3261 §15).
      if (this.#state === 'AckWait' && this.#theirs !== undefined) this.#bye = { id, added }
      this.#end('local', 'bye')
      if (this.#bye === undefined) this.#request(id, method, added)
    } else {
      const rack = method === 'PRACK' ? this.#ours?.takeRack() : undefined
      const content = rack === undefined ? added : { ...added, headers: [...(added.headers ?? []), ['RAck', rack] as const] }
      if (method === 'INVITE') this.#ours = new ClientInvite(id, false)
      if (offered) this.negotiation.local(added.description)
      this.#request(id, method, content)
    }
  }

  #request(id: string, method: string, added: Added = {}): void {
    this.#sent = [...this.#sent, { id, method, offered: added.description !== undefined && this.negotiation.isOffering }]
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
    if (ours?.state !== 'accepted') return
    if (added.description === undefined) this.negotiation.rollback()
    else this.negotiation.local(added.description)
    this.#sendAck(ours, added)
  }

  #sendAck(ours: ClientInvite, added: Added = {}): void {
    ours.acknowledge(added)
    this.#acknowledgedInvite = ours
    this.#ours = undefined
    this.#pushAck(ours)
  }

  #pushAck({ sequence, ack }: ClientInvite): void {
    this.#out.push({ type: 'ack', request: this.dialog.createAck(sequence, contentOf(ack ?? {})), sequence })
  }

  // What this side answers.

  #answer(now: Instant, { key, statusCode, added, reasonPhrase }: AnswerInput): void {
    const theirs = this.#theirs
    if (theirs?.key === key && theirs.state === 'proceeding') return this.#answerInvite(now, theirs, statusCode, added, reasonPhrase)
    const request = this.#open.find((open) => open.key === key)?.request
    if (request === undefined) return
    const describes = DESCRIBING.includes(request.method) && descriptionOf(request) !== undefined
    if (statusCode >= 200) this.#open = this.#open.filter((open) => open.key !== key)
    if (statusCode >= 300) {
      if (describes) this.negotiation.rollback()
    } else if (statusCode >= 200) {
      if (request.method === 'UPDATE') this.dialog.refresh(request)
      if (describes && added.description !== undefined) this.negotiation.local(added.description)
    }
    this.#respond(key, request, statusCode, added, reasonPhrase)
    this.#leave()
  }

  #answerInvite(now: Instant, theirs: ServerInvite, statusCode: number, added: Added, reasonPhrase: string | undefined): void {
    const { key, request } = theirs
    const { negotiation } = this
    if (statusCode >= 300) {
      this.#respond(key, request, statusCode, added, reasonPhrase)
      return this.#refuseInvite('local', 'refused')
    }
    let { description } = added
    if (statusCode < 200) {
      if (description !== undefined && negotiation.state === 'HaveRemoteOffer') negotiation.local(description, true)
      this.#step('progress')
      return this.#respond(key, request, statusCode, added, reasonPhrase)
    }
    // The 2xx repeats what the 183 said, unless the application says otherwise (RFC 3261 §13.2.1).
    if (negotiation.preview) {
      description ??= negotiation.answer
      negotiation.finishPreview(description)
    } else if (description !== undefined) negotiation.local(description)
    this.dialog.confirm()
    this.dialog.refresh(request)
    this.#out.push(theirs.accept(now, this.#createResponse(request, statusCode, { ...added, description }, reasonPhrase)))
    this.#step('accept')
  }

  /** The INVITE of the peer got a final response that is no 2xx. */
  #refuseInvite(by: 'local' | 'remote', why: UsageEnd, message?: SipRequest): void {
    this.#theirs = undefined
    this.negotiation.rollback()
    if (this.#state !== 'Initial' && this.#state !== 'Early') return
    this.#end(by, why, message)
    this.#leave()
  }

  #respond(key: string, request: SipRequest, statusCode: number, added?: Added, reasonPhrase?: string): void {
    this.#out.push({ type: 'respond', key, response: this.#createResponse(request, statusCode, added, reasonPhrase) })
  }

  #createResponse(request: SipRequest, statusCode: number, added: Added = {}, reasonPhrase?: string): SipResponse {
    return createResponse(request, { statusCode, reasonPhrase, toTag: this.dialog.localTag, ...contentOf(added) })
  }

  // What the peer sends.

  #received(key: string, request: SipRequest): void {
    const { method } = request
    if (this.#state === 'Terminated') return this.#respond(key, request, method === 'BYE' ? 200 : 481)
    if (!this.dialog.accepts(request)) return this.#respond(key, request, 500)
    if (method === 'INVITE') return this.#receivedInvite(key, request)
    if (method === 'UPDATE') return this.#receivedUpdate(key, request)
    this.#openRequest(key, request)
    if (method !== 'BYE') return
    this.#end('remote', 'bye', request)
    this.#leave()
  }

  #openRequest(key: string, request: SipRequest, offer?: Description): void {
    this.#open = [...this.#open, { key, request }]
    this.#out.push({ type: 'incoming', key, request, offer })
  }

  #receivedInvite(key: string, request: SipRequest): void {
    const { isIdle, isOffering } = this.negotiation
    // Theirs before is still at work (RFC 3261 §14.2), or the ACK to come brings an answer: a little later, then.
    if (this.#theirs !== undefined && (this.#theirs.state === 'proceeding' || !isIdle)) return this.#postpone(key, request)
    if (this.#ours !== undefined || isOffering) return this.#respond(key, request, 491)
    if (!isIdle) return this.#postpone(key, request)
    // A new INVITE shows that the 2xx before it arrived, whatever became of its ACK (RFC 5407 §3.1.4).
    if (this.#theirs !== undefined) this.#step('acknowledge')
    this.#theirs = new ServerInvite(key, request, this.#settings.timers)
    this.#out.push({ type: 'incoming', key, request, offer: this.#remote(descriptionOf(request)) })
  }

  #receivedUpdate(key: string, request: SipRequest): void {
    const offer = descriptionOf(request)
    if (this.#open.some((open) => open.request.method === 'UPDATE')) return this.#postpone(key, request)
    if (offer === undefined) {
      this.dialog.refresh(request)
      return this.#respond(key, request, 200)
    }
    // 491 for glare of offers, 500 while theirs before is unanswered (RFC 3311 §5.2).
    if (this.negotiation.isOffering) return this.#respond(key, request, 491)
    if (this.negotiation.remote(offer)) this.#openRequest(key, request, offer)
    else this.#postpone(key, request)
  }

  #postpone(key: string, request: SipRequest): void {
    this.#respond(key, request, 500, { headers: [['Retry-After', randomInteger(this.#settings.random, 0, 11)]] })
  }

  #acknowledged(request: SipRequest): void {
    const theirs = this.#theirs
    if (theirs?.state !== 'accepted' || theirs.request.cseq.sequence !== request.cseq.sequence) return
    this.#theirs = undefined
    const waited = this.negotiation.isOffering
    const answer = waited ? this.#remote(descriptionOf(request)) : undefined
    const answerMissing = waited && answer === undefined
    if (answerMissing) this.negotiation.rollback()
    this.#step('acknowledge')
    if (!this.#sendDeferredBye()) this.#out.push({ type: 'acknowledged', request, answer, answerMissing })
  }

  #cancelled(key: string, cancel: SipRequest): void {
    const theirs = this.#theirs
    if (theirs?.key !== key || theirs.state !== 'proceeding') return
    this.#respond(key, theirs.request, 487)
    this.#out.push({ type: 'cancelled', key })
    this.#refuseInvite('remote', 'cancelled', cancel)
  }

  // What the peer answers.

  #response(id: string, response: SipResponse): void {
    const { statusCode } = response
    if (this.#ours?.id === id) return this.#inviteResponse(this.#ours, response)
    const repeated = this.#acknowledgedInvite
    if (repeated?.id === id) {
      // The 2xx again: its ACK was lost (RFC 3261 §13.2.2.4).
      if (statusCode >= 200 && statusCode < 300) this.#pushAck(repeated)
      return
    }
    const sent = this.#sent.find((request) => request.id === id)
    if (sent === undefined) return
    if (statusCode < 200) {
      this.#out.push({ type: 'provisional', id, response, described: {}, reliable: false })
      return
    }
    this.#forget(id)
    if (sent.method === 'UPDATE' && statusCode < 300) this.dialog.refresh(response)
    const answer = sent.offered && statusCode < 300 ? this.#remote(descriptionOf(response)) : undefined
    const answerMissing = sent.offered && answer === undefined
    if (answerMissing) this.negotiation.rollback()
    this.#outcome(id, response, { answer, answerMissing })
    this.#judge(sent.method, statusCode, response)
  }

  #inviteResponse(ours: ClientInvite, response: SipResponse): void {
    const { id, initial } = ours
    const { statusCode } = response
    if (ours.state !== 'pending') return
    if (statusCode < 200) {
      const described = this.#state === 'Terminated' ? undefined : ours.provisional(response, this.negotiation)
      if (described === undefined) return
      this.#step('progress')
      this.#out.push({ type: 'provisional', id, response, described, reliable: described.reliable })
      return
    }
    this.#forget(id)
    if (statusCode < 300) return this.#inviteSuccess(ours, response)
    ours.failure()
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
    const retryIn = response.statusCode < 300 ? undefined : retryDelay(response, this.dialog.role === 'uac', this.#settings.random)
    this.#out.push({ type: 'outcome', id, response, described, retryIn })
  }

  #failed(id: string, failure: RequestFailure): void {
    const sent = this.#sent.find((request) => request.id === id)
    if (sent === undefined) return
    this.#forget(id)
    const ours = this.#takeOurs(id)
    if (sent.offered) this.negotiation.rollback()
    this.#out.push({ type: 'failed', id, failure })
    if (ours?.initial === true) this.#end('error', 'lost')
    this.#judge(sent.method, failure === 'timed-out' ? 408 : 0)
  }

  #finished(id: string): void {
    this.#forget(id)
    if (this.#acknowledgedInvite?.id === id) this.#acknowledgedInvite = undefined
    const ours = this.#takeOurs(id)
    // Another fork was taken, and this one has not answered.
    if (ours?.initial === true && ours.state === 'pending') this.#end('remote', 'refused')
    this.#leave()
  }

  #takeOurs(id: string): ClientInvite | undefined {
    const ours = this.#ours?.id === id ? this.#ours : undefined
    if (ours !== undefined) this.#ours = undefined
    return ours
  }

  /** 408, 481 and silence end the usage, with a BYE that makes it sure (RFC 3261 §12.2.1.2). */
  #judge(method: string, status: number, response?: SipResponse): void {
    const lost = (status === 408 && INTEGRAL.includes(method)) || (status === 481 && !FOREIGN_481.includes(method))
    if (lost && this.#end('error', 'lost', response)) this.#sendBye()
    this.#leave()
  }

  #remote(description: Description | undefined): Description | undefined {
    if (description !== undefined) this.negotiation.remote(description)
    return description
  }

  #forget(id: string): void {
    this.#sent = this.#sent.filter((request) => request.id !== id)
  }

  // The end.

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
    if (this.#theirs?.state === 'proceeding') this.#respond(this.#theirs.key, this.#theirs.request, 487)
    if (this.#bye === undefined) this.#theirs = undefined
    for (const { key, request } of this.#open) if (request.method !== 'BYE') this.#respond(key, request, 487)
    this.#open = this.#open.filter(({ request }) => request.method === 'BYE')
    this.negotiation.close()
    this.dialog.terminate()
    this.#out.push({ type: 'ended', by, why, message })
    return true
  }

  #leave(): void {
    const busy = this.#sent.length + this.#open.length > 0 || this.#theirs !== undefined || this.#ours !== undefined || this.#bye !== undefined
    if (this.#state === 'Terminated' && !busy) this.#out.push({ type: 'gone' })
  }
}

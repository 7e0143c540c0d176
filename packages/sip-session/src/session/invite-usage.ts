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

/** The life of a session. `accept`: we sent a 2xx; `establish`: we got one. `undefined`: the state stays. */
export const USAGE: Readonly<Record<SessionState, Readonly<Record<UsageStep, SessionState | undefined>>>> = {
  Initial: { progress: 'Early', accept: 'AckWait', establish: 'Confirmed', acknowledge: undefined, end: 'Terminated' },
  Early: { progress: undefined, accept: 'AckWait', establish: 'Confirmed', acknowledge: undefined, end: 'Terminated' },
  AckWait: { progress: undefined, accept: undefined, establish: undefined, acknowledge: 'Confirmed', end: 'Terminated' },
  Confirmed: { progress: undefined, accept: undefined, establish: undefined, acknowledge: undefined, end: 'Terminated' },
  Terminated: { progress: undefined, accept: undefined, establish: undefined, acknowledge: undefined, end: undefined },
}

/** Requests that belong to the INVITE usage: without an answer the usage is lost (RFC 3261 §12.2.1.2, RFC 5057 §5.3). */
const INTEGRAL = ['INVITE', 'UPDATE', 'BYE', 'INFO']
/** Requests for which 481 speaks of something else than the session (RFC 3262 §3, RFC 6665 §4.2.2). */
const FOREIGN_481 = ['PRACK', 'NOTIFY']
/** Requests that may carry a description (RFC 6337 §2.2). */
const DESCRIBING = ['INVITE', 'UPDATE', 'PRACK']
const NOTHING: Described = { answerMissing: false }

type Out = UsageEffect[]

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
  | { readonly id: string; readonly offer?: Description }

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

  constructor(dialog: Dialog, origin: UsageOrigin, settings: UsageSettings) {
    this.dialog = dialog
    this.#settings = settings
    if ('key' in origin) {
      this.#theirs = new ServerInvite(origin.key, origin.request, settings.timers)
      const offer = descriptionOf(origin.request)
      if (offer !== undefined) this.negotiation.remote(offer)
    } else {
      this.#ours = new ClientInvite(origin.id, true)
      this.#sent = [{ id: origin.id, method: 'INVITE', offered: origin.offer !== undefined }]
      if (origin.offer !== undefined) this.negotiation.local(origin.offer)
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
    const { state } = this.negotiation
    return this.#ours === undefined && this.#theirs === undefined && (state === 'Stable' || state === 'Initial')
  }

  /** Whether a reliable provisional response waits for its PRACK. */
  get prackDue(): boolean {
    return this.#ours?.prackDue === true
  }

  receive(now: Instant, input: UsageInput, out: Out): void {
    switch (input.type) {
      case 'send':
        return this.#send(input.id, input.method, input.added, out)
      case 'answer':
        return this.#answer(now, input, out)
      case 'acknowledge':
        return this.#acknowledge(input.added, out)
      case 'received':
        return this.#received(input.key, input.request, out)
      case 'acknowledged':
        return this.#acknowledged(input.request, out)
      case 'cancelled':
        return this.#cancelled(input.key, input.request, out)
      case 'response':
        return this.#response(input.id, input.response, out)
      case 'failed':
        return this.#failed(input.id, input.failure, out)
      case 'finished':
        return this.#finished(input.id, out)
      case 'dispose':
        this.#open = []
        this.#bye = undefined
        if (this.#theirs?.state === 'accepted') this.#theirs = undefined
        this.#end('local', 'disposed', undefined, out)
        return this.#leave(out)
    }
  }

  wake(now: Instant, out: Out): void {
    const theirs = this.#theirs
    if (theirs === undefined || now < theirs.deadline) return
    const repeated: Retransmission[] = []
    theirs.wake(now, repeated)
    out.push(...repeated)
    if (theirs.state !== 'unacknowledged') return
    this.#theirs = undefined
    this.negotiation.rollback()
    // Without the ACK a BYE is allowed now (RFC 3261 §15); a re-INVITE is as good as done.
    if (this.#bye !== undefined) this.#sendBye(this.#bye.id, this.#bye.added, out)
    else out.push({ type: 'ack-timeout' })
  }

  // What this side sends.

  #send(id: string, method: string, added: Added, out: Out): void {
    const offered = added.description !== undefined && DESCRIBING.includes(method)
    if (this.#state === 'Terminated' || ((offered || method === 'INVITE') && !this.#mayOfferBy(method))) {
      out.push({ type: 'failed', id, failure: 'closed' })
      return
    }
    if (method === 'BYE') return this.#sendOrDeferBye(id, added, out)
    const headers = [...(added.headers ?? [])]
    const rack = method === 'PRACK' ? this.#ours?.takeRack() : undefined
    if (rack !== undefined) headers.push(['RAck', rack])
    const request = this.dialog.createRequest(method, { ...contentOf(added), headers })
    if (method === 'INVITE') this.#ours = new ClientInvite(id, false)
    if (offered) this.negotiation.local(added.description)
    this.#sent = [...this.#sent, { id, method, offered: offered && this.negotiation.isOffering }]
    out.push({ type: 'request', id, request })
  }

  #mayOfferBy(method: string): boolean {
    return this.mayOffer || (method === 'PRACK' && !this.negotiation.isOffering)
  }

  #sendOrDeferBye(id: string, added: Added, out: Out): void {
    // The callee may not send BYE before the ACK has come (RFC 3261 §15).
    const early = this.#state === 'AckWait' && this.#theirs !== undefined
    if (early) this.#bye = { id, added }
    this.#end('local', 'bye', undefined, out)
    if (!early) this.#sendBye(id, added, out)
  }

  #sendBye(id: string, added: Added, out: Out): void {
    this.#bye = undefined
    this.#sent = [...this.#sent, { id, method: 'BYE', offered: false }]
    out.push({ type: 'request', id, request: this.dialog.createRequest('BYE', contentOf(added)) })
  }

  #acknowledge(added: Added, out: Out): void {
    const ours = this.#ours
    if (ours?.state !== 'accepted') return
    if (added.description === undefined) this.negotiation.rollback()
    else this.negotiation.local(added.description)
    this.#sendAck(ours, added, out)
  }

  #sendAck(ours: ClientInvite, added: Added, out: Out): void {
    ours.acknowledge(added)
    this.#acknowledgedInvite = ours
    this.#ours = undefined
    out.push({ type: 'ack', request: this.#createAck(ours, added) })
  }

  #createAck(invite: ClientInvite, added: Added = {}): SipRequest {
    return this.dialog.createAck(invite.sequence, contentOf(added))
  }

  // What this side answers.

  #answer(now: Instant, input: AnswerInput, out: Out): void {
    const { key, statusCode } = input
    if (this.#theirs?.key === key && this.#theirs.state === 'proceeding') return this.#answerInvite(now, this.#theirs, input, out)
    const request = this.#open.find((open) => open.key === key)?.request
    if (request === undefined) return
    const describes = DESCRIBING.includes(request.method) && descriptionOf(request) !== undefined
    if (statusCode >= 200) this.#open = this.#open.filter((open) => open.key !== key)
    if (statusCode >= 300) {
      if (describes) this.negotiation.rollback()
    } else if (statusCode >= 200) {
      if (request.method === 'UPDATE') this.dialog.refresh(request)
      if (describes && input.added.description !== undefined) this.negotiation.local(input.added.description)
    }
    this.#respond(key, request, statusCode, out, input.added, input.reasonPhrase)
    this.#leave(out)
  }

  #answerInvite(now: Instant, theirs: ServerInvite, input: AnswerInput, out: Out): void {
    const { negotiation } = this
    const { statusCode, reasonPhrase } = input
    let { added } = input
    if (statusCode >= 200 && statusCode < 300) {
      // The 2xx repeats what the 183 said, unless the application says otherwise (RFC 3261 §13.2.1).
      if (negotiation.preview) {
        if (added.description === undefined && negotiation.answer !== undefined) added = { ...added, description: negotiation.answer }
        negotiation.finishPreview(added.description)
      } else if (added.description !== undefined) negotiation.local(added.description)
      this.dialog.confirm()
      this.dialog.refresh(theirs.request)
      out.push(theirs.accept(now, this.#createResponse(theirs.request, statusCode, added, reasonPhrase)))
      this.#step('accept', out)
      return
    }
    if (statusCode < 200) {
      if (added.description !== undefined && negotiation.state === 'HaveRemoteOffer') negotiation.local(added.description, true)
      this.#step('progress', out)
    }
    this.#respond(theirs.key, theirs.request, statusCode, out, added, reasonPhrase)
    if (statusCode >= 300) this.#refuseInvite(out, 'local', 'refused')
  }

  /** The INVITE of the peer got a final response that is no 2xx. */
  #refuseInvite(out: Out, by: 'local' | 'remote', why: UsageEnd, message?: SipRequest): void {
    this.#theirs = undefined
    this.negotiation.rollback()
    if (this.#state !== 'Initial' && this.#state !== 'Early') return
    this.#end(by, why, message, out)
    this.#leave(out)
  }

  #respond(key: string, request: SipRequest, statusCode: number, out: Out, added: Added = {}, reasonPhrase?: string): void {
    out.push({ type: 'respond', key, response: this.#createResponse(request, statusCode, added, reasonPhrase) })
  }

  #createResponse(request: SipRequest, statusCode: number, added: Added, reasonPhrase?: string): SipResponse {
    return createResponse(request, {
      statusCode, toTag: this.dialog.localTag, ...(reasonPhrase !== undefined && { reasonPhrase }), ...contentOf(added),
    })
  }

  // What the peer sends.

  #received(key: string, request: SipRequest, out: Out): void {
    const { method } = request
    if (this.#state === 'Terminated') return this.#respond(key, request, method === 'BYE' ? 200 : 481, out)
    if (!this.dialog.accepts(request)) return this.#respond(key, request, 500, out)
    if (method === 'INVITE') return this.#receivedInvite(key, request, out)
    if (method === 'UPDATE') return this.#receivedUpdate(key, request, out)
    this.#openRequest(key, request, out)
    if (method !== 'BYE') return
    this.#end('remote', 'bye', request, out)
    this.#leave(out)
  }

  #openRequest(key: string, request: SipRequest, out: Out, offer?: Description): void {
    this.#open = [...this.#open, { key, request }]
    out.push({ type: 'incoming', key, request, ...(offer && { offer }) })
  }

  #receivedInvite(key: string, request: SipRequest, out: Out): void {
    const theirs = this.#theirs
    const { state } = this.negotiation
    const stable = state === 'Stable' || state === 'Initial'
    // Theirs before is still at work (RFC 3261 §14.2), or the ACK to come brings an answer: a little later, then.
    if (theirs?.state === 'proceeding' || (theirs !== undefined && !stable)) return this.#postpone(key, request, out)
    if (this.#ours !== undefined || state === 'HaveLocalOffer') return this.#respond(key, request, 491, out)
    if (!stable) return this.#postpone(key, request, out)
    // A new INVITE shows that the 2xx before it arrived, whatever became of its ACK (RFC 5407 §3.1.4).
    if (theirs !== undefined) this.#step('acknowledge', out)
    this.#theirs = new ServerInvite(key, request, this.#settings.timers)
    const offer = descriptionOf(request)
    if (offer !== undefined) this.negotiation.remote(offer)
    out.push({ type: 'incoming', key, request, ...(offer && { offer }) })
  }

  #receivedUpdate(key: string, request: SipRequest, out: Out): void {
    const offer = descriptionOf(request)
    if (this.#open.some((open) => open.request.method === 'UPDATE')) return this.#postpone(key, request, out)
    if (offer === undefined) {
      this.dialog.refresh(request)
      return this.#respond(key, request, 200, out)
    }
    // 491 for glare of offers, 500 while theirs before is unanswered (RFC 3311 §5.2).
    if (this.negotiation.state === 'HaveLocalOffer') return this.#respond(key, request, 491, out)
    if (!this.negotiation.remote(offer)) return this.#postpone(key, request, out)
    this.#openRequest(key, request, out, offer)
  }

  #postpone(key: string, request: SipRequest, out: Out): void {
    this.#respond(key, request, 500, out, { headers: [['Retry-After', randomInteger(this.#settings.random, 0, 11)]] })
  }

  #acknowledged(request: SipRequest, out: Out): void {
    const theirs = this.#theirs
    if (theirs?.state !== 'accepted' || theirs.request.cseq.sequence !== request.cseq.sequence) return
    this.#theirs = undefined
    const waited = this.negotiation.state === 'HaveLocalOffer'
    const answer = waited ? descriptionOf(request) : undefined
    if (answer !== undefined) this.negotiation.remote(answer)
    else if (waited) this.negotiation.rollback()
    this.#step('acknowledge', out)
    if (this.#bye !== undefined) this.#sendBye(this.#bye.id, this.#bye.added, out)
    else out.push({ type: 'acknowledged', request, answerMissing: waited && answer === undefined, ...(answer && { answer }) })
  }

  #cancelled(key: string, cancel: SipRequest, out: Out): void {
    const theirs = this.#theirs
    if (theirs?.key !== key || theirs.state !== 'proceeding') return
    this.#respond(key, theirs.request, 487, out)
    out.push({ type: 'cancelled', key })
    this.#refuseInvite(out, 'remote', 'cancelled', cancel)
  }

  // What the peer answers.

  #response(id: string, response: SipResponse, out: Out): void {
    if (this.#ours?.id === id) return this.#inviteResponse(this.#ours, response, out)
    const status = response.statusCode
    const repeated = this.#acknowledgedInvite
    if (repeated?.id === id) {
      // The 2xx again: its ACK was lost (RFC 3261 §13.2.2.4).
      if (status >= 200 && status < 300) out.push({ type: 'ack', request: this.#createAck(repeated, repeated.ack) })
      return
    }
    const sent = this.#sent.find((request) => request.id === id)
    if (sent === undefined) return
    if (status < 200) {
      out.push({ type: 'provisional', id, response, described: NOTHING, reliable: false })
      return
    }
    this.#forget(id)
    if (sent.method === 'UPDATE' && status < 300) this.dialog.refresh(response)
    const answer = sent.offered && status < 300 ? descriptionOf(response) : undefined
    if (answer !== undefined) this.negotiation.remote(answer)
    else if (sent.offered) this.negotiation.rollback()
    this.#outcome(id, response, { answerMissing: sent.offered && answer === undefined, ...(answer && { answer }) }, out)
    this.#judge(sent.method, status, response, out)
  }

  #inviteResponse(ours: ClientInvite, response: SipResponse, out: Out): void {
    const { id } = ours
    const status = response.statusCode
    if (ours.state !== 'pending') return
    if (status < 200) {
      if (this.#state === 'Terminated') return
      const described = ours.provisional(response, this.negotiation)
      if (described === undefined) return
      this.#step('progress', out)
      out.push({ type: 'provisional', id, response, described, reliable: described.reliable })
      return
    }
    this.#forget(id)
    if (status < 300) return this.#inviteSuccess(ours, response, out)
    ours.failure()
    this.#ours = undefined
    this.negotiation.rollback()
    this.#outcome(id, response, NOTHING, out)
    if (ours.initial) this.#end('remote', 'refused', response, out)
    this.#judge('INVITE', status, response, out)
  }

  #inviteSuccess(ours: ClientInvite, response: SipResponse, out: Out): void {
    const described = ours.success(response, this.negotiation)
    if (ours.initial) this.dialog.confirm(response)
    else this.dialog.refresh(response)
    if (this.#state === 'Terminated') {
      // Not wanted any more: acknowledged and, if it was the first INVITE, ended (RFC 3261 §13.2.2.4, §15).
      this.#sendAck(ours, {}, out)
      if (ours.initial) this.#sendBye(this.#createId(), {}, out)
      return this.#leave(out)
    }
    this.#step('establish', out)
    if (described.offer === undefined) this.#sendAck(ours, {}, out)
    this.#outcome(ours.id, response, described, out)
  }

  #outcome(id: string, response: SipResponse, described: Described, out: Out): void {
    const retryIn = response.statusCode < 300 ? undefined : retryDelay(response, this.dialog.role === 'uac', this.#settings.random)
    out.push({ type: 'outcome', id, response, described, ...(retryIn !== undefined && { retryIn }) })
  }

  #failed(id: string, failure: RequestFailure, out: Out): void {
    const sent = this.#sent.find((request) => request.id === id)
    if (sent === undefined) return
    this.#forget(id)
    const ours = this.#ours?.id === id ? this.#ours : undefined
    if (ours !== undefined) this.#ours = undefined
    if (sent.offered) this.negotiation.rollback()
    out.push({ type: 'failed', id, failure })
    if (ours?.initial === true) this.#end('error', 'lost', undefined, out)
    this.#judge(sent.method, failure === 'timed-out' ? 408 : 0, undefined, out)
  }

  #finished(id: string, out: Out): void {
    this.#forget(id)
    if (this.#acknowledgedInvite?.id === id) this.#acknowledgedInvite = undefined
    const ours = this.#ours?.id === id ? this.#ours : undefined
    if (ours !== undefined) this.#ours = undefined
    // Another fork was taken, and this one has not answered.
    if (ours?.initial === true && ours.state === 'pending') this.#end('remote', 'refused', undefined, out)
    this.#leave(out)
  }

  /** 408, 481 and silence end the usage, with a BYE that makes it sure (RFC 3261 §12.2.1.2). */
  #judge(method: string, status: number, response: SipResponse | undefined, out: Out): void {
    const lost = (status === 408 && INTEGRAL.includes(method)) || (status === 481 && !FOREIGN_481.includes(method))
    if (lost && this.#state !== 'Terminated') {
      this.#end('error', 'lost', response, out)
      this.#sendBye(this.#createId(), {}, out)
    }
    this.#leave(out)
  }

  // The end.

  #step(step: UsageStep, out: Out): boolean {
    const next = USAGE[this.#state][step]
    if (next === undefined) return false
    this.#state = next
    out.push({ type: 'state', state: next })
    return true
  }

  #end(by: 'local' | 'remote' | 'error', why: UsageEnd, message: SipRequest | SipResponse | undefined, out: Out): void {
    if (!this.#step('end', out)) return
    // What waits for an answer gets one (RFC 3261 §15.1.2).
    if (this.#theirs?.state === 'proceeding') this.#respond(this.#theirs.key, this.#theirs.request, 487, out)
    if (this.#bye === undefined) this.#theirs = undefined
    for (const { key, request } of this.#open) if (request.method !== 'BYE') this.#respond(key, request, 487, out)
    this.#open = this.#open.filter(({ request }) => request.method === 'BYE')
    this.negotiation.close()
    this.dialog.terminate()
    out.push({ type: 'ended', by, why, ...(message && { message }) })
  }

  #leave(out: Out): void {
    const busy = this.#sent.length > 0 || this.#open.length > 0 || this.#theirs !== undefined || this.#ours !== undefined || this.#bye !== undefined
    if (this.#state === 'Terminated' && !busy) out.push({ type: 'gone' })
  }

  #forget(id: string): void {
    this.#sent = this.#sent.filter((request) => request.id !== id)
  }

  #createId(): string {
    return `${this.dialog.id}\n${this.#byeCount++}`
  }
}

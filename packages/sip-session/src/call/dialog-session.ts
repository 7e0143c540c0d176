import type { DeadlinePlace } from '@offhook/sip-machine'
import type { SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import type { Dialog } from '../dialog/dialog.js'
import type { DialogSnapshot } from '../dialog/dialog-snapshot.js'
import { ownText } from '../dialog/own-text.js'
import { SessionError } from '../errors.js'
import type { Description } from '../session-description-handler.js'
import type { Added } from '../session/added.js'
import { DESCRIBING } from '../session/description.js'
import type { InviteUsage } from '../session/invite-usage.js'
import type {
  InviteOptions, OutgoingRequest, PeerCapabilities, RequestOptions, Session, SessionDelegate, SessionState,
  SignalingState,
} from '../session/session.js'
import type { UsageSettings } from '../session/usage-extension.js'
import type { UsageEffect, UsageInput } from '../session/usage-types.js'
import type { Credentials, RequestHost } from '../signalling/client-request.js'
import { headerList } from '../signalling/local-identity.js'
import { OwnedRequest } from '../signalling/owned-request.js'
import { failureOf, outcomeOf } from '../signalling/request-outcome.js'
import { SessionRequest } from './session-request.js'
import type { Wakeable } from '../signalling/signalling.js'

/** What a session needs of its user agent. */
export interface SessionHost extends RequestHost {
  readonly usages: UsageSettings
  /** Requests of the dialog come to the session from now on. */
  enter(session: DialogSession): void
  leave(session: DialogSession): void
  /** The session of a dialog, early, confirmed, or over and not yet forgotten. */
  find(callId: string, localTag: string, remoteTag: string): DialogSession | undefined
}

type Effect<Type extends UsageEffect['type']> = Extract<UsageEffect, { type: Type }>

/** Who owns a session: the call. It takes what the application's delegate does not take. */
export interface SessionOwner {
  /** The session is in another state, or an INVITE of the peer was given up. */
  changed(): void
  request(session: DialogSession, request: OwnedRequest): void
  acknowledged(session: DialogSession, effect: Effect<'acknowledged' | 'answered'>): void
  ackTimeout(session: DialogSession): void
  /** A 1xx to the first INVITE. */
  provisional(session: DialogSession, effect: Effect<'provisional'>): void
  /** The 2xx to the first INVITE. */
  established(session: DialogSession, effect: Effect<'outcome'>): void
  usageEnded(session: DialogSession, effect: Effect<'ended'>): void
}

/** Tells whose an INVITE is. */
export interface OpenInvite {
  session?: DialogSession | undefined
}

/** How a session knows the transaction of the first INVITE of ours. */
export const FIRST_INVITE = 'invite'

/** Which callback takes which request. */
/** About what a Via adds to a request. */
const VIA_BYTES = 100
const DELEGATED = { BYE: 'onBye', INFO: 'onInfo', INVITE: 'onInvite', MESSAGE: 'onMessage', NOTIFY: 'onNotify', PRACK: 'onPrack', REFER: 'onRefer' } as const

/** The `Session` of one dialog: the machine's face towards the application, and its hands towards the network. */
export class DialogSession implements Session, Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  delegate: SessionDelegate | undefined
  readonly usage: InviteUsage
  /** The peer's last INVITE, as the switchboard remembers it. */
  lastInvite: OpenInvite | undefined
  /** Called once it is terminated and nothing is under way any more. */
  whenGone: (() => void) | undefined
  readonly #host: SessionHost
  readonly #dialog: Dialog
  /** The call, until it and the session are over: a transaction may remember the session for another half minute. */
  #owner: SessionOwner | undefined
  #requests: readonly SessionRequest[] = []
  #flow: Flow | undefined
  /** What the peer says it can do, as it wrote it. */
  #allow = ''
  #supported = ''
  #accept = ''
  credentials: Credentials = []
  #lastAck: { readonly sequence: number; readonly flow: Flow; readonly via: string } | undefined
  #lastId = 0

  /** @param owner nobody for a fork that is not wanted */
  constructor(host: SessionHost, owner: SessionOwner | undefined, usage: InviteUsage, flow: Flow | undefined) {
    this.#host = host
    this.#owner = owner
    this.usage = usage
    this.#dialog = usage.dialog
    this.#flow = flow
    host.enter(this)
  }

  /** The call that it belongs to, if it is one's. */
  get owner(): SessionOwner | undefined {
    return this.#owner
  }

  /** Where the peer was heard last. */
  get flow(): Flow | undefined {
    return this.#flow
  }

  get answer(): Description | undefined {
    return this.usage.negotiation.answer
  }

  get capabilities(): PeerCapabilities {
    return { allow: tokensOf(this.#allow), supported: tokensOf(this.#supported), accept: tokensOf(this.#accept) }
  }

  get callId(): string {
    return this.#dialog.callId
  }

  get id(): string {
    return this.#dialog.id
  }

  get localTag(): string {
    return this.#dialog.localTag
  }

  get localURI(): Uri {
    return this.#dialog.localUri
  }

  get offer(): Description | undefined {
    return this.usage.negotiation.offer
  }

  get remoteTag(): string {
    return this.#dialog.remoteTag
  }

  get remoteTarget(): Uri {
    return this.#dialog.remoteTarget
  }

  get remoteURI(): Uri {
    return this.#dialog.remoteUri
  }

  get sessionState(): SessionState {
    return this.usage.state
  }

  get signalingState(): SignalingState {
    return this.usage.negotiation.state
  }

  bye(options?: RequestOptions): OutgoingRequest {
    const { state } = this.usage
    if (this.#dialog.role === 'uas' && (state === 'Initial' || state === 'Early') && !this.usage.isAccepting) throw new SessionError('wrong-state', 'An INVITE without answer is rejected, not ended by BYE.')
    return this.#send('BYE', options)
  }

  dispose(): void {
    this.#host.signalling.run(() => this.receive({ type: 'dispose' }))
  }

  info(options?: RequestOptions): OutgoingRequest {
    return this.#send('INFO', options)
  }

  invite(options: InviteOptions = {}): OutgoingRequest {
    if (this.usage.state !== 'Confirmed') throw new SessionError('wrong-state', `No re-INVITE in the state ${this.usage.state}.`)
    if (!this.usage.mayOffer) throw new SessionError('request-pending', 'Another INVITE or offer is under way.')
    return this.#send('INVITE', options, options.answer)
  }

  message(options?: RequestOptions): OutgoingRequest {
    return this.#send('MESSAGE', options)
  }

  notify(options?: RequestOptions): OutgoingRequest {
    return this.#send('NOTIFY', options)
  }

  prack(options?: RequestOptions): OutgoingRequest {
    if (!this.usage.prackDue) throw new SessionError('wrong-state', 'No reliable provisional response waits for a PRACK.')
    return this.#send('PRACK', options)
  }

  refer(referTo: string | Uri, options: RequestOptions = {}): OutgoingRequest {
    const text = String(referTo)
    return this.#send('REFER', { ...options, headers: { 'Refer-To': text.includes('<') ? text : `<${text}>`, ...options.headers } })
  }

  update(options: RequestOptions = {}): OutgoingRequest {
    if (options.body !== undefined && !this.usage.mayUpdate) throw new SessionError('request-pending', 'Another offer is under way.')
    return this.#send('UPDATE', options)
  }

  options(options?: RequestOptions): OutgoingRequest {
    return this.#send('OPTIONS', options)
  }

  snapshot(): DialogSnapshot {
    return this.#dialog.snapshot()
  }

  /** A request of the peer in this dialog. */
  received(key: string, request: SipRequest, flow: Flow): void {
    this.#flow = flow
    this.learn(request)
    this.receive({ type: 'received', key, request })
  }

  /** Feeds the machine and does what it wants. */
  receive(input: UsageInput): void {
    if (input.type === 'response') this.learn(input.response)
    else if (input.type === 'finished') this.#lastAck = undefined
    const out: UsageEffect[] = []
    this.usage.receive(this.#host.signalling.now, input, out)
    this.#perform(out)
  }

  wake(): void {
    const out: UsageEffect[] = []
    this.usage.wake(this.#host.signalling.now, out)
    this.#perform(out)
  }

  /** Sends the ACK that waits, with the answer to the peer's offer. Without one the session is ended right after. */
  acknowledge(description: Description | undefined): void {
    this.#host.signalling.run(() => {
      this.receive({ type: 'acknowledge', added: { description } })
      if (description === undefined && this.usage.state !== 'Terminated') this.bye()
    })
  }

  /** Forgets a request of ours that is over. */
  forget(request: SessionRequest): void {
    this.#requests = this.#requests.filter((own) => own !== request)
    this.receive({ type: 'finished', id: request.id })
  }

  /** A request of the peer, ready to be answered once. */
  own(key: string, request: SipRequest, offer: Description | undefined): OwnedRequest {
    return new OwnedRequest(request, offer, (statusCode, options) => {
      const added = addedOf(request.method, options)
      this.#host.signalling.run(() => this.receive({ type: 'answer', key, statusCode, added, reasonPhrase: options.reasonPhrase }))
    })
  }

  /** Keeps what the peer says it can do (RFC 3261 §20.1, §20.5, §20.37). */
  learn(message: SipRequest | SipResponse): void {
    const { method } = message.cseq
    if (method !== 'INVITE' && method !== 'UPDATE' && method !== 'OPTIONS') return
    this.#allow = latest(message, 'Allow', this.#allow)
    this.#supported = latest(message, 'Supported', this.#supported)
    this.#accept = latest(message, 'Accept', this.#accept)
  }

  #send(method: string, options: RequestOptions = {}, answer?: InviteOptions['answer']): OutgoingRequest {
    const own = this.#expect(`${method}${++this.#lastId}`, method, answer)
    this.#host.signalling.run(() => this.receive({ type: 'send', id: own.id, method, added: addedOf(method, options) }))
    return own
  }

  #expect(id: string, method: string, answer?: InviteOptions['answer']): SessionRequest {
    const own = new SessionRequest(this, this.#host, id, method, answer)
    this.#requests = [...this.#requests, own]
    return own
  }

  #find(id: string): SessionRequest | undefined {
    return this.#requests.find((request) => request.id === id)
  }

  #perform(effects: readonly UsageEffect[]): void {
    this.#host.signalling.schedule(this, this.usage.deadline)
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: UsageEffect): void {
    switch (effect.type) {
      case 'request': {
        const { id, request } = effect
        return (this.#find(id) ?? this.#expect(id, request.method)).start(request, this.#dialog, this.#flow)
      }
      case 'ack':
        return this.#acknowledge(effect.request, effect.sequence)
      case 'respond':
        return this.#respond(effect.key, effect.response, effect.again === true)
      case 'state':
      case 'cancelled':
        return this.#owner?.changed()
      case 'incoming':
        return this.#incoming(effect.key, effect.request, effect.offer)
      case 'acknowledged':
        this.delegate?.onAck?.({ request: effect.request, answer: effect.answer })
        return this.#owner?.acknowledged(this, effect)
      case 'answered':
        return this.#owner?.acknowledged(this, effect)
      case 'ack-timeout':
        return this.delegate?.onAckTimeout === undefined ? this.#owner?.ackTimeout(this) : this.delegate.onAckTimeout()
      case 'provisional':
        if (effect.id === FIRST_INVITE) this.#owner?.provisional(this, effect)
        return
      case 'outcome':
        return this.#outcome(effect)
      case 'failed':
        this.#find(effect.id)?.settle(failureOf(effect.failure))
        this.#requests = this.#requests.filter(({ id }) => id !== effect.id)
        return
      case 'ended':
        return this.#owner?.usageEnded(this, effect)
      case 'gone':
        for (const request of this.#requests) request.settle(failureOf('closed'))
        this.#host.leave(this)
        this.#owner = undefined
        this.whenGone?.()
    }
  }

  /** The ACK to a 2xx has no transaction: it goes its way, each time anew (RFC 3261 §13.2.2.4). */
  #acknowledge(request: SipRequest, sequence: number): void {
    const { signalling, router, identity } = this.#host
    // Without a way the peer repeats its 2xx, which tries again.
    signalling.follow(router.find(this.#dialog.nextHop, this.#flow), (way) => {
      identity.dressRequest(request, way.flow)
      for (const [name, value] of this.credentials) request.headers.append(name, value)
      signalling.follow(signalling.transport.fit(request, way.flow, VIA_BYTES), (flow) => {
        const last = this.#lastAck
        // The ACK to a 2xx that came again is the same one.
        if (last?.sequence === sequence && last.flow === flow) request.headers.prepend('Via', last.via)
        else this.#lastAck = { sequence, flow, via: signalling.address(request, flow) }
        signalling.send(request, flow)
      })
    })
  }

  #respond(key: string, response: SipResponse, again: boolean): void {
    if (this.#flow === undefined) return
    if (!again) this.#host.identity.dressResponse(response, this.#flow, this.#dialog.wantsSecureContact)
    this.#host.signalling.respond(key, response, this.#flow)
  }

  #incoming(key: string, request: SipRequest, offer: Description | undefined): void {
    const owned = this.own(key, request, offer)
    const { method } = request
    const name = Object.hasOwn(DELEGATED, method) ? DELEGATED[method as keyof typeof DELEGATED] : undefined
    if (name === undefined || this.delegate?.[name] === undefined) {
      if (this.#owner === undefined) owned.reject()
      else this.#owner.request(this, owned)
    } else {
      this.delegate[name](owned)
      if (method === 'BYE') owned.accept()
    }
  }

  #outcome(effect: Effect<'outcome'>): void {
    const { id, response, retryIn } = effect
    if (id === FIRST_INVITE) {
      if (response.statusCode < 300) this.#owner?.established(this, effect)
      return
    }
    const own = this.#find(id)
    const { offer } = effect.described
    if (offer !== undefined) this.#answerLate(own?.answer, offer)
    own?.settle(outcomeOf(response, { retryIn }))
  }

  /** Our offerless re-INVITE was answered by an offer: the ACK answers it, or the session ends. */
  #answerLate(answer: InviteOptions['answer'], offer: Description): void {
    const answered = Promise.resolve(offer).then((given) => answer?.(given))
    this.#host.signalling.follow(answered, (own) => this.acknowledge(own), () => this.acknowledge(undefined))
  }
}

/** What a message says in a field, or what was said before. */
function latest({ headers }: SipRequest | SipResponse, name: string, said: string): string {
  if (!headers.has(name)) return said
  const text = headers.getAll(name).join()
  return text === said ? said : ownText(text)
}

function tokensOf(list: string): readonly string[] {
  return list.split(',').map((token) => token.trim()).filter((token) => token !== '')
}

/** Puts the application's body into its place: a description for the methods that carry one. */
function addedOf(method: string, { headers: extra, body, contentType }: RequestOptions): Added {
  const headers = headerList(extra)
  if (body === undefined) return { headers }
  if (typeof body === 'string' && DESCRIBING.includes(method)) return { headers, description: { body, contentType: contentType ?? 'application/sdp' } }
  return { headers, body, contentType: contentType ?? 'text/plain' }
}

import type { Instant } from '@offhook/sip-machine'
import type { HeaderValue, SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import type { Dialog } from '../dialog/dialog.js'
import type { DialogSnapshot } from '../dialog/dialog-snapshot.js'
import { SessionError } from '../errors.js'
import type { Description } from '../session-description-handler.js'
import type { Added } from '../session/added.js'
import type { InviteUsage } from '../session/invite-usage.js'
import type {
  IncomingAck, IncomingRequest, InviteOptions, OutgoingRequest, PeerCapabilities, RequestOptions, ResponseOptions, Session,
  SessionDelegate, SessionState, SignalingState,
} from '../session/session.js'
import type { UsageEffect, UsageEnd, UsageInput } from '../session/usage-types.js'
import { ClientRequest } from './client-request.js'
import type { RequestHost, RequestListener } from './client-request.js'
import { headerList } from './local-identity.js'
import { PendingRequest, failureOf, outcomeOf } from './outgoing-promise.js'
import type { Wakeable } from './signalling.js'

/** What a session needs of its user agent. */
export interface SessionHost extends RequestHost {
  /** Requests of the dialog come to the session from now on. */
  enter(session: DialogSession): void
  leave(session: DialogSession): void
}

/** A request of the peer in the hands of the owner. */
export interface OwnedRequest extends IncomingRequest {
  readonly offer: Description | undefined
}

/** Who owns a session: the call. It takes what the application's delegate does not take. */
export interface SessionOwner {
  stateChanged(session: DialogSession): void
  request(session: DialogSession, request: OwnedRequest): void
  acknowledged(session: DialogSession, ack: IncomingAck, answerMissing: boolean): void
  ackTimeout(session: DialogSession): void
  /** The peer gave up an INVITE that was open. */
  cancelled(session: DialogSession): void
  /** A 1xx to the first INVITE. */
  provisional(session: DialogSession, effect: Extract<UsageEffect, { type: 'provisional' }>): void
  /** The 2xx to the first INVITE. */
  established(session: DialogSession, effect: Extract<UsageEffect, { type: 'outcome' }>): void
  usageEnded(session: DialogSession, by: 'local' | 'remote' | 'error', why: UsageEnd, message: SipRequest | SipResponse | undefined): void
}

/** A request of ours on its way. */
interface OwnRequest {
  readonly id: string
  /** Absent for a BYE that the session sends by itself. */
  readonly pending?: PendingRequest
  readonly answer?: InviteOptions['answer'] | undefined
  client?: ClientRequest
}

/** How a session knows the transaction of the first INVITE of ours. */
export const FIRST_INVITE = 'invite'

const ignore = (): void => undefined
/** Takes nothing. */
export const NOBODY: SessionOwner = {
  stateChanged: ignore, request: (_session, request) => request.reject(), acknowledged: ignore, ackTimeout: ignore, cancelled: ignore, provisional: ignore,
  established: ignore, usageEnded: ignore,
}

/** What a request gets that nobody takes. */
const REFUSALS: Readonly<Record<string, number>> = { INVITE: 488, UPDATE: 488, NOTIFY: 481, PRACK: 481, REFER: 405 }

/** The `Session` of one dialog: the machine's face towards the application, and its hands towards the network. */
export class DialogSession implements Session, Wakeable {
  delegate: SessionDelegate | undefined
  readonly usage: InviteUsage
  /** The INVITE of the peer that came last, as a transaction. */
  inviteKey: string | undefined
  readonly #host: SessionHost
  /** The call; nobody when it and the session are over. */
  #owner: SessionOwner
  readonly #dialog: Dialog
  #requests: readonly OwnRequest[] = []
  #flow: Flow | undefined
  #deadline: Instant = Infinity
  /** What the peer says it can do, as it wrote it. */
  #allow = ''
  #supported = ''
  #accept = ''
  #lastAck: { readonly sequence: number; readonly flow: Flow; readonly via: string } | undefined
  #lastId = 0

  constructor(host: SessionHost, owner: SessionOwner, usage: InviteUsage, flow: Flow | undefined) {
    this.#host = host
    this.#owner = owner
    this.usage = usage
    this.#dialog = usage.dialog
    this.#flow = flow
    host.enter(this)
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
    if (this.#dialog.role === 'uas' && (state === 'Initial' || state === 'Early')) {
      throw new SessionError('wrong-state', 'The INVITE is not answered yet: reject it instead of sending BYE.')
    }
    return this.#send('BYE', options)
  }

  dispose(): void {
    this.receive({ type: 'dispose' })
  }

  info(options?: RequestOptions): OutgoingRequest {
    return this.#send('INFO', options)
  }

  invite(options: InviteOptions = {}): OutgoingRequest {
    if (this.usage.state !== 'Confirmed') throw new SessionError('wrong-state', `No re-INVITE can be sent in the state ${this.usage.state}.`)
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
    if (options.body !== undefined && !this.usage.mayOffer) throw new SessionError('request-pending', 'Another INVITE or offer is under way.')
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
    const out: UsageEffect[] = []
    const { signalling } = this.#host
    this.usage.receive(signalling.now, input, out)
    this.#perform(out)
  }

  wake(): void {
    const out: UsageEffect[] = []
    this.usage.wake(this.#host.signalling.now, out)
    this.#perform(out)
  }

  #send(method: string, options: RequestOptions = {}, answer?: InviteOptions['answer']): OutgoingRequest {
    const { signalling } = this.#host
    const id = `${method}${++this.#lastId}`
    const pending = new PendingRequest(method, () => signalling.run(() => this.#find(id)?.client?.cancel()))
    this.#requests = [...this.#requests, { id, pending, answer }]
    signalling.run(() => this.receive({ type: 'send', id, method, added: addedOf(method, options) }))
    return pending
  }

  #find(id: string): OwnRequest | undefined {
    return this.#requests.find((request) => request.id === id)
  }

  #perform(effects: readonly UsageEffect[]): void {
    const { deadline } = this.usage
    if (deadline !== this.#deadline) {
      this.#deadline = deadline
      this.#host.signalling.schedule(this, deadline)
    }
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: UsageEffect): void {
    switch (effect.type) {
      case 'request':
        return this.#request(effect.id, effect.request)
      case 'ack':
        return this.#acknowledge(effect.request)
      case 'respond':
        return this.#respond(effect.key, effect.response)
      case 'state':
        return this.#owner.stateChanged(this)
      case 'incoming':
        return this.#incoming(effect.key, effect.request, effect.offer)
      case 'acknowledged':
        return this.#acknowledged(effect)
      case 'ack-timeout':
        if (this.delegate?.onAckTimeout !== undefined) this.delegate.onAckTimeout()
        else this.#owner.ackTimeout(this)
        return
      case 'cancelled':
        return this.#owner.cancelled(this)
      case 'provisional':
        if (effect.id === FIRST_INVITE) this.#owner.provisional(this, effect)
        return
      case 'outcome':
        return this.#outcome(effect)
      case 'failed':
        this.#find(effect.id)?.pending?.settle(failureOf(effect.failure))
        return
      case 'ended':
        return this.#owner.usageEnded(this, effect.by, effect.why, effect.message)
      case 'gone':
        return this.#gone()
    }
  }

  #request(id: string, request: SipRequest): void {
    const listener: RequestListener = {
      response: (response) => this.receive({ type: 'response', id, response }),
      failed: (failure) => this.receive({ type: 'failed', id, failure }),
      finished: () => {
        this.#requests = this.#requests.filter((own) => own.id !== id)
        this.receive({ type: 'finished', id })
      },
    }
    const client = new ClientRequest(this.#host, request, { nextHop: this.#dialog.nextHop, kept: this.#flow, numbering: this.#dialog, listener })
    const own = this.#find(id)
    if (own !== undefined) own.client = client
    client.start()
  }

  /** The ACK to a 2xx has no transaction: it goes its way, each time anew (RFC 3261 §13.2.2.4). */
  #acknowledge(request: SipRequest): void {
    const { signalling, router, identity } = this.#host
    const way = router.find(this.#dialog.nextHop, this.#flow)
    const send = (flow: Flow): void => {
      identity.dressRequest(request, flow)
      const { sequence } = request.cseq
      const last = this.#lastAck
      // The ACK to a 2xx that came again is the same one.
      if (last?.sequence === sequence && last.flow === flow) request.headers.prepend('Via', last.via)
      else this.#lastAck = { sequence, flow, via: signalling.address(request, flow) }
      signalling.send(request, flow)
    }
    if (!(way instanceof Promise)) return send(way.flow)
    // Without a way the peer repeats its 2xx, which tries again.
    way.then((found) => signalling.run(() => send(found.flow)), () => undefined)
  }

  #respond(key: string, response: SipResponse): void {
    const { signalling, identity } = this.#host
    if (this.#flow === undefined) return
    identity.dressResponse(response, this.#flow)
    signalling.respond(key, response, this.#flow)
  }

  #incoming(key: string, request: SipRequest, offer: Description | undefined): void {
    const { method } = request
    const owned = this.own(key, request, offer)
    const taken = this.#delegated(method)
    if (taken === undefined) return this.#owner.request(this, owned)
    taken(owned)
    if (method === 'BYE') owned.accept()
  }

  /** A request of the peer, ready to be answered once. */
  own(key: string, request: SipRequest, offer: Description | undefined): OwnedRequest {
    const { method } = request
    let open = true
    const reply = (fallback: number, lowest: number, highest: number) => (options: ResponseOptions = {}): void => {
      const { statusCode = fallback, reasonPhrase } = options
      if (statusCode < lowest || statusCode > highest) throw new SessionError('bad-status', `${statusCode} is not between ${lowest} and ${highest}.`)
      if (!open) return
      open = statusCode < 200
      this.#host.signalling.run(() => this.receive({
        type: 'answer', key, statusCode, added: addedOf(method, options), ...(reasonPhrase !== undefined && { reasonPhrase }),
      }))
    }
    return { request, offer, accept: reply(200, 200, 299), reject: reply(REFUSALS[method] ?? 480, 300, 699), progress: reply(183, 101, 199) }
  }

  #delegated(method: string): ((request: IncomingRequest) => void) | undefined {
    const { delegate } = this
    switch (method) {
      case 'BYE': return delegate?.onBye?.bind(delegate)
      case 'INFO': return delegate?.onInfo?.bind(delegate)
      case 'INVITE': return delegate?.onInvite?.bind(delegate)
      case 'MESSAGE': return delegate?.onMessage?.bind(delegate)
      case 'NOTIFY': return delegate?.onNotify?.bind(delegate)
      case 'PRACK': return delegate?.onPrack?.bind(delegate)
      case 'REFER': return delegate?.onRefer?.bind(delegate)
      default: return undefined
    }
  }

  #acknowledged(effect: Extract<UsageEffect, { type: 'acknowledged' }>): void {
    const ack: IncomingAck = { request: effect.request, ...(effect.answer && { answer: effect.answer }) }
    this.delegate?.onAck?.(ack)
    this.#owner.acknowledged(this, ack, effect.answerMissing)
  }

  #outcome(effect: Extract<UsageEffect, { type: 'outcome' }>): void {
    const { id, response, described } = effect
    if (id === FIRST_INVITE) {
      if (response.statusCode < 300) this.#owner.established(this, effect)
      return
    }
    const own = this.#find(id)
    if (described.offer !== undefined) this.#answerLate(own?.answer, described.offer)
    own?.pending?.settle(outcomeOf(response, { retryIn: effect.retryIn }))
  }

  /** Our offerless re-INVITE was answered by an offer: the ACK answers it, or the session ends. */
  #answerLate(answer: InviteOptions['answer'], offer: Description): void {
    const give = (description: Description | undefined): void => this.acknowledge(description)
    if (answer === undefined) return give(undefined)
    void Promise.resolve().then(() => answer(offer)).then(give, () => give(undefined))
  }

  /** Sends the ACK that waits for an answer. Without one the session is ended right after. */
  acknowledge(description: Description | undefined): void {
    this.#host.signalling.run(() => {
      this.receive({ type: 'acknowledge', added: description === undefined ? {} : { description } })
      if (description === undefined && this.usage.state !== 'Terminated') this.bye()
    })
  }

  /** Keeps what the peer says it can do (RFC 3261 §20.1, §20.5, §20.37). */
  learn({ headers }: SipRequest | SipResponse): void {
    if (headers.has('Allow')) this.#allow = headers.getAll('Allow').join()
    if (headers.has('Supported')) this.#supported = headers.getAll('Supported').join()
    if (headers.has('Accept')) this.#accept = headers.getAll('Accept').join()
  }

  #gone(): void {
    for (const { pending } of this.#requests) pending?.settle(failureOf('closed'))
    this.#host.leave(this)
    // A transaction may remember the session for another half minute: the call need not wait for that.
    this.#owner = NOBODY
  }
}

function tokensOf(list: string): readonly string[] {
  return list.split(',').map((token) => token.trim()).filter((token) => token !== '')
}

/** Puts the application's body into its place: a description for the methods that carry one. */
function addedOf(method: string, options: RequestOptions): Added {
  const headers: readonly (readonly [string, HeaderValue])[] = headerList(options.headers)
  const { body } = options
  if (body === undefined) return { headers }
  const describes = method === 'INVITE' || method === 'UPDATE' || method === 'PRACK'
  const contentType = options.contentType ?? (describes ? 'application/sdp' : 'text/plain')
  return describes && typeof body === 'string' ? { headers, description: { body, contentType } } : { headers, body, contentType }
}

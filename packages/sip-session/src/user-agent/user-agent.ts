import { DigestClient } from '@offhook/sip-auth'
import { createToken } from '@offhook/sip-machine'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { createRequest, legible } from '@offhook/sip-parser'
import type { HeaderValue, SipRequest, Uri } from '@offhook/sip-parser'
import { locateLiteral } from '@offhook/sip-transport'
import type { Flow, Listener, TraceRecord } from '@offhook/sip-transport'
import { webSocketAdapter } from '@offhook/sip-transport-websocket'
import { Dialog } from '../dialog/dialog.js'
import { routeRequest } from '../dialog/route-set.js'
import { SessionError, missing } from '../errors.js'
import type { Registration, RegistrationState } from '../registration/registration-types.js'
import type { ExtraHeaders } from '../session/session.js'
import { Call } from '../call/call.js'
import { CallLeg } from '../call/call-leg.js'
import type { CallSnapshot } from '../call/call-snapshot.js'
import { hopOf, targetUri } from '../call/call-target.js'
import type { CallOptions } from '../call/call-types.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { PlannedRequest } from '../call/extension.js'
import { Listeners } from '../signalling/listeners.js'
import { LocalIdentity, headerList } from '../signalling/local-identity.js'
import { whenAborted } from '../call/operation.js'
import { failureOf, outcomeOf } from '../signalling/request-outcome.js'
import { Registrant } from './registrant.js'
import { Router } from '../signalling/router.js'
import { serverAddress } from '../signalling/server-address.js'
import type { ServerAddress } from '../signalling/server-address.js'
import { setBody } from '../signalling/set-body.js'
import { Switchboard } from './switchboard.js'
import { readMessage } from '../call/text-message.js'
import type { ListenAddress, UserAgentOptions } from './user-agent-options.js'
import type { MessageOutcome, RegisterOptions, StandaloneOptions, UserAgentEvents } from './user-agent-types.js'

/** Seconds: what proxies grant an INVITE, too (RFC 3261 §16.6, timer C). */
const RING_TIMEOUT = 180

/**
 * A telephone: one identity that registers, calls, is called, sends and takes messages.
 *
 * @example
 * const agent = new UserAgent({ identity: 'sip:alice@example.com', password: 'secret', server: 'wss://example.com' })
 * await agent.register()
 * const call = agent.call('bob')
 */
export class UserAgent {
  /** Resolves when the agent listens at the addresses of its options; rejects with a `TransportError` if it cannot. */
  readonly ready: Promise<void>
  readonly #options: UserAgentOptions
  readonly #server: ServerAddress
  readonly #switchboard: Switchboard
  readonly #listeners = new Listeners<UserAgentEvents>()
  readonly #calls = new Map<CallLeg, Call>()
  /** To the server, where everything goes there. */
  #connection: Flow | undefined
  #registrant: Registrant | undefined
  #registrationState: RegistrationState = { name: 'unregistered' }
  #closing: Promise<void> | undefined

  /** @throws {SessionError} `bad-identity`, `bad-server` */
  constructor(options: UserAgentOptions) {
    this.#options = options
    this.#server = serverAddress(options.server)
    const random = options.random ?? hostRandom
    const identity = new LocalIdentity(options)
    const credentials = options.credentials ?? (options.password === undefined
      ? undefined
      : { username: options.username ?? identity.uri.decodedUser ?? '', password: options.password })
    let listening = (): Promise<unknown> => Promise.resolve()
    this.#switchboard = new Switchboard({
      adapters: options.adapters ?? [webSocketAdapter({ secure: true }), webSocketAdapter({ secure: false })],
      clock: options.clock ?? hostClock, random, timers: options.timers, identity, extensions: options.extensions ?? [], media: options.media,
      digest: credentials === undefined ? undefined : new DigestClient({ credentials, random }),
      acceptAnyUser: options.acceptAnyUser ?? false, ringTimeout: options.ringTimeout ?? RING_TIMEOUT,
      trace: (record) => this.#trace(record),
      createRouter: (signalling) => new Router(signalling, {
        locate: options.locate ?? locateLiteral, server: this.#server.source, keepAlive: options.keepAlive, ready: () => listening(),
        connected: (flow) => this.#connected(flow),
      }),
      called: (leg) => this.#called(leg),
      left: (leg) => this.#calls.delete(leg),
      messageReceived: (request) => this.#messageReceived(request),
      closed: (flow) => this.#closed(flow),
    })
    for (const extension of options.extensions ?? []) {
      extension.attach?.({
        host: this.#switchboard,
        place: (target, callOptions) => this.#place(target, callOptions).leg,
        legOf: (face) => [...this.#calls.keys()].find((leg) => leg.face === face),
        plan: (method, target, more) => this.#plan(method, target, more),
      })
    }
    if (options.trace !== undefined) this.#switchboard.signalling.watch()
    this.ready = Promise.all((options.listen ?? []).map((address) => this.listen(address))).then(() => undefined)
    listening = () => this.ready.catch(() => undefined)
    void listening()
  }

  /** Our address of record. */
  get identity(): Uri {
    return this.#switchboard.identity.uri
  }

  /** The calls that have not ended. */
  get calls(): readonly Call[] {
    return [...this.#calls.values()]
  }

  get registrationState(): RegistrationState {
    return this.#registrationState
  }

  /** What is alive inside: transactions, timers, calls, dialogs. For tests that nothing is left. */
  get size(): Readonly<Record<'transactions' | 'deadlines' | 'requests' | 'calls' | 'dialogs' | 'invites' | 'connections', number>> {
    const { signalling } = this.#switchboard
    return { ...signalling.size, ...this.#switchboard.size, calls: this.#calls.size, connections: signalling.transport.connections }
  }

  /** Listens to an event; the function returned stops listening. */
  on<Name extends keyof UserAgentEvents>(event: Name, listener: (...values: UserAgentEvents[Name]) => void): () => void {
    if (event === 'trace') this.#switchboard.signalling.watch()
    return this.#listeners.on(event, listener)
  }

  /** Listens for requests at a local address. Rejects with a `TransportError`. */
  listen(address: ListenAddress): Promise<Listener> {
    return this.#switchboard.signalling.transport.listen(address)
  }

  /**
   * Binds our identity to this agent, and keeps it bound: refreshed in time, again after a lost connection.
   *
   * Rejects with a {@link RegistrationError} when it cannot be bound. Calls at the same time share one registration.
   */
  register(options: RegisterOptions = {}): Promise<Registration> {
    this.#mustBeOpen()
    this.#registrant ??= this.#createRegistrant(options)
    return this.#registrant.register(options.signal)
  }

  /** Takes the binding back; `all` takes those of every other agent of this identity, too. Never rejects. */
  async unregister(options: { readonly all?: boolean } = {}): Promise<void> {
    if (this.#closing !== undefined) return
    const all = options.all ?? false
    const registrant = this.#registrant ?? (all ? this.#createRegistrant({}) : undefined)
    this.#registrant = undefined
    await registrant?.unregister(all)
  }

  /**
   * Calls somebody: `"bob"` in our domain, `"+1 555 0100"`, `"bob@example.com"`, or a `sip:`, `sips:` or `tel:` URI.
   *
   * The call is there at once; its `answered` and `ended` tell the rest.
   * @throws {SessionError} `bad-target`, `closed`
   */
  call(target: string | Uri, options: CallOptions = {}): Call {
    return this.#place(target, options).call
  }

  /**
   * Goes on with a call of an agent before, after a reload: its `Call.snapshot()`. The call is established at once, and the peer gets a
   * re-INVITE with our new address and media; if it refuses that, the call ends.
   * @throws {SessionError} `bad-snapshot` for what no version that is known wrote, `closed`, `missing-extension` unless the agent was made with `callSnapshots()`
   */
  restore(snapshot: CallSnapshot): Call {
    this.#mustBeOpen()
    for (const extension of this.#switchboard.extensions) {
      const leg = extension.restore?.(this.#switchboard, snapshot)
      if (leg instanceof CallLeg) return this.#adopt(leg)
    }
    throw missing('callSnapshots()')
  }

  #place(target: string | Uri, options: CallOptions): { readonly leg: CallLeg; readonly call: Call } {
    this.#mustBeOpen()
    const uri = targetUri(target, this.#switchboard.identity.uri)
    const id = createToken(this.#switchboard.signalling.random)
    const plan = this.#createRequest('INVITE', uri, id, options)
    // An Expires of the application ends the ringing, too (RFC 3261 §13.2.1).
    const ringTimeout = Math.min(options.ringTimeout ?? this.#options.ringTimeout ?? RING_TIMEOUT, legible(() => plan.request.expires) ?? Infinity)
    const leg = new CallLeg(this.#switchboard, { direction: 'outgoing', id, ringTimeout, options }, { remoteAddress: { uri, displayName: undefined } })
    const call = this.#adopt(leg)
    leg.place(plan)
    return { leg, call }
  }

  /** Sends a text (RFC 3428). Never rejects. @throws {SessionError} `bad-target`, `closed` */
  message(target: string | Uri, text: string, options: StandaloneOptions = {}): Promise<MessageOutcome> {
    const { contentType = 'text/plain' } = options
    return this.#ask('MESSAGE', target, options, { body: text, contentType })
  }

  /** Asks what somebody can do (RFC 3261 §11). Never rejects. @throws {SessionError} `bad-target`, `closed` */
  options(target: string | Uri, options: StandaloneOptions = {}): Promise<MessageOutcome> {
    return this.#ask('OPTIONS', target, options)
  }

  /** Ends all calls, takes the registration back, says good-bye for at most 4·T1 (2 s), and frees everything. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new SessionError('closed', 'The user agent is closed.')
  }

  async #close(): Promise<void> {
    const { signalling } = this.#switchboard
    const farewells: Promise<unknown>[] = [...this.#calls.values()].map((call) => call.hangUp({ reason: 'The user agent was closed.' }))
    const registrant = this.#registrant
    this.#registrant = undefined
    if (registrant !== undefined) farewells.push(registrant.unregister(false))
    if (farewells.length > 0) {
      await new Promise<void>((resolve) => {
        const stop = signalling.later(4 * signalling.timers.t1, resolve)
        void Promise.all(farewells).then(() => {
          stop()
          resolve()
        })
      })
    }
    registrant?.close()
    for (const extension of this.#options.extensions ?? []) extension.closed?.()
    await this.#switchboard.close()
    this.#calls.clear()
    this.#listeners.clear()
  }

  #createRegistrant(options: RegisterOptions): Registrant {
    const { identity } = this.#switchboard
    const { registrar } = options
    const domain = registrar === undefined ? undefined : targetUri(/^sips?:/i.test(registrar) ? registrar : `sip:${registrar}`, identity.uri)
    const uri = String(domain ?? `${identity.uri.scheme}:${identity.uri.hostPort}`)
    const { route, nextHop } = this.#server
    const { instanceId } = this.#options
    return new Registrant(this.#switchboard, {
      registrar: uri, address: identity.address, nextHop: nextHop ?? uri, route: route === undefined ? [] : [route],
      instance: instanceId === undefined || instanceId.includes(':') ? instanceId : `urn:uuid:${instanceId}`,
      changed: (state) => {
        this.#registrationState = state
        this.#listeners.emit('registration', state)
      },
    }, options)
  }

  /** A request of ours outside of a dialog (RFC 3261 §8.1.1). */
  #createRequest(
    method: string, uri: Uri, callId: string, options: { readonly headers?: ExtraHeaders; readonly route?: readonly string[] },
  ): PlannedRequest {
    const { identity, signalling } = this.#switchboard
    const preloaded = this.#registrant?.registration?.serviceRoute ?? []
    const routeSet = options.route?.map((route) => (route.includes('<') ? route : `<${route}>`))
      ?? (preloaded.length > 0 || this.#server.route === undefined ? preloaded : [this.#server.route])
    const text = String(uri)
    const { requestUri, routes, nextHop } = routeRequest(text, routeSet)
    const localTag = createToken(signalling.random)
    const localAddress = `${String(identity.address)};tag=${localTag}`
    const headers: (readonly [string, HeaderValue])[] = [['Max-Forwards', 70]]
    for (const route of routes) headers.push(['Route', route])
    const added = headerList(options.headers)
    const own = added.find(([name]) => name.toLowerCase() === 'from')
    // Under another name it is still our dialog, with a tag of ours.
    if (own === undefined) headers.push(['From', localAddress])
    else if (!/;\s*tag\s*=/i.test(own[1])) own[1] += `;tag=${localTag}`
    headers.push(['To', `<${text}>`], ['Call-ID', callId], ['CSeq', `1 ${method}`], ...added)
    const request = createRequest({ method, requestUri: requestUri === text ? uri : requestUri, headers })
    return {
      request, origin: own === undefined ? { localTag, localAddress, requestUri } : Dialog.originOf(request),
      nextHop: routeSet.length > 0 ? nextHop : (this.#server.nextHop ?? hopOf(uri, identity.uri)),
    }
  }

  #plan(method: string, target: string | Uri, options: { readonly headers?: ExtraHeaders; readonly route?: readonly string[] }): PlannedRequest {
    this.#mustBeOpen()
    const { signalling, identity } = this.#switchboard
    return this.#createRequest(method, targetUri(target, identity.uri), createToken(signalling.random), options)
  }

  #ask(method: string, target: string | Uri, options: StandaloneOptions, content?: { readonly body: string; readonly contentType: string }): Promise<MessageOutcome> {
    const { signalling } = this.#switchboard
    const { request, nextHop } = this.#plan(method, target, options)
    if (content !== undefined) setBody(request, content.body, content.contentType)
    return new Promise((resolve) => {
      const client = new ClientRequest(this.#switchboard, request, {
        nextHop,
        listener: {
          response: (response, explanation) => {
            if (response.statusCode >= 200) resolve(outcomeOf(response, { explanation }))
          },
          failed: (failure, error) => resolve(failureOf(failure, error)),
          finished: () => {
            forget()
            resolve(failureOf('cancelled'))
          },
        },
      })
      const forget = whenAborted(options.signal, () => signalling.run(() => client.abandon()))
      signalling.run(() => client.start())
    })
  }

  #adopt(leg: CallLeg): Call {
    const call = new Call(leg)
    if (!leg.isOver) this.#calls.set(leg, call)
    return call
  }

  #called(leg: CallLeg): boolean {
    if (!this.#listeners.has('incoming')) return false
    this.#listeners.emit('incoming', this.#adopt(leg))
    if (!leg.rang && this.#options.autoRing !== false) leg.keepRinging()
    return true
  }

  #messageReceived(request: SipRequest): boolean {
    if (!this.#listeners.has('message')) return false
    this.#listeners.emit('message', readMessage(request))
    return true
  }

  #connected(flow: Flow): void {
    if (flow === this.#connection) return
    this.#connection = flow
    this.#listeners.emit('connection', 'connected')
  }

  #closed(flow: Flow): void {
    if (flow === this.#connection) {
      this.#connection = undefined
      this.#listeners.emit('connection', 'disconnected')
    }
    this.#registrant?.closed(flow)
  }

  #trace(record: TraceRecord): void {
    this.#options.trace?.(record)
    this.#listeners.emit('trace', record)
    this.#switchboard.trace(record)
  }
}

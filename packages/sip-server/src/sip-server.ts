import { Signer } from '@offhook/sip-auth'
import { Alarm, createToken, RunQueue } from '@offhook/sip-machine'
import { createResponse, NameAddr, parseUri } from '@offhook/sip-parser'
import type { SipMessage, SipRequest, SipUri } from '@offhook/sip-parser'
import { defaultTimerValues, TransactionLayer } from '@offhook/sip-transaction'
import type { CancelledRequest, TransactionEffect, TransactionInput } from '@offhook/sip-transaction'
import { canonicalHost, locateLiteral, TransportLayer } from '@offhook/sip-transport'
import type { Endpoint, Flow, Listener, TransportCounters, TransportName } from '@offhook/sip-transport'
import { AccessControl } from './access-control.js'
import { Directory } from './directory.js'
import type { RegistrationChange } from './directory.js'
import { Domains, isSipUri } from './domains.js'
import { FlowTable } from './flow-table.js'
import type { Binding } from './location/binding.js'
import { MemoryLocationStore } from './location/memory-location-store.js'
import { LoopMarks } from './proxy/loop-mark.js'
import { Proxy } from './proxy/proxy.js'
import { Reachability } from './proxy/reachability.js'
import { RouteTokens } from './proxy/route-token.js'
import { checkLimits } from './registrar.js'
import type { Reply } from './reply.js'
import { RequestDispatch } from './request-dispatch.js'
import { ServerError } from './server-error.js'
import type { SipServerOptions } from './sip-server-options.js'

/** What a {@link SipServer} tells its owner. */
export interface SipServerEvents {
  /** Bindings of a user came, changed or went. */
  registration: (change: RegistrationChange) => void
  /** Something threw that should not have, mostly what the owner gave: passwords, locations, admit, a listener. The server goes on. */
  error: (error: unknown) => void
}

/**
 * A SIP server: registrar, location service and record-routing stateful proxy (RFC 3261 §10, §16) over any transports,
 * which it bridges.
 *
 * This is the composition root: it owns the queue, the alarm and the layers. What to do is decided in pure parts.
 */
export class SipServer {
  readonly #clock: SipServerOptions['clock']
  readonly #random: SipServerOptions['random']
  readonly #domains: Domains
  readonly #directory: Directory
  readonly #flows: FlowTable
  readonly #transport: TransportLayer
  readonly #transactions: TransactionLayer<Flow>
  readonly #proxy: Proxy
  readonly #dispatch: RequestDispatch
  readonly #signer: Signer
  readonly #queue = new RunQueue()
  readonly #alarm: Alarm
  readonly #listeners: { readonly [Name in keyof SipServerEvents]: Set<SipServerEvents[Name]> } = { registration: new Set(), error: new Set() }
  #closed = false
  /** Called when nothing is under way any more; set while the server takes no new work. */
  #drained: (() => void) | undefined

  /** @throws {ServerError} for options that contradict each other; `DigestError` for an unusable realm */
  constructor(options: SipServerOptions) {
    const { clock, random, timers } = options
    this.#clock = clock
    this.#random = random
    const secret = new Uint8Array(32)
    random.fill(secret)
    this.#signer = new Signer(secret)
    this.#domains = new Domains(options.domains ?? '*')
    this.#flows = new FlowTable(random)
    this.#alarm = new Alarm(clock, () => this.#run(() => this.#wake()))
    this.#transport = new TransportLayer({
      adapters: options.adapters, clock, random,
      receive: (message, flow) => this.#run(() => this.#received(message, flow)),
      closed: (flow) => this.#run(() => this.#flowClosed(flow)),
      ...(options.limits === undefined ? {} : { limits: options.limits }), ...(options.trace === undefined ? {} : { trace: options.trace }),
    })
    this.#transactions = new TransactionLayer({ random, maxTransactions: options.maxTransactions ?? defaultMaxTransactions, ...(timers === undefined ? {} : { timers }) })
    const access = new AccessControl({ auth: options.auth, domains: this.#domains, secret, random })
    this.#directory = new Directory({
      store: options.locations ?? new MemoryLocationStore(), domains: this.#domains,
      isUser: (username) => access.isUser(username),
      changed: (change) => this.#emit('registration', change),
      later: (task) => this.#run(task),
      report: (error) => this.#emit('error', error),
    })
    const reachability = new Reachability({ flows: this.#flows, locate: options.locate ?? locateLiteral, connect: (target) => this.#transport.connect(target) })
    const marks = new LoopMarks(this.#signer)
    const tokens = new RouteTokens(this.#signer)
    this.#proxy = this.#createProxy(options, { access, reachability, marks, tokens })
    this.#dispatch = new RequestDispatch({
      access, marks, reachability, directory: this.#directory, domains: this.#domains, proxy: this.#proxy, admit: options.admit,
      routeFacts: { tokens, isOwn: ({ host }) => !this.#domains.all && this.#domains.has(host), anyHost: this.#domains.all },
      selectionFacts: {
        domains: this.#domains, directory: this.#directory, mayRelay: relayRule(options.relay),
        flowState: (flow) => reachability.flowState(flow),
      },
      registrarLimits: checkLimits(options.registrar),
      now: () => clock.now(),
      respond: (key, request, reply) => this.#step({ type: 'respond', key, response: this.#responseTo(request, reply, createToken(random)) }),
      later: (task) => this.#run(task),
      report: (error) => this.#emit('error', error),
    })
  }

  /** How many transactions are live. */
  get transactions(): number {
    return this.#transactions.size
  }

  /** How many requests are on their way through the proxy. */
  get pendingRequests(): number {
    return this.#proxy.size
  }

  /** What went through the transport layer. */
  get counters(): Readonly<TransportCounters> {
    return this.#transport.counters
  }

  /**
   * Accepts requests at a local address; port 0 takes a free one. Its host becomes a name of the server's domain.
   *
   * @throws {TransportError} with a code and the reason, `address-in-use` for instance
   */
  async listen(at: Endpoint & { readonly transport: TransportName }): Promise<Listener> {
    this.#mustBeOpen()
    const listener = await this.#transport.listen(at)
    for (const host of [at.host, listener.local.host]) {
      if (!unspecified.has(canonicalHost(host))) this.#domains.addAlias(host)
    }
    return listener
  }

  /** The users who can be reached, with their bindings. */
  registered(): readonly { readonly addressOfRecord: string; readonly bindings: readonly Binding[] }[] {
    return [...this.#directory.online].map(([addressOfRecord, bindings]) => ({ addressOfRecord, bindings }))
  }

  /**
   * Binds a user for good to a contact that is dialled: a robot, a gateway. No REGISTER removes it.
   *
   * @throws {ServerError} `bad-address` when either is no SIP URI with a user of this server's domains
   */
  async bind(addressOfRecord: string, contact: string): Promise<void> {
    const [user, target] = [parseUri(addressOfRecord), parseUri(contact)]
    const key = user.ok ? this.#domains.addressOfRecord(user.value) : undefined
    if (key === undefined) throw new ServerError('bad-address', `${addressOfRecord} is no address of a user of ${this.#domains.canonical}`)
    if (!target.ok || !isSipUri(target.value)) throw new ServerError('bad-address', `${contact} is no SIP URI`)
    await this.#directory.bind(key, {
      contact: NameAddr.of({ uri: target.value }), uri: target.value, callId: createToken(this.#random), sequence: 0,
      expiresAt: Infinity, path: [], dialable: true,
    })
  }

  /** Calls `listener` at every event; the returned function ends that. */
  on<Name extends keyof SipServerEvents>(name: Name, listener: SipServerEvents[Name]): () => void {
    this.#listeners[name].add(listener)
    return () => this.#listeners[name].delete(listener)
  }

  /**
   * Ends every listener and connection. Calls that stand go on without the server as far as their peers can.
   *
   * @param options.drain How long, in milliseconds, what is under way may take to end before: until then new connections and
   *   requests outside dialogs are refused, those with 503.
   */
  async close(options: { readonly drain?: number } = {}): Promise<void> {
    const stop = (): void => {
      this.#closed = true
      this.#alarm.set(Infinity)
    }
    if (options.drain === undefined) stop()
    await this.#transport.close(options.drain === undefined ? {} : { drain: this.#drain(options.drain).then(stop) })
  }

  #drain(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#clock.schedule(this.#clock.now() + patience, resolve)
      this.#drained = () => {
        stop()
        resolve()
      }
      this.#run(() => undefined)
    })
  }

  #createProxy(
    options: SipServerOptions,
    parts: { readonly access: AccessControl; readonly reachability: Reachability; readonly marks: LoopMarks; readonly tokens: RouteTokens },
  ): Proxy {
    const { access, reachability, marks, tokens } = parts
    const { t1 } = { ...defaultTimerValues, ...options.timers }
    const timerC = options.timerC ?? 185_000
    if (!(timerC > 180_000)) throw new ServerError('bad-limit', 'timerC must be more than 180,000 ms (RFC 3261 §16.6)')
    return new Proxy({
      tokens, marks, realm: access.realm, recordRoute: options.recordRoute ?? true, timerC, cancelTimeout: 64 * t1,
      now: () => this.#clock.now(),
      createBranch: () => this.#transactions.createBranch(),
      createTag: () => createToken(this.#random),
      reachability,
      fit: (request, flow, added) => this.#transport.fit(request, flow, added),
      via: (flow, branch) => this.#transport.via(flow, branch),
      contactHost: (flow) => this.#transport.contactHost(flow),
      transact: (input) => this.#run(() => this.#step(input)),
      send: (request, flow) => this.#transport.send(request, flow),
      maxBranches: options.maxTransactions ?? defaultMaxTransactions,
      later: (task) => this.#run(task),
    })
  }

  /** Everything that happens runs here, one after the other; the alarm is set anew when all is done. */
  #run(task: () => void): void {
    if (this.#closed) return
    const outermost = !this.#queue.running
    try {
      this.#queue.run(task)
    } catch (error) {
      // One odd message must not take the process down, nor the others with it.
      this.#emit('error', error)
    }
    if (!outermost) return
    this.#alarm.set(Math.min(this.#transactions.deadline, this.#proxy.deadline, this.#directory.deadline))
    if (this.#drained !== undefined && this.#transactions.size === 0 && this.#proxy.size === 0) this.#drained()
  }

  #wake(): void {
    const now = this.#clock.now()
    const effects: TransactionEffect<Flow>[] = []
    this.#transactions.wake(now, effects)
    for (const effect of effects) this.#perform(effect)
    this.#proxy.wake(now)
    this.#directory.wake(now)
  }

  #received(message: SipMessage, flow: Flow): void {
    if (message.kind === 'request' && message.method !== 'ACK' && message.method !== 'CANCEL') {
      const reply = this.#dispatch.turnAway(message, flow)
      if (reply !== undefined) {
        this.#transport.respond(this.#responseTo(message, reply, this.#statelessTag(message)), flow)
        return
      }
    }
    this.#step({ type: 'message', message, flow })
  }

  #step(input: TransactionInput<Flow>): void {
    const effects: TransactionEffect<Flow>[] = []
    this.#transactions.receive(this.#clock.now(), input, effects)
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: TransactionEffect<Flow>): void {
    switch (effect.type) {
      case 'send': this.#send(effect); break
      case 'request': this.#serve(effect); break
      case 'ack': this.#dispatch.acknowledge(effect.request, effect.flow); break
      case 'cancel': this.#cancel(effect.key, effect.request, effect); break
      case 'response': this.#proxy.responded(effect.key, effect.response); break
      case 'timeout': this.#proxy.failed(effect.key, 'timeout'); break
      case 'flow-failed': this.#proxy.failed(effect.key, 'unreachable'); break
      case 'ended': this.#proxy.ended(effect.key); break
      case 'refused': this.#transport.respond(effect.response, effect.flow); break
      // A proxy drops responses that belong to nothing (RFC 6026 §8.9).
      case 'stray-response': break
    }
  }

  #serve({ key, request, flow }: Extract<TransactionEffect<Flow>, { type: 'request' }>): void {
    if (this.#drained === undefined || request.to.tag !== undefined) this.#dispatch.serve(key, request, flow)
    else this.#step({ type: 'respond', key, response: this.#responseTo(request, { statusCode: 503, headers: [['Retry-After', '30']] }, createToken(this.#random)) })
  }

  #send({ message, flow, key }: Extract<TransactionEffect<Flow>, { type: 'send' }>): void {
    const failed = (): void => this.#run(() => this.#step({ type: 'send-failed', key }))
    if (message.kind === 'response') this.#transport.respond(message, flow, failed)
    else if (this.#transport.send(message, flow) !== undefined) failed()
  }

  /** RFC 3261 §16.10. */
  #cancel(key: string, request: SipRequest, { statusCode, inviteKey }: CancelledRequest): void {
    this.#step({ type: 'respond', key, response: this.#responseTo(request, { statusCode }, createToken(this.#random)) })
    if (inviteKey !== undefined) this.#proxy.tell(inviteKey, { type: 'cancel' })
  }

  #flowClosed(flow: Flow): void {
    this.#step({ type: 'flow-failed', flow })
    const name = this.#flows.remove(flow)
    if (name !== undefined) this.#directory.flowClosed(name)
  }

  #responseTo(request: SipRequest, reply: Reply, toTag: string): ReturnType<typeof createResponse> {
    return createResponse(request, { ...reply, toTag })
  }

  /** The same for every retransmission (RFC 3261 §8.2.7). */
  #statelessTag(request: SipRequest): string {
    return this.#signer.sign(`${request.callId}\n${request.from.tag ?? ''}\n${request.cseq.sequence}`)
  }

  #emit<Name extends keyof SipServerEvents>(name: Name, ...event: Parameters<SipServerEvents[Name]>): void {
    for (const listener of this.#listeners[name]) {
      try {
        (listener as (...event: Parameters<SipServerEvents[Name]>) => void)(...event)
      } catch (error) {
        if (name !== 'error') this.#emit('error', error)
      }
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new ServerError('closed', 'the server is closed')
  }
}

const defaultMaxTransactions = 20_000
const unspecified: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function relayRule(relay: SipServerOptions['relay']): (nextHop: SipUri) => boolean {
  if (typeof relay === 'function') return relay
  const hosts = new Set((relay ?? []).map(canonicalHost))
  return ({ host }) => hosts.has(canonicalHost(host))
}

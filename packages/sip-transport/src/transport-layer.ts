import { createToken } from '@offhook/sip-machine'
import type { Clock, RandomSource } from '@offhook/sip-machine'
import { createResponse, parseMessage, serializeMessage } from '@offhook/sip-parser'
import type { FramedItem, ParseError, ParseOptions, SipMessage, SipRequest, SipResponse, StreamFramer } from '@offhook/sip-parser'
import type { Adapter, AdapterFactory, Endpoint, Flow, Listener, ResponseRouting, Target, TransportName } from './adapter.js'
import { FlowWatch } from './flow-watch.js'
import type { FlowState, KeepAlive } from './flow-watch.js'
import { bareHost, canonicalHost } from './host.js'
import { DEFAULT_LIMITS, MAX_DATAGRAM_BYTES } from './limits.js'
import type { TransportLimits } from './limits.js'
import { SharedDials } from './shared-dials.js'
import type { TraceRecord } from './trace-record.js'
import { TransportError, asTransportError } from './transport-error.js'

/** What a {@link TransportLayer} is made of. */
export interface TransportLayerOptions {
  readonly adapters: readonly AdapterFactory[]
  readonly clock: Clock
  readonly random: RandomSource
  /** Called with every message that is to be processed; its top Via is stamped. */
  readonly receive: (message: SipMessage, flow: Flow) => void
  /** A flow ended. Called once for each, `error` when it did not end in peace. */
  readonly closed?: (flow: Flow, error?: TransportError) => void
  readonly limits?: Partial<TransportLimits>
  /** What {@link TransportLayer.trace} is at first. */
  readonly trace?: (record: TraceRecord) => void
}

/** What went through the layer since it was made. */
export interface TransportCounters {
  /** Messages handed up. */
  received: number
  /** Messages handed to a flow. */
  sent: number
  /** What came in and was not SIP, or broken SIP. */
  malformed: number
  /** What was SIP and was not processed: responses to requests of somebody else, answers that found no way. */
  dropped: number
  /** Keep-alives that came in (RFC 5626 §3.5.1): CRLF CRLF, CRLF, and the empty datagrams that some phones send. */
  pings: number
}

const PONG = new Uint8Array([13, 10])
const PONG_ITEM: FramedItem = { type: 'pong' }
/** How many sent-by values of ours are remembered: enough for every listener and some thousand connections. */
const MAX_SENT_BY = 4096
/** How many names a peer may give to one connection: some for each domain of its certificate. */
const MAX_ALIASES = 32

/**
 * The transport layer (RFC 3261 §18) above any number of adapters: frames streams, parses, stamps `received` and `rport`,
 * reuses connections, routes responses, keeps flows alive. It holds no transaction and no timer of one.
 */
export class TransportLayer {
  /** Sees every message sent and received; may be given and taken away at any time. */
  trace: ((record: TraceRecord) => void) | undefined
  readonly counters: TransportCounters = { received: 0, sent: 0, malformed: 0, dropped: 0, pings: 0 }
  readonly #options: TransportLayerOptions
  readonly #parsing: ParseOptions
  readonly #adapters: readonly Adapter[]
  readonly #routing = new Map<TransportName, ResponseRouting>()
  readonly #watch: FlowWatch
  /** Connections that stand, and datagram flows that are kept alive. */
  readonly #states = new Map<Flow, FlowState>()
  readonly #connections = new Map<string, Flow>()
  readonly #dials = new SharedDials()
  readonly #sentBy = new Set<string>()
  /** Why datagram flows failed whose end their adapter has yet to tell. */
  readonly #failures = new WeakMap<Flow, TransportError>()
  /** Datagram flows whose peer takes no connection. */
  readonly #undetoured = new WeakSet<Flow>()
  /** One To tag for the answers to all broken requests, so that retransmissions get the same one (RFC 3261 §8.2.7). */
  readonly #statelessTag: string
  #closed = false

  constructor(options: TransportLayerOptions) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#options = options
    this.trace = options.trace
    this.#parsing = { limits: { maxMessageBytes: limits.maxMessageBytes } }
    this.#statelessTag = createToken(options.random)
    this.#watch = new FlowWatch(options, limits, (flow, error) => this.#fail(flow, error))
    this.#adapters = options.adapters.map((factory) => this.#plug(factory))
  }

  /** How many connections stand. */
  get connections(): number {
    return this.#states.size
  }

  /**
   * Accepts datagrams or connections at a local address; port 0 takes a free one.
   *
   * @throws {TransportError} `address-in-use`, `bad-address`, `forbidden`, `tls`; `no-adapter` when none listens on that transport.
   */
  async listen(at: Endpoint & { readonly transport: TransportName }): Promise<Listener> {
    return this.#adapter(at.transport, 'listen').listen({ host: bareHost(at.host), port: at.port })
  }

  /**
   * A flow to the target: one that stands, or a new one. Several calls at the same time share one dial.
   *
   * A connection of ours is reused only for the same transport, host, port, verified name and path (RFC 5923 §8.2). One that
   * the peer opened is reused only without TLS, since nobody proved the peer's name on it.
   *
   * @throws {TransportError} with the reason; `aborted` when `signal` said so.
   */
  async connect(target: Target, signal?: AbortSignal): Promise<Flow> {
    const adapter = this.#adapter(target.transport, 'connect')
    const place = { ...target, host: bareHost(target.host) }
    if (adapter.framing === 'datagram') return adapter.connect(place, signal)
    const key = keyOf(place)
    return this.#connections.get(key) ?? this.#dials.join(key, async (own) => {
      const flow = await adapter.connect(place, own)
      const state = this.#states.get(flow)
      if (state === undefined) throw closed()
      this.#name(state, key)
      return flow
    }, signal)
  }

  /**
   * The flow for a request that was meant for `flow`: a connection to the same place when the request is larger than datagrams
   * should be, and the same flow when no such connection is to be had (RFC 3261 §18.1.1).
   *
   * @param added Octets of header fields that are yet to come.
   * @throws {TransportError} As a rejection: `aborted` when `signal` said so.
   */
  fit(request: SipRequest, flow: Flow, added = 0, signal?: () => AbortSignal): Flow | Promise<Flow> {
    const { maxRequestBytes = Infinity } = flow
    if (maxRequestBytes === Infinity || this.#undetoured.has(flow) || serializeMessage(request).length + added <= maxRequestBytes) return flow
    return this.connect({ ...flow.remote, transport: 'TCP' }, signal?.()).catch((error: unknown) => {
      if (asTransportError(error).code === 'aborted') throw error
      this.#undetoured.add(flow)
      return flow
    })
  }

  /** The value of the Via to put on top of a request that goes out on `flow` (RFC 3261 §18.1.1, RFC 3581 §3). */
  via(flow: Flow, branch: string): string {
    this.#sentBy.add(flow.sentBy.toLowerCase())
    if (this.#sentBy.size > MAX_SENT_BY) {
      const [oldest = ''] = this.#sentBy
      this.#sentBy.delete(oldest)
    }
    return `SIP/2.0/${flow.transport} ${flow.sentBy};branch=${branch};rport${flow.aliased === true ? ';alias' : ''}`
  }

  /** `host[:port]` under which this side can be reached by the peer of `flow`, for a Contact or a Record-Route. */
  contactHost(flow: Flow): string {
    return flow.sentBy
  }

  /**
   * Sends a message on a flow.
   *
   * @returns What kept it from being sent at all: `closed`, or `too-large` for a datagram. A flow that fails later is reported as closed.
   */
  send(message: SipMessage, flow: Flow): TransportError | undefined {
    if (!this.#stands(flow)) return closed()
    const bytes = serializeMessage(message)
    if (!flow.reliable && bytes.length > MAX_DATAGRAM_BYTES) return new TransportError('too-large', `No datagram carries ${bytes.length} bytes.`)
    this.counters.sent++
    this.#record('sent', message, bytes, flow)
    flow.send(bytes)
    return undefined
  }

  /**
   * Sends a response to a request that came on `flow` (RFC 3261 §18.2.2, RFC 3581 §4): on that flow, else to where its Via leads.
   *
   * @param failed Called, later, when it could not be handed to any flow.
   */
  respond(response: SipResponse, flow: Flow, failed?: (error: TransportError) => void): void {
    const standing = flow.reliable && this.#states.has(flow)
    const elsewhere = standing ? undefined : this.#routing.get(flow.transport)?.targets(response, flow)
    if (elsewhere !== undefined) void this.#respondElsewhere(response, elsewhere, failed)
    else this.#delivered(this.send(response, flow), failed)
  }

  /** Sends keep-alives on a flow from now on, or stops sending them (RFC 5626 §4.4). Without effect on a closed connection. */
  keepAlive(flow: Flow, keepAlive: KeepAlive | undefined): void {
    const state = this.#states.get(flow) ?? (flow.reliable || this.#closed ? undefined : this.#keep(flow))
    if (state !== undefined) this.#watch.keepAlive(state, keepAlive)
    if (!flow.reliable && keepAlive === undefined) this.#forget(flow)
  }

  /**
   * Ends every listener, dial and flow. Closing twice is harmless.
   *
   * @param options.drain Settles when what is under way is done: until then no connection is accepted any more, and those that
   *   stand go on.
   */
  async close(options: { readonly drain?: Promise<unknown> } = {}): Promise<void> {
    if (options.drain !== undefined) {
      for (const adapter of this.#adapters) void adapter.stopAccepting?.()
      await options.drain.catch(() => undefined)
    }
    this.#closed = true
    await Promise.all(this.#adapters.map((adapter) => adapter.close()))
    for (const flow of this.#states.keys()) this.#forget(flow)
  }

  #plug(factory: AdapterFactory): Adapter {
    const adapter = factory({
      opened: (flow) => this.#opened(flow, adapter.framing),
      received: (flow, bytes) => this.#received(flow, bytes),
      closed: (flow, error = this.#failures.get(flow)) => {
        if (this.#forget(flow) || !flow.reliable) this.#options.closed?.(flow, error)
      },
    })
    if (adapter.responseRouting !== undefined) this.#routing.set(adapter.transport, adapter.responseRouting)
    return adapter
  }

  /** The adapter for a transport that can do this. */
  #adapter<Deed extends 'connect' | 'listen'>(transport: TransportName, deed: Deed): Adapter & Required<Pick<Adapter, Deed>> {
    if (this.#closed) throw closed('transport layer')
    for (const adapter of this.#adapters) if (adapter.transport === transport && can(adapter, deed)) return adapter
    throw new TransportError('no-adapter', `No adapter for ${transport}.`)
  }

  #keep(flow: Flow, framer?: StreamFramer): FlowState {
    const state = this.#watch.add(flow, framer)
    this.#states.set(flow, state)
    return state
  }

  #opened(flow: Flow, framing: Adapter['framing']): void {
    if (this.#closed) {
      flow.close()
      return
    }
    const state = this.#keep(flow, typeof framing === 'string' ? undefined : new framing(this.#parsing.limits))
    if (flow.direction === 'inbound' && flow.transport !== 'TLS' && flow.transport !== 'WSS') this.#name(state, keyOf({ transport: flow.transport, ...flow.remote }))
  }

  /** From now on who dials `key` gets this connection. */
  #name(state: FlowState, key: string): void {
    if (!state.keys.includes(key)) state.keys.push(key)
    this.#connections.set(key, state.flow)
  }

  #stands(flow: Flow): boolean {
    return !flow.reliable || this.#states.has(flow)
  }

  /** @returns Whether the flow was known, so that its end is told once. */
  #forget(flow: Flow): boolean {
    const state = this.#states.get(flow)
    if (state === undefined) return false
    this.#watch.remove(state)
    for (const key of state.keys) if (this.#connections.get(key) === flow) this.#connections.delete(key)
    return this.#states.delete(flow)
  }

  #fail(flow: Flow, error: TransportError): void {
    if (!this.#forget(flow)) return
    if (flow.reliable) this.#options.closed?.(flow, error)
    else this.#failures.set(flow, error)
    flow.close()
  }

  #received(flow: Flow, bytes: Uint8Array): void {
    const state = this.#states.get(flow)
    const heard = state?.keepAlive?.hear?.(bytes)
    if (heard === 'noise') this.counters.malformed++
    else if (heard instanceof TransportError) this.#fail(flow, heard)
    else {
      const items = state?.framer?.push(bytes) ?? [heard === undefined ? itemOf(bytes) : PONG_ITEM]
      if (state !== undefined) this.#watch.heard(state, items.length > 0)
      for (const item of items) if (this.#stands(flow)) this.#take(flow, item)
    }
  }

  #take(flow: Flow, item: FramedItem): void {
    if (item.type === 'message') {
      this.#parse(flow, item.bytes)
    } else if (item.type === 'error') {
      this.#malformed(flow, item.error)
      this.#fail(flow, new TransportError('framing', 'The stream stopped being SIP.', item.error))
    } else {
      this.counters.pings++
      if (item.type === 'ping' && flow.reliable) flow.send(PONG)
    }
  }

  /** Hands up a message: a request stamped, a response only if its top Via is one of ours (RFC 3261 §18.1.2). */
  #parse(flow: Flow, bytes: Uint8Array): void {
    const parsed = parseMessage(bytes, this.#parsing)
    if (!parsed.ok) {
      this.#malformed(flow, parsed.error)
      return
    }
    const message = parsed.value
    if (message.kind === 'request' && !this.#stamped(message, flow)) {
      this.counters.malformed++
    } else if (message.kind === 'response' && !this.#isOurs(message, flow)) {
      this.counters.dropped++
    } else {
      this.counters.received++
      this.#record('received', message, bytes, flow)
      this.#options.receive(message, flow)
    }
  }

  #stamped(request: SipRequest, flow: Flow): boolean {
    const routing = this.#routing.get(flow.transport)
    if (routing?.stamp(request, flow.remote) === false) return false
    const state = flow.identities === undefined ? undefined : this.#states.get(flow)
    if (state !== undefined) for (const target of routing?.aliases?.(request, flow) ?? []) this.#alias(state, keyOf(target))
    return true
  }

  /** Connections keep their names, and get only so many. */
  #alias(state: FlowState, key: string): void {
    if (!this.#connections.has(key) && state.keys.length < MAX_ALIASES) this.#name(state, key)
  }

  #isOurs({ via }: SipResponse, flow: Flow): boolean {
    return via.sentBy === flow.sentBy || this.#sentBy.has(via.sentBy.toLowerCase())
  }

  /** Answers a broken request if it can be answered; everything else is counted and forgotten. */
  #malformed(flow: Flow, { request, statusCode, message }: ParseError): void {
    this.counters.malformed++
    if (request === undefined || !this.#stamped(request, flow)) return
    this.respond(createResponse(request, { statusCode, reasonPhrase: message, toTag: this.#statelessTag }), flow)
  }

  async #respondElsewhere(response: SipResponse, targets: readonly Target[], failed?: (error: TransportError) => void): Promise<void> {
    let error: TransportError | undefined = closed()
    for (const target of targets) {
      error = await this.connect(target).then((flow) => this.send(response, flow)).catch(asTransportError)
      if (error === undefined) return
    }
    this.#delivered(error, failed)
  }

  #delivered(error: TransportError | undefined, failed: ((error: TransportError) => void) | undefined): void {
    if (error === undefined) return
    this.counters.dropped++
    failed?.(error)
  }

  #record(direction: 'sent' | 'received', message: SipMessage, bytes: Uint8Array, flow: Flow): void {
    this.trace?.({ at: this.#options.clock.now(), direction, transport: flow.transport, local: flow.local, remote: flow.remote, message, bytes })
  }
}

function closed(what = 'connection'): TransportError {
  return new TransportError('closed', `The ${what} is closed.`)
}

function can<Deed extends 'connect' | 'listen'>(adapter: Adapter, deed: Deed): adapter is Adapter & Required<Pick<Adapter, Deed>> {
  return adapter[deed] !== undefined
}

function keyOf(target: Target): string {
  const { transport, host, port, serverName = host, path = '/' } = target
  return `${transport} ${canonicalHost(host)} ${port} ${canonicalHost(serverName)} ${path}`
}

/** What a datagram or a frame carries: a message, or the few octets that hold a flow open. */
function itemOf(bytes: Uint8Array): FramedItem {
  if (bytes.length > 4 || !bytes.every((octet) => octet === 13 || octet === 10 || octet === 0)) return { type: 'message', bytes }
  return { type: bytes.length === 4 ? 'ping' : 'pong' }
}

import { createToken } from '@offhook/sip-machine'
import type { Clock, RandomSource } from '@offhook/sip-machine'
import { ParseError, StreamFramer, createResponse, parseMessage, serializeMessage } from '@offhook/sip-parser'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Adapter, AdapterFactory, Endpoint, Flow, FlowReceiver, Listener, Target, TransportName } from './adapter.js'
import { FlowWatch } from './flow-watch.js'
import type { FlowState, KeepAlive } from './flow-watch.js'
import { bareHost, canonicalHost } from './host.js'
import { DEFAULT_LIMITS, MAX_DATAGRAM_BYTES } from './limits.js'
import type { TransportLimits } from './limits.js'
import { stampSource } from './request-source.js'
import { leadsBack, responseTargets } from './response-route.js'
import { SharedDials } from './shared-dials.js'
import type { TraceRecord } from './trace-record.js'
import { TransportError } from './transport-error.js'

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
  /** Sees every message sent and received. */
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

const PING = new Uint8Array([13, 10, 13, 10])
const PONG = new Uint8Array([13, 10])
/** How many sent-by values of ours are remembered: enough for every listener and some thousand connections. */
const MAX_SENT_BY = 4096

/**
 * The transport layer (RFC 3261 §18) above any number of adapters: frames streams, parses, stamps `received` and `rport`,
 * reuses connections, routes responses, keeps flows alive. It holds no transaction and no timer of one.
 */
export class TransportLayer {
  readonly counters: TransportCounters = { received: 0, sent: 0, malformed: 0, dropped: 0, pings: 0 }
  readonly #options: TransportLayerOptions
  readonly #limits: TransportLimits
  readonly #adapters: Adapter[] = []
  readonly #watch: FlowWatch
  /** Connections that stand, and datagram flows that are kept alive. */
  readonly #states = new Map<Flow, FlowState>()
  readonly #connections = new Map<string, Flow>()
  readonly #dials = new SharedDials()
  readonly #sentBy = new Set<string>()
  /** One To tag for the answers to all broken requests, so that retransmissions get the same one (RFC 3261 §8.2.7). */
  readonly #statelessTag: string
  #closed = false

  constructor(options: TransportLayerOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#statelessTag = createToken(options.random)
    this.#watch = new FlowWatch({
      clock: options.clock, random: options.random, limits: this.#limits,
      ping: (flow) => flow.send(PING),
      fail: (flow, error) => this.#fail(flow, error),
    })
    for (const factory of options.adapters) this.#adapters.push(this.#plug(factory))
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
    this.#mustBeOpen()
    const adapter = this.#adapters.find((candidate) => candidate.transport === at.transport && candidate.listen !== undefined)
    if (adapter?.listen === undefined) throw new TransportError('no-adapter', `No adapter listens on ${at.transport}.`)
    return adapter.listen({ host: bareHost(at.host), port: at.port })
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
    this.#mustBeOpen()
    const adapter = this.#adapters.find((candidate) => candidate.transport === target.transport)
    if (adapter === undefined) throw new TransportError('no-adapter', `No adapter for ${target.transport}.`)
    const place = { ...target, host: bareHost(target.host) }
    if (adapter.framing === 'datagram') return adapter.connect(place, signal)
    const key = keyOf(place)
    const standing = this.#connections.get(key)
    if (standing !== undefined) return standing
    return this.#dials.join(key, (dialSignal) => this.#dial(adapter, place, key, dialSignal), signal)
  }

  /** The value of the Via to put on top of a request that goes out on `flow` (RFC 3261 §18.1.1, RFC 3581 §3). */
  via(flow: Flow, branch: string): string {
    this.#remember(flow.sentBy)
    return `SIP/2.0/${flow.transport} ${flow.sentBy};branch=${branch};rport`
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
    if (flow.reliable && !this.#states.has(flow)) return new TransportError('closed', 'The connection is closed.')
    const bytes = serializeMessage(message)
    if (!flow.reliable && bytes.length > MAX_DATAGRAM_BYTES) {
      return new TransportError('too-large', `A datagram carries up to ${MAX_DATAGRAM_BYTES} bytes, not ${bytes.length}.`)
    }
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
    if (flow.reliable ? this.#states.has(flow) : leadsBack(flow, response)) {
      const refused = this.send(response, flow)
      if (refused !== undefined) this.#undelivered(refused, failed)
    } else {
      void this.#respondElsewhere(response, responseTargets(response.via, flow), failed)
    }
  }

  /** Sends keep-alives on a flow from now on, or stops sending them (RFC 5626 §4.4). Without effect on a closed connection. */
  keepAlive(flow: Flow, keepAlive: KeepAlive | undefined): void {
    let state = this.#states.get(flow)
    if (state === undefined && !flow.reliable && keepAlive !== undefined && !this.#closed) {
      state = this.#watch.add(flow, undefined)
      this.#states.set(flow, state)
    }
    if (state === undefined) return
    if (!flow.reliable && keepAlive === undefined) this.#forget(flow)
    else this.#watch.keepAlive(state, keepAlive)
  }

  /** Ends every listener, dial and flow. Closing twice is harmless. */
  async close(): Promise<void> {
    this.#closed = true
    this.#dials.abort()
    await Promise.all(this.#adapters.map((adapter) => adapter.close()))
    for (const flow of [...this.#states.keys()]) this.#forget(flow)
  }

  #plug(factory: AdapterFactory): Adapter {
    let framing: Adapter['framing'] = 'datagram'
    const receiver: FlowReceiver = {
      opened: (flow) => {
        if (framing !== 'datagram') this.#opened(flow, framing === 'stream' ? new StreamFramer(this.#parserLimits()) : undefined)
      },
      received: (flow, bytes) => {
        if (framing === 'stream') this.#receiveStream(flow, bytes)
        else this.#receiveWhole(flow, bytes)
      },
      closed: (flow, error) => {
        if (this.#forget(flow) || framing === 'datagram') this.#options.closed?.(flow, error)
      },
    }
    const adapter = factory(receiver)
    framing = adapter.framing
    return adapter
  }

  #parserLimits(): { readonly maxMessageBytes: number } {
    return { maxMessageBytes: this.#limits.maxMessageBytes }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new TransportError('closed', 'The transport layer is closed.')
  }

  async #dial(adapter: Adapter, target: Target, key: string, signal: AbortSignal): Promise<Flow> {
    const flow = await adapter.connect(target, signal)
    const state = this.#states.get(flow)
    if (state === undefined) throw new TransportError('closed', 'The connection closed as soon as it stood.')
    state.key = key
    this.#connections.set(key, flow)
    return flow
  }

  #opened(flow: Flow, framer: StreamFramer | undefined): void {
    if (this.#closed) {
      flow.close()
      return
    }
    const state = this.#watch.add(flow, framer)
    this.#states.set(flow, state)
    if (flow.direction === 'outbound' || flow.transport === 'TLS' || flow.transport === 'WSS') return
    state.key = keyOf({ transport: flow.transport, ...flow.remote })
    this.#connections.set(state.key, flow)
  }

  /** @returns Whether the flow was known, so that its end is told once. */
  #forget(flow: Flow): boolean {
    const state = this.#states.get(flow)
    if (state === undefined) return false
    this.#states.delete(flow)
    this.#watch.remove(state)
    if (state.key !== undefined && this.#connections.get(state.key) === flow) this.#connections.delete(state.key)
    return true
  }

  #fail(flow: Flow, error: TransportError): void {
    if (!this.#forget(flow)) return
    this.#options.closed?.(flow, error)
    flow.close()
  }

  #receiveStream(flow: Flow, bytes: Uint8Array): void {
    const state = this.#states.get(flow)
    if (state?.framer === undefined) return
    const items = state.framer.push(bytes)
    this.#watch.heard(state, items.length > 0)
    for (const item of items) {
      if (!this.#states.has(flow)) return
      switch (item.type) {
        case 'message':
          this.#parse(flow, item.bytes, 'stream')
          break
        case 'ping':
          this.#pinged(flow, true)
          break
        case 'pong':
          this.counters.pings++
          break
        case 'error':
          this.#malformed(flow, item.error)
          this.#fail(flow, new TransportError('framing', 'The stream stopped being SIP.', item.error))
          return
      }
    }
  }

  #receiveWhole(flow: Flow, bytes: Uint8Array): void {
    if (flow.reliable) {
      const state = this.#states.get(flow)
      if (state === undefined) return
      this.#watch.heard(state, true)
    }
    if (bytes.length <= 4 && isKeepAlive(bytes)) this.#pinged(flow, flow.reliable && bytes.length === 4)
    else this.#parse(flow, bytes, 'datagram')
  }

  #pinged(flow: Flow, answer: boolean): void {
    this.counters.pings++
    if (answer) flow.send(PONG)
  }

  #parse(flow: Flow, bytes: Uint8Array, framing: 'datagram' | 'stream'): void {
    const parsed = parseMessage(bytes, { framing, limits: this.#parserLimits() })
    if (!parsed.ok) {
      this.#malformed(flow, parsed.error)
      return
    }
    const message = parsed.value
    if (!this.#admit(message, flow)) return
    this.counters.received++
    this.#record('received', message, bytes, flow)
    this.#options.receive(message, flow)
  }

  /** Stamps a request, checks whose request a response answers. A Via that cannot be read after all makes the message malformed. */
  #admit(message: SipMessage, flow: Flow): boolean {
    try {
      if (message.kind === 'request') {
        stampSource(message, flow.remote)
        return true
      }
      if (this.#isOurs(message, flow)) return true
      this.counters.dropped++
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      this.counters.malformed++
    }
    return false
  }

  /** RFC 3261 §18.1.2: the sent-by of the top Via must be one that this side put there. */
  #isOurs(response: SipResponse, flow: Flow): boolean {
    const sentBy = response.via.sentBy
    return sentBy === flow.sentBy || this.#sentBy.has(sentBy.toLowerCase())
  }

  #remember(sentBy: string): void {
    const text = sentBy.toLowerCase()
    if (this.#sentBy.has(text)) return
    if (this.#sentBy.size >= MAX_SENT_BY) {
      for (const oldest of this.#sentBy) {
        this.#sentBy.delete(oldest)
        break
      }
    }
    this.#sentBy.add(text)
  }

  /** Answers a broken request if it can be answered; everything else is counted and forgotten. */
  #malformed(flow: Flow, error: ParseError): void {
    this.counters.malformed++
    const request = error.request
    if (request === undefined) return
    const response = this.#refusal(request, error, flow)
    if (response !== undefined) this.respond(response, flow)
  }

  #refusal(request: SipRequest, error: ParseError, flow: Flow): SipResponse | undefined {
    try {
      stampSource(request, flow.remote)
      const response = createResponse(request, { statusCode: error.statusCode, reasonPhrase: reasonOf(error), toTag: this.#statelessTag })
      // Routing it reads its Via once more.
      return response.via.host === '' ? undefined : response
    } catch {
      // Its Via, From, To, Call-ID or CSeq cannot be repeated either.
      return undefined
    }
  }

  async #respondElsewhere(response: SipResponse, targets: readonly Target[], failed?: (error: TransportError) => void): Promise<void> {
    let reason = new TransportError('closed', 'The connection of the request is closed and its Via leads nowhere.')
    for (const target of targets) {
      try {
        const refused = this.send(response, await this.connect(target))
        if (refused === undefined) return
        reason = refused
      } catch (error) {
        reason = error instanceof TransportError ? error : new TransportError('unreachable', 'The response found no way.', error)
      }
    }
    this.#undelivered(reason, failed)
  }

  #undelivered(error: TransportError, failed: ((error: TransportError) => void) | undefined): void {
    this.counters.dropped++
    failed?.(error)
  }

  #record(direction: 'sent' | 'received', message: SipMessage, bytes: Uint8Array, flow: Flow): void {
    const { trace, clock } = this.#options
    trace?.({ at: clock.now(), direction, transport: flow.transport, local: flow.local, remote: flow.remote, message, bytes })
  }
}

function keyOf(target: Target): string {
  const { transport, host, port, serverName = host, path = '/' } = target
  return `${transport} ${canonicalHost(host)} ${port} ${canonicalHost(serverName)} ${path}`
}

function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.every((octet) => octet === 13 || octet === 10 || octet === 0)
}

/** RFC 3261 §21.4.1: the reason phrase says what is wrong. Only printable ASCII of it goes out. */
function reasonOf(error: ParseError): string {
  const text = error.message.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 120).trim()
  return text === '' ? 'Bad Request' : text
}

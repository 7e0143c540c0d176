import { seededRandom, VirtualClock } from '@offhook/sip-machine/testing'
import { createToken } from '@offhook/sip-machine'
import type { RandomSource } from '@offhook/sip-machine'
import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import { TransportLayer } from '@offhook/sip-transport'
import type { Flow, TransportName } from '@offhook/sip-transport'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import type { MemoryNetwork } from '@offhook/sip-transport/memory'
import { SipServer } from '../src/index.js'
import type { RegistrationChange, SipServerOptions } from '../src/index.js'

export const serverHost = '192.0.2.100'
const ports: Record<TransportName, number> = { UDP: 5060, TCP: 5060, TLS: 5061, WS: 80, WSS: 443 }

/** A server on all five transports, and a network for phones, in virtual time. */
export interface World {
  readonly clock: VirtualClock
  readonly random: RandomSource
  readonly network: MemoryNetwork
  readonly server: SipServer
  readonly changes: RegistrationChange[]
  readonly errors: unknown[]
  /** Lets `ms` pass, promises included. */
  pass(ms?: number): Promise<void>
  phone(name: string, options?: PhoneOptions): Promise<Phone>
}

export async function createWorld(options: Partial<SipServerOptions> & { readonly listenHost?: string } = {}, seed = 1): Promise<World> {
  const clock = new VirtualClock(1_000_000)
  const random = seededRandom(seed)
  const network = createMemoryNetwork({ clock })
  const transports = Object.keys(ports) as TransportName[]
  const server = new SipServer({
    adapters: transports.map((transport) => network.adapter(transport, serverHost)),
    clock, random, auth: 'open', domains: ['example.com'], ...options,
  })
  const changes: RegistrationChange[] = []
  const errors: unknown[] = []
  server.on('registration', (change) => changes.push(change))
  server.on('error', (error) => errors.push(error))
  for (const transport of transports) await server.listen({ transport, host: options.listenHost ?? serverHost, port: ports[transport] })
  const world: World = {
    clock, random, network, server, changes, errors,
    pass: (ms = 20) => clock.advanceAsync(ms),
    phone: async (name, phoneOptions = {}) => {
      const phone = new Phone(world, name, phoneOptions)
      await phone.start()
      return phone
    },
  }
  return world
}

export interface PhoneOptions {
  readonly transport?: TransportName
  readonly host?: string
  readonly port?: number
  /** Contact URI; a listening address for UDP and TCP, `.invalid` for WebSockets, when absent. */
  readonly contact?: string
  /** Do not listen: the phone is reached over the connection it opens. */
  readonly deaf?: boolean
  /** What Via says, where that is not the truth: behind a NAT. */
  readonly sentBy?: string
}

export interface RequestOptions {
  readonly to?: string
  readonly from?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string
  readonly cseq?: number
  readonly callId?: string
  readonly maxForwards?: number | undefined
  readonly branch?: string
  readonly contact?: boolean
}

let hosts = 0

/** A phone made of messages: it says what a test tells it to, and keeps what it hears. */
export class Phone {
  readonly name: string
  readonly inbox: SipMessage[] = []
  readonly transportLayer: TransportLayer
  readonly transport: TransportName
  readonly host: string
  readonly port: number
  readonly callId: string
  readonly tag: string
  contactUri: string
  readonly #world: World
  readonly #flows = new WeakMap<SipMessage, Flow>()
  readonly #deaf: boolean
  readonly #sentBy: string | undefined
  #flow: Flow | undefined
  #cseq = 0

  constructor(world: World, name: string, options: PhoneOptions) {
    this.#world = world
    this.name = name
    this.transport = options.transport ?? 'UDP'
    this.host = options.host ?? `192.0.2.${(hosts += 1) % 90 + 1}`
    this.port = options.port ?? 5060
    this.callId = createToken(world.random)
    this.tag = createToken(world.random)
    this.#deaf = options.deaf ?? (this.transport === 'WS' || this.transport === 'WSS')
    const parameter = this.transport === 'UDP' ? '' : `;transport=${this.transport.toLowerCase()}`
    this.contactUri = options.contact ?? (this.#deaf ? `sip:${name}@${createToken(world.random).slice(0, 12)}.invalid${parameter}` : `sip:${name}@${this.host}:${this.port}${parameter}`)
    this.#sentBy = options.sentBy
    this.transportLayer = new TransportLayer({
      adapters: [world.network.adapter(this.transport, this.host)], clock: world.clock, random: world.random,
      receive: (message, flow) => {
        this.inbox.push(message)
        this.#flows.set(message, flow)
      },
    })
  }

  async start(): Promise<void> {
    if (!this.#deaf) await this.transportLayer.listen({ transport: this.transport, host: this.host, port: this.port })
    this.#flow = await this.#world.clock.runUntil(this.transportLayer.connect({ transport: this.transport, host: serverHost, port: ports[this.transport] }))
  }

  get flow(): Flow {
    if (this.#flow === undefined) throw new TypeError(`${this.name} is not connected`)
    return this.#flow
  }

  request(method: string, requestUri: string, options: RequestOptions = {}): SipRequest {
    this.#cseq = options.cseq ?? this.#cseq + 1
    const { to = requestUri, from = `sip:${this.name}@example.com`, maxForwards = 70 } = options
    const branch = options.branch ?? `z9hG4bK${createToken(this.#world.random)}`
    const headers: (readonly [string, string])[] = [['Via', this.transportLayer.via(this.#sentBy === undefined ? this.flow : { ...this.flow, transport: this.flow.transport, sentBy: this.#sentBy }, branch)]]
    if (!('maxForwards' in options && options.maxForwards === undefined)) headers.push(['Max-Forwards', String(maxForwards)])
    headers.push(['From', `<${from}>;tag=${this.tag}`], ['To', to.includes('<') ? to : `<${to}>`], ['Call-ID', options.callId ?? this.callId], ['CSeq', `${this.#cseq} ${method}`])
    if (options.contact ?? (method !== 'REGISTER')) headers.push(['Contact', `<${this.contactUri}>`])
    return createRequest({ method, requestUri, headers: [...headers, ...(options.headers ?? [])], ...(options.body === undefined ? {} : { body: options.body, contentType: 'text/plain' }) })
  }

  /** Sends, lets the world turn, and returns the last response to this request. */
  async ask(request: SipRequest, ms?: number): Promise<SipResponse> {
    this.send(request)
    await this.#world.pass(ms)
    const response = this.responsesTo(request).at(-1)
    if (response === undefined) throw new TypeError(`no response to the ${request.method} of ${this.name}`)
    return response
  }

  send(message: SipMessage, flow: Flow = this.flow): void {
    this.transportLayer.send(message, flow)
  }

  responsesTo(request: SipRequest): SipResponse[] {
    return this.inbox.filter((message) => message.kind === 'response').filter((response) => response.via.branch === request.via.branch && response.cseq.method === request.method)
  }

  statusesOf(request: SipRequest): number[] {
    return this.responsesTo(request).map(({ statusCode }) => statusCode)
  }

  requests(method?: string): SipRequest[] {
    return this.inbox.filter((message) => message.kind === 'request').filter((request) => method === undefined || request.method === method)
  }

  /** The last request of the method that was received. */
  received(method: string): SipRequest {
    const request = this.requests(method).at(-1)
    if (request === undefined) throw new TypeError(`${this.name} received no ${method}: ${this.inbox.map(describeMessage).join(', ')}`)
    return request
  }

  reply(request: SipRequest, statusCode: number, headers: readonly (readonly [string, string])[] = [], toTag: string = this.tag): SipResponse {
    const response = createResponse(request, { statusCode, toTag, headers: statusCode > 100 && statusCode < 300 && request.method === 'INVITE' ? [['Contact', `<${this.contactUri}>`], ...headers] : headers })
    this.transportLayer.respond(response, this.#flows.get(request) ?? this.flow)
    return response
  }

  /** A request inside the dialog that `response` set up, as its caller (RFC 3261 §12.2.1.1, loose routing). */
  inDialog(method: string, response: SipResponse, options: RequestOptions = {}): SipRequest {
    const routes = response.recordRoute.map((route) => ['Route', String(route)] as const).toReversed()
    return this.request(method, String(response.contact?.uri), { to: String(response.to), callId: response.callId, headers: [...routes, ...(options.headers ?? [])], contact: method === 'INVITE', ...(options.cseq === undefined ? {} : { cseq: options.cseq }), ...(options.maxForwards === undefined ? {} : { maxForwards: options.maxForwards }) })
  }

  /** A request inside the dialog that the INVITE set up, as its callee. */
  inDialogAsCallee(method: string, invite: SipRequest): SipRequest {
    const routes = invite.recordRoute.map((route) => ['Route', String(route)] as const)
    const request = this.request(method, String(invite.contact?.uri), { to: String(invite.from), callId: invite.callId, headers: routes, contact: false })
    request.headers.set('From', `${String(invite.to)};tag=${this.tag}`)
    return request
  }

  async register(expires = 3600, headers: readonly (readonly [string, string])[] = []): Promise<SipResponse> {
    return this.ask(this.request('REGISTER', 'sip:example.com', {
      to: `sip:${this.name}@example.com`, headers: [['Contact', `<${this.contactUri}>`], ['Expires', String(expires)], ...headers],
    }))
  }

  async close(): Promise<void> {
    this.flow.close()
    await this.#world.pass()
  }
}

export function describeMessage(message: SipMessage): string {
  return message.kind === 'request' ? message.method : `${message.statusCode} ${message.cseq.method}`
}

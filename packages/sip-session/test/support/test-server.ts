import { seededRandom } from '@offhook/sip-machine/testing'
import { createResponse } from '@offhook/sip-parser'
import type { HeaderValue, SipMessage, SipRequest } from '@offhook/sip-parser'
import { TransportLayer } from '@offhook/sip-transport'
import type { Flow, TransportName } from '@offhook/sip-transport'
import type { TestNetwork } from '../../src/testing/index.js'

/** What a server answers to a request; `undefined` for nothing. */
export type Answer = { readonly statusCode: number; readonly headers?: readonly (readonly [string, HeaderValue])[] } | undefined

/** A server that can die and come back. It answers 200 to everything, unless told otherwise. */
export class TestServer {
  /** Requests that arrived, without retransmissions and ACK. */
  readonly requests: SipRequest[] = []
  answer: (request: SipRequest) => Answer = () => ({ statusCode: 200 })
  readonly #network: TestNetwork
  readonly #transport: TransportName
  readonly #host: string
  readonly #branches = new Set<string>()
  #layer: TransportLayer | undefined

  constructor(network: TestNetwork, transport: TransportName, host: string) {
    this.#network = network
    this.#transport = transport
    this.#host = host
  }

  /** The methods that arrived. */
  get methods(): string[] {
    return this.requests.map(({ method }) => method)
  }

  async start(): Promise<this> {
    this.#layer = new TransportLayer({
      adapters: [this.#network.adapter(this.#host)], clock: this.#network.clock, random: seededRandom(5), receive: (message, flow) => this.#received(message, flow),
    })
    await this.#layer.listen({ transport: this.#transport, host: this.#host, port: 5060 })
    return this
  }

  /** Dies: connections break, datagrams go unanswered. */
  async stop(): Promise<void> {
    await this.#network.run(this.#layer?.close() ?? Promise.resolve())
    await this.#network.advance(20)
  }

  #received(message: SipMessage, flow: Flow): void {
    if (message.kind !== 'request' || message.method === 'ACK') return
    const branch = message.via.branch ?? ''
    if (!this.#branches.has(`${message.method} ${branch}`)) this.requests.push(message)
    this.#branches.add(`${message.method} ${branch}`)
    const answer = this.answer(message)
    if (answer === undefined) return
    const contact = message.headers.get('Contact')
    const bound = message.method === 'REGISTER' && answer.statusCode === 200 && contact !== undefined ? [['Contact', `${contact};expires=60`] as const] : []
    this.#layer?.respond(createResponse(message, { toTag: this.#host, ...answer, headers: [...bound, ...(answer.headers ?? [])] }), flow)
  }
}

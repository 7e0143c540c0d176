import { createResponse } from '@offhook/sip-parser'
import { LossyNetwork, VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import { TransportError, TransportLayer } from '@offhook/sip-transport'
import type { AdapterFactory, Locate, TransportName } from '@offhook/sip-transport'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import type { UserAgentOptions } from '../user-agent/user-agent-options.js'
import { UserAgent } from '../user-agent/user-agent.js'

/** How the network behaves. Probabilities run from 0 to 1. */
export interface TestNetworkOptions {
  /** The same seed gives the same run; 1 unless told. */
  readonly seed?: number
  /** UDP unless told; the others do not lose anything. */
  readonly transport?: TransportName
  readonly loss?: number
  readonly duplicate?: number
  readonly reorder?: number
  /** That one octet of a datagram is changed. */
  readonly corrupt?: number
  /** The largest datagram that gets through, in octets; no limit unless told. */
  readonly mtu?: number
  /** Shortest and longest time on the way, in ms; 5 to 5 unless told. */
  readonly delay?: readonly [min: number, max: number]
}

/** A world of user agents in virtual time, with a registrar for `example.test` that grants what it is asked for. */
export interface TestNetwork {
  readonly clock: VirtualClock
  readonly seed: number
  /** The datagram network, to cut and heal paths. Its addresses are `host:port` of {@link TestNetwork.addressOf}. */
  readonly datagrams: LossyNetwork
  /** A user agent `sip:name@example.test`; others call it by its name. */
  agent(name: string, options?: Partial<UserAgentOptions>): UserAgent
  addressOf(name: string): string
  /** An adapter for a peer of the test's own making, on a host such as `192.0.2.99`. */
  adapter(host: string): AdapterFactory
  /** Moves time on until the promise is settled, and gives its result. */
  run<Value>(promise: Promise<Value>, limit?: number): Promise<Value>
  /** Moves time on, in ms. */
  advance(ms: number): Promise<void>
  /** Closes every agent. */
  close(): Promise<void>
}

const DOMAIN = 'example.test'
const REGISTRAR = '192.0.2.254'

/**
 * Makes a network in virtual time, so that an application can test its call logic in milliseconds.
 *
 * @example
 * const network = createTestNetwork()
 * const alice = network.agent('alice')
 * const bob = network.agent('bob')
 * bob.on('incoming', (call) => void call.answer())
 * const { answered } = await network.run(alice.call('bob').answered)
 */
export function createTestNetwork(options: TestNetworkOptions = {}): TestNetwork {
  const { seed = 1, transport = 'UDP', loss = 0, duplicate = 0, reorder = 0, corrupt = 0, mtu = Infinity, delay = [5, 5] } = options
  const clock = new VirtualClock()
  const random = seededRandom(seed)
  const datagrams = new LossyNetwork({ clock, random, loss, duplicate, reorder, corrupt, mtu, delay })
  const memory = createMemoryNetwork({ clock, latency: delay[0], datagrams })
  const hosts = new Map<string, string>()
  const agents: UserAgent[] = []
  const registrar = new TransportLayer({
    adapters: [memory.adapter(transport, REGISTRAR)], clock, random,
    receive: (message, flow) => {
      if (message.kind !== 'request' || message.method === 'ACK') return
      const contact = message.headers.get('Contact') ?? '*'
      const bound = message.method === 'REGISTER' && message.expires !== 0 && contact !== '*'
      registrar.respond(createResponse(message, {
        statusCode: message.method === 'REGISTER' ? 200 : 404, toTag: 'registrar',
        headers: bound ? [['Contact', `${contact};expires=${message.expires ?? 3600}`]] : [],
      }), flow)
    },
  })
  void registrar.listen({ transport, host: REGISTRAR, port: 5060 })
  const hostOf = (name: string): string | undefined => hosts.get(name)
  const locate: Locate = (uri) => {
    const host = uri.host !== DOMAIN ? uri.host : uri.user === undefined ? REGISTRAR : hostOf(uri.decodedUser ?? '')
    if (host === undefined) return Promise.reject(new TransportError('unreachable', `Nobody is called ${uri.decodedUser ?? ''} here.`))
    return Promise.resolve([{ transport, host, port: uri.port ?? 5060 }])
  }
  return {
    clock, seed, datagrams,
    agent(name, changes = {}) {
      const host = `192.0.2.${hosts.size + 1}`
      hosts.set(name, host)
      const agent = new UserAgent({
        identity: `sip:${name}@${DOMAIN}`, adapters: [memory.adapter(transport, host)], listen: [{ transport, host, port: 5060 }],
        locate, clock, random: seededRandom(seed * 1000 + hosts.size), ...changes,
      })
      agents.push(agent)
      return agent
    },
    addressOf: (name) => `${hostOf(name) ?? ''}:5060`,
    adapter: (host) => memory.adapter(transport, host),
    run: (promise, limit) => clock.runUntil(promise, limit),
    advance: (ms) => clock.advanceAsync(ms),
    async close() {
      await clock.runUntil(Promise.all([...agents, registrar].map((end) => end.close())))
    },
  }
}

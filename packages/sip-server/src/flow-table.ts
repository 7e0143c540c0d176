import type { RandomSource } from '@offhook/sip-machine'
import { createToken } from '@offhook/sip-machine'
import type { Flow, Target } from '@offhook/sip-transport'

/** What a reference leads to: a connection that stands, a peer to send datagrams to, or a connection that is gone. */
export type FlowLookup =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'gone' }

/**
 * Names for flows, so that bindings and route parameters can refer to them (RFC 5626 §5.2).
 *
 * A connection is named by a number that is never used twice, a datagram flow by its peer: it can be found again
 * after the adapter has forgotten it. The names are tokens; who hands them out signs them.
 */
export class FlowTable {
  readonly #life: string
  readonly #names = new WeakMap<Flow, string>()
  readonly #connections = new Map<string, Flow>()
  #count = 0

  constructor(random: RandomSource) {
    this.#life = createToken(random, 64).slice(0, 6)
  }

  /** How many connections have a name. */
  get size(): number {
    return this.#connections.size
  }

  nameOf(flow: Flow): string {
    const known = this.#names.get(flow)
    if (known !== undefined) return known
    const name = flow.reliable ? `c${this.#life}${(this.#count += 1).toString(36)}` : datagramName(flow)
    this.#names.set(flow, name)
    if (flow.reliable) this.#connections.set(name, flow)
    return name
  }

  find(name: string): FlowLookup {
    const flow = this.#connections.get(name)
    if (flow !== undefined) return { kind: 'flow', flow }
    const target = targetOf(name)
    return target === undefined ? { kind: 'gone' } : { kind: 'target', target }
  }

  /** The flow is closed: its name leads nowhere from now on. Returns the name it had. */
  remove(flow: Flow): string | undefined {
    const name = this.#names.get(flow)
    if (name === undefined || !this.#connections.delete(name)) return undefined
    return name
  }
}

/** A colon cannot stand in a user part unescaped, an underscore cannot stand in an address. */
function datagramName({ remote, local }: Flow): string {
  return ['u', remote.host, remote.port, local.host, local.port].join('~').replaceAll(':', '_')
}

function targetOf(name: string): Target | undefined {
  const [kind, host, port, localHost, localPort] = name.replaceAll('_', ':').split('~')
  if (kind !== 'u' || host === undefined || port === undefined || localHost === undefined || localPort === undefined) return undefined
  return { transport: 'UDP', host, port: Number(port), local: { host: localHost, port: Number(localPort) } }
}

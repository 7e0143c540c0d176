import type { Clock } from '@offhook/sip-machine'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { withFailover } from '@offhook/sip-transport'
import type { BlocklistOptions, Locate } from '@offhook/sip-transport'
import { cachedResolver } from './answer-cache.js'
import type { AnswerCacheOptions } from './answer-cache.js'
import { dnsResolver } from './dns-resolver.js'
import { searchFor, searchOf } from './locate.js'
import type { LocateOptions, Search } from './locate.js'
import type { ServiceRecord } from './resolver.js'
import { announcesSecured } from './service-pointers.js'

/** What {@link createLocate} may be told. */
export interface CreateLocateOptions extends LocateOptions {
  readonly clock?: Clock
  /** How long answers are believed. */
  readonly cache?: Omit<AnswerCacheOptions, 'clock'>
  /** How long targets that failed are avoided. */
  readonly blocklist?: Omit<BlocklistOptions, 'random'>
  /**
   * Stay with the order that chance drew among servers of one priority for as long as DNS names the same ones: what a telephone wants,
   * which shall not register here and call there. A proxy draws for each request, which spreads the load.
   */
  readonly steady?: boolean
  /** Told of a domain that had secured services in NAPTR and has none any more: perhaps somebody wants us on the open road (RFC 3263 §7). */
  readonly downgraded?: (domain: string) => void
}

const MAX_REMEMBERED = 1_000

/**
 * A `locate` for a program that lives longer than one request: RFC 3263 with a cache of answers, by their TTL, and a list of targets
 * to avoid for a while after they failed. Everybody in the program may share it.
 *
 * @example
 * const agent = new UserAgent({ identity: 'sip:alice@example.com', adapters: nodeAdapters(), locate: createLocate({ steady: true }) })
 */
export function createLocate(options: CreateLocateOptions = {}): Locate {
  const { clock = hostClock, random = hostRandom, resolver = dnsResolver(), steady = false, downgraded } = options
  const { order, ...search } = searchOf({ ...options, random, resolver: cachedResolver(resolver, { ...options.cache, clock }) })
  const services = new Orders<ServiceRecord>((record) => `${record.priority} ${record.weight} ${record.port} ${record.name}`)
  const addresses = new Orders<string>((address) => address)
  const secured = new Latest<true>()
  const finder: Search = {
    ...search,
    order: (name, records) => (steady ? services.settle(name, records, () => order(name, records)) : order(name, records)),
    orderAddresses: (host, found) => (steady ? addresses.settle(host, found, () => found) : found),
    pointersSeen(domain, records) {
      if (announcesSecured(records)) secured.set(domain, true)
      else if (secured.get(domain) === true) downgraded?.(domain)
    },
  }
  return withFailover((uri) => searchFor(uri, finder), { ...options.blocklist, clock, random })
}

/** Orders that stay as they are while they are of the same things. */
class Orders<Value> {
  readonly #textOf: (value: Value) => string
  readonly #settled = new Latest<{ readonly text: string; readonly order: readonly Value[] }>()

  constructor(textOf: (value: Value) => string) {
    this.#textOf = textOf
  }

  settle(name: string, values: readonly Value[], draw: () => readonly Value[]): readonly Value[] {
    const text = values.map(this.#textOf).sort().join()
    const known = this.#settled.get(name)
    if (known?.text === text) return known.order
    const order = draw()
    this.#settled.set(name, { text, order })
    return order
  }
}

/** Remembers the latest of what it is told. */
class Latest<Value> {
  readonly #values = new Map<string, Value>()

  get(name: string): Value | undefined {
    return this.#values.get(name.toLowerCase())
  }

  set(name: string, value: Value): void {
    const key = name.toLowerCase()
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= MAX_REMEMBERED) return
    const [oldest = ''] = this.#values.keys()
    this.#values.delete(oldest)
  }
}

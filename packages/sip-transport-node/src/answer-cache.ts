import type { Clock, Instant } from '@offhook/sip-machine'
import type { Answer, Resolver } from './resolver.js'

/** What {@link cachedResolver} takes. Times in seconds, as DNS has them. */
export interface AnswerCacheOptions {
  readonly clock: Clock
  /** How many answers of each kind are kept, the latest used ones: 1,000. */
  readonly maxAnswers?: number
  /** How long an answer holds that does not say: 60. Node tells the TTL of addresses from DNS, and of nothing else. */
  readonly unknownTtl?: number
  /** The longest that any answer is believed: 3,600. */
  readonly maxTtl?: number
  /** How long it is believed that there is nothing (RFC 2308 §5): 30. */
  readonly negativeTtl?: number
  /** How long nobody is asked again when there was no answer (RFC 2308 §7): 5. */
  readonly failureTtl?: number
}

interface Kept<Value> {
  readonly answer: Promise<Answer<Value>>
  /** Infinity while the answer is waited for. */
  until: Instant
}

/** A resolver that asks another one only when the answer at hand has run out, and once for all who ask at the same time. */
export function cachedResolver(resolver: Resolver, options: AnswerCacheOptions): Resolver {
  const addresses = new AnswerCache((host) => resolver.addresses(host), options)
  const services = new AnswerCache((name) => resolver.services(name), options)
  const pointers = new AnswerCache((domain) => resolver.pointers(domain), options)
  return {
    addresses: (host) => addresses.ask(host),
    services: (name) => services.ask(name),
    pointers: (domain) => pointers.ask(domain),
  }
}

/** Answers to one kind of question. */
class AnswerCache<Value> {
  readonly #source: (name: string) => Promise<Answer<Value>>
  readonly #options: Required<AnswerCacheOptions>
  readonly #kept = new Map<string, Kept<Value>>()

  constructor(source: (name: string) => Promise<Answer<Value>>, options: AnswerCacheOptions) {
    this.#source = source
    this.#options = { maxAnswers: 1_000, unknownTtl: 60, maxTtl: 3_600, negativeTtl: 30, failureTtl: 5, ...options }
  }

  ask(name: string): Promise<Answer<Value>> {
    const key = name.toLowerCase().replace(/\.$/, '')
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const kept = known !== undefined && this.#options.clock.now() < known.until ? known : this.#start(name)
    this.#kept.set(key, kept)
    if (this.#kept.size > this.#options.maxAnswers) {
      const [oldest = ''] = this.#kept.keys()
      this.#kept.delete(oldest)
    }
    return kept.answer
  }

  #start(name: string): Kept<Value> {
    const { clock, failureTtl } = this.#options
    const kept: Kept<Value> = { answer: this.#source(name), until: Infinity }
    const holdsFor = (seconds: number): void => {
      kept.until = clock.now() + 1_000 * seconds
    }
    kept.answer.then((answer) => holdsFor(this.#lifetimeOf(answer)), () => holdsFor(failureTtl))
    return kept
  }

  #lifetimeOf({ records, ttl }: Answer<Value>): number {
    const { maxTtl, negativeTtl, unknownTtl } = this.#options
    return Math.min(records.length === 0 ? negativeTtl : maxTtl, ttl ?? (records.length === 0 ? negativeTtl : unknownTtl))
  }
}

import { randomFraction } from '@offhook/sip-machine'
import type { Instant, RandomSource } from '@offhook/sip-machine'
import type { Target } from './adapter.js'
import { canonicalHost } from './host.js'

/** How long targets are avoided. Times in ms. */
export interface BlocklistOptions {
  readonly random: RandomSource
  /** After the first failure: 10,000. It doubles with each failure in a row, and up to half of it is left to chance. */
  readonly firstPause?: number
  /** After many failures: 600,000. */
  readonly longestPause?: number
  /** What a server may ask for with Retry-After: 3,600,000. */
  readonly longestRetryAfter?: number
  /** How many targets are remembered, the latest ones: 1,000. */
  readonly maxTargets?: number
}

interface Entry {
  readonly until: Instant
  /** When the failures are forgotten. */
  readonly forgottenAt: Instant
  readonly failures: number
}

/**
 * Targets that failed (RFC 3263 §4.3) or asked to be left alone (503 with Retry-After, RFC 3261 §21.5.4), each for a while
 * that grows with its failures and is forgotten after as long again in peace. Takes time as an argument and holds no timer.
 */
export class Blocklist {
  readonly #options: Required<BlocklistOptions>
  readonly #entries = new Map<string, Entry>()

  constructor(options: BlocklistOptions) {
    this.#options = { firstPause: 10_000, longestPause: 600_000, longestRetryAfter: 3_600_000, maxTargets: 1_000, ...options }
  }

  /** How many targets are remembered. */
  get size(): number {
    return this.#entries.size
  }

  /**
   * A target did not answer, could not be reached, or answered 503.
   *
   * @param retryAfter what it asked for, in ms
   */
  add(target: Target, now: Instant, retryAfter?: number): void {
    const key = keyOf(target)
    const known = this.#entries.get(key)
    const asked = retryAfter === undefined ? -Infinity : now + Math.min(retryAfter, this.#options.longestRetryAfter)
    if (known !== undefined && now < known.until) {
      // Requests that were under way together fail together: that is one failure.
      if (asked > known.until) this.#remember(key, { ...known, until: asked, forgottenAt: asked + this.#options.firstPause })
      return
    }
    const failures = known === undefined || now >= known.forgottenAt ? 0 : known.failures
    const whole = Math.min(this.#options.firstPause * 2 ** failures, this.#options.longestPause)
    const until = retryAfter === undefined ? now + whole * (0.5 + 0.5 * randomFraction(this.#options.random)) : asked
    this.#remember(key, { until, forgottenAt: until + whole, failures: failures + 1 })
  }

  /** When a target may be tried again; `-Infinity` when it may now. */
  until(target: Target, now: Instant): Instant {
    const until = this.#entries.get(keyOf(target))?.until ?? -Infinity
    return until > now ? until : -Infinity
  }

  /** The same targets: those that may be tried in their order, then the others, soonest free first, for when nothing else is left. */
  order<Some extends Target>(targets: readonly Some[], now: Instant): readonly Some[] {
    if (this.#entries.size === 0) return targets
    const ranked = targets.map((target) => ({ target, until: this.until(target, now) }))
    return ranked.sort((a, b) => (a.until === b.until ? 0 : a.until - b.until)).map(({ target }) => target)
  }

  #remember(key: string, entry: Entry): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size <= this.#options.maxTargets) return
    const [oldest = ''] = this.#entries.keys()
    this.#entries.delete(oldest)
  }
}

/** A server that may fail by itself: WebSocket paths, and names on one address, may lead to different ones. */
function keyOf({ transport, host, port, serverName = host, path = '/' }: Target): string {
  return `${transport} ${canonicalHost(host)} ${port} ${canonicalHost(serverName)} ${path}`
}

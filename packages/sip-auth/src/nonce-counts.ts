interface Count {
  readonly issued: number
  highest: number
}

/**
 * The highest nonce count accepted per nonce, so that a request is good once (RFC 7616 §3.3, `nc`).
 *
 * Only a correct digest makes an entry, and there are never more than `capacity`: when the oldest has to go, every
 * nonce of its age or older is refused as stale from then on, so that forgetting never opens a replay.
 */
export class NonceCounts {
  readonly #counts = new Map<string, Count>()
  readonly #capacity: number
  #forgottenUpTo = -1

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#counts.size
  }

  /** Takes note of a use; false when this count was used already or cannot be judged any more. */
  accept(nonce: string, issued: number, count: number): boolean {
    const known = this.#counts.get(nonce)
    if (known !== undefined) {
      if (count <= known.highest) return false
      known.highest = count
      return true
    }
    if (issued <= this.#forgottenUpTo) return false
    this.#counts.set(nonce, { issued, highest: count })
    for (const [oldest, { issued: age }] of this.#counts) {
      if (this.#counts.size <= this.#capacity) break
      this.#counts.delete(oldest)
      this.#forgottenUpTo = Math.max(this.#forgottenUpTo, age)
    }
    return true
  }

  /** Forgets nonces issued before `instant`, which are expired anyway. */
  expire(instant: number): void {
    for (const [nonce, { issued }] of this.#counts) {
      if (issued < instant) this.#counts.delete(nonce)
    }
  }
}

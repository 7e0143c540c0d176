import type { Clock } from './clock.js'
import type { Instant } from './machine.js'

/**
 * The one host alarm of a composition root.
 *
 * Hand it the root's earliest deadline after every step; it rings once at or soon after that instant. At most one
 * alarm of the clock is held at any time. A deadline that moves later costs nothing: the held alarm stays, and is set
 * anew when it finds itself early.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #at: Instant = Infinity
  #held: Instant = Infinity
  #cancel: (() => void) | undefined

  /** @param ring Called at the deadline; it is expected to wake what is due and to call {@link Alarm.set} again. */
  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** The deadline that was asked for; `Infinity` when the alarm is off. */
  get at(): Instant {
    return this.#at
  }

  /** Moves the alarm; `Infinity` turns it off and frees the host's alarm. */
  set(at: Instant): void {
    this.#at = at
    if (at < this.#held || at === Infinity) this.#hold(at)
  }

  #hold(at: Instant): void {
    this.#cancel?.()
    this.#held = at
    this.#cancel = at === Infinity ? undefined : this.#clock.schedule(at, () => this.#woken())
  }

  #woken(): void {
    const early = this.#clock.now() < this.#at
    this.#hold(early ? this.#at : Infinity)
    if (early) return
    this.#at = Infinity
    this.#ring()
  }
}

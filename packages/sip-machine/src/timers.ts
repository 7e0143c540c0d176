import type { Instant } from './machine.js'

/**
 * The few named timers of one machine. `next` is what a machine returns as its deadline.
 *
 * Setting a timer that runs moves it. Timers that fall due together are taken in the order in which they were first set.
 */
export class Timers<Name extends string> {
  /** A timer that has been stopped stays, at `Infinity`. */
  readonly #timers: { readonly name: Name; at: Instant }[] = []

  /** When the earliest timer fires; `Infinity` when none runs. */
  get next(): Instant {
    let next = Infinity
    for (const { at } of this.#timers) if (at < next) next = at
    return next
  }

  /** Starts or moves a timer; `Infinity` stops it. */
  set(name: Name, at: Instant): void {
    const timer = this.#timers.find((other) => other.name === name)
    if (timer === undefined) this.#timers.push({ name, at })
    else timer.at = at
  }

  /** Stops a timer; harmless when it does not run. */
  clear(name: Name): void {
    this.set(name, Infinity)
  }

  /** Stops every timer that `isKept` does not vouch for. */
  retain(isKept: (name: Name) => boolean): void {
    for (const { name } of this.#timers) if (!isKept(name)) this.clear(name)
  }

  /** Stops and names the earliest timer that is due at `now`, or `undefined` when none is. */
  takeDue(now: Instant): Name | undefined {
    const { next } = this
    const due = this.#timers.find(({ at }) => at === next && at <= now && at < Infinity)
    if (due !== undefined) due.at = Infinity
    return due?.name
  }
}

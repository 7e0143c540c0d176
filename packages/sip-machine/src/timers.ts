import type { Instant } from './machine.js'

/**
 * The few named timers of one machine. `next` is what a machine returns as its deadline.
 *
 * Setting a timer that runs moves it. Timers that fall due together are taken in the order in which they were first set.
 */
export class Timers<Name extends string> {
  #names: readonly Name[] = []
  /** Of the timer at the same place among the names; one that has been stopped stays, at `Infinity`. */
  #instants: Instant[] = []

  /** When the earliest timer fires; `Infinity` when none runs. */
  get next(): Instant {
    let next = Infinity
    for (const at of this.#instants) if (at < next) next = at
    return next
  }

  /** Starts or moves a timer; `Infinity` stops it. */
  set(name: Name, at: Instant): void {
    const place = this.#names.indexOf(name)
    if (place >= 0) this.#instants[place] = at
    else if (at < Infinity) {
      // Not pushed: that makes room for many, and there are few, in machines that are many.
      this.#names = [...this.#names, name]
      this.#instants = [...this.#instants, at]
    }
  }

  /** Stops a timer; harmless when it does not run. */
  clear(name: Name): void {
    this.set(name, Infinity)
  }

  /** Stops every timer that `isKept` does not vouch for. */
  retain(isKept: (name: Name) => boolean): void {
    this.#names.forEach((name, place) => {
      if (!isKept(name)) this.#instants[place] = Infinity
    })
  }

  /** Stops and names the earliest timer that is due at `now`, or `undefined` when none is. */
  takeDue(now: Instant): Name | undefined {
    const { next } = this
    if (next > now || next === Infinity) return undefined
    const place = this.#instants.indexOf(next)
    this.#instants[place] = Infinity
    return this.#names[place]
  }
}

import type { Instant } from './machine.js'

/**
 * The few named timers of one machine. `next` is what a machine returns as its deadline.
 *
 * Setting a timer that runs moves it. Timers that fall due together are taken in the order in which they were first set.
 */
export class Timers<Name extends string> {
  readonly #names: Name[] = []
  readonly #instants: Instant[] = []
  #next: Instant = Infinity

  /** When the earliest timer fires; `Infinity` when none runs. */
  get next(): Instant {
    return this.#next
  }

  /** Starts or moves a timer; `Infinity` stops it. */
  set(name: Name, at: Instant): void {
    const index = this.#names.indexOf(name)
    if (at === Infinity) {
      if (index >= 0) this.#drop(index)
      return
    }
    if (index < 0) {
      this.#names.push(name)
      this.#instants.push(at)
      if (at < this.#next) this.#next = at
      return
    }
    this.#instants[index] = at
    this.#findNext()
  }

  /** Stops a timer; harmless when it does not run. */
  clear(name: Name): void {
    const index = this.#names.indexOf(name)
    if (index >= 0) this.#drop(index)
  }

  /** Whether the timer runs. */
  isSet(name: Name): boolean {
    return this.#names.includes(name)
  }

  /** When the timer fires; `Infinity` when it does not run. */
  at(name: Name): Instant {
    return this.#instants[this.#names.indexOf(name)] ?? Infinity
  }

  /** Stops every timer. */
  clearAll(): void {
    this.#names.length = 0
    this.#instants.length = 0
    this.#next = Infinity
  }

  /** Stops every timer that `isKept` does not vouch for. */
  retain(isKept: (name: Name) => boolean): void {
    for (let index = this.#names.length - 1; index >= 0; index--) {
      const name = this.#names[index]
      if (name !== undefined && !isKept(name)) this.#drop(index)
    }
  }

  /** Stops and names the earliest timer that is due at `now`, or `undefined` when none is. */
  takeDue(now: Instant): Name | undefined {
    if (this.#next > now) return undefined
    const index = this.#instants.indexOf(this.#next)
    const name = this.#names[index]
    this.#drop(index)
    return name
  }

  #drop(index: number): void {
    this.#names.splice(index, 1)
    this.#instants.splice(index, 1)
    this.#findNext()
  }

  #findNext(): void {
    let next: Instant = Infinity
    for (const at of this.#instants) if (at < next) next = at
    this.#next = next
  }
}

import type { Instant } from './machine.js'

/** One that has been stopped stays, at `Infinity`, until the next {@link Timers.retain}. */
interface Timer<Name> {
  readonly name: Name
  at: Instant
  next: Timer<Name> | undefined
}

/**
 * The few named timers of one machine. `next` is what a machine returns as its deadline.
 *
 * Setting a timer that runs moves it. Timers that fall due together are taken in the order in which they were first set.
 */
export class Timers<Name extends string> {
  // The first timer stands here, further ones in a chain: machines that are many and wait long have one timer, and hold no object for it.
  #name: Name | undefined
  #at: Instant = Infinity
  #others: Timer<Name> | undefined

  /** When the earliest timer fires; `Infinity` when none runs. */
  get next(): Instant {
    let next = this.#at
    for (let timer = this.#others; timer !== undefined; timer = timer.next) if (timer.at < next) next = timer.at
    return next
  }

  /** Starts or moves a timer; `Infinity` stops it. */
  set(name: Name, at: Instant): void {
    if (this.#name === name) {
      this.#at = at
      return
    }
    let last: Timer<Name> | undefined
    for (let timer = this.#others; timer !== undefined; timer = timer.next) {
      if (timer.name === name) {
        timer.at = at
        return
      }
      last = timer
    }
    if (at === Infinity) return
    if (this.#name === undefined && last === undefined) {
      this.#name = name
      this.#at = at
      return
    }
    const timer = { name, at, next: undefined }
    if (last === undefined) this.#others = timer
    else last.next = timer
  }

  /** Stops a timer; harmless when it does not run. */
  clear(name: Name): void {
    this.set(name, Infinity)
  }

  /** Stops every timer that has no entry in `kept`: the row of a transition table, for instance. */
  retain(kept: Readonly<Partial<Record<Name, unknown>>>): void {
    let last: Timer<Name> | undefined
    for (let timer = this.#others; timer !== undefined; timer = timer.next) {
      if (timer.name in kept) last = timer
      else if (last === undefined) this.#others = timer.next
      else last.next = timer.next
    }
    if (this.#name === undefined || this.#name in kept) return
    const first = this.#others
    this.#name = first?.name
    this.#at = first?.at ?? Infinity
    this.#others = first?.next
  }

  /** Stops and names the earliest timer that is due at `now`, or `undefined` when none is. */
  takeDue(now: Instant): Name | undefined {
    let at = this.#at
    let due: Timer<Name> | undefined
    for (let timer = this.#others; timer !== undefined; timer = timer.next) {
      if (timer.at < at) {
        at = timer.at
        due = timer
      }
    }
    if (at > now || at === Infinity) return undefined
    if (due !== undefined) {
      due.at = Infinity
      return due.name
    }
    this.#at = Infinity
    return this.#name
  }
}

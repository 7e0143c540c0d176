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
  // A chain: machines that are many and wait long hold one small object each.
  #first: Timer<Name> | undefined

  /** When the earliest timer fires; `Infinity` when none runs. */
  get next(): Instant {
    let next = Infinity
    for (let timer = this.#first; timer !== undefined; timer = timer.next) if (timer.at < next) next = timer.at
    return next
  }

  /** Starts or moves a timer; `Infinity` stops it. */
  set(name: Name, at: Instant): void {
    let last: Timer<Name> | undefined
    for (let timer = this.#first; timer !== undefined; timer = timer.next) {
      if (timer.name === name) {
        timer.at = at
        return
      }
      last = timer
    }
    if (at === Infinity) return
    const timer = { name, at, next: undefined }
    if (last === undefined) this.#first = timer
    else last.next = timer
  }

  /** Stops a timer; harmless when it does not run. */
  clear(name: Name): void {
    this.set(name, Infinity)
  }

  /** Stops every timer that `isKept` does not vouch for. */
  retain(isKept: (name: Name) => boolean): void {
    let last: Timer<Name> | undefined
    for (let timer = this.#first; timer !== undefined; timer = timer.next) {
      if (isKept(timer.name)) last = timer
      else if (last === undefined) this.#first = timer.next
      else last.next = timer.next
    }
  }

  /** Stops and names the earliest timer that is due at `now`, or `undefined` when none is. */
  takeDue(now: Instant): Name | undefined {
    let due: Timer<Name> | undefined
    for (let timer = this.#first; timer !== undefined; timer = timer.next) {
      if (timer.at <= now && timer.at < (due?.at ?? Infinity)) due = timer
    }
    if (due === undefined) return undefined
    due.at = Infinity
    return due.name
  }
}

import type { Clock } from '../clock.js'
import { DeadlineQueue } from '../deadline-queue.js'
import { MachineError } from '../machine-error.js'
import type { Instant } from '../machine.js'

interface PendingAlarm {
  readonly wake: () => void
}

/** How many alarms {@link VirtualClock.run} lets ring before it calls the system restless. */
const ALARM_LIMIT = 10_000_000
/** Microtask turns in one {@link VirtualClock.settle}: more than any chain of promises in a test has. */
const SETTLE_TURNS = 64

/**
 * A clock whose time a test moves.
 *
 * Time steps from alarm to alarm, never over one: an alarm that sets another alarm within the advanced span sees it
 * ring, too, and `now()` is always the instant of the alarm that rings.
 */
export class VirtualClock implements Clock {
  readonly #alarms = new DeadlineQueue<PendingAlarm>()
  #now: Instant
  #stepping = false

  /** @param start The first instant, in milliseconds. */
  constructor(start: Instant = 0) {
    this.#now = start
  }

  /** How many alarms are pending. */
  get pending(): number {
    return this.#alarms.size
  }

  /** When the next alarm rings; `Infinity` when none is pending. */
  get next(): Instant {
    return this.#alarms.next
  }

  now(): Instant {
    return this.#now
  }

  /** @throws {MachineError} `not-an-instant` when `at` is not a number. */
  schedule(at: Instant, wake: () => void): () => void {
    if (Number.isNaN(at)) throw new MachineError('not-an-instant', 'An alarm was set at NaN.')
    const alarm: PendingAlarm = { wake }
    this.#alarms.schedule(alarm, at)
    return () => this.#alarms.remove(alarm)
  }

  /**
   * Moves time on by `ms` milliseconds; every alarm on the way rings at its instant.
   *
   * @throws {MachineError} `not-an-instant` when `ms` is negative or not a number, `re-entered` out of an alarm.
   */
  advance(ms: number): void {
    this.run(this.#target(ms))
  }

  /**
   * Lets alarms ring until `until`, or until none is pending.
   *
   * @throws {MachineError} `never-idle` after ten million alarms, `re-entered` out of an alarm.
   */
  run(until: Instant = Infinity): void {
    for (let rung = 0; this.#ringNext(until); rung++) {
      if (rung === ALARM_LIMIT) throw new MachineError('never-idle', `${ALARM_LIMIT} alarms rang and more are pending.`)
    }
    if (until !== Infinity && until > this.#now) this.#now = until
  }

  /** Lets promises that are already on their way come to rest. Time stands still. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await Promise.resolve()
  }

  /** Like {@link VirtualClock.advance}, with promises settled before, between and after the alarms. */
  async advanceAsync(ms: number): Promise<void> {
    const until = this.#target(ms)
    await this.settle()
    while (this.#ringNext(until)) await this.settle()
    if (until > this.#now) this.#now = until
  }

  /**
   * Moves time on, alarm by alarm, until the promise is settled, and returns its result.
   *
   * @param limitMs How many milliseconds of virtual time it may take: one hour unless told.
   * @throws {MachineError} `never-idle` when the limit is reached, or nothing is pending and the promise still waits.
   */
  async runUntil<Value>(promise: Promise<Value>, limitMs = 3_600_000): Promise<Value> {
    const limit = this.#target(limitMs)
    const outcome = { settled: false }
    const settled = (): void => {
      outcome.settled = true
    }
    promise.then(settled, settled)
    await this.settle()
    while (!outcome.settled) {
      if (!this.#ringNext(limit)) {
        throw new MachineError('never-idle', `Still waiting after ${limitMs} ms of virtual time, ${this.pending} alarms pending.`)
      }
      await this.settle()
    }
    return promise
  }

  #target(ms: number): Instant {
    if (!(ms >= 0)) throw new MachineError('not-an-instant', `Time cannot advance by ${String(ms)} ms.`)
    return this.#now + ms
  }

  #ringNext(until: Instant): boolean {
    if (this.#stepping) throw new MachineError('re-entered', 'The virtual clock was advanced out of one of its alarms.')
    const at = this.#alarms.next
    const alarm = at === Infinity ? undefined : this.#alarms.takeDue(until)
    if (alarm === undefined) return false
    if (at > this.#now) this.#now = at
    this.#stepping = true
    try {
      alarm.wake()
    } finally {
      this.#stepping = false
    }
    return true
  }
}

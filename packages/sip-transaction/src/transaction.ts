import { Timers } from '@offhook/sip-machine'
import type { Instant, Machine } from '@offhook/sip-machine'
import type { MachineEffect } from './transaction-effect.js'
import type { TransitionTable } from './transition-table.js'

/** The states that every transaction has: before {@link Transaction.start}, and after its end. */
export type BoundaryState = 'initial' | 'terminated'

type TimerEvent<Event extends string> = Extract<Event, `timer ${string}`>

/** What the four transaction machines share: a state, timers, and the table that says what happens. */
export abstract class Transaction<State extends string, Event extends string, Action extends string, Input>
  implements Machine<Input, MachineEffect>
{
  readonly #table: TransitionTable<State | BoundaryState, Event, Action>
  readonly #startEvent: Event
  readonly #timers = new Timers<TimerEvent<Event>>()
  #state: State | BoundaryState = 'initial'

  protected constructor(table: TransitionTable<State | BoundaryState, Event, Action>, startEvent: Event) {
    this.#table = table
    this.#startEvent = startEvent
  }

  /** The state, as the RFC's figure names it. */
  get state(): State | BoundaryState {
    return this.#state
  }

  get deadline(): Instant {
    return this.#timers.next
  }

  /** Enters the first state of the figure. Further calls do nothing. */
  start(now: Instant, out: MachineEffect[]): void {
    this.fire(now, this.#startEvent, out)
  }

  abstract receive(now: Instant, input: Input, out: MachineEffect[]): void

  wake(now: Instant, out: MachineEffect[]): void {
    for (let due = this.#timers.takeDue(now); due !== undefined; due = this.#timers.takeDue(now)) this.fire(now, due, out)
  }

  /** Follows the table: one step. */
  protected fire(now: Instant, event: Event, out: MachineEffect[]): void {
    const transition = this.#table[this.#state][event]
    if (transition === undefined) return
    const [next] = transition
    if (next !== this.#state) this.#enter(next)
    for (let index = 1; index < transition.length; index++) this.perform(transition[index] as Action, now, out)
    if (next === 'terminated') out.push({ type: 'terminated' })
  }

  /** Does one action of the table. */
  protected abstract perform(action: Action, now: Instant, out: MachineEffect[]): void

  /** Starts a timer; one of infinite duration does not run. */
  protected setTimer(timer: TimerEvent<Event>, at: Instant): void {
    this.#timers.set(timer, at)
  }

  protected clearTimer(timer: TimerEvent<Event>): void {
    this.#timers.clear(timer)
  }

  #enter(state: State | BoundaryState): void {
    this.#state = state
    if (this.#timers.next === Infinity) return
    const row = this.#table[state]
    this.#timers.retain((timer) => row[timer] !== undefined)
  }
}

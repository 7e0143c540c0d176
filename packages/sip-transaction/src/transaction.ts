import { Timers } from '@offhook/sip-machine'
import type { DeadlinePlace, Instant, Machine, Placed } from '@offhook/sip-machine'
import type { SipMessage, SipRequest } from '@offhook/sip-parser'
import type { FlowMember } from './flow-transactions.js'
import type { Hop } from './hop.js'
import type { TransactionEffect } from './layer-messages.js'
import type { TimerDurations } from './timer-values.js'
import type { CancelledRequest, TransactionOptions } from './transaction-options.js'
import type { TransactionEvent, TransactionMemory, TransactionTimer, Transition, TransitionStep } from './transition-table.js'

type Row = Readonly<Partial<Record<string, Transition<string>>>>

/** What is left of a server transaction that its user or its flow gave up. */
const silent: Row = { H: ['terminated'] }

/** One of the four machines: a state, timers, and the table that says what happens. */
export abstract class Transaction<F extends Hop> implements Machine<TransactionEvent, TransactionEffect<F>>, TransactionMemory, Placed, FlowMember<F, Transaction<F>> {
  deadlinePlace: DeadlinePlace | undefined
  older: Transaction<F> | undefined
  newer: Transaction<F> | undefined
  readonly key: string
  /** What it shares with the messages that belong to it, where that is not its key. */
  readonly name: string | undefined
  readonly flow: F
  readonly cancels: CancelledRequest | undefined
  readonly merged: boolean
  /** What copies of its request share that come by other ways; undefined where nobody looks for them. */
  readonly origin: string | undefined
  request: SipRequest | undefined
  sent: SipMessage | string | undefined
  ack: SipRequest | undefined
  readonly #durations: TimerDurations
  readonly #table: Readonly<Record<string, Row>>
  readonly #timers = new Timers<TransactionTimer>()
  #state = 'initial'
  #row: Row
  /** Of the retransmission timer that runs: A, E and G begin alike. */
  #interval: number

  protected constructor(table: { readonly initial: Row }, options: TransactionOptions<F>) {
    this.key = options.key
    this.name = options.name
    this.flow = options.flow
    this.cancels = options.cancels
    this.merged = options.merged === true
    this.origin = options.origin
    this.request = options.request
    this.#durations = options.durations
    this.#table = table
    this.#row = table.initial
    this.#interval = options.durations.A
  }

  /** The state, as the RFC's figure names it; `initial` before `start`, `terminated` at the end, `silent` once given up. */
  get state(): string {
    return this.#state
  }

  get deadline(): Instant {
    return this.#timers.next
  }

  /** Follows the table: one step. */
  receive(now: Instant, event: TransactionEvent, out: TransactionEffect<F>[]): void {
    const row = this.#row
    const transition = row[typeof event === 'string' ? event : this.eventOf(event)]
    if (transition === undefined) return
    const [next] = transition
    if (next !== this.#state) this.#enter(next, this.#table[next] ?? {})
    for (let place = 1; place < transition.length; place++) {
      const step = transition[place] as TransitionStep
      if (typeof step === 'function') step(this, event, out)
      else this.#start(step, now, step === event)
    }
    if (next === 'terminated' && row !== silent) out.push({ type: 'ended', key: this.key })
  }

  wake(now: Instant, out: TransactionEffect<F>[]): void {
    for (let due = this.#timers.takeDue(now); due !== undefined; due = this.#timers.takeDue(now)) this.receive(now, due, out)
  }

  /** Keeps retransmissions from being taken for new requests (RFC 6026 §6), without a word, for 64·T1. */
  silence(now: Instant): void {
    if (this.#row === silent) return
    this.#enter('silent', silent)
    this.request = this.sent = this.ack = undefined
    this.#start('H', now)
  }

  stop(timer: TransactionTimer): void {
    this.#timers.clear(timer)
  }

  /** The event of the figure that a message is. */
  protected eventOf(message: SipMessage): string {
    if (message.kind === 'request') return message.method === 'ACK' ? 'ACK' : 'INVITE'
    return message.statusCode < 200 ? '1xx' : message.statusCode < 300 ? '2xx' : '300-699'
  }

  #enter(state: string, row: Row): void {
    this.#state = state
    this.#row = row
    this.#timers.retain(row)
  }

  #start(timer: TransactionTimer | 'T2', now: Instant, again = false): void {
    const durations = this.#durations
    if (again) this.#interval = Math.min(2 * this.#interval, timer === 'A' ? Infinity : durations.T2)
    this.#timers.set(timer === 'T2' ? 'E' : timer, now + (again ? this.#interval : durations[timer]))
  }
}

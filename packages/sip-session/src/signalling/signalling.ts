import { Alarm, DeadlineQueue, RunQueue, placesInItems } from '@offhook/sip-machine'
import type { Clock, Instant, Placed, RandomSource } from '@offhook/sip-machine'
import type { DigestClient } from '@offhook/sip-auth'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import { TransactionLayer, defaultTimerValues } from '@offhook/sip-transaction'
import type { CancelledRequest, TimerValues, TransactionEffect, TransactionInput } from '@offhook/sip-transaction'
import { TransportLayer } from '@offhook/sip-transport'
import type { AdapterFactory, Flow, TraceRecord } from '@offhook/sip-transport'

/** Something with a deadline under the one alarm. */
export interface Wakeable extends Placed {
  wake(now: Instant): void
}

/** Who hears of a client transaction. */
export interface TransactionUser {
  response(response: SipResponse): void
  failed(failure: 'timed-out' | 'unreachable'): void
  finished(): void
}

/** Who hears of what others send. */
export interface RequestUser {
  /** `merged`: it came before by another way. */
  request(key: string, request: SipRequest, flow: Flow, merged: boolean): void
  ack(request: SipRequest, flow: Flow): void
  cancel(key: string, request: SipRequest, cancels: CancelledRequest, flow: Flow): void
  /** A server transaction is over. */
  finished(key: string): void
  closed(flow: Flow): void
}

export interface SignallingOptions {
  readonly adapters: readonly AdapterFactory[]
  readonly clock: Clock
  readonly random: RandomSource
  readonly timers: Partial<TimerValues> | undefined
  readonly digest: DigestClient | undefined
  /** Told of each message on the wire once {@link Signalling.watch} was called. */
  readonly trace: (record: TraceRecord) => void
}

/**
 * The engine of a user agent: one queue, one alarm, the transport and the transaction layer. Everything that happens runs
 * as a task of the queue, so that no machine is entered twice.
 */
export class Signalling {
  readonly clock: Clock
  readonly random: RandomSource
  readonly timers: TimerValues
  readonly digest: DigestClient | undefined
  readonly transport: TransportLayer
  #transactions: TransactionLayer<Flow>
  readonly #queue = new RunQueue()
  readonly #alarm: Alarm
  readonly #deadlines = new DeadlineQueue<Wakeable>(placesInItems())
  readonly #clients = new Map<string, TransactionUser>()
  /** Connections that are gone; what still names them is told so. */
  readonly #gone = new WeakSet<Flow>()
  readonly #user: RequestUser
  readonly #trace: (record: TraceRecord) => void
  #lastKey = 0
  #closed = false

  constructor(options: SignallingOptions, user: RequestUser) {
    this.clock = options.clock
    this.random = options.random
    this.timers = { ...defaultTimerValues, ...options.timers }
    this.digest = options.digest
    this.#user = user
    this.#trace = options.trace
    this.#transactions = new TransactionLayer<Flow>({ random: options.random, findMerged: true, ...(options.timers && { timers: options.timers }) })
    this.#alarm = new Alarm(options.clock, () => this.run(() => this.#wake()))
    this.transport = new TransportLayer({
      adapters: options.adapters, clock: options.clock, random: options.random,
      receive: (message, flow) => {
        // A response with another Via is on its way to somebody else (RFC 3261 §8.1.3.3).
        if (message.kind === 'request' || message.vias.length === 1) this.run(() => this.#transact({ type: 'message', message, flow }))
      },
      closed: (flow) => this.run(() => this.#flowClosed(flow)),
    })
  }

  /** Somebody wants to see the messages on the wire. */
  watch(): void {
    this.transport.trace = this.#trace
  }

  get now(): Instant {
    return this.clock.now()
  }

  get closed(): boolean {
    return this.#closed
  }

  /** What is alive: for tests that nothing is left. */
  get size(): { readonly transactions: number; readonly deadlines: number; readonly requests: number } {
    return { transactions: this.#transactions.size, deadlines: this.#deadlines.size, requests: this.#clients.size }
  }

  /** Runs a task when those before it are done: at once, unless called from within one. */
  run(task: () => void): void {
    try {
      this.#queue.run(task)
    } finally {
      this.#setAlarm()
    }
  }

  /** Goes on with a value: at once when it is there, as a task of its own when it is promised. */
  follow<Value>(value: Value | Promise<Value>, go: (value: Value) => void, failed: (error: unknown) => void = () => undefined): void {
    if (value instanceof Promise) value.then((found) => this.run(() => go(found)), (error: unknown) => this.run(() => failed(error)))
    else go(value)
  }

  /** Moves the deadline of a machine. */
  schedule(machine: Wakeable, at: Instant): void {
    this.#deadlines.schedule(machine, this.#closed ? Infinity : at)
    this.#setAlarm()
  }

  /** Runs a task `ms` from now; the function returned takes it back. */
  later(ms: number, task: () => void): () => void {
    const once: Wakeable = { deadlinePlace: undefined, wake: task }
    this.schedule(once, this.now + ms)
    return () => this.#deadlines.remove(once)
  }

  isOpen(flow: Flow): boolean {
    return !this.#gone.has(flow)
  }

  /** Puts a fresh Via on a request for `flow`, on top, in place of the one of an attempt before. @returns the Via */
  address(request: SipRequest, flow: Flow): string {
    const via = this.transport.via(flow, this.#transactions.createBranch())
    if (request.headers.has('Via')) request.headers.set('Via', via)
    else request.headers.prepend('Via', via)
    return via
  }

  /** Opens a client transaction; the Via is there. @returns its key */
  open(request: SipRequest, flow: Flow, user: TransactionUser): string {
    const key = `c${++this.#lastKey}`
    this.#clients.set(key, user)
    this.#transact({ type: 'request', key, request, flow })
    return key
  }

  /** Forgets a client transaction. */
  abandon(key: string): void {
    this.#clients.delete(key)
    this.#transact({ type: 'abandon', key })
  }

  /** Hears no more of a client transaction, and lets it end by itself. */
  disown(key: string): void {
    this.#clients.delete(key)
  }

  /** Answers through a server transaction, or where that is gone with its connection, along the Via (RFC 3261 §18.2.2); what is no INVITE not at all when it is too late (RFC 4320 §4.2). */
  respond(key: string, response: SipResponse, flow: Flow): void {
    if (this.#transactions.stateOf(key) !== undefined) this.#transact({ type: 'respond', key, response })
    else if (!this.isOpen(flow) || response.cseq.method === 'INVITE') this.transport.respond(response, flow)
  }

  /** Sends a message without a transaction: the ACK to a 2xx. */
  send(message: SipMessage, flow: Flow): void {
    this.transport.send(message, flow)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#alarm.set(Infinity)
    for (let machine = this.#deadlines.takeDue(Infinity); machine !== undefined; machine = this.#deadlines.takeDue(Infinity));
    const clients = [...this.#clients.values()]
    this.#clients.clear()
    // Whoever waits for them waits no more.
    for (const client of clients) client.finished()
    // An agent that is closed may be kept; what its transactions hold is not.
    this.#transactions = new TransactionLayer<Flow>({ random: this.random })
    await this.transport.close()
  }

  /** Not within a task: the last one of the queue sees to it. */
  #setAlarm(): void {
    if (!this.#queue.running && !this.#closed) this.#alarm.set(Math.min(this.#transactions.deadline, this.#deadlines.next))
  }

  #wake(): void {
    const { now } = this
    const out: TransactionEffect<Flow>[] = []
    this.#transactions.wake(now, out)
    this.#apply(out)
    for (let machine = this.#deadlines.takeDue(now); machine !== undefined; machine = this.#deadlines.takeDue(now)) machine.wake(now)
  }

  #transact(input: TransactionInput<Flow>): void {
    if (this.#closed) return
    const out: TransactionEffect<Flow>[] = []
    this.#transactions.receive(this.now, input, out)
    this.#apply(out)
  }

  #apply(effects: readonly TransactionEffect<Flow>[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#send(effect.key, effect.message, effect.flow)
          break
        case 'refused':
          this.transport.respond(effect.response, effect.flow)
          break
        case 'request':
          this.#user.request(effect.key, effect.request, effect.flow, effect.merged)
          break
        case 'ack':
          this.#user.ack(effect.request, effect.flow)
          break
        case 'cancel':
          this.#user.cancel(effect.key, effect.request, effect, effect.flow)
          break
        case 'response':
          this.#clients.get(effect.key)?.response(effect.response)
          break
        case 'timeout':
          this.#clients.get(effect.key)?.failed('timed-out')
          break
        case 'flow-failed':
          this.#clients.get(effect.key)?.failed('unreachable')
          break
        case 'ended':
          this.#ended(effect.key)
          break
        case 'stray-response':
          break
      }
    }
  }

  #send(key: string, message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') this.transport.respond(message, flow)
    else if (this.transport.send(message, flow) !== undefined) this.run(() => this.#transact({ type: 'send-failed', key }))
  }

  #ended(key: string): void {
    const client = this.#clients.get(key)
    if (client === undefined) {
      this.#user.finished(key) // of a server, or disowned
      return
    }
    this.#clients.delete(key)
    client.finished()
  }

  #flowClosed(flow: Flow): void {
    this.#gone.add(flow)
    this.#transact({ type: 'flow-failed', flow })
    this.#user.closed(flow)
  }
}

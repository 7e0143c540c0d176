import { Timers } from '@offhook/sip-machine'
import type { Instant, Machine } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import { createAck } from './ack-request.js'
import type { Hop } from './hop.js'
import type { TransactionEffect } from './layer-messages.js'
import type { TimerDurations } from './timer-values.js'
import type { TransactionAction, TransactionTimer, Transition } from './transition-table.js'

/**
 * What happens to a transaction: a message (from the network, or the response that the user of a server transaction gives),
 * or an event that is none. Timers fire by {@link Transaction.wake}.
 */
export type TransactionEvent = SipMessage | 'start' | 'transport error' | TransactionTimer

/** What a transaction is about. */
export interface TransactionOptions<F extends Hop> {
  /** Goes with the effects. */
  readonly key: string
  /** What it shares with the messages that belong to it, where that is not its key. */
  readonly name?: string | undefined
  /** Of a client: with the branch of this transaction in its top Via. */
  readonly request: SipRequest
  /** Of a CANCEL from the network: the key of the INVITE server transaction that it means. */
  readonly inviteKey?: string | undefined
  readonly flow: F
  /** Those of the flow. */
  readonly durations: TimerDurations
}

type Row = Readonly<Partial<Record<string, Transition<string>>>>

/** What is left of a server transaction that its user or its flow gave up. */
const silent: Row = { H: ['terminated'] }

/** One of the four machines: a state, timers, and the table that says what happens. */
export abstract class Transaction<F extends Hop> implements Machine<TransactionEvent, TransactionEffect<F>> {
  readonly options: TransactionOptions<F>
  readonly #table: Readonly<Record<string, Row>>
  readonly #timers = new Timers<TransactionTimer>()
  #state = 'initial'
  #row: Row
  /** Of the retransmission timer that runs: A, E and G begin alike. */
  #interval: number
  #sent: SipMessage | undefined
  #ack: SipRequest | undefined

  protected constructor(table: { readonly initial: Row }, options: TransactionOptions<F>) {
    this.options = options
    this.#table = table
    this.#row = table.initial
    this.#interval = options.durations.A
  }

  /** The state, as the RFC's figure names it; `initial` before `start`, `terminated` at the end, `silent` once given up. */
  get state(): string {
    return this.#state
  }

  /** What was sent last. */
  get sent(): SipMessage | undefined {
    return this.#sent
  }

  get deadline(): Instant {
    return this.#timers.next
  }

  /** Follows the table: one step. */
  receive(now: Instant, input: TransactionEvent, out: TransactionEffect<F>[]): void {
    const row = this.#row
    const event = typeof input === 'string' ? input : this.eventOf(input)
    const transition = row[event]
    if (transition === undefined) return
    const [next] = transition
    if (next !== this.#state) this.#enter(next, this.#table[next] ?? {})
    for (let index = 1; index < transition.length; index++) this.#perform(transition[index] as TransactionAction, now, input, out)
    if (next === 'terminated' && row !== silent) out.push({ type: 'ended', key: this.options.key })
  }

  wake(now: Instant, out: TransactionEffect<F>[]): void {
    for (let due = this.#timers.takeDue(now); due !== undefined; due = this.#timers.takeDue(now)) this.receive(now, due, out)
  }

  /** Keeps retransmissions from being taken for new requests (RFC 6026 §6), without a word, for 64·T1. */
  silence(now: Instant): void {
    if (this.#row === silent) return
    this.#enter('silent', silent)
    this.#timers.set('H', now + this.options.durations.H)
  }

  #enter(state: string, row: Row): void {
    this.#state = state
    this.#row = row
    this.#timers.retain((timer) => timer in row)
  }

  /** The event of the figure that a message is. */
  protected eventOf(message: SipMessage): string {
    if (message.kind === 'request') return message.method === 'ACK' ? 'ACK' : 'INVITE'
    return message.statusCode < 200 ? '1xx' : message.statusCode < 300 ? '2xx' : '300-699'
  }

  #perform(action: TransactionAction, now: Instant, input: TransactionEvent, out: TransactionEffect<F>[]): void {
    const { key, request, flow, inviteKey, durations } = this.options
    // The tables have the actions that need a message in rows of messages only, and so with the timers.
    const response = input as SipResponse
    switch (action) {
      case 'send request': return this.#send(request, out)
      case 'send response': return this.#send(response, out)
      case 'send 100': return this.#send(createResponse(request, { statusCode: 100 }), out)
      case 'send again': return this.#send(this.#sent, out)
      case 'send ACK':
        // Only a response from another fork, with a To tag of its own, gets another ACK.
        if (this.#ack?.headers.get('To') !== response.headers.get('To')) this.#ack = createAck(request, response)
        return this.#send(this.#ack, out)
      case 'withhold response': this.#sent = undefined; break
      case 'request to TU':
        out.push(request.method === 'CANCEL' ? { type: 'cancel', key, request, inviteKey, flow } : { type: 'request', key, request, flow })
        break
      case 'response to TU': out.push({ type: 'response', key, response }); break
      case 'ACK to TU': out.push({ type: 'ack', request: input as SipRequest, flow }); break
      case 'timeout to TU': out.push({ type: 'timeout', key, timer: input as 'B' | 'F' | 'H' }); break
      case 'error to TU': out.push({ type: 'flow-failed', key }); break
      case 'stop inviteTrying': this.#timers.clear('inviteTrying'); break
      case 'E at T2': this.#timers.set('E', now + durations.T2); break
      default:
        this.#timers.set(action, now + (action === input ? this.#backOff(action) : durations[action]))
    }
  }

  /** The next interval of a retransmission timer. */
  #backOff(timer: TransactionTimer): number {
    this.#interval = Math.min(2 * this.#interval, timer === 'A' ? Infinity : this.options.durations.T2)
    return this.#interval
  }

  #send(message: SipMessage | undefined, out: TransactionEffect<F>[]): void {
    if (message === undefined) return
    out.push({ type: 'send', message, flow: this.options.flow, retransmission: message === this.#sent, key: this.options.key })
    this.#sent = message
  }
}

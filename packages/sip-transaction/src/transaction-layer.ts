import { createToken, DeadlineQueue } from '@offhook/sip-machine'
import type { Instant, Machine, RandomSource } from '@offhook/sip-machine'
import type { SipRequest } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import { InviteClientTransaction } from './invite-client-transaction.js'
import { InviteServerTransaction } from './invite-server-transaction.js'
import type { TransactionEffect, TransactionInput } from './layer-messages.js'
import { ackNameOf, clientNameOf, isBeforeRfc3261, MAGIC_COOKIE, SERVER_KEY_PREFIX, serverKeyOf } from './matching.js'
import { NonInviteClientTransaction } from './non-invite-client-transaction.js'
import { NonInviteServerTransaction } from './non-invite-server-transaction.js'
import { createRefusal } from './stateless-refusal.js'
import { timerDurations } from './timer-values.js'
import type { TimerDurations, TimerValues } from './timer-values.js'
import { TransactionError } from './transaction-error.js'
import type { Transaction, TransactionEvent } from './transaction.js'

/** How a {@link TransactionLayer} is made. */
export interface TransactionLayerOptions {
  /** Where branches come from: a cryptographically secure source. */
  readonly random: RandomSource
  /** T1, T2, T4 in milliseconds. */
  readonly timers?: Partial<TimerValues>
  /** At this number of live transactions new requests from the network are refused with 503: 100,000 unless told. */
  readonly maxTransactions?: number
  /** What Retry-After tells those who are refused, in seconds: 10 unless told. */
  readonly retryAfter?: number
}

const MAX_TRANSACTIONS = 100_000
const RETRY_AFTER = 10

/**
 * All transactions of one element: finds the one that a message belongs to, opens new ones, forgets those that are over
 * (RFC 3261 §17.1.3, §17.2.3, §9.2), under one deadline.
 *
 * `F` is the transport's flow, of which the layer only asks whether it is reliable.
 */
export class TransactionLayer<F extends Hop> implements Machine<TransactionInput<F>, TransactionEffect<F>> {
  readonly #options: TransactionLayerOptions
  readonly #reliable: TimerDurations
  readonly #unreliable: TimerDurations
  readonly #byKey = new Map<string, Transaction<F>>()
  /** Clients by what their responses bear, INVITEs from before RFC 3261 by what their ACK bears. */
  readonly #byName = new Map<string, Transaction<F>>()
  readonly #byFlow = new Map<F, Set<Transaction<F>>>()
  readonly #deadlines = new DeadlineQueue<Transaction<F>>()

  constructor(options: TransactionLayerOptions) {
    this.#options = options
    this.#reliable = timerDurations({ reliable: true }, options.timers)
    this.#unreliable = timerDurations({ reliable: false }, options.timers)
  }

  /** How many transactions are live. Those that were given up on an unreliable flow count until their 64·T1 are over. */
  get size(): number {
    return this.#byKey.size
  }

  get deadline(): Instant {
    return this.#deadlines.next
  }

  /** A branch for a new request: the cookie of RFC 3261 §8.1.1.7 and 96 random bits. */
  createBranch(): string {
    return MAGIC_COOKIE + createToken(this.#options.random)
  }

  /** The state of a live transaction, as the RFC's figure names it; `silent` for one that was given up; `undefined` for none. */
  stateOf(key: string): string | undefined {
    return this.#byKey.get(key)?.state
  }

  /** @throws {TransactionError} For a `request` that cannot open a client transaction; nothing else throws. */
  receive(now: Instant, input: TransactionInput<F>, out: TransactionEffect<F>[]): void {
    switch (input.type) {
      case 'request': return this.#openClient(now, input.key, input.request, input.flow, out)
      case 'flow-failed': return this.#failFlow(now, input.flow, out)
      case 'message': {
        const { message, flow } = input
        if (message.kind === 'request') return this.#receiveRequest(now, message, flow, out)
        const client = this.#byName.get(clientNameOf(message))
        if (client === undefined) out.push({ type: 'stray-response', response: message, flow })
        else this.#step(now, client, message, out)
        break
      }
      default: {
        const transaction = this.#byKey.get(input.key)
        if (transaction === undefined) return
        if (input.type === 'abandon') this.#silence(now, transaction)
        else if (input.type === 'send-failed') this.#step(now, transaction, 'transport error', out)
        else if (isServer(transaction)) this.#step(now, transaction, input.response, out)
      }
    }
  }

  wake(now: Instant, out: TransactionEffect<F>[]): void {
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) this.#settle(now, due, out)
  }

  #openClient(now: Instant, key: string, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    const name = clientNameOf(request)
    if (request.method === 'ACK') throw new TransactionError('ack-has-no-transaction', key)
    if (key.startsWith(SERVER_KEY_PREFIX)) throw new TransactionError('reserved-key', key)
    if (this.#byKey.has(key)) throw new TransactionError('key-in-use', key)
    if (request.via.branch === undefined) throw new TransactionError('no-branch', key)
    if (this.#byName.has(name)) throw new TransactionError('branch-in-use', name)
    const Client = request.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction
    this.#start(now, new Client({ key, name, request, flow, durations: this.#durationsOf(flow) }), out)
  }

  #receiveRequest(now: Instant, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    const isAck = request.method === 'ACK'
    const key = serverKeyOf(request)
    const server = isAck ? this.#acknowledged(request) : this.#byKey.get(key)
    if (server !== undefined) this.#step(now, server, request, out)
    else if (isAck) out.push({ type: 'ack', request, flow })
    else this.#openServer(now, key, request, flow, out)
  }

  #openServer(now: Instant, key: string, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    const { maxTransactions = MAX_TRANSACTIONS, retryAfter = RETRY_AFTER } = this.#options
    const inviteKey = this.#cancelled(request)
    // A CANCEL that matches makes room rather than taking it.
    if (this.size >= maxTransactions && inviteKey === undefined) {
      out.push({ type: 'refused', request, response: createRefusal(request, key, retryAfter), flow })
      return
    }
    const isInvite = request.method === 'INVITE'
    const Server = isInvite ? InviteServerTransaction : NonInviteServerTransaction
    const name = isInvite && isBeforeRfc3261(request) ? ackNameOf(request) : undefined
    this.#start(now, new Server({ key, name, request, inviteKey, flow, durations: this.#durationsOf(flow) }), out)
  }

  /** The INVITE server transaction that an ACK belongs to. From an old client it must bear the To tag of our response. */
  #acknowledged(ack: SipRequest): Transaction<F> | undefined {
    if (!isBeforeRfc3261(ack)) return this.#byKey.get(serverKeyOf(ack, 'INVITE'))
    const invite = this.#byName.get(ackNameOf(ack))
    return invite?.state === 'silent' || invite?.sent?.to.tag === ack.to.tag ? invite : undefined
  }

  /** The key of the INVITE server transaction that a CANCEL names. */
  #cancelled(request: SipRequest): string | undefined {
    const invite = request.method === 'CANCEL' ? this.#byKey.get(serverKeyOf(request, 'INVITE')) : undefined
    return invite?.state === 'silent' ? undefined : invite?.options.key
  }

  #failFlow(now: Instant, flow: F, out: TransactionEffect<F>[]): void {
    for (const transaction of [...(this.#byFlow.get(flow) ?? [])]) {
      this.#step(now, transaction, 'transport error', out)
      // The figures let server transactions live on, to absorb retransmissions; silence does that as well.
      if (transaction.state === 'terminated' || transaction.state === 'silent') continue
      this.#silence(now, transaction)
      out.push({ type: 'ended', key: transaction.options.key })
    }
  }

  #silence(now: Instant, transaction: Transaction<F>): void {
    if (transaction.options.flow.reliable || !isServer(transaction)) return this.#forget(transaction)
    transaction.silence(now)
    this.#deadlines.schedule(transaction, transaction.deadline)
  }

  #durationsOf(flow: F): TimerDurations {
    return flow.reliable ? this.#reliable : this.#unreliable
  }

  #start(now: Instant, transaction: Transaction<F>, out: TransactionEffect<F>[]): void {
    const { key, name, flow } = transaction.options
    this.#byKey.set(key, transaction)
    if (name !== undefined) this.#byName.set(name, transaction)
    const neighbours = this.#byFlow.get(flow)
    if (neighbours === undefined) this.#byFlow.set(flow, new Set([transaction]))
    else neighbours.add(transaction)
    this.#step(now, transaction, 'start', out)
  }

  #step(now: Instant, transaction: Transaction<F>, event: TransactionEvent, out: TransactionEffect<F>[]): void {
    transaction.receive(now, event, out)
    this.#settle(now, transaction, out)
  }

  #settle(now: Instant, transaction: Transaction<F>, out: TransactionEffect<F>[]): void {
    // Timers of zero milliseconds fire at once: no alarm is needed for them.
    transaction.wake(now, out)
    if (transaction.state === 'terminated') this.#forget(transaction)
    else this.#deadlines.schedule(transaction, transaction.deadline)
  }

  #forget(transaction: Transaction<F>): void {
    const { key, name, flow } = transaction.options
    this.#deadlines.remove(transaction)
    this.#byKey.delete(key)
    if (name !== undefined && this.#byName.get(name) === transaction) this.#byName.delete(name)
    const neighbours = this.#byFlow.get(flow)
    neighbours?.delete(transaction)
    if (neighbours?.size === 0) this.#byFlow.delete(flow)
  }
}

function isServer(transaction: Transaction<Hop>): boolean {
  return transaction.options.key.startsWith(SERVER_KEY_PREFIX)
}

import { createToken, DeadlineQueue, placesInItems } from '@offhook/sip-machine'
import type { Instant, Machine, RandomSource } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { FlowTransactions } from './flow-transactions.js'
import type { Hop } from './hop.js'
import { InviteClientTransaction } from './invite-client-transaction.js'
import { InviteServerTransaction } from './invite-server-transaction.js'
import type { TransactionEffect, TransactionInput } from './layer-messages.js'
import { ackNameOf, clientNameOf, isBeforeRfc3261, isServer, MAGIC_COOKIE, originOf, serverKeyOf } from './matching.js'
import { NonInviteClientTransaction } from './non-invite-client-transaction.js'
import { NonInviteServerTransaction } from './non-invite-server-transaction.js'
import { timerDurations } from './timer-values.js'
import type { TimerDurations, TimerValues } from './timer-values.js'
import { TransactionError } from './transaction-error.js'
import type { CancelledRequest, TransactionOptions } from './transaction-options.js'
import type { Transaction } from './transaction.js'
import type { TransactionEvent } from './transition-table.js'

/** How a {@link TransactionLayer} is made. */
export interface TransactionLayerOptions {
  /** Where branches come from: a cryptographically secure source. */
  readonly random: RandomSource
  /** T1, T2, T4 in milliseconds. */
  readonly timers?: Partial<TimerValues>
  /**
   * At this number of live transactions new requests from the network are refused with 503: 100,000 unless told. The last eighth is
   * kept for requests within dialogs, so that calls in progress can go on and end.
   */
  readonly maxTransactions?: number
  /** What Retry-After tells those who are refused, in seconds: 10 unless told. */
  readonly retryAfter?: number
  /** Whether requests outside of dialogs are told from their copies that came by other ways (RFC 3261 §8.2.2.2). For user agents; proxies need it not. */
  readonly findMerged?: boolean
}

/** INVITE, and what a CANCEL may name without any effect: the registered methods but ACK and CANCEL. */
const CANCELLABLE = ['INVITE', 'BYE', 'INFO', 'MESSAGE', 'NOTIFY', 'OPTIONS', 'PRACK', 'PUBLISH', 'REFER', 'REGISTER', 'SUBSCRIBE', 'UPDATE']
const MAX_TRANSACTIONS = 100_000
const RETRY_AFTER = 10
/** The part of all transactions that only requests within dialogs may take. */
const RESERVE = 8

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
  /** Servers of requests outside of dialogs by what copies of those share, where merged requests are to be found. */
  readonly #byOrigin = new Map<string, Transaction<F>>()
  readonly #byFlow = new FlowTransactions<F, Transaction<F>>()
  readonly #deadlines = new DeadlineQueue<Transaction<F>>(placesInItems())

  constructor(options: TransactionLayerOptions) {
    this.#options = options
    this.#reliable = timerDurations({ reliable: true }, options.timers)
    this.#unreliable = timerDurations({ reliable: false }, options.timers)
  }

  /** How many transactions are live. Those that were given up on an unreliable flow count until their 64·T1 are over. */
  get size(): number {
    return this.#byKey.size
  }

  /** How many entries of any kind are held: 0 when nothing was left behind. */
  get entries(): number {
    return this.#byKey.size + this.#byName.size + this.#byOrigin.size + this.#deadlines.size
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
        else if (isServer(input.key)) this.#step(now, transaction, input.response, out)
      }
    }
  }

  wake(now: Instant, out: TransactionEffect<F>[]): void {
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) this.#settle(now, due, out)
  }

  #openClient(now: Instant, key: string, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    const name = clientNameOf(request)
    // The branch is what stands last in the name.
    const hasBranch = !name.endsWith(' ')
    const fault = request.method === 'ACK' ? 'ack-has-no-transaction'
      : isServer(key) ? 'reserved-key'
      : this.#byKey.has(key) ? 'key-in-use'
      : !hasBranch ? 'no-branch'
      : this.#byName.has(name) ? 'branch-in-use'
      : undefined
    if (fault !== undefined) throw new TransactionError(fault, key)
    this.#open(now, request.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction, { key, name, request, flow, durations: this.#durationsOf(flow) }, out)
  }

  #receiveRequest(now: Instant, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    const { method } = request
    const key = serverKeyOf(request, method)
    const server = method === 'ACK' ? this.#acknowledged(request) : this.#byKey.get(key)
    if (server !== undefined) return this.#step(now, server, request, out)
    if (method === 'ACK') {
      out.push({ type: 'ack', request, flow })
      return
    }
    const cancels = method === 'CANCEL' ? this.#cancelled(request) : undefined
    // A CANCEL that matches makes room rather than taking it.
    if (cancels?.inviteKey === undefined && this.#isFullFor(request)) {
      // Stateless (§8.2.7): the To tag follows from the request, so that a retransmission gets the same one.
      const toTag = key.replace(/\W/g, '').slice(-32)
      const { retryAfter = RETRY_AFTER } = this.#options
      out.push({ type: 'refused', request, response: createResponse(request, { statusCode: 503, toTag, headers: [['Retry-After', retryAfter]] }), flow })
    } else {
      const durations = this.#durationsOf(flow)
      const origin = this.#options.findMerged === true && cancels === undefined && request.to.tag === undefined ? originOf(request) : undefined
      const merged = origin !== undefined && this.#byOrigin.has(origin)
      if (method === 'INVITE') {
        const name = isBeforeRfc3261(request) ? ackNameOf(request) : undefined
        this.#open(now, InviteServerTransaction, { key, name, request, merged, origin, flow, durations }, out)
      } else {
        this.#open(now, NonInviteServerTransaction, { key, name: undefined, request, cancels, merged, origin, flow, durations }, out)
      }
    }
  }

  #isFullFor(request: SipRequest): boolean {
    const { maxTransactions = MAX_TRANSACTIONS } = this.#options
    const reserve = Math.floor(maxTransactions / RESERVE)
    return this.size >= maxTransactions - reserve && (this.size >= maxTransactions || request.to.tag === undefined)
  }

  /** The INVITE server transaction that an ACK belongs to. From an old client it must bear the To tag of our response. */
  #acknowledged(ack: SipRequest): Transaction<F> | undefined {
    if (!isBeforeRfc3261(ack)) return this.#byKey.get(serverKeyOf(ack, 'INVITE'))
    const invite = this.#byName.get(ackNameOf(ack))
    if (invite === undefined) return undefined
    const answered = typeof invite.sent === 'object' && invite.sent.to.tag === ack.to.tag
    return answered || invite.state === 'silent' ? invite : undefined
  }

  #cancelled(cancel: SipRequest): CancelledRequest {
    const keys = CANCELLABLE.map((method) => serverKeyOf(cancel, method))
    const key = keys.find((one) => (this.stateOf(one) ?? 'silent') !== 'silent')
    return { statusCode: key === undefined ? 481 : 200, inviteKey: key === keys[0] ? key : undefined }
  }

  #failFlow(now: Instant, flow: F, out: TransactionEffect<F>[]): void {
    for (const transaction of this.#byFlow.of(flow)) {
      this.#step(now, transaction, 'transport error', out)
      // The figures let server transactions live on, to absorb retransmissions; silence does that as well.
      if (transaction.state === 'terminated' || transaction.state === 'silent') continue
      this.#silence(now, transaction)
      out.push({ type: 'ended', key: transaction.key })
    }
  }

  #silence(now: Instant, transaction: Transaction<F>): void {
    const { key, flow } = transaction
    if (flow.reliable || !isServer(key)) return this.#forget(transaction)
    transaction.silence(now)
    this.#deadlines.schedule(transaction, transaction.deadline)
  }

  #durationsOf(flow: F): TimerDurations {
    return flow.reliable ? this.#reliable : this.#unreliable
  }

  #open(now: Instant, Machine: new (options: TransactionOptions<F>) => Transaction<F>, about: TransactionOptions<F>, out: TransactionEffect<F>[]): void {
    const { key, name, origin, merged } = about
    const transaction = new Machine(about)
    this.#byKey.set(key, transaction)
    if (name !== undefined) this.#byName.set(name, transaction)
    if (origin !== undefined && merged !== true) this.#byOrigin.set(origin, transaction)
    this.#byFlow.add(transaction)
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
    const { key, name, origin } = transaction
    this.#deadlines.remove(transaction)
    this.#byKey.delete(key)
    if (name !== undefined && this.#byName.get(name) === transaction) this.#byName.delete(name)
    if (origin !== undefined && this.#byOrigin.get(origin) === transaction) this.#byOrigin.delete(origin)
    this.#byFlow.remove(transaction)
  }
}

import { createToken, DeadlineQueue } from '@offhook/sip-machine'
import type { Instant, Machine, RandomSource } from '@offhook/sip-machine'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import { InviteClientTransaction } from './invite-client-transaction.js'
import { InviteServerTransaction } from './invite-server-transaction.js'
import type { TransactionEffect, TransactionInput } from './layer-messages.js'
import { ackNameOf, answeredNameOf, clientNameOf, isBeforeRfc3261, MAGIC_COOKIE, SERVER_KEY_PREFIX, serverKeyOf } from './matching.js'
import { NonInviteClientTransaction } from './non-invite-client-transaction.js'
import { NonInviteServerTransaction } from './non-invite-server-transaction.js'
import { SilentTransaction } from './silent-transaction.js'
import { createRefusal } from './stateless-refusal.js'
import { timerDurations } from './timer-values.js'
import type { TimerDurations, TimerValues } from './timer-values.js'
import type { MachineEffect } from './transaction-effect.js'
import { TransactionError } from './transaction-error.js'

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

interface ClientEntry<F extends Hop> {
  readonly role: 'client'
  readonly key: string
  readonly name: string
  readonly flow: F
  readonly machine: InviteClientTransaction | NonInviteClientTransaction
}

interface ServerEntry<F extends Hop> {
  readonly role: 'server'
  readonly key: string
  readonly flow: F
  /** Set for an INVITE of a client older than RFC 3261. */
  readonly ackName: string | undefined
  machine: InviteServerTransaction | NonInviteServerTransaction | SilentTransaction
}

type Entry<F extends Hop> = ClientEntry<F> | ServerEntry<F>

const MAX_TRANSACTIONS = 100_000
const RETRY_AFTER = 10

/**
 * All transactions of one element: finds the one that a message belongs to, opens new ones, forgets those that are over
 * (RFC 3261 §17.1.3, §17.2.3, §9.2), under one deadline.
 *
 * `F` is the transport's flow, of which the layer only asks whether it is reliable.
 */
export class TransactionLayer<F extends Hop> implements Machine<TransactionInput<F>, TransactionEffect<F>> {
  readonly #random: RandomSource
  readonly #reliable: TimerDurations
  readonly #unreliable: TimerDurations
  readonly #maxTransactions: number
  readonly #retryAfter: number
  readonly #clients = new Map<string, ClientEntry<F>>()
  readonly #clientsByName = new Map<string, ClientEntry<F>>()
  readonly #servers = new Map<string, ServerEntry<F>>()
  readonly #invitesByAckName = new Map<string, ServerEntry<F>>()
  readonly #byFlow = new Map<F, Set<Entry<F>>>()
  readonly #deadlines = new DeadlineQueue<Entry<F>>()
  /** What the machine at work has asked for; empty between calls. */
  readonly #effects: MachineEffect[] = []

  constructor(options: TransactionLayerOptions) {
    this.#random = options.random
    this.#reliable = timerDurations({ reliable: true }, options.timers)
    this.#unreliable = timerDurations({ reliable: false }, options.timers)
    this.#maxTransactions = options.maxTransactions ?? MAX_TRANSACTIONS
    this.#retryAfter = options.retryAfter ?? RETRY_AFTER
  }

  /** How many transactions are live. Those that were given up on an unreliable flow count until their 64·T1 are over. */
  get size(): number {
    return this.#clients.size + this.#servers.size
  }

  get deadline(): Instant {
    return this.#deadlines.next
  }

  /** A branch for a new request: the cookie of RFC 3261 §8.1.1.7 and 96 random bits. */
  createBranch(): string {
    return MAGIC_COOKIE + createToken(this.#random)
  }

  /** The state of a live transaction, as the RFC's figure names it; `silent` for one that was given up; `undefined` for none. */
  stateOf(key: string): string | undefined {
    return this.#find(key)?.machine.state
  }

  /** @throws {TransactionError} For a `request` that cannot open a client transaction; nothing else throws. */
  receive(now: Instant, input: TransactionInput<F>, out: TransactionEffect<F>[]): void {
    switch (input.type) {
      case 'request': this.#openClient(now, input.key, input.request, input.flow, out); break
      case 'respond': this.#respond(now, input.key, input.response, out); break
      case 'message':
        if (input.message.kind === 'request') this.#receiveRequest(now, input.message, input.flow, out)
        else this.#receiveResponse(now, input.message, input.flow, out)
        break
      case 'flow-failed': this.#failFlow(now, input.flow, out); break
      case 'send-failed': {
        const entry = this.#find(input.key)
        if (entry !== undefined) this.#failSending(now, entry, out)
        break
      }
      case 'abandon': {
        const entry = this.#find(input.key)
        if (entry !== undefined) this.#silence(now, entry)
      }
    }
  }

  wake(now: Instant, out: TransactionEffect<F>[]): void {
    for (let entry = this.#deadlines.takeDue(now); entry !== undefined; entry = this.#deadlines.takeDue(now)) {
      entry.machine.wake(now, this.#effects)
      this.#conclude(now, entry, out)
    }
  }

  #openClient(now: Instant, key: string, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    if (request.method === 'ACK') throw new TransactionError('ack-has-no-transaction', 'An ACK goes straight to the transport.')
    if (key.startsWith(SERVER_KEY_PREFIX)) throw new TransactionError('reserved-key', `Keys that begin with "${SERVER_KEY_PREFIX}" are the layer's.`)
    if (this.#clients.has(key)) throw new TransactionError('key-in-use', `The client transaction "${key}" is live.`)
    const name = clientNameOf(request)
    if (name === undefined) throw new TransactionError('no-branch', 'The top Via of the request has no branch.')
    if (this.#clientsByName.has(name)) throw new TransactionError('branch-in-use', `A client transaction "${name}" is live.`)
    const durations = this.#durationsOf(flow)
    const machine = request.method === 'INVITE' ? new InviteClientTransaction(request, durations) : new NonInviteClientTransaction(request, durations)
    const entry: ClientEntry<F> = { role: 'client', key, name, flow, machine }
    this.#clients.set(key, entry)
    this.#clientsByName.set(name, entry)
    this.#enlist(entry)
    machine.start(now, this.#effects)
    this.#conclude(now, entry, out)
  }

  #respond(now: Instant, key: string, response: SipResponse, out: TransactionEffect<F>[]): void {
    const entry = this.#servers.get(key)
    if (entry === undefined) return
    entry.machine.receive(now, { type: 'respond', response }, this.#effects)
    this.#conclude(now, entry, out)
  }

  #receiveResponse(now: Instant, response: SipResponse, flow: F, out: TransactionEffect<F>[]): void {
    const name = answeredNameOf(response)
    const entry = name === undefined ? undefined : this.#clientsByName.get(name)
    if (entry === undefined) {
      out.push({ type: 'stray-response', response, flow })
      return
    }
    entry.machine.receive(now, { type: 'response', response }, this.#effects)
    this.#conclude(now, entry, out)
  }

  #receiveRequest(now: Instant, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    const key = request.method === 'ACK' ? undefined : serverKeyOf(request)
    const entry = key === undefined ? this.#acknowledged(request) : this.#servers.get(key)
    if (entry !== undefined) {
      entry.machine.receive(now, { type: 'request', request }, this.#effects)
      this.#conclude(now, entry, out)
    } else if (key === undefined) {
      out.push({ type: 'ack', request, flow })
    } else {
      this.#openServer(now, key, request, flow, out)
    }
  }

  #openServer(now: Instant, key: string, request: SipRequest, flow: F, out: TransactionEffect<F>[]): void {
    // A CANCEL that matches makes room rather than taking it.
    if (this.size >= this.#maxTransactions && this.#cancelled(request) === undefined) {
      out.push({ type: 'refused', request, response: createRefusal(request, key, this.#retryAfter), flow })
      return
    }
    const durations = this.#durationsOf(flow)
    const invite = request.method === 'INVITE'
    const machine = invite ? new InviteServerTransaction(request, durations) : new NonInviteServerTransaction(request, durations)
    const ackName = invite && isBeforeRfc3261(request) ? ackNameOf(request) : undefined
    const entry: ServerEntry<F> = { role: 'server', key, flow, ackName, machine }
    this.#servers.set(key, entry)
    if (ackName !== undefined) this.#invitesByAckName.set(ackName, entry)
    this.#enlist(entry)
    machine.start(now, this.#effects)
    this.#conclude(now, entry, out)
  }

  /** The INVITE server transaction that an ACK belongs to. From an old client it must bear the To tag of our response. */
  #acknowledged(ack: SipRequest): ServerEntry<F> | undefined {
    if (!isBeforeRfc3261(ack)) return this.#servers.get(serverKeyOf(ack, 'INVITE'))
    const entry = this.#invitesByAckName.get(ackNameOf(ack))
    if (!(entry?.machine instanceof InviteServerTransaction)) return entry
    return entry.machine.response?.to.tag === ack.to.tag ? entry : undefined
  }

  /** The key of the INVITE server transaction that a CANCEL names. */
  #cancelled(request: SipRequest): string | undefined {
    if (request.method !== 'CANCEL') return undefined
    const entry = this.#servers.get(serverKeyOf(request, 'INVITE'))
    return entry === undefined || entry.machine.state === 'silent' ? undefined : entry.key
  }

  #failFlow(now: Instant, flow: F, out: TransactionEffect<F>[]): void {
    for (const entry of [...(this.#byFlow.get(flow) ?? [])]) {
      if (entry.machine.state === 'silent') {
        if (flow.reliable) this.#forget(entry)
        continue
      }
      this.#failSending(now, entry, out)
      // The figures let server transactions live on, to absorb retransmissions; silence does that as well.
      if (this.#servers.get(entry.key) !== entry) continue
      this.#silence(now, entry)
      out.push({ type: 'ended', key: entry.key })
    }
  }

  #failSending(now: Instant, entry: Entry<F>, out: TransactionEffect<F>[]): void {
    entry.machine.receive(now, { type: 'transport-error' }, this.#effects)
    this.#conclude(now, entry, out)
  }

  #silence(now: Instant, entry: Entry<F>): void {
    if (entry.role === 'client' || entry.flow.reliable) {
      this.#forget(entry)
    } else if (entry.machine.state !== 'silent') {
      entry.machine = new SilentTransaction(now + this.#unreliable.H)
      this.#deadlines.schedule(entry, entry.machine.deadline)
    }
  }

  /** Hands on what the machine of the entry asked for, and keeps or forgets the entry. */
  #conclude(now: Instant, entry: Entry<F>, out: TransactionEffect<F>[]): void {
    // Timers of zero milliseconds fire at once: no alarm is needed for them.
    while (entry.machine.deadline <= now) entry.machine.wake(now, this.#effects)
    let over = false
    for (const effect of this.#effects) {
      if (effect.type === 'terminated') over = true
      else out.push(this.#translate(entry, effect))
    }
    this.#effects.length = 0
    if (!over) {
      this.#deadlines.schedule(entry, entry.machine.deadline)
      return
    }
    this.#forget(entry)
    if (entry.machine.state !== 'silent') out.push({ type: 'ended', key: entry.key })
  }

  #translate(entry: Entry<F>, effect: Exclude<MachineEffect, { type: 'terminated' }>): TransactionEffect<F> {
    const { key, flow } = entry
    switch (effect.type) {
      case 'send': return { type: 'send', message: effect.message, flow, retransmission: effect.retransmission, key }
      case 'response': return { type: 'response', key, response: effect.response }
      case 'request':
        return effect.request.method === 'CANCEL'
          ? { type: 'cancel', key, request: effect.request, inviteKey: this.#cancelled(effect.request), flow }
          : { type: 'request', key, request: effect.request, flow }
      case 'ack': return { type: 'ack', request: effect.request, flow }
      case 'timeout': return { type: 'timeout', key, timer: effect.timer }
      case 'transport-error': return { type: 'flow-failed', key }
    }
  }

  #find(key: string): Entry<F> | undefined {
    return this.#clients.get(key) ?? this.#servers.get(key)
  }

  #durationsOf(flow: F): TimerDurations {
    return flow.reliable ? this.#reliable : this.#unreliable
  }

  #enlist(entry: Entry<F>): void {
    const entries = this.#byFlow.get(entry.flow)
    if (entries === undefined) this.#byFlow.set(entry.flow, new Set([entry]))
    else entries.add(entry)
  }

  #forget(entry: Entry<F>): void {
    this.#deadlines.remove(entry)
    if (entry.role === 'client') {
      this.#clients.delete(entry.key)
      this.#clientsByName.delete(entry.name)
    } else {
      this.#servers.delete(entry.key)
      if (entry.ackName !== undefined && this.#invitesByAckName.get(entry.ackName) === entry) this.#invitesByAckName.delete(entry.ackName)
    }
    const entries = this.#byFlow.get(entry.flow)
    entries?.delete(entry)
    if (entries?.size === 0) this.#byFlow.delete(entry.flow)
  }
}

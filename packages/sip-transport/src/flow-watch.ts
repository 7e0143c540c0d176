import { Alarm, DeadlineQueue, randomFraction } from '@offhook/sip-machine'
import type { Clock, Instant, RandomSource } from '@offhook/sip-machine'
import type { StreamFramer } from '@offhook/sip-parser'
import type { Flow } from './adapter.js'
import type { TransportLimits } from './limits.js'
import { TransportError } from './transport-error.js'

/** How a flow is kept alive (RFC 5626 §4.4.1). Times in milliseconds. */
export interface KeepAlive {
  /** A ping goes out at random between 80 % and 100 % of this. */
  readonly interval: number
  /** A flow that has not answered a ping by then has failed: 10,000 unless told, `Infinity` to never give up. Not for UDP. */
  readonly pongTimeout?: number
}

/** What the layer keeps of a connection, and of a datagram flow that is kept alive. */
export interface FlowState {
  readonly flow: Flow
  readonly framer: StreamFramer | undefined
  /** The name under which another dial finds this connection. */
  key: string | undefined
  heard: boolean
  lastHeard: Instant
  /** Since when a message is half read; `Infinity` when none is. */
  partialSince: Instant
  keepAlive: KeepAlive | undefined
  nextPing: Instant
  pongDue: Instant
}

/** What the watch asks of the layer. */
export interface FlowWatchOptions {
  readonly clock: Clock
  readonly random: RandomSource
  readonly limits: TransportLimits
  readonly ping: (flow: Flow) => void
  readonly fail: (flow: Flow, error: TransportError) => void
}

/**
 * The deadlines of all flows under one alarm: messages that do not end, connections that say nothing, pings.
 * A deadline that moves later is left where it stands and looked at again when it comes, so hearing from a flow costs nothing.
 */
export class FlowWatch {
  readonly #options: FlowWatchOptions
  readonly #queue = new DeadlineQueue<FlowState>()
  readonly #alarm: Alarm

  constructor(options: FlowWatchOptions) {
    this.#options = options
    this.#alarm = new Alarm(options.clock, () => this.#ring())
  }

  /** Begins to watch a flow. */
  add(flow: Flow, framer: StreamFramer | undefined): FlowState {
    const state: FlowState = {
      flow, framer, key: undefined, heard: false, lastHeard: this.#options.clock.now(), partialSince: Infinity,
      keepAlive: undefined, nextPing: Infinity, pongDue: Infinity,
    }
    this.#schedule(state)
    return state
  }

  /** Octets came in. `ended`: one message at least came to its end with them. */
  heard(state: FlowState, ended: boolean): void {
    const now = this.#options.clock.now()
    state.heard = true
    state.lastHeard = now
    state.pongDue = Infinity
    if (state.framer === undefined || state.framer.buffered === 0) {
      state.partialSince = Infinity
    } else if (ended || state.partialSince === Infinity) {
      state.partialSince = now
      this.#schedule(state)
    }
  }

  /** Sends pings from now on, or no longer. */
  keepAlive(state: FlowState, keepAlive: KeepAlive | undefined): void {
    state.keepAlive = keepAlive
    state.pongDue = Infinity
    this.#planPing(state)
    this.#schedule(state)
  }

  remove(state: FlowState): void {
    this.#queue.remove(state)
    if (this.#queue.size === 0) this.#alarm.set(Infinity)
  }

  #planPing(state: FlowState): void {
    const { clock, random } = this.#options
    const interval = state.keepAlive?.interval ?? Infinity
    state.nextPing = interval === Infinity ? Infinity : clock.now() + interval * (0.8 + 0.2 * randomFraction(random))
  }

  #schedule(state: FlowState): void {
    this.#queue.schedule(state, Math.min(this.#silenceEnds(state), this.#messageEnds(state), state.nextPing, state.pongDue))
    this.#alarm.set(this.#queue.next)
  }

  #silenceEnds(state: FlowState): Instant {
    const { flow, lastHeard, heard } = state
    if (flow.direction === 'outbound' || !flow.reliable) return Infinity
    return lastHeard + (heard ? this.#options.limits.idleTimeout : this.#options.limits.firstMessageTimeout)
  }

  #messageEnds(state: FlowState): Instant {
    return state.partialSince + this.#options.limits.messageTimeout
  }

  #ring(): void {
    const now = this.#options.clock.now()
    for (let state = this.#queue.takeDue(now); state !== undefined; state = this.#queue.takeDue(now)) this.#wake(state, now)
    this.#alarm.set(this.#queue.next)
  }

  #wake(state: FlowState, now: Instant): void {
    const { fail, ping } = this.#options
    if (this.#messageEnds(state) <= now) {
      fail(state.flow, new TransportError('timed-out', 'A message did not come to its end in time.'))
      return
    }
    if (this.#silenceEnds(state) <= now) {
      fail(state.flow, new TransportError('timed-out', 'The connection was silent for too long.'))
      return
    }
    if (state.pongDue <= now) {
      fail(state.flow, new TransportError('timed-out', 'A keep-alive was not answered (RFC 5626 §4.4.1).'))
      return
    }
    if (state.nextPing <= now) {
      this.#planPing(state)
      if (state.flow.reliable && state.pongDue === Infinity) state.pongDue = now + (state.keepAlive?.pongTimeout ?? 10_000)
      this.#schedule(state)
      ping(state.flow)
      return
    }
    this.#schedule(state)
  }
}

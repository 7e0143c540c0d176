import { Alarm, DeadlineQueue, randomFraction } from '@offhook/sip-machine'
import type { Clock, Instant, RandomSource } from '@offhook/sip-machine'
import type { StreamFramer } from '@offhook/sip-parser'
import type { Flow } from './adapter.js'
import type { TransportLimits } from './limits.js'
import { TransportError } from './transport-error.js'

/** How a flow is kept alive (RFC 5626 §4.4). Times in milliseconds. */
export interface KeepAlive {
  /** A ping goes out at random between 80 % and 100 % of this. */
  readonly interval: number
  /** A flow that has not answered a ping by then has failed: 10,000 unless told, `Infinity` to never give up. For UDP only with a `ping`. */
  readonly pongTimeout?: number
  /** Sends another ping than CRLF CRLF: STUN, an OPTIONS request. Whatever then comes from the peer answers it. */
  readonly ping?: (flow: Flow) => void
  /** A `ping` that gets no answer is sent again after this, doubled each time. */
  readonly retransmitAfter?: number
  /** Looks at octets before they are taken for SIP: an answer to a ping, what is neither, or why the flow has failed with them. */
  readonly hear?: (bytes: Uint8Array) => 'pong' | 'noise' | TransportError | undefined
}

/** What the layer keeps of a connection, and of a datagram flow that is kept alive. */
export interface FlowState {
  readonly flow: Flow
  readonly framer: StreamFramer | undefined
  /** The names under which another dial finds this connection. */
  readonly keys: string[]
  keepAlive: KeepAlive | undefined
  pingAt: Instant
  /** Pings since the peer was heard last. */
  unanswered: number
  /** When the flow has failed, if nothing more is heard until then. */
  failsAt: Instant
  /** Since when a message is half read; `Infinity` when none is. */
  partialSince: Instant
  /** When the flow is looked at next. */
  wakeAt: Instant
}

interface WatchHost {
  readonly clock: Clock
  readonly random: RandomSource
}

const PING = new Uint8Array([13, 10, 13, 10])

/**
 * The deadlines of all flows under one alarm: messages that do not end, connections that say nothing, pings.
 * A deadline that moves later is left where it stands and looked at again when it comes, so hearing from a flow costs nothing.
 */
export class FlowWatch {
  readonly #host: WatchHost
  readonly #limits: TransportLimits
  readonly #failed: (flow: Flow, error: TransportError) => void
  readonly #queue = new DeadlineQueue<FlowState>()
  readonly #alarm: Alarm

  /** @param failed Called with a flow whose peer was silent for too long. */
  constructor(host: WatchHost, limits: TransportLimits, failed: (flow: Flow, error: TransportError) => void) {
    this.#host = host
    this.#limits = limits
    this.#failed = failed
    this.#alarm = new Alarm(host.clock, () => this.#ring())
  }

  /** Begins to watch a flow. */
  add(flow: Flow, framer?: StreamFramer): FlowState {
    const state: FlowState = {
      flow, framer, keys: [], keepAlive: undefined, pingAt: Infinity, unanswered: 0, failsAt: Infinity, partialSince: Infinity, wakeAt: Infinity,
    }
    this.#expect(state, this.#limits.firstMessageTimeout)
    return state
  }

  /** Octets came in. `ended`: one message at least came to its end with them. */
  heard(state: FlowState, ended: boolean): void {
    if (state.framer === undefined || state.framer.buffered === 0) state.partialSince = Infinity
    else if (ended || state.partialSince === Infinity) state.partialSince = this.#host.clock.now()
    if (state.unanswered > 0) this.#planPing(state, 0)
    this.#expect(state, this.#limits.idleTimeout)
  }

  /** Sends pings from now on, or no longer. */
  keepAlive(state: FlowState, keepAlive: KeepAlive | undefined): void {
    state.keepAlive = keepAlive
    this.#planPing(state, 0)
    this.#expect(state, this.#limits.idleTimeout)
  }

  remove(state: FlowState): void {
    this.#queue.remove(state)
    this.#alarm.set(this.#queue.next)
  }

  /** The peer of an accepted connection has so long to say something more. */
  #expect(state: FlowState, silence: number): void {
    const { flow, partialSince } = state
    const accepted = flow.reliable && flow.direction === 'inbound'
    state.failsAt = Math.min(partialSince + this.#limits.messageTimeout, accepted ? this.#host.clock.now() + silence : Infinity)
    this.#schedule(state)
  }

  /** @param unanswered How many pings the peer owes an answer to. */
  #planPing(state: FlowState, unanswered: number): void {
    const { clock, random } = this.#host
    const { interval = Infinity, retransmitAfter } = state.keepAlive ?? {}
    const again = retransmitAfter !== undefined && unanswered > 0
    state.unanswered = unanswered
    state.pingAt = clock.now() + (again ? retransmitAfter * 2 ** (unanswered - 1) : interval * (0.8 + 0.2 * randomFraction(random)))
  }

  #schedule(state: FlowState): void {
    const at = Math.min(state.failsAt, state.pingAt)
    if (at >= state.wakeAt) return
    state.wakeAt = at
    this.#queue.schedule(state, at)
    this.#alarm.set(this.#queue.next)
  }

  #ring(): void {
    const now = this.#host.clock.now()
    for (let state = this.#queue.takeDue(now); state !== undefined; state = this.#queue.takeDue(now)) {
      state.wakeAt = Infinity
      if (state.failsAt <= now) this.#failed(state.flow, new TransportError('timed-out', 'The peer was silent for too long.'))
      else this.#wake(state, now)
    }
    this.#alarm.set(this.#queue.next)
  }

  #wake(state: FlowState, now: Instant): void {
    const { flow, keepAlive } = state
    const due = state.pingAt <= now
    if (due) this.#planPing(state, state.unanswered + 1)
    if (due && (flow.reliable || keepAlive?.ping !== undefined)) state.failsAt = Math.min(state.failsAt, now + (keepAlive?.pongTimeout ?? 10_000))
    this.#schedule(state)
    if (!due) return
    if (keepAlive?.ping === undefined) flow.send(PING)
    else keepAlive.ping(flow)
  }
}

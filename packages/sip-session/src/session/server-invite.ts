import type { Instant, Machine } from '@offhook/sip-machine'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/** What happens to an INVITE of the peer. */
export type ServerInviteInput = 'success' | 'failure' | 'acknowledgement' | 'timeout'
/** `proceeding`: no final response yet; `accepted`: the 2xx waits for its ACK. */
export type ServerInviteState = 'proceeding' | 'accepted' | 'confirmed' | 'refused' | 'unacknowledged'

/** An INVITE of the peer, first or later, seen by its UAS core (RFC 3261 §13.3.1.4). An input that is absent changes nothing. */
export const SERVER_INVITE: Readonly<Record<ServerInviteState, Readonly<Partial<Record<ServerInviteInput, ServerInviteState>>>>> = {
  proceeding: { success: 'accepted', failure: 'refused' },
  accepted: { acknowledgement: 'confirmed', timeout: 'unacknowledged' },
  confirmed: {},
  refused: {},
  unacknowledged: {},
}

/** Round-trip estimate and cap of retransmissions, in ms (RFC 3261 §17.1.1.1). */
export interface RetransmissionTimers {
  readonly t1: number
  readonly t2: number
}

/** The response to send again. */
export interface Retransmission {
  readonly type: 'respond'
  readonly key: string
  readonly response: SipResponse
}

/**
 * Keeps the 2xx to one INVITE alive: T1, doubling up to T2, over every transport, until the ACK or 64·T1.
 */
export class ServerInvite implements Machine<ServerInviteInput, Retransmission> {
  readonly key: string
  readonly request: SipRequest
  readonly #timers: RetransmissionTimers
  #state: ServerInviteState = 'proceeding'
  #response: SipResponse | undefined
  #interval = 0
  #next: Instant = Infinity
  #end: Instant = Infinity

  constructor(key: string, request: SipRequest, timers: RetransmissionTimers) {
    this.key = key
    this.request = request
    this.#timers = timers
  }

  get state(): ServerInviteState {
    return this.#state
  }

  get deadline(): Instant {
    return Math.min(this.#next, this.#end)
  }

  /** The 2xx to send, which is repeated from then on. */
  accept(now: Instant, response: SipResponse): Retransmission {
    if (this.#step('success')) {
      this.#response = response
      this.#interval = this.#timers.t1
      this.#next = now + this.#interval
      this.#end = now + 64 * this.#timers.t1
    }
    return { type: 'respond', key: this.key, response }
  }

  receive(_now: Instant, input: ServerInviteInput): void {
    this.#step(input)
  }

  wake(now: Instant, out: Retransmission[]): void {
    if (now >= this.#end) {
      this.#step('timeout')
    } else if (now >= this.#next && this.#response !== undefined) {
      this.#interval = Math.min(2 * this.#interval, this.#timers.t2)
      this.#next = now + this.#interval
      out.push({ type: 'respond', key: this.key, response: this.#response })
    }
  }

  #step(input: ServerInviteInput): boolean {
    const next = SERVER_INVITE[this.#state][input]
    if (next === undefined) return false
    this.#state = next
    this.#next = this.#end = Infinity
    return true
  }
}

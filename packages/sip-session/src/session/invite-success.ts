import type { Instant } from '@offhook/sip-machine'
import type { SipResponse } from '@offhook/sip-parser'
import type { SendInput } from './usage-types.js'

/** Round-trip estimate and cap of retransmissions, in ms (RFC 3261 §17.1.1.1). */
export interface RetransmissionTimers {
  readonly t1: number
  readonly t2: number
}

/** The 2xx to one INVITE of the peer, kept alive: T1, doubling up to T2, over every transport, until the ACK or 64·T1 (RFC 3261 §13.3.1.4). */
export class InviteSuccess {
  readonly key: string
  readonly response: SipResponse
  /** A BYE that waits for the ACK, for the callee may not send it before (RFC 3261 §15). */
  bye: SendInput | undefined
  readonly #timers: RetransmissionTimers
  readonly #end: Instant
  #interval: number
  #next: Instant

  /** @param key the server transaction */
  constructor(now: Instant, key: string, response: SipResponse, timers: RetransmissionTimers) {
    this.key = key
    this.response = response
    this.#timers = timers
    this.#end = now + 64 * timers.t1
    this.#interval = timers.t1
    this.#next = now + timers.t1
  }

  get deadline(): Instant {
    return Math.min(this.#next, this.#end)
  }

  /** Called at the deadline. True when the response is to be sent again, false when no ACK has come in time. */
  repeats(now: Instant): boolean {
    this.#interval = Math.min(2 * this.#interval, this.#timers.t2)
    this.#next = now + this.#interval
    return now < this.#end
  }
}

import type { Hop } from './hop.js'
import { TransactionError } from './transaction-error.js'

/** The three times from which RFC 3261 table 4 derives the others, in milliseconds. */
export interface TimerValues {
  /** Estimate of the round-trip time: 500 unless told. Smaller values belong in closed networks only (§17.1.1.1). */
  readonly t1: number
  /** Longest interval between retransmissions of a non-INVITE request or an INVITE response: 4000 unless told. */
  readonly t2: number
  /** How long the network may hold a message: 5000 unless told. */
  readonly t4: number
}

/**
 * How long each timer of a transaction runs on one hop, in milliseconds. On a reliable hop no message is repeated, A, E, G are
 * `Infinity`, and a finished transaction does not linger, D, I, J, K are 0.
 */
export interface TimerDurations {
  /** First interval of the INVITE's retransmission; doubles. */
  readonly A: number
  /** INVITE without any response. */
  readonly B: number
  /** Wait for retransmissions of the non-2xx response to an INVITE. */
  readonly D: number
  /** First interval of a non-INVITE request's retransmission; doubles up to T2. */
  readonly E: number
  /** Non-INVITE request without final response. */
  readonly F: number
  /** First interval of a non-2xx response's retransmission; doubles up to T2. */
  readonly G: number
  /** Wait for the ACK. */
  readonly H: number
  /** Wait for retransmissions of the ACK. */
  readonly I: number
  /** Wait for retransmissions of a non-INVITE request. */
  readonly J: number
  /** Wait for retransmissions of the response to a non-INVITE request. */
  readonly K: number
  /** Wait for retransmissions of an accepted INVITE (RFC 6026). */
  readonly L: number
  /** Wait for further 2xx responses to an INVITE (RFC 6026). */
  readonly M: number
  /** Upper bound of the intervals of E and G. */
  readonly T2: number
  /** When an INVITE that the TU has not answered gets its 100 (§17.2.1). */
  readonly inviteTrying: number
  /** When any other request that the TU has not answered gets its 100: what timer E takes until it is reset to T2 (RFC 4320 §4.1). */
  readonly nonInviteTrying: number
  /** When no response helps any more because timer F of the client has fired (RFC 4320 §4.2). */
  readonly nonInviteExpiry: number
}

/** T1, T2 and T4 as RFC 3261 table 4 proposes them. */
export const defaultTimerValues: TimerValues = { t1: 500, t2: 4_000, t4: 5_000 }

const SHORTEST_TIMER_D = 32_000

/**
 * Timer durations for a hop (RFC 3261 table 4, RFC 6026 §8.11).
 *
 * @throws {TransactionError} `bad-timer-value` when one of the values is not a positive number.
 */
export function timerDurations(hop: Hop, values: Partial<TimerValues> = {}): TimerDurations {
  const { t1, t2, t4 } = { ...defaultTimerValues, ...values }
  for (const value of [t1, t2, t4]) if (!(value > 0 && value < Infinity)) throw new TransactionError('bad-timer-value', String(value))
  const retransmit = hop.reliable ? Infinity : t1
  const giveUp = 64 * t1
  const linger = hop.reliable ? 0 : 1
  // The doubling intervals before the one that T2 cuts: 3.5 s with the default values.
  let nonInviteTrying = 0
  for (let interval = t1; interval < t2; interval *= 2) nonInviteTrying += interval
  return {
    A: retransmit, E: retransmit, G: retransmit,
    B: giveUp, F: giveUp, H: giveUp, L: giveUp, M: giveUp,
    D: linger * Math.max(SHORTEST_TIMER_D, giveUp), I: linger * t4, J: linger * giveUp, K: linger * t4,
    T2: t2, inviteTrying: 200, nonInviteTrying, nonInviteExpiry: giveUp,
  }
}

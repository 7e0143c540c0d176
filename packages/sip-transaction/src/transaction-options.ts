import type { SipRequest } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import type { TimerDurations } from './timer-values.js'

/** What a CANCEL means (RFC 3261 §9.2). */
export interface CancelledRequest {
  /** The status of its own response: 481 when no transaction matches. */
  readonly statusCode: 200 | 481
  /** The key of the INVITE server transaction; to cancel anything else has no effect. */
  readonly inviteKey: string | undefined
}

/** What a transaction is about. */
export interface TransactionOptions<F extends Hop> {
  /** Goes with the effects. */
  readonly key: string
  /** What it shares with the messages that belong to it, where that is not its key. */
  readonly name?: string | undefined
  /** Of a client: with the branch of this transaction in its top Via. */
  readonly request: SipRequest
  /** Of a CANCEL from the network. */
  readonly cancels?: CancelledRequest | undefined
  /** Of a request from the network: it came before by another way. */
  readonly merged?: boolean
  /** What copies of it share that come by other ways, where merged requests are to be found. */
  readonly origin?: string | undefined
  readonly flow: F
  /** Those of the flow. */
  readonly durations: TimerDurations
}

import type { SipRequest } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import type { TimerDurations } from './timer-values.js'

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

import type { NameAddr, SipRequest, Uri } from '@offhook/sip-parser'
import type { Call } from '../call/call.js'
import type { CallOptions } from '../call/call-types.js'

/** What may be told to the call that a referral asks for. */
export interface ReferralOptions extends CallOptions {
  /**
   * Seconds after which the call that the referral came in is ended, once the target has taken the new one and the other side
   * was told, if the other side has not ended it; 5 when absent, `Infinity` for never.
   */
  readonly hangUpAfter?: number
}

/** Somebody asks us to call somebody else (RFC 3515). Undecided, it is answered as pending, and may be decided later. */
export interface Referral {
  /** The call that it came in, or that it names (RFC 4538). `undefined`: it came out of the blue. */
  readonly call: Call | undefined
  readonly target: Uri
  /** Who refers, by its own word (RFC 3892). */
  readonly referredBy: NameAddr | undefined
  /** Whether the new call takes the place of one that the target has already (RFC 3891). */
  readonly isAttended: boolean
  readonly request: SipRequest
  /** Calls the target, and reports how that goes. Again, it gives the same call. @throws {SessionError} `wrong-state` when it was rejected, `closed` */
  accept(options?: ReferralOptions): Call
  /** Declines: 603 unless told. Nothing when it was decided before. @throws {SessionError} `bad-status` for less than 300 */
  reject(status?: number, reason?: string): void
}

/** An INVITE that names a call of ours. */
export interface CallReference {
  /** The call that it would take the place of, or whose conversation it would join. */
  readonly call: Call
  readonly request: SipRequest
  /** Who sent the caller here, by the caller's word (RFC 3892). */
  readonly referredBy: NameAddr | undefined
}

/** What an agent does about transfers. */
export interface TransfersOptions {
  /** A REFER came: accept or reject it, at once or later. Without this every REFER gets 405. */
  readonly onRefer?: (referral: Referral) => void
  /**
   * Whether an INVITE may take the place of a call (RFC 3891 §3): no gets 403. Without this everybody may who knows the tags of
   * the call, which only its two ends and the proxies between them do.
   */
  readonly mayReplace?: (reference: CallReference) => boolean
  /** Whether an INVITE may ask to join a call (RFC 3911): then it rings, with `joins` set. Without this it gets 488. */
  readonly mayJoin?: (reference: CallReference) => boolean
}

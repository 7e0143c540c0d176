import type { Instant, RandomSource } from '@offhook/sip-machine'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Dialog } from '../dialog/dialog.js'
import type { Description } from '../session-description-handler.js'
import type { Added } from './added.js'
import type { RetransmissionTimers } from './invite-success.js'
import type { OfferAnswer } from './offer-answer.js'
import type { SessionState } from './session.js'
import type { AnswerInput, OpenRequest, UsageEffect, UsageEnd } from './usage-types.js'

/** What every usage of a user agent shares. */
export interface UsageSettings {
  readonly timers: RetransmissionTimers
  readonly random: RandomSource
  /** Makes the extensions of one usage. */
  readonly extend?: (() => readonly UsageExtension[]) | undefined
}

/** An INVITE usage, as its extensions see it. Its methods are for them, from within theirs. */
export interface ExtendedUsage {
  readonly dialog: Dialog
  readonly negotiation: OfferAnswer
  readonly settings: UsageSettings
  readonly state: SessionState
  /** Whether a re-INVITE may start now. */
  readonly mayOffer: boolean
  /** Whether a request of the peer waits for its final response. */
  isOpen(key: string): boolean
  /** Hands a request of the peer to the application, which answers it. */
  open(request: OpenRequest, offer?: Description): void
  /** Answers a request of the peer that the application does not hear of. */
  respond(request: OpenRequest, statusCode: number, added?: Added): void
  /** Gives an answer of the application that was held back. */
  answer(answer: AnswerInput): void
  /** Sends a request of its own accord. */
  request(method: string, added?: Added): void
  /** Ends the session for the peer is not heard of any more: by this status to its first INVITE, or by BYE with the status as Reason (RFC 3326). */
  abandon(why: UsageEnd, statusCode: number, text: string): void
  tell(effect: UsageEffect): void
}

/**
 * A feature of one INVITE usage: a machine within the machine, asked before the usage acts. Every method is optional but
 * what keeps the time. Nothing is asked of it once the session is terminated.
 */
export interface UsageExtension {
  readonly deadline: Instant
  /** Called at the deadline or later. */
  wake(now: Instant, usage: ExtendedUsage): void
  /** Whether the peer still owes an answer or an acknowledgement of what was described, so that no offer may start. */
  readonly unsettled?: boolean
  /** A request of the peer within the dialog, in order. True: taken, and answered by it. */
  received?(now: Instant, request: OpenRequest, usage: ExtendedUsage): boolean
  /** Whether an answer of ours has to wait. The extension gives it later. */
  holds?(answer: AnswerInput, request: SipRequest, usage: ExtendedUsage): boolean
  /** Whether the 101 to 199 to an INVITE go reliably, so that what they describe is said for good. */
  reliable?(invite: SipRequest): boolean
  /** Adds to a request of ours within the dialog. */
  requesting?(request: SipRequest, usage: ExtendedUsage): void
  /** Adds to a response of ours. */
  responding?(now: Instant, request: OpenRequest, response: SipResponse, usage: ExtendedUsage): void
  /** A response of the peer to a request of ours. */
  responded?(now: Instant, response: SipResponse, usage: ExtendedUsage): void
  /** What happened has been dealt with. */
  settled?(now: Instant, usage: ExtendedUsage): void
}

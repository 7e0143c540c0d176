import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/** What our messages say about us beyond what those of every agent say. */
export interface Announcement {
  /** Option tags that stand in our Supported, and that may be required of us (RFC 3261 §20.32, §20.37). */
  readonly supported?: readonly string[]
  /** Option tags that do not stand in it, though every agent has them. */
  readonly withdrawn?: readonly string[]
  /** Methods beyond those that every agent takes (RFC 3261 §20.5). */
  readonly allow?: readonly string[]
  /** Types of bodies beyond SDP (RFC 3261 §20.1). */
  readonly accept?: readonly string[]
  /** Adds header fields to a message of ours, after the application and before the agent's identity. */
  dress?(message: SipRequest | SipResponse): void
}

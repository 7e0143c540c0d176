import type { Instant } from '@offhook/sip-machine'
import type { NameAddr, SipUri } from '@offhook/sip-parser'

/** One contact under which an address-of-record is reached, until it expires (RFC 3261 §10.3). */
export interface Binding {
  /** The Contact value of the REGISTER, with its parameters but for `expires`. */
  readonly contact: NameAddr
  /** The contact's URI: where requests are sent. */
  readonly uri: SipUri
  readonly callId: string
  /** CSeq of the REGISTER that wrote the binding last. */
  readonly sequence: number
  /** `Infinity` for a binding that the operator made. */
  readonly expiresAt: Instant
  /** `+sip.instance`, with `regId` the identity of a binding whose contact may change (RFC 5626 §6). */
  readonly instance?: string
  readonly regId?: number
  /** Path of the REGISTER, nearest hop first (RFC 3327 §5.3). */
  readonly path: readonly string[]
  /** Names the flow over which the contact is reached; absent when the URI itself is dialled. */
  readonly flow?: string
  /** Whether the URI could be dialled when the flow is gone: false for a browser or a device behind a NAT. */
  readonly dialable: boolean
}

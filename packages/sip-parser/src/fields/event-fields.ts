import type { HeaderField } from '../header-fields.js'
import { NameAddr } from '../values/name-addr.js'
import { TokenValue } from '../values/token-value.js'
import { SubscriptionState } from './subscription-state.js'
import { readToken } from './text.js'
import { UriValue } from './uri-value.js'

// Header fields of subscriptions, publications and references.

/** Event packages (RFC 6665 §8.2.2). */
export const allowEvents: HeaderField<string> = { name: 'Allow-Events', section: 'RFC 6665 §8.2.2', comma: true, read: readToken }
/** Where to subscribe to what became of a REFER (RFC 7614 §4.8). */
export const referEventsAt: HeaderField<UriValue> = { name: 'Refer-Events-At', section: 'RFC 7614 §4.8', read: UriValue.read }
/** `true` or `false`: whether a REFER subscribes (RFC 4488 §4). */
export const referSub: HeaderField<TokenValue> = { name: 'Refer-Sub', section: 'RFC 4488 §4', read: TokenValue.read }
/**
 * RFC 3515 §2.1.
 *
 * @example headers.read(referTo)[0]?.uri
 */
export const referTo: HeaderField<NameAddr> = { name: 'Refer-To', section: 'RFC 3515 §2.1', read: NameAddr.read }
/** Who refers; `cid` names the body part that proves it (RFC 3892 §3). */
export const referredBy: HeaderField<NameAddr> = { name: 'Referred-By', section: 'RFC 3892 §3', read: NameAddr.read }
/** Entity tag of published state (RFC 3903 §11.3.1). */
export const sipETag: HeaderField<string> = { name: 'SIP-ETag', section: 'RFC 3903 §11.3.1', read: readToken }
/** Entity tag of the state to refresh, change or remove (RFC 3903 §11.3.2). */
export const sipIfMatch: HeaderField<string> = { name: 'SIP-If-Match', section: 'RFC 3903 §11.3.2', read: readToken }
/** RFC 6665 §8.2.3. */
export const subscriptionState: HeaderField<SubscriptionState> = { name: 'Subscription-State', section: 'RFC 6665 §8.2.3', read: SubscriptionState.read }
/** Entity tag the subscriber has already, or `*` (RFC 5839 §7.2). */
export const suppressIfMatch: HeaderField<string> = { name: 'Suppress-If-Match', section: 'RFC 5839 §7.2', read: readToken }

import type { Reader } from '../attempt.js'
import type { HeaderField } from '../header-fields.js'
import { CSeq } from '../values/cseq.js'
import { MediaType } from '../values/media-type.js'
import { NameAddr } from '../values/name-addr.js'
import { readHops, readLength, readSeconds } from '../values/numbers.js'
import { TokenValue } from '../values/token-value.js'
import { Via } from '../values/via.js'
import { AuthenticationInfo } from './authentication-info.js'
import type { TextField } from './header-value.js'
import { RetryAfter } from './retry-after.js'
import { SipDate } from './sip-date.js'
import { isCallId, isProductList, readMessageId, readText, readToken, readVersion, readWord } from './text.js'
import { Timestamp } from './timestamp.js'
import { UriValue } from './uri-value.js'
import { Warning } from './warning.js'

// Header fields of RFC 3261, and Content-ID.

/** `*` stands alone (RFC 3261 §20.10). */
const readContact: Reader<NameAddr | '*'> = (source, start, end, alone) =>
  alone === true && source.text.slice(start, end) === '*' ? '*' : NameAddr.read(source, start, end)

/** Media ranges, the `q` of each among its parameters (RFC 3261 §20.1). */
export const accept: HeaderField<MediaType> = { name: 'Accept', section: 'RFC 3261 §20.1', comma: true, read: MediaType.read }
/** Content codings (RFC 3261 §20.2). */
export const acceptEncoding: HeaderField<TokenValue> = { name: 'Accept-Encoding', section: 'RFC 3261 §20.2', comma: true, read: TokenValue.read }
/** Language ranges (RFC 3261 §20.3). */
export const acceptLanguage: HeaderField<TokenValue> = { name: 'Accept-Language', section: 'RFC 3261 §20.3', comma: true, read: TokenValue.read }
/** What to ring with, a URN of RFC 7462 or a sound (RFC 3261 §20.4). */
export const alertInfo: HeaderField<UriValue> = { name: 'Alert-Info', section: 'RFC 3261 §20.4', comma: true, read: UriValue.read }
/**
 * Methods (RFC 3261 §20.5).
 *
 * @example headers.set('Allow', headerValue(allow, 'INVITE', 'ACK', 'CANCEL', 'BYE'))
 */
export const allow: HeaderField<string> = { name: 'Allow', section: 'RFC 3261 §20.5', comma: true, read: readToken }
/** A comma separates parameters here, not values (RFC 3261 §20.6). */
export const authenticationInfo: HeaderField<AuthenticationInfo> = { name: 'Authentication-Info', section: 'RFC 3261 §20.6', read: AuthenticationInfo.read }
/** RFC 3261 §20.8. */
export const callId: TextField = { name: 'Call-ID', section: 'RFC 3261 §20.8', read: readWord, allows: isCallId }
/**
 * Of caller or callee; what for is in the parameter `purpose`: `icon`, `info`, `card`, `jcard` … (RFC 3261 §20.9, RFC 9796 §5).
 *
 * @example headers.read(callInfo).find(({ parameters }) => parameters.get('purpose') === 'icon')?.uri
 */
export const callInfo: HeaderField<UriValue> = { name: 'Call-Info', section: 'RFC 3261 §20.9', comma: true, read: UriValue.read }
/** Addresses, or the one value `*` (RFC 3261 §20.10). */
export const contact: HeaderField<NameAddr | '*'> = { name: 'Contact', section: 'RFC 3261 §20.10', comma: true, read: readContact }
/** Content codings, in the order they were applied (RFC 3261 §20.12). */
export const contentEncoding: HeaderField<string> = { name: 'Content-Encoding', section: 'RFC 3261 §20.12', comma: true, read: readToken }
/** Identifier of the body, in its brackets (RFC 8262 §3). */
export const contentId: HeaderField<string> = { name: 'Content-ID', section: 'RFC 8262 §3', read: readMessageId }
/** Language tags (RFC 3261 §20.13). */
export const contentLanguage: HeaderField<string> = { name: 'Content-Language', section: 'RFC 3261 §20.13', comma: true, read: readToken }
/** Bytes (RFC 3261 §20.14). */
export const contentLength: HeaderField<number> = { name: 'Content-Length', section: 'RFC 3261 §20.14', read: readLength }
/** RFC 3261 §20.16. */
export const cseq: HeaderField<CSeq> = { name: 'CSeq', section: 'RFC 3261 §20.16', read: CSeq.read }
/** RFC 3261 §20.17. */
export const date: HeaderField<SipDate> = { name: 'Date', section: 'RFC 3261 §20.17', read: SipDate.read }
/** More about the error (RFC 3261 §20.18). */
export const errorInfo: HeaderField<UriValue> = { name: 'Error-Info', section: 'RFC 3261 §20.18', comma: true, read: UriValue.read }
/** Seconds (RFC 3261 §20.19). */
export const expires: HeaderField<number> = { name: 'Expires', section: 'RFC 3261 §20.19', read: readSeconds }
/** RFC 3261 §20.20. */
export const from: HeaderField<NameAddr> = { name: 'From', section: 'RFC 3261 §20.20', read: NameAddr.readParty }
/** Call-IDs (RFC 3261 §20.21). */
export const inReplyTo: TextField = { name: 'In-Reply-To', section: 'RFC 3261 §20.21', comma: true, read: readWord, allows: isCallId }
/** Hops left, at most 255 (RFC 3261 §20.22). */
export const maxForwards: HeaderField<number> = { name: 'Max-Forwards', section: 'RFC 3261 §20.22', read: readHops }
/** Seconds (RFC 3261 §20.23). */
export const minExpires: HeaderField<number> = { name: 'Min-Expires', section: 'RFC 3261 §20.23', read: readSeconds }
/** RFC 3261 §20.24. */
export const mimeVersion: HeaderField<string> = { name: 'MIME-Version', section: 'RFC 3261 §20.24', read: readVersion }
/** RFC 3261 §20.25. */
export const organization: HeaderField<string> = { name: 'Organization', section: 'RFC 3261 §20.25', read: readText }
/** `emergency`, `urgent`, `normal`, `non-urgent` … (RFC 3261 §20.26). */
export const priority: HeaderField<string> = { name: 'Priority', section: 'RFC 3261 §20.26', read: readToken }
/** Option tags (RFC 3261 §20.29). */
export const proxyRequire: HeaderField<string> = { name: 'Proxy-Require', section: 'RFC 3261 §20.29', comma: true, read: readToken }
/** RFC 3261 §20.30. */
export const recordRoute: HeaderField<NameAddr> = { name: 'Record-Route', section: 'RFC 3261 §20.30', comma: true, read: NameAddr.read }
/** RFC 3261 §20.31. */
export const replyTo: HeaderField<NameAddr> = { name: 'Reply-To', section: 'RFC 3261 §20.31', read: NameAddr.read }
/** Option tags (RFC 3261 §20.32). */
export const require: HeaderField<string> = { name: 'Require', section: 'RFC 3261 §20.32', comma: true, read: readToken }
/** RFC 3261 §20.33. */
export const retryAfter: HeaderField<RetryAfter> = { name: 'Retry-After', section: 'RFC 3261 §20.33', read: RetryAfter.read }
/** RFC 3261 §20.34. */
export const route: HeaderField<NameAddr> = { name: 'Route', section: 'RFC 3261 §20.34', comma: true, read: NameAddr.read }
/** Products and comments (RFC 3261 §20.35). */
export const server: TextField = { name: 'Server', section: 'RFC 3261 §20.35', read: readText, allows: isProductList }
/** RFC 3261 §20.36. */
export const subject: HeaderField<string> = { name: 'Subject', section: 'RFC 3261 §20.36', read: readText }
/** Option tags (RFC 3261 §20.37). */
export const supported: HeaderField<string> = { name: 'Supported', section: 'RFC 3261 §20.37', comma: true, read: readToken }
/** RFC 3261 §20.38. */
export const timestamp: HeaderField<Timestamp> = { name: 'Timestamp', section: 'RFC 3261 §20.38', read: Timestamp.read }
/** RFC 3261 §20.39. */
export const to: HeaderField<NameAddr> = { name: 'To', section: 'RFC 3261 §20.39', read: NameAddr.readParty }
/** Option tags (RFC 3261 §20.40). */
export const unsupported: HeaderField<string> = { name: 'Unsupported', section: 'RFC 3261 §20.40', comma: true, read: readToken }
/** Products and comments (RFC 3261 §20.41). */
export const userAgent: TextField = { name: 'User-Agent', section: 'RFC 3261 §20.41', read: readText, allows: isProductList }
/** RFC 3261 §20.42. */
export const via: HeaderField<Via> = { name: 'Via', section: 'RFC 3261 §20.42', comma: true, read: Via.read }
/** RFC 3261 §20.43. */
export const warning: HeaderField<Warning> = { name: 'Warning', section: 'RFC 3261 §20.43', comma: true, read: Warning.read }

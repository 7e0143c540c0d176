import type { HeaderField } from '../header-fields.js'
import { NameAddr } from '../values/name-addr.js'
import { TokenValue } from '../values/token-value.js'
import { HistoryEntry } from './history-entry.js'
import { NumberValue } from './number-value.js'
import { ResourceValue } from './resource-value.js'
import { readCount, readToken } from './text.js'
import { UriValue } from './uri-value.js'

// Header fields that say where a request goes, came along or may go.

/** `*` with the feature tags the callee should have; see `featureTag` (RFC 3841 §9.2). */
export const acceptContact: HeaderField<TokenValue> = { name: 'Accept-Contact', section: 'RFC 3841 §9.2', comma: true, read: TokenValue.read }
/** RFC 4412 §3.2. */
export const acceptResourcePriority: HeaderField<ResourceValue> = { name: 'Accept-Resource-Priority', section: 'RFC 4412 §3.2', comma: true, read: ResourceValue.read }
/** Who the call was diverted from, the last one first; `reason`, `counter`, `limit`, `privacy`, `screen` (RFC 5806 §4). Historic, History-Info took its place. */
export const diversion: HeaderField<NameAddr> = { name: 'Diversion', section: 'RFC 5806 §4', comma: true, read: NameAddr.read }
/** `*` with what the sender on the path is able to; see `featureTag` (RFC 6809 §6.2). */
export const featureCaps: HeaderField<TokenValue> = { name: 'Feature-Caps', section: 'RFC 6809 §6.2', comma: true, read: TokenValue.read }
/** Seconds after which the server takes a silent flow for dead (RFC 5626 §4.4). */
export const flowTimer: HeaderField<number> = { name: 'Flow-Timer', section: 'RFC 5626 §4.4', read: readCount }
/** Where the location is written: a `cid:` of this message, or elsewhere (RFC 6442 §4.1). */
export const geolocation: HeaderField<UriValue> = { name: 'Geolocation', section: 'RFC 6442 §4.1', comma: true, read: UriValue.read }
/** What was wrong with the location, with the text in `code` (RFC 6442 §4.4). */
export const geolocationError: HeaderField<NumberValue> = { name: 'Geolocation-Error', section: 'RFC 6442 §4.4', read: NumberValue.read }
/** `yes` or `no`: whether the location may be used on the way (RFC 6442 §4.2). */
export const geolocationRouting: HeaderField<TokenValue> = { name: 'Geolocation-Routing', section: 'RFC 6442 §4.2', read: TokenValue.read }
/**
 * RFC 7044 §5.
 *
 * @example headers.read(historyInfo).at(-1)?.index
 */
export const historyInfo: HeaderField<HistoryEntry> = { name: 'History-Info', section: 'RFC 7044 §5', comma: true, read: HistoryEntry.read }
/** Branches the request may still fork into (RFC 5393 §5.3.1). */
export const maxBreadth: HeaderField<number> = { name: 'Max-Breadth', section: 'RFC 5393 §5.3.1', read: readCount }
/** RFC 3327 §4. */
export const path: HeaderField<NameAddr> = { name: 'Path', section: 'RFC 3327 §4', comma: true, read: NameAddr.read }
/** Recipients who have not agreed yet (RFC 5360 §5.9.3). */
export const permissionMissing: HeaderField<NameAddr> = { name: 'Permission-Missing', section: 'RFC 5360 §5.9.3', comma: true, read: NameAddr.read }
/** Policy servers to ask; `non-cacheable` (RFC 6794 §4.4.5.2). */
export const policyContact: HeaderField<UriValue> = { name: 'Policy-Contact', section: 'RFC 6794 §4.4.5.2', comma: true, read: UriValue.read }
/** Policy servers that were asked, with the `token` of each; built by `UriValue.bare` (RFC 6794 §4.4.5.1). */
export const policyId: HeaderField<UriValue> = { name: 'Policy-ID', section: 'RFC 6794 §4.4.5.1', comma: true, read: UriValue.readBare }
/** `*` with the feature tags the callee must not have; see `featureTag` (RFC 3841 §9.2). */
export const rejectContact: HeaderField<TokenValue> = { name: 'Reject-Contact', section: 'RFC 3841 §9.2', comma: true, read: TokenValue.read }
/** What proxies should do: `proxy`, `redirect`, `no-fork`, `parallel` … (RFC 3841 §9.1). */
export const requestDisposition: HeaderField<string> = { name: 'Request-Disposition', section: 'RFC 3841 §9.1', comma: true, read: readToken }
/** RFC 4412 §3.1. */
export const resourcePriority: HeaderField<ResourceValue> = { name: 'Resource-Priority', section: 'RFC 4412 §3.1', comma: true, read: ResourceValue.read }
/** RFC 3608 §5. */
export const serviceRoute: HeaderField<NameAddr> = { name: 'Service-Route', section: 'RFC 3608 §5', comma: true, read: NameAddr.read }
/** Where to ask for permission, for the `target-uri`; built by `UriValue.bare` (RFC 5360 §5.11.2). */
export const triggerConsent: HeaderField<UriValue> = { name: 'Trigger-Consent', section: 'RFC 5360 §5.11.2', comma: true, read: UriValue.readBare }

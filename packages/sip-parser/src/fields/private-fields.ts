import type { HeaderField } from '../header-fields.js'
import { NameAddr } from '../values/name-addr.js'
import { TokenValue } from '../values/token-value.js'
import { ChargingVector } from './charging-vector.js'
import { ParameterSet } from './parameter-set.js'
import { readHex, readText, readToken } from './text.js'
import { TextValue } from './text-value.js'
import { UriValue } from './uri-value.js'
import { WordValue } from './word-value.js'

// Header fields of operators’ networks. Those that 3GPP describes itself are kept as text.

/**
 * Access type, with the cell or line in its parameters (RFC 7315 §5.4).
 *
 * @example headers.read(pAccessNetworkInfo)[0]?.parameters.get('utran-cell-id-3gpp')
 */
export const pAccessNetworkInfo: HeaderField<TokenValue> = { name: 'P-Access-Network-Info', section: 'RFC 7315 §5.4', comma: true, read: TokenValue.read }
/** `Confirmed` or `Unconfirmed`: whether the callee really answered (RFC 4964). */
export const pAnswerState: HeaderField<TokenValue> = { name: 'P-Answer-State', section: 'RFC 4964', read: TokenValue.read }
/** URNs of the service, said by a trusted proxy; built by `UriValue.bare` (RFC 6050 §4.1). */
export const pAssertedService: HeaderField<UriValue> = { name: 'P-Asserted-Service', section: 'RFC 6050 §4.1', comma: true, read: UriValue.readBare }
/** Further addresses of the user (RFC 7315 §5.1). */
export const pAssociatedUri: HeaderField<NameAddr> = { name: 'P-Associated-URI', section: 'RFC 7315 §5.1', comma: true, read: NameAddr.read }
/** The address the request was sent to at first (RFC 7315 §5.2). */
export const pCalledPartyId: HeaderField<NameAddr> = { name: 'P-Called-Party-ID', section: 'RFC 7315 §5.2', read: NameAddr.read }
/** Who pays (RFC 8496 §6). */
export const pChargeInfo: HeaderField<NameAddr> = { name: 'P-Charge-Info', section: 'RFC 8496 §6', read: NameAddr.read }
/** `ccf`, `ecf`, `ccf-2`, `ecf-2` (RFC 7315 §5.5). */
export const pChargingFunctionAddresses: HeaderField<ParameterSet> = { name: 'P-Charging-Function-Addresses', section: 'RFC 7315 §5.5', comma: true, read: ParameterSet.read }
/** RFC 7315 §5.6. */
export const pChargingVector: HeaderField<ChargingVector> = { name: 'P-Charging-Vector', section: 'RFC 7315 §5.6', read: ChargingVector.read }
/** Identifier of the call and of the element that bills: `id/element@host` (RFC 5503 §7.1). */
export const pDcsBillingInfo: HeaderField<WordValue> = { name: 'P-DCS-Billing-Info', section: 'RFC 5503 §7.1', read: WordValue.read }
/** Host and port for call-identifying records (RFC 5503 §8.1). */
export const pDcsLaes: HeaderField<WordValue> = { name: 'P-DCS-LAES', section: 'RFC 5503 §8.1', read: WordValue.read }
/** `BLV`, `EI` or `RING`: operator services (RFC 5503 §6.1). */
export const pDcsOsps: HeaderField<string> = { name: 'P-DCS-OSPS', section: 'RFC 5503 §6.1', read: readToken }
/** URI that was called at first; `redirector-uri`, `count` (RFC 5503 §8.1). */
export const pDcsRedirect: HeaderField<TextValue> = { name: 'P-DCS-Redirect', section: 'RFC 5503 §8.1', read: TextValue.read }
/** Who is to be traced; `timestamp` (RFC 5503 §5.1). */
export const pDcsTracePartyId: HeaderField<NameAddr> = { name: 'P-DCS-Trace-Party-ID', section: 'RFC 5503 §5.1', read: NameAddr.read }
/** `supported`, `sendrecv`, `gated` … (RFC 5009 §9). */
export const pEarlyMedia: HeaderField<string> = { name: 'P-Early-Media', section: 'RFC 5009 §9', comma: true, read: readToken }
/** Tokens, hexadecimal digits (RFC 3313). */
export const pMediaAuthorization: HeaderField<string> = { name: 'P-Media-Authorization', section: 'RFC 3313', comma: true, read: readHex }
/** URNs of the service the user wants; built by `UriValue.bare` (RFC 6050 §4.2). */
export const pPreferredService: HeaderField<UriValue> = { name: 'P-Preferred-Service', section: 'RFC 6050 §4.2', comma: true, read: UriValue.readBare }
/** Host name of the private network (RFC 7316 §7). */
export const pPrivateNetworkIndication: HeaderField<WordValue> = { name: 'P-Private-Network-Indication', section: 'RFC 7316 §7', read: WordValue.read }
/** Key of the service profile (RFC 5002 §5). */
export const pProfileKey: HeaderField<NameAddr> = { name: 'P-Profile-Key', section: 'RFC 5002 §5', read: NameAddr.read }
/** Members of a list that was refused (RFC 5318). */
export const pRefusedUriList: HeaderField<NameAddr> = { name: 'P-Refused-URI-List', section: 'RFC 5318', comma: true, read: NameAddr.read }
/** User the proxy acts for; `sescase`, `regstate`, `orig-cdiv` (RFC 5502 §6, RFC 8498 §6). */
export const pServedUser: HeaderField<NameAddr> = { name: 'P-Served-User', section: 'RFC 5502 §6, RFC 8498 §6', read: NameAddr.read }
/** Diameter URI of the database of the user (RFC 4457). */
export const pUserDatabase: HeaderField<UriValue> = { name: 'P-User-Database', section: 'RFC 4457', read: UriValue.read }
/** Networks the user is in (RFC 7315 §5.3). */
export const pVisitedNetworkId: HeaderField<TextValue> = { name: 'P-Visited-Network-ID', section: 'RFC 7315 §5.3', comma: true, read: TextValue.read }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const additionalIdentity: HeaderField<string> = { name: 'Additional-Identity', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const attestationInfo: HeaderField<string> = { name: 'Attestation-Info', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const cellularNetworkInfo: HeaderField<string> = { name: 'Cellular-Network-Info', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.186). */
export const dcInfo: HeaderField<string> = { name: 'DC-Info', section: '3GPP TS 24.186', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const originationId: HeaderField<string> = { name: 'Origination-Id', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const priorityShare: HeaderField<string> = { name: 'Priority-Share', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const priorityVerstat: HeaderField<string> = { name: 'Priority-Verstat', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const relayedCharge: HeaderField<string> = { name: 'Relayed-Charge', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const resourceShare: HeaderField<string> = { name: 'Resource-Share', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const responseSource: HeaderField<string> = { name: 'Response-Source', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const restorationInfo: HeaderField<string> = { name: 'Restoration-Info', section: '3GPP TS 24.229 §7.2', read: readText }
/** Kept as text (3GPP TS 24.229 §7.2). */
export const serviceInteractInfo: HeaderField<string> = { name: 'Service-Interact-Info', section: '3GPP TS 24.229 §7.2', read: readText }

import type { HeaderField } from '../header-fields.js'
import { NameAddr } from '../values/name-addr.js'
import { Identity } from './identity.js'
import { Privacy } from './privacy.js'
import { SecurityMechanism } from './security-mechanism.js'
import { UriValue } from './uri-value.js'

// Header fields of identity, privacy and security agreements.

/** One signature per field; there may be several fields (RFC 8224 §4). */
export const identity: HeaderField<Identity> = { name: 'Identity', section: 'RFC 8224 §4', read: Identity.read }
/** Where the certificate of an RFC 4474 Identity is (RFC 4474 §9). Obsolete. */
export const identityInfo: HeaderField<UriValue> = { name: 'Identity-Info', section: 'RFC 4474 §9', read: UriValue.read }
/** Who it is, said by a trusted proxy (RFC 3325 §9.1). */
export const pAssertedIdentity: HeaderField<NameAddr> = { name: 'P-Asserted-Identity', section: 'RFC 3325 §9.1', comma: true, read: NameAddr.read }
/** As whom the user wants to be known (RFC 3325 §9.2). */
export const pPreferredIdentity: HeaderField<NameAddr> = { name: 'P-Preferred-Identity', section: 'RFC 3325 §9.2', comma: true, read: NameAddr.read }
/**
 * RFC 3323 §4.2.
 *
 * @example headers.read(privacy).some((one) => one.has('id'))
 */
export const privacy: HeaderField<Privacy> = { name: 'Privacy', section: 'RFC 3323 §4.2', read: Privacy.read }
/** What the client is able to (RFC 3329 §2.2). */
export const securityClient: HeaderField<SecurityMechanism> = { name: 'Security-Client', section: 'RFC 3329 §2.2', comma: true, read: SecurityMechanism.read }
/** What the server is able to (RFC 3329 §2.2). */
export const securityServer: HeaderField<SecurityMechanism> = { name: 'Security-Server', section: 'RFC 3329 §2.2', comma: true, read: SecurityMechanism.read }
/** What the client got as Security-Server, sent back (RFC 3329 §2.2). */
export const securityVerify: HeaderField<SecurityMechanism> = { name: 'Security-Verify', section: 'RFC 3329 §2.2', comma: true, read: SecurityMechanism.read }

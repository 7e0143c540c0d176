import type { HeaderField } from '../header-fields.js'
import { Challenge } from '../values/challenge.js'
import { Credentials } from '../values/credentials.js'

/** A comma separates parameters here, not values (RFC 3261 §7.3.1): one challenge per field (§20.44). */
export const wwwAuthenticate: HeaderField<Challenge> = { name: 'WWW-Authenticate', section: 'RFC 3261 §20.44', read: Challenge.read }
/** RFC 3261 §20.27. */
export const proxyAuthenticate: HeaderField<Challenge> = { name: 'Proxy-Authenticate', section: 'RFC 3261 §20.27', read: Challenge.read }
/** One set of credentials per field (RFC 3261 §20.7). */
export const authorization: HeaderField<Credentials> = { name: 'Authorization', section: 'RFC 3261 §20.7', read: Credentials.read }
/** RFC 3261 §20.28. */
export const proxyAuthorization: HeaderField<Credentials> = { name: 'Proxy-Authorization', section: 'RFC 3261 §20.28', read: Credentials.read }

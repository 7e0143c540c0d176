import { normalizeEscapes } from '../escapes.js'
import { canonicalHost } from './host-address.js'
import { SipUri } from './sip-uri.js'
import { canonicalText } from './uri-equals.js'
import type { Uri } from './uri.js'

/**
 * The one text that all ways to write an address have in common, fit to be the key of a location service (RFC 3261 §10.3, 5):
 * `sip:user@host` without password, port, parameters and header fields, every escape undone that can be, the host in lower case, IPv6 at its shortest.
 * A `sips:` address gives the same text: both name one user (RFC 5630 §4). Other URIs give the text that equal ones share.
 *
 * @example addressOfRecord(request.to.uri) // 'sip:+12015550123@example.com' for <sips:%2B12015550123:pw@Example.COM:5061;user=phone>
 */
export function addressOfRecord(uri: Uri): string {
  if (!(uri instanceof SipUri)) return canonicalText(uri)
  const host = canonicalHost(uri.host)
  return uri.user === undefined ? `sip:${host}` : `sip:${normalizeEscapes(uri.user, /[\w\-.!~*'()&=+$,;?/]/)}@${host}`
}

import { attempt } from '../attempt.js'
import { equalsLower, findClass, NOT_URI, URI_MARK } from '../characters.js'
import type { ParseError } from '../errors.js'
import { normalizeEscapes } from '../escapes.js'
import { slice, type Source } from '../octets.js'
import type { Result } from '../result.js'
import { AbsoluteUri } from './absolute-uri.js'
import { SipUri } from './sip-uri.js'
import { TelUri } from './tel-uri.js'

export type Uri = SipUri | TelUri | AbsoluteUri

/** Reads a URI: `sip:`, `sips:`, `tel:`, or any other scheme as opaque text (RFC 3261 §19.1, RFC 3966). */
export function parseUri(text: string): Result<Uri, ParseError> {
  return attempt((source, start, end) => readUri(source, start, end), text)
}

/** Reads the URI in [start, end); when `loose`, text without a scheme becomes an AbsoluteUri whose scheme is ''. Throws ParseError. */
export function readUri(source: Source, start: number, end: number, loose = false): Uri {
  const { bytes } = source
  if (end - start > 4) {
    if (equalsLower(bytes, start, 'sip') && (bytes[start + 3] === 58 || equalsLower(bytes, start + 3, 's:'))) return SipUri.read(source, start, end)
    if (equalsLower(bytes, start, 'tel:')) return TelUri.read(source, start, end)
  }
  if (loose && start < end && bytes[findClass(bytes, start, end, NOT_URI | URI_MARK)] !== 58) return AbsoluteUri.unreadable(slice(source, start, end))
  return AbsoluteUri.read(source, start, end)
}

/** Equivalence of URIs: RFC 3261 §19.1.4 for SIP, RFC 3966 §4 for tel, the text for others. */
export function uriEquals(a: Uri, b: Uri): boolean {
  if (a instanceof SipUri) return b instanceof SipUri && sipEquals(a, b)
  if (a instanceof TelUri) return b instanceof TelUri && telEquals(a, b)
  return b instanceof AbsoluteUri && a.scheme === b.scheme && a.opaque === b.opaque
}

function sipEquals(a: SipUri, b: SipUri): boolean {
  return a.scheme === b.scheme && a.port === b.port && sameEscaped(a.user, b.user) && sameEscaped(a.password, b.password)
    && a.host.toLowerCase() === b.host.toLowerCase() && parametersEqual(a, b) && headersEqual(a.headers, b.headers)
}

function sameEscaped(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && normalizeEscapes(a) === normalizeEscapes(b))
}

/** These never match when only one URI has them. */
const significant: readonly string[] = ['user', 'ttl', 'method', 'maddr', 'transport']

function parametersEqual(a: SipUri, b: SipUri): boolean {
  if (significant.some((name) => a.parameters.has(name) !== b.parameters.has(name))) return false
  for (const [name, value] of a.parameters) {
    const other = b.parameters.get(name)
    if (other !== undefined && normalizeEscapes(other).toLowerCase() !== normalizeEscapes(value).toLowerCase()) return false
  }
  return true
}

function headersEqual(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  const sorted = (headers: string): string => headers.split('&').map((part) => {
    const equals = part.indexOf('=')
    return equals < 0 ? part.toLowerCase() : part.slice(0, equals).toLowerCase() + normalizeEscapes(part.slice(equals))
  }).sort().join('&')
  return sorted(a) === sorted(b)
}

/** RFC 3966 §4: visual separators do not count, parameters compare as a set, both without case. */
function telEquals(a: TelUri, b: TelUri): boolean {
  if (bareNumber(a.number) !== bareNumber(b.number) || a.parameters.size !== b.parameters.size) return false
  for (const [name, value] of a.parameters) {
    const other = b.parameters.get(name)
    if (other === undefined || bareContext(other) !== bareContext(value)) return false
  }
  return true
}

function bareContext(value: string): string {
  return value.startsWith('+') ? bareNumber(value) : value.toLowerCase()
}

function bareNumber(number: string): string {
  return Array.from(number).filter((character) => !'-.()'.includes(character)).join('').toLowerCase()
}

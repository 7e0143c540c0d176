import { attempt } from '../attempt.js'
import { normalizeEscapes, unescape } from '../escapes.js'
import { nameOf, numberOf } from '../header-names.js'
import type { AbsoluteUri } from './absolute-uri.js'
import { canonicalHost } from './host-address.js'
import { NameAddr } from './name-addr.js'
import type { Parameters } from './parameters.js'
import { SipUri } from './sip-uri.js'
import { TelUri, withoutSeparators } from './tel-uri.js'
import type { Uri } from './uri.js'
import { canonicalUrn, parseUrn } from './urn.js'

/**
 * Equivalence of URIs: RFC 3261 §19.1.4 with RFC 5954 §4.2 for SIP and SIPS, RFC 3966 §4 for tel, RFC 8141 §3 for URNs;
 * others by their text, but for the case of scheme, host and escapes (RFC 3986 §6.2.2). By the rule for SIP it is not transitive.
 */
export function uriEquals(a: Uri, b: Uri): boolean {
  if (a instanceof SipUri) return b instanceof SipUri && sipEquals(a, b, false)
  return !(b instanceof SipUri) && canonicalText(a) === canonicalText(b)
}

/** @internal The text that equal URIs share; there is none for SIP, where equivalence is not transitive. */
export function canonicalText(uri: TelUri | AbsoluteUri): string {
  if (uri instanceof TelUri) return canonicalTel(uri)
  const urn = parseUrn(uri)
  return urn === undefined ? `${uri.scheme}:${normalizeEscapes(uri.opaque).replace(/^\/\/(?:[^/?#]*@)?[^/?#@]*/, lowerHost)}` : canonicalUrn(urn)
}

function lowerHost(authority: string): string {
  const host = authority.lastIndexOf('@') + 1
  return authority.slice(0, host) + authority.slice(host).toLowerCase()
}

/** Visual separators and case do not count, nor does the order of parameters (RFC 3966 §4). */
function canonicalTel(uri: TelUri): string {
  const parameters = Array.from(byName(uri.parameters), ([name, value]) => {
    const digits = name === 'ext' || (name === 'phone-context' && value.startsWith('+'))
    return `;${name}=${digits ? withoutSeparators(value) : normalizeEscapes(value)}`
  })
  return `tel:${uri.digits}${parameters.sort().join('')}`.toLowerCase()
}

/** `nested`: both stand in a header field of a URI. */
function sipEquals(a: SipUri, b: SipUri, nested: boolean): boolean {
  return a.scheme === b.scheme && a.port === b.port && sameEscaped(a.user, b.user) && sameEscaped(a.password, b.password)
    && canonicalHost(a.host) === canonicalHost(b.host) && parametersEqual(a.parameters, b.parameters, significant) && headersEqual(a.headers, b.headers, nested)
}

function sameEscaped(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && normalizeEscapes(a) === normalizeEscapes(b))
}

/** These never match when only one URI has them, not even with their default value. */
const significant: readonly string[] = ['user', 'ttl', 'method', 'maddr', 'transport']

/** Parameters in both must match, others may stand in one alone unless they are in `both`. */
function parametersEqual(a: Parameters, b: Parameters, both: readonly string[]): boolean {
  const [left, right] = [byName(a), byName(b)]
  return both.every((name) => left.has(name) === right.has(name)) && Array.from(left).every(([name, value]) => {
    const other = right.get(name)
    return other === undefined || value === other || foldValue(name, value) === foldValue(name, other)
  })
}

/** Methods have case (RFC 3261 §7.1), as tags have (§19.3); addresses have spellings. */
function foldValue(name: string, value: string): string {
  const normal = normalizeEscapes(value)
  if (name === 'method' || name === 'tag') return normal
  return name === 'maddr' ? canonicalHost(normal) : normal.toLowerCase()
}

/** The first parameter of each name, in lower case. */
function byName(parameters: Parameters): Map<string, string> {
  const map = new Map<string, string>()
  for (const [name, value] of parameters) {
    const lower = normalizeEscapes(name).toLowerCase()
    if (!map.has(lower)) map.set(lower, value)
  }
  return map
}

/** Header fields are never ignored; only fields of one name have an order (RFC 3261 §7.3.1). */
function headersEqual(a: string | undefined, b: string | undefined, nested: boolean): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  const [left, right] = [sortedHeaders(a), sortedHeaders(b)]
  return left.length === right.length && left.every(([name, value], at) => {
    const [otherName, other] = right[at] ?? ['', '']
    return name === otherName && valueEquals(name, value, other, nested)
  })
}

function sortedHeaders(headers: string): (readonly [name: string, value: string])[] {
  return headers.split('&').map((part) => {
    const equals = part.indexOf('=')
    const name = unescape(equals < 0 ? part : part.slice(0, equals))
    return [(nameOf(numberOf(name)) || name).toLowerCase(), equals < 0 ? '' : unescape(part.slice(equals + 1))] as const
  }).sort(([x], [y]) => (x < y ? -1 : Number(x > y)))
}

/** Fields that hold an address, of which display name and brackets do not count (RFC 3261 §20.20, §20.39). */
const addresses: readonly string[] = ['from', 'to', 'contact', 'reply-to', 'refer-to', 'referred-by', 'route', 'record-route', 'p-asserted-identity']

/** Values have no case, but for Call-IDs, bodies and what is quoted (RFC 3261 §7.3.1, §20.8). */
function valueEquals(name: string, a: string, b: string, nested: boolean): boolean {
  if (a === b) return true
  // An address in a field of an address in a field …: one level is enough for every example, and keeps the work linear.
  if (addresses.includes(name) && !nested) {
    const [left, right] = [attempt(NameAddr.readParty, a), attempt(NameAddr.readParty, b)]
    if (left.ok && right.ok) return addressEquals(left.value, right.value)
  }
  return name !== 'call-id' && name !== 'body' && !a.includes('"') && a.toLowerCase() === b.toLowerCase()
}

function addressEquals(a: NameAddr, b: NameAddr): boolean {
  const same = a.uri instanceof SipUri && b.uri instanceof SipUri ? sipEquals(a.uri, b.uri, true) : uriEquals(a.uri, b.uri)
  return same && parametersEqual(a.parameters, b.parameters, ['tag'])
}

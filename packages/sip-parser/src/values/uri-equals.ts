import { attempt } from '../attempt.js'
import { normalizeEscapes } from '../escapes.js'
import { nameOf, numberOf } from '../header-names.js'
import type { AbsoluteUri } from './absolute-uri.js'
import { canonicalHost } from './host-address.js'
import { NameAddr } from './name-addr.js'
import type { Parameters } from './parameters.js'
import { SipUri } from './sip-uri.js'
import { TelUri, withoutSeparators } from './tel-uri.js'
import { splitHeaders } from './uri-headers.js'
import type { Uri } from './uri.js'
import { canonicalUrn, parseUrn } from './urn.js'

/**
 * Equivalence of URIs: RFC 3261 §19.1.4 with RFC 5954 §4.2 for SIP and SIPS, RFC 3966 §4 for tel, RFC 8141 §3 for URNs;
 * others by their text, but for the case of the scheme and for needless escapes. By the rule for SIP it is not transitive.
 */
export function uriEquals(a: Uri, b: Uri): boolean {
  if (a instanceof SipUri) return b instanceof SipUri && sipEquals(a, b, false)
  return !(b instanceof SipUri) && canonicalText(a) === canonicalText(b)
}

/** @internal The text that equal URIs share; there is none for SIP, where equivalence is not transitive. */
export function canonicalText(uri: TelUri | AbsoluteUri): string {
  if (uri instanceof TelUri) return canonicalTel(uri)
  const urn = parseUrn(uri)
  return urn === undefined ? `${uri.scheme}:${normalizeEscapes(uri.opaque)}` : canonicalUrn(urn)
}

/** Visual separators and case do not count, nor does the order of parameters (RFC 3966 §4). */
function canonicalTel({ digits, parameters }: TelUri): string {
  const sorted = Array.from(byName(parameters), ([name, value]) => {
    const isNumber = name === 'ext' || (name === 'phone-context' && value.startsWith('+'))
    return `;${name}=${isNumber ? withoutSeparators(value) : normalizeEscapes(value)}`
  }).sort()
  return `tel:${digits}${sorted.join('')}`.toLowerCase()
}

/** `nested`: both stand in a header field of a URI. */
function sipEquals(a: SipUri, b: SipUri, nested: boolean): boolean {
  return a.scheme === b.scheme && a.port === b.port && userinfo(a) === userinfo(b) && canonicalHost(a.host) === canonicalHost(b.host)
    && parametersEqual(a.parameters, b.parameters, significant) && headersEqual(a.headers ?? '', b.headers ?? '', nested)
}

/** User and password; an empty password differs from none. */
function userinfo({ user, password }: SipUri): string {
  return [user, password].map((part) => part && normalizeEscapes(part)).filter((part) => part !== undefined).join(':')
}

/** These never match when only one URI has them, not even with their default value. */
const significant: readonly string[] = ['user', 'ttl', 'method', 'maddr', 'transport']

/** Parameters in both must match, others may stand in one alone unless they are in `both`. */
function parametersEqual(a: Parameters, b: Parameters, both: readonly string[]): boolean {
  const [left, right] = [byName(a), byName(b)]
  return both.every((name) => left.has(name) === right.has(name)) && Array.from(left).every(([name, value]) => foldValue(name, right.get(name) ?? value) === foldValue(name, value))
}

/** Methods have case (RFC 3261 §7.1), as tags have (§19.3); addresses have spellings. */
function foldValue(name: string, value: string): string {
  const normal = normalizeEscapes(value)
  return /^(?:method|tag)$/.test(name) ? normal : canonicalHost(normal)
}

/** The first parameter of each name, in lower case. */
function byName(parameters: Parameters): Map<string, string> {
  // The last one put into a map stays.
  return new Map(Array.from(parameters, ([name, value]) => [normalizeEscapes(name).toLowerCase(), value] as const).reverse())
}

/** Header fields are never ignored; only fields of one name have an order (RFC 3261 §7.3.1). */
function headersEqual(a: string, b: string, nested: boolean): boolean {
  const [left, right] = [sortedHeaders(a), sortedHeaders(b)]
  return left.length === right.length && left.every(([name, value], at) => {
    const [otherName, other] = right[at] ?? ['', '']
    return name === otherName && valueEquals(name, value, other, nested)
  })
}

function sortedHeaders(headers: string): (readonly [name: string, value: string])[] {
  return splitHeaders(headers).map(([name, value]) => [(nameOf(numberOf(name)) || name).toLowerCase(), value] as const).sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
}

/** Values have no case, but for Call-IDs, bodies and what is quoted (RFC 3261 §7.3.1, §20.8). */
function valueEquals(name: string, a: string, b: string, nested: boolean): boolean {
  if (a === b) return true
  // Of an address display name and brackets do not count (§20.20). An address in a field of an address in a field is text: that keeps the work linear.
  if (!nested && /^(?:from|to|contact|reply-to|refer-to|referred-by|(?:record-)?route)$/.test(name)) {
    const [left, right] = [attempt(NameAddr.readParty, a), attempt(NameAddr.readParty, b)]
    if (left.ok && right.ok) return addressEquals(left.value, right.value)
  }
  return !/^(?:call-id|body)$/.test(name) && !a.includes('"') && a.toLowerCase() === b.toLowerCase()
}

function addressEquals(a: NameAddr, b: NameAddr): boolean {
  const same = a.uri instanceof SipUri && b.uri instanceof SipUri ? sipEquals(a.uri, b.uri, true) : uriEquals(a.uri, b.uri)
  return same && parametersEqual(a.parameters, b.parameters, ['tag'])
}

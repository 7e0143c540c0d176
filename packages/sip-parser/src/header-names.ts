import { encodeUtf8 } from './octets.js'

// Header names are small numbers inside; a compact form has the number of its long form.
// The fields of RFC 3261 have the number of their section: §20.42 is Via.

export const ALLOW = 5
export const CALL_ID = 8
export const CONTACT = 10
export const CONTENT_LENGTH = 14
export const CONTENT_TYPE = 15
export const CSEQ = 16
export const EXPIRES = 19
export const FROM = 20
export const MAX_FORWARDS = 22
export const MIN_EXPIRES = 23
export const PROXY_REQUIRE = 29
export const RECORD_ROUTE = 30
export const REQUIRE = 32
export const RETRY_AFTER = 33
export const ROUTE = 34
export const SUPPORTED = 37
export const TIMESTAMP = 38
export const TO = 39
export const UNSUPPORTED = 40
export const VIA = 42
export const PATH = 44
export const SERVICE_ROUTE = 45
const lastOfRfc3261 = 43

// After the name `,` where values may be listed in one field (RFC 3261 §7.3.1), `!` where it may stand once only (§8.1.1, §20.14), `:` for the others;
// then the compact form (IANA "SIP Header Fields"). A name that has none of these and no accessor is left out: it is compared as text.
const known = ': Accept, Accept-Encoding, Accept-Language, Alert-Info, Allow, : : Call-ID!i Call-Info, Contact,m : Content-Encoding,e Content-Language, Content-Length!l '
  + 'Content-Type:c CSeq! : Error-Info, Expires: From!f In-Reply-To, Max-Forwards! Min-Expires: : : : : : Proxy-Require, Record-Route, : Require, Retry-After: Route, : '
  + 'Subject:s Supported,k Timestamp: To!t Unsupported, : Via,v Warning, Path, Service-Route, Accept-Contact,a Allow-Events,u Event:o Identity:y Identity-Info:n '
  + 'Refer-To:r Referred-By:b Reject-Contact,j Request-Disposition,d Session-Expires:x'

interface NameTable {
  /** Number to name, in its canonical spelling. */
  readonly names: readonly string[]
  /** Number to whether a comma separates values. */
  readonly lists: readonly boolean[]
  /** Number to a bit of its own for each name that may stand once only, 0 for the others. */
  readonly singletons: Int32Array
  /** Number of the form that has a hash, and its octets; no two forms share one. */
  readonly numbers: Uint8Array
  readonly forms: readonly Uint8Array[]
  /** Both forms, as they are spelled and in lower case, to number, and other spellings callers used. */
  readonly spelled: Map<string, number>
}

const table: NameTable = /* @__PURE__ */ buildTable()

function buildTable(): NameTable {
  const entries = known.split(' ').map((entry) => entry.split(/([,!:])/))
  const numbers = new Uint8Array(1024)
  const forms: Uint8Array[] = Array.from(numbers, () => new Uint8Array(0))
  const spelled = new Map<string, number>()
  entries.forEach(([name = '', , compact = ''], number) => {
    for (const form of [name, compact].filter((text) => text !== '')) {
      spelled.set(form, number).set(form.toLowerCase(), number)
      const octets = encodeUtf8(form)
      const slot = hash(octets, 0, octets.length)
      numbers[slot] = number
      forms[slot] = octets
    }
  })
  return {
    names: entries.map(([name = '']) => name), lists: entries.map(([, kind]) => kind === ','),
    singletons: Int32Array.from(entries, ([, kind], number) => (kind === '!' ? 1 << number : 0)), numbers, forms, spelled,
  }
}

/** Length, first and middle letter tell all known names apart. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  return (length + ((bytes[start] ?? 0) & 31) * 5 + ((bytes[start + (length >> 1)] ?? 0) & 31) * 27) & 1023
}

/** Number of the known name that stands in [start, end), in any case; 0 when it is another. */
export function knownName(bytes: Uint8Array, start: number, end: number): number {
  const slot = hash(bytes, start, end)
  const form = table.forms[slot]
  if (form?.length !== end - start) return 0
  for (let at = 0; at < form.length; at++) {
    const octet = bytes[start + at] ?? 0
    const wanted = form[at] ?? 0
    // Only letters may differ in bit 5: CR ^ 32 would be `-`.
    if (octet !== wanted && ((octet ^ wanted) !== 32 || wanted < 65)) return 0
  }
  return table.numbers[slot] ?? 0
}

/** A bit of its own for each name that may stand once only; 0 for the others. */
export function singletonBit(number: number): number {
  return table.singletons[number] ?? 0
}

/** Number of a name given by the caller; 0 when it is none we know. */
export function numberOf(name: string): number {
  const { spelled } = table
  let number = spelled.get(name)
  if (number === undefined) {
    number = spelled.get(name.toLowerCase()) ?? 0
    // Programs use few names, and those often.
    if (spelled.size < 1000) spelled.set(name, number)
  }
  return number
}

/** Canonical spelling of a known name. */
export function nameOf(number: number): string {
  return table.names[number] ?? ''
}

/** Whether a comma separates values of the field (RFC 3261 §7.3.1). */
export function isCommaList(number: number): boolean {
  return table.lists[number] === true
}

/** Where the field is described. */
export function sectionOf(number: number): string {
  return `RFC 3261 §${number > 0 && number <= lastOfRfc3261 ? `20.${number}` : '25.1'}`
}

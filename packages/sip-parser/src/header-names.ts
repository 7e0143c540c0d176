import { encodeUtf8 } from './octets.js'

// Header names are small numbers inside; a compact form has the number of its long form.
// The fields of RFC 3261 have the number of their section: §20.42 is Via.

export const ALLOW = 5
export const CALL_ID = 8
export const CONTACT = 10
export const CONTENT_LENGTH = 14
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
  /** Number to `,`, `!` or `:`. */
  readonly kinds: readonly string[]
  /** Both forms in lower case, by the hash of each; no two of them share one. */
  readonly slots: readonly { readonly lower: Uint8Array; readonly number: number }[]
  /** Both forms, as they are spelled and in lower case, to number. */
  readonly numbers: ReadonlyMap<string, number>
}

const table: NameTable = /* @__PURE__ */ buildTable()

function buildTable(): NameTable {
  const names: string[] = []
  const kinds: string[] = []
  const slots: NameTable['slots'][number][] = Array.from({ length: 1024 }, () => ({ lower: new Uint8Array(0), number: 0 }))
  const numbers = new Map<string, number>()
  known.split(' ').forEach((entry, number) => {
    const [name = '', kind = '', compact = ''] = entry.split(/([,!:])/)
    names.push(name)
    kinds.push(kind)
    for (const form of [name, compact].filter((text) => text !== '')) {
      const lower = form.toLowerCase()
      numbers.set(form, number).set(lower, number)
      slots[hash(form.length, form.charCodeAt(0), form.charCodeAt(form.length >> 1))] = { lower: encodeUtf8(lower), number }
    }
  })
  return { names, kinds, slots, numbers }
}

/** Length, first and middle letter tell all known names apart. */
function hash(length: number, first: number, middle: number): number {
  return (length + (first & 31) * 5 + (middle & 31) * 27) & 1023
}

/** Number of the name in [start, end), in any case, long or compact; 0 when it is none we know. */
export function lookUpName(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  const entry = table.slots[hash(length, bytes[start] ?? 0, bytes[start + (length >> 1)] ?? 0)]
  if (entry?.lower.length !== length) return 0
  for (let at = 0; at < length; at++) {
    const octet = bytes[start + at] ?? 0
    const wanted = entry.lower[at] ?? 0
    // Only letters may differ in bit 5: CR | 32 would be `-`.
    if (octet !== wanted && ((octet | 32) !== wanted || wanted < 97)) return 0
  }
  return entry.number
}

/** Number of a name given by the caller. */
export function numberOf(name: string): number {
  return table.numbers.get(name) ?? table.numbers.get(name.toLowerCase()) ?? 0
}

/** Canonical spelling of a known name. */
export function nameOf(number: number): string {
  return table.names[number] ?? ''
}

/** Whether a comma separates values of the field (RFC 3261 §7.3.1). */
export function isCommaList(number: number): boolean {
  return table.kinds[number] === ','
}

/** A bit of its own for each name that may stand once only; 0 for the others. */
export function singletonBit(number: number): number {
  return table.kinds[number] === '!' ? 1 << number : 0
}

/** Where the field is described. */
export function sectionOf(number: number): string {
  return `RFC 3261 §${number > 0 && number <= lastOfRfc3261 ? `20.${number}` : '25.1'}`
}

import { encodeUtf8 } from './octets.js'

// Header names are small numbers inside; a compact form has the number of its long form.
// The fields of RFC 3261 have the number of their section: §20.42 is Via.

export const ALLOW = 5
export const AUTHORIZATION = 7
export const CALL_ID = 8
export const CONTACT = 10
export const CONTENT_DISPOSITION = 11
export const CONTENT_LENGTH = 14
export const CONTENT_TYPE = 15
export const CSEQ = 16
export const EXPIRES = 19
export const FROM = 20
export const MAX_FORWARDS = 22
export const MIN_EXPIRES = 23
export const PROXY_AUTHENTICATE = 27
export const PROXY_AUTHORIZATION = 28
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
export const WWW_AUTHENTICATE = 44
export const EVENT = 45
export const PATH = 46
export const SERVICE_ROUTE = 47
const lastOfRfc3261 = 44

// A comma after the name: values may be listed in one field (RFC 3261 §7.3.1). Then the compact form (IANA "SIP Header Fields").
const known = '- Accept, Accept-Encoding, Accept-Language, Alert-Info, Allow, Authentication-Info: Authorization: Call-ID:i Call-Info, '
  + 'Contact,m Content-Disposition: Content-Encoding,e Content-Language, Content-Length:l Content-Type:c CSeq: Date: Error-Info, '
  + 'Expires: From:f In-Reply-To, Max-Forwards: Min-Expires: MIME-Version: Organization: Priority: Proxy-Authenticate: '
  + 'Proxy-Authorization: Proxy-Require, Record-Route, Reply-To: Require, Retry-After: Route, Server: Subject:s Supported,k '
  + 'Timestamp: To:t Unsupported, User-Agent: Via,v Warning, WWW-Authenticate: '
  + 'Event:o Path, Service-Route, Accept-Contact,a Allow-Events,u Identity:y Identity-Info:n Refer-To:r Referred-By:b Reject-Contact,j '
  + 'Request-Disposition,d Session-Expires:x'

interface NameTable {
  readonly names: readonly string[]
  /** Number to whether a comma separates values. */
  readonly lists: readonly boolean[]
  /** Hash to the first entry of its chain; entry 0 is none. */
  readonly heads: Uint8Array
  /** Entry to the next one of its chain. */
  readonly next: Uint8Array
  /** Entry to the name in lower case: first the long forms, then the compact ones. */
  readonly lower: readonly Uint8Array[]
  /** Entry to number. */
  readonly numbers: readonly number[]
  /** Both forms, as they are spelled and in lower case, to number. */
  readonly byName: ReadonlyMap<string, number>
}

const table: NameTable = /* @__PURE__ */ buildTable()

function buildTable(): NameTable {
  const entries = known.split(' ')
  const names = entries.map((entry) => entry.split(/[,:]/)[0] ?? '')
  const compact = entries.map((entry) => entry.split(/[,:]/)[1] ?? '')
  const lists = entries.map((entry) => entry.includes(','))
  const lower: Uint8Array[] = []
  const numbers: number[] = []
  const byName = new Map<string, number>()
  for (const forms of [names, compact]) {
    forms.forEach((name, number) => {
      if (name === '') return
      byName.set(name, number).set(name.toLowerCase(), number)
      lower.push(encodeUtf8(name.toLowerCase()))
      numbers.push(number)
    })
  }
  const heads = new Uint8Array(1024)
  const next = new Uint8Array(lower.length)
  lower.forEach((name, entry) => {
    if (entry === 0) return
    const slot = hash(name, 0, name.length)
    next[entry] = heads[slot] ?? 0
    heads[slot] = entry
  })
  return { names, lists, heads, next, lower, numbers, byName }
}

/** Length, first and last letter: enough to leave one candidate nearly always. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  return ((end - start) * 37 + ((bytes[start] ?? 0) & 31) * 33 + ((bytes[end - 1] ?? 0) & 31)) & 1023
}

/** Number of the name in [start, end), in any case, long or compact; 0 when it is none we know. */
export function lookUpName(bytes: Uint8Array, start: number, end: number): number {
  let entry = table.heads[hash(bytes, start, end)] ?? 0
  while (entry !== 0) {
    const name = table.lower[entry]
    if (name !== undefined && name.length === end - start && equalsName(bytes, start, name)) return table.numbers[entry] ?? 0
    entry = table.next[entry] ?? 0
  }
  return 0
}

function equalsName(bytes: Uint8Array, start: number, lower: Uint8Array): boolean {
  for (let at = 0; at < lower.length; at++) {
    const octet = bytes[start + at] ?? 0
    const wanted = lower[at] ?? 0
    // Only letters may differ in bit 5: CR | 32 would be `-`.
    if (octet !== wanted && ((octet | 32) !== wanted || wanted < 97)) return false
  }
  return true
}

/** Number of a name given by the caller. */
export function numberOf(name: string): number {
  return table.byName.get(name) ?? table.byName.get(name.toLowerCase()) ?? 0
}

/** Canonical spelling of a known name. */
export function nameOf(number: number): string {
  return table.names[number] ?? ''
}

/** Whether a comma separates values of the field (RFC 3261 §7.3.1). */
export function isCommaList(number: number): boolean {
  return table.lists[number] ?? false
}

/** A bit of its own for each name that may stand once only (RFC 3261 §8.1.1, §20.14); 0 for the others. */
export function singletonBit(number: number): number {
  switch (number) {
    case CALL_ID: case CONTENT_LENGTH: case CSEQ: case FROM: case MAX_FORWARDS: return 1 << number
    case TO: return 1
    default: return 0
  }
}

/** Where the field is described. */
export function sectionOf(number: number): string {
  return number > 0 && number <= lastOfRfc3261 ? `RFC 3261 §20.${number}` : 'RFC 3261 §25.1'
}

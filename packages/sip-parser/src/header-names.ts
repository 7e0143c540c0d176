// Header names are small numbers inside; a compact form has the number of its long form.
// The first six may stand once only (RFC 3261 §7.3.1, §8.1.1).

export const FROM = 1
export const TO = 2
export const CALL_ID = 3
export const CSEQ = 4
export const MAX_FORWARDS = 5
export const CONTENT_LENGTH = 6
export const VIA = 7
export const CONTACT = 8
export const ROUTE = 9
export const RECORD_ROUTE = 10
export const CONTENT_TYPE = 11
export const EXPIRES = 12
export const TIMESTAMP = 13
/** Bits of the names that may stand once only. */
export const SINGLETONS = 0b1111110

const names: readonly string[] = [
  '', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length', 'Via', 'Contact', 'Route', 'Record-Route',
  'Content-Type', 'Expires', 'Timestamp', 'Allow', 'Supported', 'Require', 'Proxy-Require', 'Unsupported', 'Path',
  'Service-Route', 'Accept', 'Accept-Encoding', 'Accept-Language', 'Allow-Events', 'Content-Encoding',
  'Content-Language', 'In-Reply-To', 'Alert-Info', 'Call-Info', 'Error-Info', 'Warning', 'Accept-Contact',
  'Reject-Contact', 'Request-Disposition', 'P-Asserted-Identity', 'P-Preferred-Identity', 'Reason', 'History-Info',
  'Security-Client', 'Security-Server', 'Security-Verify',
  // From here on a comma does not separate values.
  'Authorization', 'Proxy-Authorization', 'WWW-Authenticate', 'Proxy-Authenticate', 'Authentication-Info',
  'Content-Disposition', 'Min-Expires', 'Retry-After', 'Event', 'Subscription-State', 'Refer-To', 'Referred-By',
  'Replaces', 'Session-Expires', 'Min-SE', 'RSeq', 'RAck', 'Subject', 'User-Agent', 'Server', 'Date', 'Organization',
  'Priority', 'MIME-Version', 'Privacy', 'Identity', 'Identity-Info', 'SIP-ETag', 'SIP-If-Match',
]
const firstWithoutList: number = /* @__PURE__ */ names.indexOf('Authorization')

// IANA "SIP Header Fields", compact forms.
const compact: readonly string[] = [
  'a', 'Accept-Contact', 'b', 'Referred-By', 'c', 'Content-Type', 'd', 'Request-Disposition', 'e', 'Content-Encoding',
  'f', 'From', 'i', 'Call-ID', 'j', 'Reject-Contact', 'k', 'Supported', 'l', 'Content-Length', 'm', 'Contact',
  'n', 'Identity-Info', 'o', 'Event', 'r', 'Refer-To', 's', 'Subject', 't', 'To', 'u', 'Allow-Events', 'v', 'Via',
  'x', 'Session-Expires', 'y', 'Identity',
]

interface NameTable {
  /** Hash to the first entry of its chain. */
  readonly heads: Uint8Array
  /** Entry to the next one of its chain. */
  readonly next: Uint8Array
  readonly lower: readonly string[]
  /** Entry to the number of the name. */
  readonly numbers: readonly number[]
}

const table: NameTable = /* @__PURE__ */ buildTable()

function buildTable(): NameTable {
  const lower = names.map((name) => name.toLowerCase())
  const numbers = names.map((_, number) => number)
  for (let at = 0; at < compact.length; at += 2) {
    lower.push(compact[at] ?? '')
    numbers.push(names.indexOf(compact[at + 1] ?? ''))
  }
  const heads = new Uint8Array(1024)
  const next = new Uint8Array(lower.length)
  lower.forEach((name, entry) => {
    if (entry === 0) return
    const slot = hash(name, 0, name.length)
    next[entry] = heads[slot] ?? 0
    heads[slot] = entry
  })
  return { heads, next, lower, numbers }
}

/** Length, first and last letter: enough to leave one candidate nearly always. */
function hash(text: string, start: number, end: number): number {
  return ((end - start) * 37 + (text.charCodeAt(start) & 31) * 33 + (text.charCodeAt(end - 1) & 31)) & 1023
}

/** Number of the name in text[start, end), in any case, long or compact; 0 when it is none we know. */
export function lookUpName(text: string, start: number, end: number): number {
  let entry = table.heads[hash(text, start, end)] ?? 0
  while (entry !== 0) {
    const name = table.lower[entry] ?? ''
    if (name.length === end - start && equalsLower(text, start, name)) return table.numbers[entry] ?? 0
    entry = table.next[entry] ?? 0
  }
  return 0
}

/** Whether text at `start` is `lower` but for the case of its letters. */
export function equalsLower(text: string, start: number, lower: string): boolean {
  for (let at = 0; at < lower.length; at++) {
    const code = text.charCodeAt(start + at)
    const wanted = lower.charCodeAt(at)
    // Only letters may differ in bit 5: CR | 32 would be `-`.
    if (code !== wanted && ((code | 32) !== wanted || wanted < 97 || wanted > 122)) return false
  }
  return true
}

/** Canonical spelling of a known name. */
export function nameOf(number: number): string {
  return names[number] ?? ''
}

/** Whether a comma separates values of the field (RFC 3261 §7.3.1). */
export function isCommaList(number: number): boolean {
  return number >= VIA && number < firstWithoutList && number !== CONTENT_TYPE && number !== EXPIRES && number !== TIMESTAMP
}

// Character classes of RFC 3261 §25.1, one bit each, for single-character tests.

/** `token`. */
export const TOKEN = 1
/** Characters of a host name: alphanumeric, `-`, `.`, and the `_` found in the field. */
export const HOST = 2
/** Not allowed in any URI as it stands: controls, SP, `<`, `>`, `"`. */
export const NOT_URI = 4
/** Characters of an IPv6 reference between its brackets. */
export const IPV6 = 8
/** `unreserved`: never needs an escape in a URI. */
export const UNRESERVED = 16
/** Allowed unescaped in the user part of a SIP URI. */
export const USER = 32
/** Where the reader of a SIP URI has to look closer: `@`, `:`, `;`, `?` and what may not stand there. */
export const URI_MARK = 64
/** SP, HTAB, CR, LF. */
export const SPACE = 128
/** Of a telephone number: digits, visual separators, and the hexadecimal, `*` and `#` of a local number (RFC 3966 §3). */
export const PHONE = 256

const classes: Uint16Array = /* @__PURE__ */ buildClasses()

function buildClasses(): Uint16Array {
  const table = new Uint16Array(256)
  const add = (characters: string, bits: number): void => {
    for (let i = 0; i < characters.length; i++) {
      const code = characters.charCodeAt(i)
      table[code] = (table[code] ?? 0) | bits
    }
  }
  const digits = '0123456789'
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  add(digits + letters, TOKEN | HOST | UNRESERVED | USER)
  add("-.!%*_+`'~", TOKEN)
  add('-._', HOST)
  add(digits + 'abcdefABCDEF:.', IPV6)
  add("-_.!~*'()", UNRESERVED | USER)
  add('&=+$,;?/', USER)
  add('@:;?', URI_MARK)
  add(' <>"\u007f', NOT_URI | URI_MARK)
  for (let code = 0; code < 32; code++) table[code] = NOT_URI | URI_MARK
  add(' \t\r\n', SPACE)
  add('0123456789-.()ABCDEFabcdef*#', PHONE)
  return table
}

/** Whether the octet, or the code of a character, belongs to one of the classes in `bits`. */
export function isClass(code: number, bits: number): boolean {
  return code < 256 && ((classes[code] ?? 0) & bits) !== 0
}

/** First index in [start, end) whose octet is not in the class, or `end`. */
export function skipClass(bytes: Uint8Array, start: number, end: number, bits: number): number {
  let at = start
  while (at < end && ((classes[bytes[at] ?? 0] ?? 0) & bits) !== 0) at++
  return at
}

/** First index in [start, end) whose octet is in the class, or `end`. */
export function findClass(bytes: Uint8Array, start: number, end: number, bits: number): number {
  let at = start
  while (at < end && ((classes[bytes[at] ?? 0] ?? 0) & bits) === 0) at++
  return at
}

/** First index in [start, end) that holds the octet, or `end`. */
export function findOctet(bytes: Uint8Array, start: number, end: number, octet: number): number {
  let at = start
  while (at < end && bytes[at] !== octet) at++
  return at
}

/** Whether the text is a `token` of RFC 3261 §25.1: what a method, a header name, a parameter name must be. */
export function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isClass(text.charCodeAt(at), TOKEN)) return false
  return text !== ''
}

/** First index in [start, end) that is not SP or HTAB, or `end`. */
export function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++
  return at
}

/** The end of [start, end) without trailing SP and HTAB. */
export function trimBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && (bytes[at - 1] === 32 || bytes[at - 1] === 9)) at--
  return at
}

/** The end of [start, end) without trailing SP, HTAB, CR and LF. */
export function trimLine(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && ((classes[bytes[at - 1] ?? 0] ?? 0) & SPACE) !== 0) at--
  return at
}

/** Whether the octets at `start` are `lower` but for the case of letters; `lower` holds only lower-case letters and what is no letter. */
export function equalsLower(bytes: Uint8Array, start: number, lower: string): boolean {
  for (let at = 0; at < lower.length; at++) {
    const octet = bytes[start + at] ?? 0
    const wanted = lower.charCodeAt(at)
    // Only letters may differ in bit 5: CR | 32 would be `-`.
    if (octet !== wanted && ((octet | 32) !== wanted || wanted < 97 || wanted > 122)) return false
  }
  return true
}

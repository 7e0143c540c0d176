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
/** Reserved characters of RFC 2396 §2.2: an escape changes their meaning. */
export const RESERVED = 64

const classes: Uint8Array = /* @__PURE__ */ buildClasses()

function buildClasses(): Uint8Array {
  const table = new Uint8Array(256)
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
  add(';/?:@&=+$,', RESERVED)
  add(' <>"\u007f', NOT_URI)
  for (let code = 0; code < 32; code++) table[code] = NOT_URI
  return table
}

/** Whether the UTF-16 code unit (or NaN) belongs to one of the classes in `bits`. */
export function isClass(code: number, bits: number): boolean {
  return code < 256 && ((classes[code] ?? 0) & bits) !== 0
}

/** First index in [start, end) whose character is not in the class, or `end`. */
export function skipClass(text: string, start: number, end: number, bits: number): number {
  let at = start
  while (at < end) {
    const code = text.charCodeAt(at)
    if (code > 255 || ((classes[code] ?? 0) & bits) === 0) break
    at++
  }
  return at
}

/** First index in [start, end) whose character is in the class, or `end`. */
export function findClass(text: string, start: number, end: number, bits: number): number {
  let at = start
  while (at < end) {
    const code = text.charCodeAt(at)
    if (code < 256 && ((classes[code] ?? 0) & bits) !== 0) break
    at++
  }
  return at
}

/** Whether the text is a `token` of RFC 3261 §25.1: what a method, a header name, a parameter name must be. */
export function isToken(text: string): boolean {
  return text.length > 0 && skipClass(text, 0, text.length, TOKEN) === text.length
}

/** SP or HTAB. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** First index in [start, end) that is not SP or HTAB, or `end`. */
export function skipBlanks(text: string, start: number, end: number): number {
  let at = start
  while (at < end && isBlank(text.charCodeAt(at))) at++
  return at
}

/** The end of [start, end) without trailing SP and HTAB. */
export function trimBlanks(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--
  return at
}

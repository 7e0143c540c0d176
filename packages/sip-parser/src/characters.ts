// Character classes of RFC 3261 §25.1, one bit each, for single-octet tests.

/** `token`. */
export const TOKEN = 1
/** Characters of a host name, with the `_` found in the field. */
export const HOST = 2
/** Characters of an IPv6 reference between its brackets. */
export const IPV6 = 4
export const DIGIT = 8
/** SP, HTAB, CR, LF. */
export const BLANK = 16
/** Not allowed in any URI as it stands: controls, SP, `<`, `>`, `"`. */
export const NOT_URI = 32
/** Where the reader of a SIP URI has to look closer: `@`, `:`, `;`, `?` and what may not stand there. */
export const URI_MARK = 64
/** What may stand in the value of a parameter without quotes: token, host, URI (RFC 3261 §25.1 gen-value, pvalue). */
export const UNQUOTED = 128

const classes: Uint8Array = /* @__PURE__ */ buildClasses()

function buildClasses(): Uint8Array {
  const members = [/[\w\-.!%*+`'~]/, /[\w\-.]/, /[\da-f:.]/i, /\d/, /[ \t\r\n]/, /[^!-~\u0080-\u00ff]|[<>"]/, /[^!-~\u0080-\u00ff]|[<>"@:;?]/, /[!#-+\--:A-[\]-~]/]
  return Uint8Array.from({ length: 256 }, (_, code) => members.reduce((bits, member, at) => (member.test(String.fromCharCode(code)) ? bits | (1 << at) : bits), 0))
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

/** First index in [start, end) that is not SP, HTAB, CR or LF, or `end`. */
export function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isBlank(bytes[at])) at++
  return at
}

/** The end of [start, end) without trailing SP, HTAB, CR and LF. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(bytes[at - 1])) at--
  return at
}

function isBlank(octet: number | undefined): boolean {
  return octet === 32 || octet === 13 || octet === 10 || octet === 9
}

/** The number in [start, end); NaN when there is anything but one or more digits. */
export function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let number = start < end ? 0 : NaN
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48
    if (digit < 0 || digit > 9) return NaN
    number = number * 10 + digit
  }
  return number
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

/** Whether the text has characters of the class only; '' has. */
export function isAll(text: string, bits: number): boolean {
  for (let at = 0; at < text.length; at++) if (((classes[text.charCodeAt(at)] ?? 0) & bits) === 0) return false
  return true
}

/** Whether the text is a `token` of RFC 3261 §25.1: what a method, a header name, a parameter name must be. */
export function isToken(text: string): boolean {
  return text !== '' && isAll(text, TOKEN)
}

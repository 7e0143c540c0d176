import type { Reader } from './attempt.js'
import { isClass, skipBlanks, trimBlanks, UNRESERVED, USER } from './characters.js'
import { ParseError } from './errors.js'
import { encodeUtf8, fromOctetText, hasComma, type Source } from './octets.js'

/** Index of the quote that closes the one at `open`, or `end` (RFC 3261 §25.1 quoted-string). */
export function closingQuote(bytes: Uint8Array, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    const octet = bytes[at]
    if (octet === 34) return at
    if (octet === 92) at++
  }
  return end
}

/** Puts text between quotes, escaping `"` and `\` (RFC 3261 §25.1). */
export function quoteString(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Text of a quoted string; text that does not start with a quote is returned as it is. */
export function unquoteString(text: string): string {
  if (text.charCodeAt(0) !== 34) return text
  if (!text.includes('\\')) {
    const close = text.indexOf('"', 1)
    return text.slice(1, close < 0 ? text.length : close)
  }
  let plain = ''
  for (let at = 1; at < text.length && text.charCodeAt(at) !== 34; at++) {
    if (text.charCodeAt(at) === 92) at++
    plain += text.charAt(at)
  }
  return plain
}

/** Where the first value of a comma list ends: the comma outside quotes and `<>`, or `end`. Throws ParseError on an open quote. */
export function findComma(bytes: Uint8Array, start: number, end: number): number {
  let inBrackets = false
  for (let at = start; at < end; at++) {
    const octet = bytes[at]
    if (octet === 44 && !inBrackets) return at
    if (octet === 60) inBrackets = true
    else if (octet === 62) inBrackets = false
    else if (octet === 34) {
      const open = at
      at = closingQuote(bytes, at, end)
      if (at >= end) throw new ParseError('header-value', open)
    }
  }
  return end
}

/** Reads a comma list value by value; empty ones are left out (RFC 3261 §7.3.1). Throws ParseError. */
export function readList<T>(source: Source, start: number, end: number, read: Reader<T>): T[] {
  if (start < end && !hasComma(source, start, end)) return [read(source, start, end)]
  const { bytes } = source
  const values: T[] = []
  for (let from = start; from < end; ) {
    const comma = findComma(bytes, from, end)
    const first = skipBlanks(bytes, from, comma)
    if (first < comma) values.push(read(source, first, trimBlanks(bytes, first, comma)))
    from = comma + 1
  }
  return values
}

/** Escapes what may not stand in the user part of a SIP URI, as UTF-8 octets (RFC 3261 §19.1.2). */
export function escapeUser(text: string): string {
  let escaped = ''
  for (const octet of encodeUtf8(text)) escaped += isClass(octet, USER) ? String.fromCharCode(octet) : escapeOctet(octet)
  return escaped
}

/** Undoes `%HH` escapes once; a `%` without two hexadecimal digits stays. */
export function unescape(text: string): string {
  return text.includes('%') ? fromOctetText(mapEscapes(text, (octet) => String.fromCharCode(octet))) : text
}

/** The form in which equal user parts are equal strings: escapes of unreserved characters undone, the others in upper case (RFC 3261 §19.1.4). */
export function normalizeEscapes(text: string): string {
  return text.includes('%')
    ? mapEscapes(text, (octet) => (isClass(octet, UNRESERVED) ? String.fromCharCode(octet) : escapeOctet(octet)))
    : text
}

function escapeOctet(octet: number): string {
  return (octet < 16 ? '%0' : '%') + octet.toString(16).toUpperCase()
}

function mapEscapes(text: string, map: (octet: number) => string): string {
  let out = ''
  let start = 0
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    const high = hexDigit(text.charCodeAt(at + 1))
    const low = hexDigit(text.charCodeAt(at + 2))
    if (high < 0 || low < 0) {
      at++
      continue
    }
    out += text.slice(start, at) + map(high * 16 + low)
    at += 3
    start = at
  }
  return out + text.slice(start)
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

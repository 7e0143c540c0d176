import { isClass, skipBlanks, trimBlanks, UNRESERVED, USER } from './characters.js'
import { ParseError } from './errors.js'
import { encodeUtf8, fromOctetText } from './octets.js'

/** Index of the quote that closes the one at `open`, or -1 (RFC 3261 §25.1 quoted-string). */
export function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) return at
    if (code === 92) at++
  }
  return -1
}

/** Puts text between quotes, escaping `"` and `\` (RFC 3261 §25.1). */
export function quoteString(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Text of a quoted string; text that does not start with a quote is returned as it is. */
export function unquoteString(text: string): string {
  if (text.charCodeAt(0) !== 34) return text
  const end = closingQuote(text, 0)
  const inner = text.slice(1, end < 0 ? text.length : end)
  if (!inner.includes('\\')) return inner
  let plain = ''
  for (let at = 0; at < inner.length; at++) {
    if (inner.charCodeAt(at) === 92 && at + 1 < inner.length) at++
    plain += inner.charAt(at)
  }
  return plain
}

/** Where the first value of a comma list ends: the comma that is outside quotes and `<>`, or -1. Throws ParseError on an open quote. */
export function findComma(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 34:
        at = closingQuote(text, at)
        if (at < 0) throw new ParseError('header-value', 'quoted string is not closed', { offset: start })
        break
      case 60: depth = 1; break
      case 62: depth = 0; break
      case 44: if (depth === 0) return at
    }
  }
  return -1
}

/** The values of a comma list, trimmed; empty ones are left out (RFC 3261 §7.3.1). */
export function splitList(text: string): string[] {
  if (!text.includes(',')) return text === '' ? [] : [text]
  const values: string[] = []
  for (let start = 0; ;) {
    const comma = findComma(text, start)
    const end = comma < 0 ? text.length : comma
    const first = skipBlanks(text, start, end)
    if (first < end) values.push(text.slice(first, trimBlanks(text, first, end)))
    if (comma < 0) return values
    start = comma + 1
  }
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

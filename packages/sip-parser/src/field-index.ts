import { isBlank, skipBlanks, skipClass, TOKEN, trimBlanks } from './characters.js'
import { ParseError } from './errors.js'
import { CONTENT_LENGTH, lookUpName, nameOf, SINGLETONS } from './header-names.js'
import type { Limits } from './limits.js'

/** Numbers per field in `FieldIndex.fields`. */
export const STRIDE = 5
// Their meaning: the number of the name, then offsets.
export const NAME = 0
export const START = 1
export const VALUE = 2
export const VALUE_END = 3
/** Where the next field starts: after the line end. */
export const NEXT = 4

/** Where the header fields of a message stand. */
export interface FieldIndex {
  readonly fields: number[]
  /** Offset of the body. */
  readonly end: number
  /** Bit per singleton name that was met. */
  readonly seen: number
  /** Some value goes on in a second line. */
  readonly folded: boolean
  /** Offset of a line end without CR, or -1. */
  readonly bareLineFeed: number
  /** The header section ends with the text, its empty line is missing. */
  readonly open: boolean
  /** Value of Content-Length, -1 when absent. */
  readonly contentLength: number
}

/**
 * Finds the header fields from `start` on, in one pass over the line ends. Throws ParseError.
 * The rule of a field line: token, blanks, colon (RFC 3261 §7.3.1); lines end in CRLF, a bare LF is taken for one,
 * a CR elsewhere or a NUL is refused: another reader could see a line end in it.
 */
export function indexFields(text: string, start: number, limits: Limits): FieldIndex {
  const fields: number[] = []
  const size = text.length
  const last = Math.min(size, limits.maxHeaderBytes)
  let at = start
  let seen = 0
  let folded = false
  let bareLineFeed = -1
  let contentLength = -1
  let return_ = text.indexOf('\r', at)
  for (;;) {
    const first = text.charCodeAt(at)
    if (first === 13 && text.charCodeAt(at + 1) === 10) {
      checkNul(text, at)
      return { fields, end: at + 2, seen, folded, bareLineFeed, open: false, contentLength }
    }
    if (first === 10) {
      checkNul(text, at)
      return { fields, end: at + 1, seen, folded, bareLineFeed: at, open: false, contentLength }
    }
    if (at >= size) {
      checkNul(text, at)
      return { fields, end: at, seen, folded, bareLineFeed, open: true, contentLength }
    }
    if (fields.length >= limits.maxHeaderFields * STRIDE)
      throw new ParseError('too-many-fields', `more than ${limits.maxHeaderFields} header fields`, { offset: at, statusCode: 513 })
    let feed = text.indexOf('\n', at)
    for (;;) {
      if (feed < 0 || feed >= last) throw endOfLine(feed < 0 ? size : feed, at, limits)
      if (return_ >= 0 && return_ < feed) {
        if (return_ !== feed - 1) throw new ParseError('control-character', 'CR without LF', { offset: return_ })
        return_ = text.indexOf('\r', feed)
      } else bareLineFeed = feed
      if (!isBlank(text.charCodeAt(feed + 1))) break
      folded = true
      feed = text.indexOf('\n', feed + 1)
    }
    const colon = text.indexOf(':', at)
    const nameEnd = trimBlanks(text, at, colon)
    if (colon < 0 || colon > feed || nameEnd === at) throw badName(text, at, colon < 0 || colon > feed ? feed : colon)
    const name = lookUpName(text, at, nameEnd)
    if (name === 0) {
      if (skipClass(text, at, nameEnd, TOKEN) < nameEnd) throw badName(text, at, nameEnd)
    } else if (((SINGLETONS >> name) & 1) === 1 && name < 31) {
      if (((seen >> name) & 1) === 1)
        throw new ParseError('duplicate-header', `${nameOf(name)} stands twice`, { offset: at, header: nameOf(name), section: 'RFC 3261 §7.3.1' })
      seen |= 1 << name
    }
    const lineEnd = text.charCodeAt(feed - 1) === 13 ? feed - 1 : feed
    const value = skipBlanks(text, colon + 1, lineEnd)
    const valueEnd = trimBlanks(text, value, lineEnd)
    if (name === CONTENT_LENGTH) contentLength = readContentLength(text, value, valueEnd, limits)
    fields.push(name, at, value, valueEnd, feed + 1)
    at = feed + 1
  }
}

function checkNul(text: string, end: number): void {
  const nul = text.indexOf('\0')
  if (nul >= 0 && nul < end) throw new ParseError('control-character', 'NUL in the header section', { offset: nul })
}

function endOfLine(end: number, at: number, limits: Limits): ParseError {
  return end >= limits.maxHeaderBytes
    ? new ParseError('too-large', `header section is over ${limits.maxHeaderBytes} bytes`, { offset: limits.maxHeaderBytes, statusCode: 513 })
    : new ParseError('header-line', 'header line is cut off', { offset: at, section: 'RFC 3261 §7' })
}

/** Says which character spoils the name: one of control could hide a name from one reader and show it to the next. */
function badName(text: string, start: number, end: number): ParseError {
  const at = skipClass(text, start, end, TOKEN)
  const code = text.charCodeAt(at)
  return code < 32 && code !== 10 && code !== 13 && code !== 9
    ? new ParseError('control-character', 'control character in a header name', { offset: at, section: 'RFC 3261 §7.3.1' })
    : new ParseError('header-line', 'line is not a header field', { offset: at, section: 'RFC 3261 §7.3.1' })
}

/** 1*DIGIT, nothing else: a sign, a list or more than the limit breaks the framing (RFC 3261 §20.14). */
function readContentLength(text: string, start: number, end: number, limits: Limits): number {
  let length = 0
  const details = { offset: start, header: 'Content-Length', section: 'RFC 3261 §20.14' }
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) throw new ParseError('content-length', 'Content-Length is not a number', details)
    length = Math.min(length * 10 + digit, Number.MAX_SAFE_INTEGER / 16)
  }
  if (start === end) throw new ParseError('content-length', 'Content-Length is empty', details)
  if (length > limits.maxBodyBytes)
    throw new ParseError('too-large', `body of over ${limits.maxBodyBytes} bytes announced`, { ...details, statusCode: 513 })
  return length
}

import { BLANK, numberIn, skipClass, TOKEN, trimEnd } from './characters.js'
import { ParseError } from './errors.js'
import { CONTENT_LENGTH, isCommaList, lookUpName, nameOf, singletonBit } from './header-names.js'
import type { Limits } from './limits.js'
import type { Source } from './octets.js'

/** Where one header field stands. What it says never changes, so that copies of a message share it. */
export interface Field {
  /** Number of the name, 0 for a name we do not know. */
  readonly number: number
  /** What the offsets point into. */
  readonly source: Source
  readonly start: number
  /** Offset of the value. */
  readonly value: number
  /** Offset after the value. */
  readonly end: number
  /** Offset after the line end. */
  readonly next: number
  /** The value goes on in a second line. */
  readonly folded: boolean
  /** A comma may separate values. */
  readonly comma: boolean
  /** What a typed accessor made of the values. */
  decoded: readonly unknown[] | undefined
  /** The `HeaderField` they were read as, undefined for an accessor; another one reads anew. */
  as?: unknown
}

/** Where the header fields of a message stand. */
export interface FieldIndex {
  readonly fields: Field[]
  /** Offset of the body. */
  readonly end: number
  /** Offset of a line end without CR, or -1. */
  readonly bareLineFeed: number
  /** The header section ends with the text, its empty line is missing. */
  readonly open: boolean
  /** Value of Content-Length, -1 when absent. */
  readonly contentLength: number
}

/**
 * Finds the header fields from `start` on, in one pass over the line ends. Throws ParseError.
 * A field line is token, blanks, colon (RFC 3261 §7.3.1). Lines end in CRLF, a bare LF is taken for one;
 * a CR elsewhere is refused, as another reader could see a line end in it, and so is a NUL.
 * With `salvage` lines that are no fields, second ones of a name that may stand once, and a wrong Content-Length are passed over; comma lists are left whole.
 */
export function indexFields(source: Source, start: number, limits: Limits, salvage = false): FieldIndex {
  const { text, bytes } = source
  const fields: Field[] = []
  const size = text.length
  let at = start
  let seen = 0
  let bareLineFeed = -1
  let contentLength = -1
  // Looked for again only when passed: no octet is searched twice.
  let carriage = indexOrEnd(text, '\r', at)
  let comma = -1
  for (;;) {
    const blankLine = lineEndAt(bytes, at)
    if (blankLine > 0 || at >= size) {
      if (blankLine === 1) bareLineFeed = at
      checkNul(text, at)
      source.bareLineFeed = bareLineFeed >= 0
      return { fields, end: at + blankLine, bareLineFeed, open: blankLine === 0, contentLength }
    }
    if (fields.length >= limits.maxHeaderFields) throw new ParseError('too-many-fields', at)
    const lineEnd = text.indexOf('\n', at)
    let feed = lineEnd
    let folded = false
    for (;;) {
      if ((feed < 0 ? size : feed) >= limits.maxHeaderBytes) throw new ParseError('too-large', limits.maxHeaderBytes)
      if (feed < 0) throw new ParseError('header-line', at)
      if (carriage < feed - 1) throw new ParseError('control-character', carriage)
      if (carriage > feed) bareLineFeed = feed
      else carriage = indexOrEnd(text, '\r', feed)
      if (bytes[feed + 1] !== 32 && bytes[feed + 1] !== 9) break
      folded = true
      feed = text.indexOf('\n', feed + 1)
    }
    const nameEnd = skipClass(bytes, at, lineEnd, TOKEN)
    const colon = bytes[nameEnd] === 58 ? nameEnd : skipClass(bytes, nameEnd, lineEnd, BLANK)
    if (nameEnd > at && bytes[colon] === 58) {
      const number = lookUpName(bytes, at, nameEnd)
      const bit = singletonBit(number)
      const value = skipClass(bytes, colon + 1, feed, BLANK)
      const end = trimEnd(bytes, value, feed)
      if ((seen & bit) === 0) {
        if (number === CONTENT_LENGTH && !salvage) contentLength = readContentLength(bytes, value, end, limits)
        seen |= bit
        const list = isCommaList(number) && !salvage
        if (list && comma < value) comma = indexOrEnd(text, ',', value)
        fields.push({ number, source, start: at, value, end, next: feed + 1, folded, comma: list && comma < end, decoded: undefined })
      } else if (!salvage) throw new ParseError('duplicate-header', at, { header: nameOf(number) })
    } else if (!salvage) {
      // A control character could hide the name from one reader and show it to the next.
      throw new ParseError((bytes[colon] ?? 0) < 32 && colon < lineEnd ? 'control-character' : 'header-line', colon)
    }
    at = feed + 1
  }
}

/** Size of a line end at this place: 2 for CRLF, 1 for a bare LF, 0 for none. */
function lineEndAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 10) return 1
  return bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 0
}

function indexOrEnd(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from)
  return at < 0 ? text.length : at
}

/** NUL has a place in a message as the second half of a quoted-pair only (RFC 3261 §25.1). */
function checkNul(text: string, end: number): void {
  for (let nul = text.indexOf('\0'); nul >= 0 && nul < end; nul = text.indexOf('\0', nul + 1))
    if (text.charCodeAt(nul - 1) !== 92) throw new ParseError('control-character', nul)
}

/** A sign, a list or a number over the limit would break the framing (RFC 3261 §20.14). */
function readContentLength(bytes: Uint8Array, start: number, end: number, limits: Limits): number {
  const length = numberIn(bytes, start, end)
  if (length <= limits.maxBodyBytes) return length
  throw new ParseError(length > 0 ? 'too-large' : 'content-length', start, { header: 'Content-Length' })
}

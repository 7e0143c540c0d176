import { isClass, skipBlanks, skipClass, SPACE, TOKEN, trimLine } from './characters.js'
import { ParseError } from './errors.js'
import { CONTENT_LENGTH, lookUpName, nameOf, singletonBit } from './header-names.js'
import type { Limits } from './limits.js'
import type { Source } from './octets.js'

/** Where one header field stands. What it says never changes, so that copies of a message share it. */
export interface Field {
  /** Number of the name, 0 for a name we do not know. */
  readonly number: number
  /** What the offsets point into: the message; or the line of a field set later, made when it is read. */
  source: Source | undefined
  /** `Name: value CRLF` of a field set later. */
  readonly line: string | undefined
  readonly start: number
  /** Offset of the value. */
  readonly value: number
  /** Offset after the line end. */
  readonly next: number
  /** The value goes on in a second line. */
  readonly folded: boolean
  /** What a typed accessor made of the value. */
  decoded: unknown
}

/** Where the header fields of a message stand. */
export interface FieldIndex {
  readonly fields: Field[]
  /** Offset of the body. */
  readonly end: number
  /** Bits of the names that may stand once only, of those that do stand there. */
  readonly seen: number
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
 * With `salvage` lines that are no fields, second ones of a name that may stand once, and a wrong Content-Length are passed over.
 */
export function indexFields(source: Source, start: number, limits: Limits, salvage: boolean): FieldIndex {
  const { text, bytes } = source
  const fields: Field[] = []
  const size = text.length
  let at = start
  let seen = 0
  let bareLineFeed = -1
  let contentLength = -1
  // Looked for again only when passed: no octet is searched twice.
  let carriage = indexOrEnd(text, '\r', at)
  for (;;) {
    const blankLine = lineEndAt(bytes, at)
    if (blankLine > 0 || at >= size) {
      if (blankLine === 1) bareLineFeed = at
      checkNul(text, at)
      return { fields, end: at + blankLine, seen, bareLineFeed, open: blankLine === 0, contentLength }
    }
    if (fields.length >= limits.maxHeaderFields) throw new ParseError('too-many-fields', at)
    let feed = text.indexOf('\n', at)
    const lineEnd = feed
    let folded = false
    for (;;) {
      if ((feed < 0 ? size : feed) >= limits.maxHeaderBytes) throw new ParseError('too-large', limits.maxHeaderBytes)
      if (feed < 0) throw new ParseError('header-line', at)
      if (carriage < feed) {
        if (carriage < feed - 1) throw new ParseError('control-character', carriage)
        carriage = indexOrEnd(text, '\r', feed)
      } else bareLineFeed = feed
      if (bytes[feed + 1] !== 32 && bytes[feed + 1] !== 9) break
      folded = true
      feed = text.indexOf('\n', feed + 1)
    }
    const nameEnd = skipClass(bytes, at, lineEnd, TOKEN)
    const colon = bytes[nameEnd] === 58 ? nameEnd : skipBlanks(bytes, nameEnd, lineEnd)
    if (nameEnd === at || bytes[colon] !== 58) {
      if (!salvage) throw badName(bytes[colon] ?? 0, colon)
    } else {
      const name = lookUpName(bytes, at, nameEnd)
      const bit = singletonBit(name)
      const value = skipBlanks(bytes, colon + 1, feed)
      if ((seen & bit) === 0) {
        if (name === CONTENT_LENGTH && !salvage) contentLength = readContentLength(bytes, value, feed, limits)
        seen |= bit
        fields.push({ number: name, source, line: undefined, start: at, value, next: feed + 1, folded, decoded: undefined })
      } else if (!salvage) throw new ParseError('duplicate-header', at, { header: nameOf(name) })
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

/** Says what spoils the name: a control character could hide it from one reader and show it to the next. */
function badName(octet: number, at: number): ParseError {
  return new ParseError(octet < 32 && !isClass(octet, SPACE) ? 'control-character' : 'header-line', at)
}

/** NUL has a place in a message as the second half of a quoted-pair only (RFC 3261 §25.1). */
function checkNul(text: string, end: number): void {
  for (let nul = text.indexOf('\0'); nul >= 0 && nul < end; nul = text.indexOf('\0', nul + 1))
    if (text.charCodeAt(nul - 1) !== 92) throw new ParseError('control-character', nul)
}

/** 1*DIGIT, nothing else: a sign, a list or a number over the limit would break the framing (RFC 3261 §20.14). */
function readContentLength(bytes: Uint8Array, start: number, lineEnd: number, limits: Limits): number {
  const header = 'Content-Length'
  const end = trimLine(bytes, start, lineEnd)
  let length = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48
    if (digit < 0 || digit > 9) throw new ParseError('content-length', at, { header })
    length = length * 10 + digit
  }
  if (start === end) throw new ParseError('content-length', start, { header })
  if (length > limits.maxBodyBytes) throw new ParseError('too-large', start, { header })
  return length
}

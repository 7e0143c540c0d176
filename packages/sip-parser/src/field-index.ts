import { numberIn, skipBlanks, skipClass, TOKEN, trimEnd } from './characters.js'
import { ParseError } from './errors.js'
import { CONTENT_LENGTH, knownName, nameOf, singletonBit } from './header-names.js'
import type { Limits } from './limits.js'
import type { Source } from './octets.js'

// Where a header field stands is four numbers of a flat list: its kind, then the offsets of its line, of its colon, and of what follows its line end.
// A message has no object per field: that is most of what makes it cheap.

/** Numbers per field. */
export const PLACE = 4
/** Of a kind: the number of the name, 0 for a name we do not know. */
export const NUMBER = 127
/** Of a kind: the value goes on in a second line. */
export const FOLDED = 128

/** Where the header fields of a message stand. */
export interface FieldIndex {
  /** `PLACE` numbers for each field. */
  readonly places: number[]
  /** Offset of the body. */
  readonly end: number
  /** Offset of a line end without CR, or -1. */
  readonly bareLineFeed: number
  /** The header section ends with the text, its empty line is missing. */
  readonly open: boolean
  /** Value of Content-Length, -1 when absent. */
  readonly contentLength: number
}

/** Filled by every call and then copied: a list that grows would be copied several times. */
const scratch: number[] = []

/**
 * Finds the header fields from `start` on, in one pass over the line ends. Throws ParseError.
 * A field line is token, blanks, colon (RFC 3261 §7.3.1). Lines end in CRLF, a bare LF is taken for one;
 * a CR elsewhere is refused, as another reader could see a line end in it, and so is a NUL.
 * With `salvage` lines that are no fields, second ones of a name that may stand once, and a wrong Content-Length are passed over.
 */
export function indexFields(source: Source, start: number, limits: Limits, salvage = false): FieldIndex {
  const { text, bytes } = source
  const { maxHeaderBytes } = limits
  const most = limits.maxHeaderFields * PLACE
  const size = text.length
  let at = start
  let count = 0
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
      source.bareLineFeed = bareLineFeed >= 0
      return { places: scratch.slice(0, count), end: at + blankLine, bareLineFeed, open: blankLine === 0, contentLength }
    }
    if (count >= most) throw new ParseError('too-many-fields', at)
    const lineEnd = text.indexOf('\n', at)
    let feed = lineEnd
    let folded = 0
    for (;;) {
      if ((feed < 0 ? size : feed) >= maxHeaderBytes) throw new ParseError('too-large', maxHeaderBytes)
      if (feed < 0) throw new ParseError('header-line', at)
      if (carriage < feed - 1) throw new ParseError('control-character', carriage)
      if (carriage > feed) bareLineFeed = feed
      else carriage = indexOrEnd(text, '\r', feed)
      const next = bytes[feed + 1]
      if (next !== 32 && next !== 9) break
      folded = FOLDED
      feed = text.indexOf('\n', feed + 1)
    }
    let colon = at
    while (colon < lineEnd && bytes[colon] !== 58) colon++
    // A known name is a token.
    let number = colon < lineEnd ? knownName(bytes, at, colon) : 0
    if (number === 0) {
      const nameEnd = skipClass(bytes, at, colon, TOKEN)
      const mark = skipBlanks(bytes, nameEnd, colon)
      if (nameEnd === at || mark === lineEnd || mark < colon) {
        // A control character could hide the name from one reader and show it to the next.
        if (!salvage) throw new ParseError((bytes[mark] ?? 0) < 32 && mark < lineEnd ? 'control-character' : 'header-line', mark)
        at = feed + 1
        continue
      }
      if (nameEnd < colon) number = knownName(bytes, at, nameEnd)
    }
    const singleton = singletonBit(number)
    if ((seen & singleton) === 0) {
      seen |= singleton
      if (number === CONTENT_LENGTH && !salvage) contentLength = readContentLength(bytes, colon + 1, feed, limits)
      scratch[count] = number | folded
      scratch[count + 1] = at
      scratch[count + 2] = colon
      scratch[count + 3] = feed + 1
      count += PLACE
    } else if (!salvage) throw new ParseError('duplicate-header', at, { header: nameOf(number) })
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
function readContentLength(bytes: Uint8Array, from: number, feed: number, limits: Limits): number {
  const start = skipBlanks(bytes, from, feed)
  const length = numberIn(bytes, start, trimEnd(bytes, start, feed))
  if (length <= limits.maxBodyBytes) return length
  throw new ParseError(length > 0 ? 'too-large' : 'content-length', start, { header: 'Content-Length' })
}

import type { Reader } from '../attempt.js'
import { DIGIT, numberIn, skipBlanks, skipClass } from '../characters.js'
import { ParseError } from '../errors.js'
import type { Source } from '../octets.js'

/** Bytes. Throws ParseError. */
export const readLength: Reader<number> = (source, start, end) => readNumber(source, start, end, Infinity)

/** Hops left; more than 255 counts as 255 (RFC 3261 §20.22). Throws ParseError. */
export const readHops: Reader<number> = (source, start, end) => readNumber(source, start, end, 255)

/** Seconds, at most 2^32-1, up to a `;` or a comment as in Retry-After (RFC 3261 §25.1 delta-seconds). Throws ParseError. */
export const readSeconds: Reader<number> = (source, start, end) => {
  const { bytes } = source
  const stop = skipClass(bytes, start, end, DIGIT)
  const rest = skipBlanks(bytes, stop, end)
  return readNumber(source, start, bytes[rest] === 59 || bytes[rest] === 40 ? stop : end, 0xffff_ffff)
}

function readNumber({ bytes }: Source, start: number, end: number, most: number): number {
  const number = numberIn(bytes, start, end)
  if (Number.isNaN(number)) throw new ParseError('header-value', start)
  return Math.min(number, most)
}

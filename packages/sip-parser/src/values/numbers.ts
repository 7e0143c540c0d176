import { skipBlanks, skipClass, TOKEN } from '../characters.js'
import { ParseError } from '../errors.js'
import type { Source } from '../octets.js'

/** One or more digits and nothing else. Throws ParseError. */
function readDigits({ bytes }: Source, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48
    if (digit < 0 || digit > 9) throw new ParseError('header-value', at)
    number = number * 10 + digit
  }
  if (start === end) throw new ParseError('header-value', start)
  return number
}

/** Hops left; more than 255 counts as 255 (RFC 3261 §20.22). Throws ParseError. */
export function readHops(source: Source, start: number, end: number): number {
  return Math.min(readDigits(source, start, end), 255)
}

/** Bytes. Throws ParseError. */
export function readLength(source: Source, start: number, end: number): number {
  return readDigits(source, start, end)
}

/** Seconds, at most 2^32-1, up to a `;` or a comment as in Retry-After (RFC 3261 §25.1 delta-seconds). Throws ParseError. */
export function readSeconds(source: Source, start: number, end: number): number {
  const stop = skipClass(source.bytes, start, end, TOKEN)
  const rest = skipBlanks(source.bytes, stop, end)
  if (rest < end && source.bytes[rest] !== 59 && source.bytes[rest] !== 40) throw new ParseError('header-value', rest)
  return Math.min(readDigits(source, start, stop), 0xffff_ffff)
}

import { ParseError } from '../errors.js'

/** One or more digits and nothing else; what exceeds `most` becomes `most`. Throws ParseError. */
export function readDigits(text: string, most: number): number {
  let number = 0
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) throw new ParseError('header-value', 'not a number', { offset: at })
    number = Math.min(number * 10 + digit, most + 1)
  }
  if (text === '') throw new ParseError('header-value', 'number is missing')
  return Math.min(number, most)
}

/** Seconds before a `;` or a comment, as in Retry-After; at most 2^32-1. Throws ParseError. */
export function readSeconds(text: string): number {
  let end = 0
  while (end < text.length && !' \t;('.includes(text.charAt(end))) end++
  return readDigits(text.slice(0, end), 0xffff_ffff)
}

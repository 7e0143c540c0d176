import type { Reader } from './attempt.js'
import { BLANK, skipClass, trimEnd } from './characters.js'
import { ParseError } from './errors.js'
import { closingQuote } from './quoting.js'

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
      if (at === end) throw new ParseError('header-value', open)
    }
  }
  return end
}

/** A reader of comma lists; empty values are left out (RFC 3261 §7.3.1). Throws ParseError. */
export function listReader<T>(read: Reader<T>): Reader<T[]> {
  return (source, start, end) => {
    const { bytes } = source
    const values: T[] = []
    for (let from = start; from < end; ) {
      const comma = findComma(bytes, from, end)
      const first = skipClass(bytes, from, comma, BLANK)
      if (first < comma) values.push(read(source, first, trimEnd(bytes, first, comma), from === start && comma === end))
      from = comma + 1
    }
    return values
  }
}

import type { Reader } from './attempt.js'
import { skipBlanks, trimEnd } from './characters.js'
import { ParseError } from './errors.js'
import type { Source } from './octets.js'
import { closingQuote } from './quoting.js'

/** Where the first value of a comma list ends: the comma outside quotes and `<>`, or `end`. Throws ParseError on an open quote. */
export function findComma({ bytes, text }: Source, start: number, end: number): number {
  // Most values stand alone, which is found out natively.
  const rest = text.slice(start, end)
  if (!rest.includes(',') && !rest.includes('"')) return end
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

/** Adds what the reader makes of each value of a comma list; empty values are left out (RFC 3261 §7.3.1). Throws ParseError. */
export function readList<T>(read: Reader<T>, source: Source, start: number, end: number, values: T[]): T[] {
  const whole = source.text.slice(start, end)
  // Lists of tokens are most, their commas are found natively.
  const plain = !whole.includes('"') && !whole.includes('<')
  for (let from = start; from < end; ) {
    const comma = plain ? plainComma(whole, from - start) + start : findComma(source, from, end)
    const first = skipBlanks(source.bytes, from, comma)
    if (first < comma) values.push(read(source, first, trimEnd(source.bytes, first, comma), from === start && comma === end))
    from = comma + 1
  }
  return values
}

function plainComma(text: string, from: number): number {
  const comma = text.indexOf(',', from)
  return comma < 0 ? text.length : comma
}

/** A reader of comma lists. Throws ParseError. */
export function listReader<T>(read: Reader<T>): Reader<T[]> {
  return (source, start, end) => readList(read, source, start, end, [])
}

/** A reader of the first value of a comma list, whatever follows it; undefined when there is none. Throws ParseError. */
export function firstReader<T>(read: Reader<T>): Reader<T | undefined> {
  return (source, start, end) => {
    for (let from = start; from < end; ) {
      const comma = findComma(source, from, end)
      const first = skipBlanks(source.bytes, from, comma)
      if (first < comma) return read(source, first, trimEnd(source.bytes, first, comma), from === start && comma === end)
      from = comma + 1
    }
    return undefined
  }
}

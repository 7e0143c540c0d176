import { ParseError } from './errors.js'
import { sourceOfText, type Source } from './octets.js'
import type { Result } from './result.js'

/** Reads the value in [start, end), which may be the only one of its field. Throws ParseError. */
export type Reader<T> = (source: Source, start: number, end: number, alone?: boolean) => T

/** Turns a reader that throws ParseError into one that returns it. */
export function attempt<T>(read: Reader<T>, text: string): Result<T, ParseError> {
  try {
    const source = sourceOfText(text)
    return { ok: true, value: read(source, 0, source.text.length) }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error }
    throw error
  }
}

/** What a pattern finds in [start, end), one character per octet. Throws ParseError when it finds nothing. */
export function matchIn(pattern: RegExp, source: Source, start: number, end: number): readonly string[] {
  const found = pattern.exec(source.text.slice(start, end))
  if (found === null) throw new ParseError('header-value', start)
  return found
}

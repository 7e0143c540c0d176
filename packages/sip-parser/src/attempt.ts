import { ParseError } from './errors.js'
import { sourceOfText, type Source } from './octets.js'
import type { Result } from './result.js'

/** Reads the value in [start, end). Throws ParseError. */
export type Reader<T> = (source: Source, start: number, end: number) => T

/** Turns a reader that throws ParseError into one that returns it. */
export function attempt<T>(read: Reader<T>, text: string): Result<T, ParseError> {
  try {
    const source = sourceOfText(text)
    return { ok: true, value: read(source, 0, source.bytes.length) }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error }
    throw error
  }
}

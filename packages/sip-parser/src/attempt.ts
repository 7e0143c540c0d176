import { ParseError } from './errors.js'
import type { Result } from './result.js'

/** Turns a reader that throws ParseError into one that returns it. */
export function attempt<T>(read: (text: string) => T, text: string): Result<T, ParseError> {
  try {
    return { ok: true, value: read(text) }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error }
    throw error
  }
}

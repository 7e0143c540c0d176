import { ParseError } from '../errors.js'
import type { Result } from '../result.js'

/** What the work gives, or the ParseError that it throws. */
export function resultOf<T>(work: () => T): Result<T, ParseError> {
  try {
    return { ok: true, value: work() }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error }
    throw error
  }
}

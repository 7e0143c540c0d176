import { matchIn } from '../attempt.js'
import type { Source } from '../octets.js'
import { Parameters } from '../values/parameters.js'

/**
 * What a pattern finds at the start of [start, end), and the parameters behind it. The pattern ends in `\s*(?=;|$)`,
 * so that nothing stands between the two. Throws ParseError.
 */
export function readHead(pattern: RegExp, source: Source, start: number, end: number): readonly [found: readonly string[], parameters: Parameters] {
  const found = matchIn(pattern, source, start, end)
  return [found, Parameters.read(source, start + (found[0] ?? '').length, end)]
}

/** The whole number a parameter holds; undefined when it is absent or holds anything else. */
export function numberOf(parameters: Parameters, name: string): number | undefined {
  const text = parameters.get(name) ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

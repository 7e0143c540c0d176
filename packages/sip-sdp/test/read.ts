import { parseSessionDescription, serializeSessionDescription, type SessionDescription } from '../src/index.js'

/** The description that must be readable. */
export function read(text: string): SessionDescription {
  const result = parseSessionDescription(text)
  if (!result.ok) throw result.error
  return result.value
}

/** The text with CRLF and without indentation, first and last line break. */
export function lines(text: string): string {
  return text.trim().split('\n').map((line) => line.replace(/^ +/, '') + '\r\n').join('')
}

/** Prints for comparison: LF, one line per line. */
export function printed(description: SessionDescription): readonly string[] {
  return serializeSessionDescription(description).trimEnd().split('\r\n')
}

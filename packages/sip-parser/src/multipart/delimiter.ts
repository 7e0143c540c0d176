import { encodeUtf8 } from '../octets.js'

/** A boundary delimiter line: `--boundary`, or `--boundary--` (RFC 2046 §5.1.1). */
export interface Delimiter {
  /** Where the line end before it starts, which is part of it; not before `from`. */
  readonly start: number
  /** Behind its own line end. */
  readonly end: number
  /** It is the last one. */
  readonly close: boolean
}

/** `--boundary` as octets. */
export function dashBoundary(boundary: string): Uint8Array {
  return encodeUtf8(`--${boundary}`)
}

/**
 * The first delimiter line in [from, end), where `from` is the start of a line. Blanks may follow the boundary, nothing else:
 * so the boundary of an inner body may begin with that of the outer one. A line ends with LF, with or without CR.
 */
export function findDelimiter(bytes: Uint8Array, from: number, end: number, boundary: Uint8Array): Delimiter | undefined {
  for (let line = from; line < end; line++) {
    if (startsWith(bytes, line, end, boundary)) {
      let at = line + boundary.length
      const close = bytes[at] === 45 && bytes[at + 1] === 45
      if (close) at += 2
      while (bytes[at] === 32 || bytes[at] === 9) at++
      if (bytes[at] === 13 && at < end) at++
      if (at >= end || bytes[at] === 10) return { start: Math.max(from, beforeLineEnd(bytes, line)), end: Math.min(at + 1, end), close }
    }
    // By hand: a search for each line costs more where lines are short.
    while (line < end && bytes[line] !== 10) line++
  }
  return undefined
}

/** Whether these octets stand at `at`, all before `end`. No octet of the marker is a line feed, so that a line is not compared beyond its end. */
export function startsWith(bytes: Uint8Array, at: number, end: number, marker: Uint8Array): boolean {
  if (end - at < marker.length) return false
  for (let i = 0; i < marker.length; i++) if (bytes[at + i] !== marker[i]) return false
  return true
}

/** The place before the line end that stands in front of `line`. */
function beforeLineEnd(bytes: Uint8Array, line: number): number {
  return bytes[line - 2] === 13 ? line - 2 : line - 1
}

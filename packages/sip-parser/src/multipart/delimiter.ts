/** A boundary delimiter line: `--boundary`, or `--boundary--` (RFC 2046 §5.1.1). */
export interface Delimiter {
  /** Where the line end before it starts, which is part of it; not before `from`. */
  readonly start: number
  /** Behind its own line end. */
  readonly end: number
  /** It is the last one. */
  readonly close: boolean
}

/**
 * The first delimiter line in [from, end), where `from` is the start of a line and `marker` is `--boundary` without a line feed. Blanks may follow the boundary,
 * nothing else: so the boundary of an inner body may begin with that of the outer one. A line ends with LF, with or without CR.
 */
export function findDelimiter(bytes: Uint8Array, from: number, end: number, marker: Uint8Array): Delimiter | undefined {
  for (let line = from; line < end; line = nextLine(bytes, line, end)) {
    let at = line
    // No line is compared beyond its end, as no octet of the marker ends one.
    while (at - line < marker.length && bytes[at] === marker[at - line]) at++
    if (at - line < marker.length) continue
    const close = bytes[at] === 45 && bytes[at + 1] === 45
    if (close) at += 2
    while (bytes[at] === 32 || bytes[at] === 9) at++
    if (bytes[at] === 13) at++
    if (at >= end || bytes[at] === 10) return { start: Math.max(from, bytes[line - 2] === 13 ? line - 2 : line - 1), end: Math.min(at + 1, end), close }
  }
  return undefined
}

/** Behind the line end, or `end`. By hand: a search for each line costs more where lines are short. */
export function nextLine(bytes: Uint8Array, line: number, end: number): number {
  let at = line
  while (at < end && bytes[at] !== 10) at++
  return at < end ? at + 1 : end
}

import { ParseError } from '../errors.js'
import type { HeaderFields } from '../header-fields.js'
import { Source, sourceOf } from '../octets.js'
import { nextLine } from './delimiter.js'
import { readHeaderSection, startsField } from './header-section.js'

/** The header fields of a part, where its body starts, and what was odd about them. */
export interface PartHead {
  readonly headers: HeaderFields
  readonly body: number
  readonly odd: { readonly code: 'no-empty-line' | 'header-line'; readonly offset: number } | undefined
}

/**
 * Reads the header section of the part in [start, end), which may be empty (RFC 2046 §5.1.1). It ends with an empty line, or where that is missing before the first line
 * that is no header field: so no octet of a body is lost. Throws ParseError for what would break a message, too: control characters, too many fields.
 */
export function readPartHead(bytes: Uint8Array, start: number, end: number): PartHead {
  let line = start
  while (line < end) {
    const next = nextLine(bytes, line, end)
    const folded = line > start && (bytes[line] === 32 || bytes[line] === 9)
    if (!folded && !startsField(bytes, line, next)) break
    line = next
  }
  const feed = bytes[line] === 13 ? line + 1 : line
  const body = feed < end && bytes[feed] === 10 ? feed + 1 : line
  const { text, ascii } = sourceOf(bytes.subarray(start, line))
  const odd = body === line && line < end ? ({ code: 'no-empty-line', offset: line } as const) : undefined
  // The last line of a part without a body may have no line end of its own.
  const source = new Source(`${text}\r\n`, ascii)
  try {
    return { headers: readHeaderSection(source, 0).headers, body, odd }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { headers: salvage(source, start), body, odd: odd ?? { code: 'header-line', offset: start + error.offset } }
  }
}

function salvage(source: Source, start: number): HeaderFields {
  try {
    return readHeaderSection(source, 0, true).headers
  } catch (error) {
    throw error instanceof ParseError ? error.with({ offset: start + error.offset }) : error
  }
}

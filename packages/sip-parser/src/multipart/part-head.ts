import { ParseError } from '../errors.js'
import { HeaderFields } from '../header-fields.js'
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
 * Reads the header section of the part in [start, end), which may be empty (RFC 2046 §5.1.1). A part whose first line is no header field has none;
 * other lines that are no fields are passed over. Throws ParseError for what would break a message, too: control characters, too many fields.
 */
export function readPartHead(bytes: Uint8Array, start: number, end: number): PartHead {
  const empty = lineEndAt(bytes, start, end) > start
  if (!empty && !startsField(bytes, start, end)) return { headers: new HeaderFields([]), body: start, odd: start < end ? { code: 'no-empty-line', offset: start } : undefined }
  let line = start
  while (line < end && lineEndAt(bytes, line, end) === line) line = nextLine(bytes, line, end)
  const body = lineEndAt(bytes, line, end)
  const { text, ascii } = sourceOf(bytes.subarray(start, body))
  // The last line of a part without a body may have no line end of its own; one empty line more does no harm.
  return { ...readFields(new Source(`${text}\r\n`, ascii), start, undefined), body }
}

/** Once strictly, then, for what was odd, passing over what is wrong. */
function readFields(source: Source, start: number, odd: PartHead['odd']): Omit<PartHead, 'body'> {
  try {
    return { headers: readHeaderSection(source, 0, odd !== undefined).headers, odd }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const offset = start + error.offset
    if (odd !== undefined) throw error.with({ offset })
    return readFields(source, start, { code: 'header-line', offset })
  }
}

/** Behind the line end at this place, or the place itself. */
function lineEndAt(bytes: Uint8Array, at: number, end: number): number {
  const feed = bytes[at] === 13 ? at + 1 : at
  return feed < end && bytes[feed] === 10 ? feed + 1 : at
}

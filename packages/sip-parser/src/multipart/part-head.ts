import { BLANK, skipClass, TOKEN } from '../characters.js'
import { ParseError } from '../errors.js'
import { indexFields } from '../field-index.js'
import { HeaderFields } from '../header-fields.js'
import { defaultLimits } from '../limits.js'
import { Source, sourceOf } from '../octets.js'

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
  const colon = skipClass(bytes, skipClass(bytes, start, end, TOKEN), end, BLANK)
  const bare = start === end || bytes[start] === 10 || (bytes[start] === 13 && bytes[start + 1] === 10)
  if (!bare && (bytes[colon] !== 58 || colon === start || colon >= end)) return { headers: new HeaderFields([]), body: start, odd: { code: 'no-empty-line', offset: start } }
  const stop = endOfHead(bytes, start, end)
  const part = sourceOf(bytes.subarray(start, stop))
  // The last line of a part without a body has no line end of its own.
  const source = part.text.endsWith('\n') || part.text === '' ? part : new Source(`${part.text}\r\n`, part.ascii)
  try {
    return { headers: new HeaderFields(indexFields(source, 0, defaultLimits).fields), body: stop, odd: undefined }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { headers: salvage(source, start), body: stop, odd: { code: 'header-line', offset: start + error.offset } }
  }
}

function salvage(source: Source, offset: number): HeaderFields {
  try {
    return new HeaderFields(indexFields(source, 0, defaultLimits, true).fields)
  } catch (error) {
    throw error instanceof ParseError ? error.with({ offset: offset + error.offset }) : error
  }
}

/** Behind the empty line, or `end`. */
function endOfHead(bytes: Uint8Array, start: number, end: number): number {
  for (let line = start; line < end; line++) {
    if (bytes[line] === 10) return line + 1
    if (bytes[line] === 13 && bytes[line + 1] === 10 && line + 1 < end) return line + 2
    while (line < end && bytes[line] !== 10) line++
  }
  return end
}

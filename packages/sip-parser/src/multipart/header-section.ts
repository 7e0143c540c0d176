import { BLANK, skipClass, TOKEN } from '../characters.js'
import { indexFields } from '../field-index.js'
import { HeaderFields } from '../header-fields.js'
import { defaultLimits } from '../limits.js'
import type { Source } from '../octets.js'

/** Header fields, their Content-Length or -1, and where the octets behind the empty line start. */
export interface HeaderSection {
  readonly headers: HeaderFields
  readonly contentLength: number
  readonly end: number
}

/** Reads the header section from `start` on, which may hold any fields; with `salvage` what is wrong is passed over. Throws ParseError. */
export function readHeaderSection(source: Source, start: number, salvage = false): HeaderSection {
  const { places, contentLength, end } = indexFields(source, start, defaultLimits, salvage)
  return { headers: new HeaderFields(places, [source]), contentLength, end }
}

/** Whether a header field starts here: a token and a colon, blanks between them at most (RFC 3261 §7.3.1). */
export function startsField(bytes: Uint8Array, start: number, end: number): boolean {
  const name = skipClass(bytes, start, end, TOKEN)
  const colon = skipClass(bytes, name, end, BLANK)
  return name > start && colon < end && bytes[colon] === 58
}

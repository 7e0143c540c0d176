import { Page, word, writeAttributes, writeConnection, writeSection, writeStreams } from './section-writer.js'
import { SdpError } from './sdp-error.js'
import type { Origin, SessionDescription, TimeDescription } from './session-description.js'

/**
 * Prints a session description (RFC 8866 §5): every line ends with CRLF, in the grammar's order or,
 * for a section that was read in another one, in that.
 * @throws SdpError `invalid-value` when a value holds CR, LF or NUL, a field that ends at a space is empty or holds one, or a port is out of range
 */
export function serializeSessionDescription(description: SessionDescription): string {
  const page = new Page()
  writeSection(page, description, writeSession)
  writeStreams(page, description.media)
  return page.checked()
}

function writeSession(page: Page, description: SessionDescription): void {
  page.line('v=0')
  page.line(originLine(description.origin))
  page.line('s=' + description.name)
  if (description.information !== undefined) page.line('i=' + description.information)
  if (description.uri !== undefined) page.line('u=' + description.uri)
  for (const email of description.emails ?? []) page.line('e=' + email)
  for (const phone of description.phones ?? []) page.line('p=' + phone)
  writeConnection(page, description)
  for (const time of description.times) writeTime(page, time)
  writeAttributes(page, description)
}

function writeTime(page: Page, { start, stop, repeats, zone }: TimeDescription): void {
  page.line(`t=${word(start)} ${word(stop)}`)
  for (const repeat of repeats ?? []) page.line('r=' + repeat)
  if (zone !== undefined) page.line('z=' + zone)
}

function originLine(origin: Origin): string {
  if (origin.username === '') throw new SdpError('invalid-value', 'The user name of an origin is "-" when there is none')
  return `o=${origin.username} ${word(origin.sessionId)} ${word(origin.sessionVersion)} ${word(origin.networkType)} ${word(origin.addressType)} ${word(origin.address)}`
}

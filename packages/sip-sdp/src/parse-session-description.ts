import type { SdpLimits } from './limits.js'
import type { LineReader } from './line-reader.js'
import { OpenSession } from './open-section.js'
import { attempt, readSections } from './read-sections.js'
import type { Result } from './result.js'
import type { SdpError } from './sdp-error.js'
import type { SessionDescription } from './session-description.js'

/**
 * Reads a session description (RFC 8866). Never throws on what a peer sent, takes time and memory
 * proportional to the input, and keeps what it does not understand, in order, for printing.
 * @param input text, or bytes: UTF-8, read as ISO 8859-1 when they are not
 * @param limits bounds that differ from `DEFAULT_SDP_LIMITS`
 */
export function parseSessionDescription(input: string | Uint8Array, limits?: Partial<SdpLimits>): Result<SessionDescription, SdpError> {
  return attempt(input, limits, read)
}

function read(reader: LineReader, limits: SdpLimits): SessionDescription {
  if (reader.next() !== 0x76) throw reader.fault('missing-line', 'A description must start with a "v=" line')
  if (reader.value().trim() !== '0') throw reader.fault('bad-version', 'The only version of SDP is 0')
  const session = new OpenSession()
  return session.close(readSections(session, reader, reader.next(), limits))
}

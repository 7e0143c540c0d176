import { DEFAULT_SDP_LIMITS, type SdpLimits } from './limits.js'
import { END, LineReader } from './line-reader.js'
import { OpenMedia, OpenSession } from './open-section.js'
import { parseMediaLine } from './parse-line.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import type { MediaDescription, SessionDescription } from './session-description.js'

/**
 * Reads a session description (RFC 8866). Never throws on what a peer sent, takes time and memory
 * proportional to the input, and keeps what it does not understand, in order, for printing.
 * @param input text, or bytes: UTF-8, read as ISO 8859-1 when they are not
 * @param limits bounds that differ from `DEFAULT_SDP_LIMITS`
 */
export function parseSessionDescription(input: string | Uint8Array, limits?: Partial<SdpLimits>): Result<SessionDescription, SdpError> {
  try {
    const bounds = limits === undefined ? DEFAULT_SDP_LIMITS : { ...DEFAULT_SDP_LIMITS, ...limits }
    return { ok: true, value: read(new LineReader(textOf(input, bounds), bounds), bounds) }
  } catch (error) {
    if (error instanceof SdpError) return { ok: false, error }
    throw error
  }
}

function textOf(input: string | Uint8Array, limits: SdpLimits): string {
  if (typeof input === 'string') return input
  if (input.length > limits.maxBytes) throw new SdpError('too-large', `The description is longer than ${limits.maxBytes} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(input)
  } catch {
    return Array.from(input, (byte) => String.fromCharCode(byte)).join('')
  }
}

function read(reader: LineReader, limits: SdpLimits): SessionDescription {
  if (reader.next() !== 0x76) throw reader.fault('missing-line', 'A description must start with a "v=" line')
  if (reader.value().trim() !== '0') throw reader.fault('bad-version', 'The only version of SDP is 0')
  const session = new OpenSession()
  const media: MediaDescription[] = []
  let stream: OpenMedia | undefined
  for (let type = reader.next(); type !== END; type = reader.next()) {
    if (type !== 0x6d) { // m=
      (stream ?? session).take(type, reader)
      continue
    }
    if (stream !== undefined) media.push(stream.close())
    if (media.length === limits.maxMedia) throw reader.fault('too-large', `The description has more than ${limits.maxMedia} streams`)
    stream = new OpenMedia(parseMediaLine(reader, limits.maxFormats))
  }
  if (stream !== undefined) media.push(stream.close())
  return session.close(media)
}

import { DEFAULT_SDP_LIMITS, type SdpLimits } from './limits.js'
import { END, LineReader } from './line-reader.js'
import { type OpenFragment, OpenMedia, type OpenSession } from './open-section.js'
import { parseMediaLine } from './parse-line.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import type { MediaDescription } from './session-description.js'

/** Reads with `read`, within the limits; an SdpError that is thrown on the way is returned. */
export function attempt<T>(input: string | Uint8Array, limits: Partial<SdpLimits> | undefined, read: (reader: LineReader, limits: SdpLimits) => T): Result<T, SdpError> {
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

/** Gives the lines from this one on to `head`, and from the first `m=` on to streams. */
export function readSections(head: OpenSession | OpenFragment, reader: LineReader, first: number, limits: SdpLimits): readonly MediaDescription[] {
  const media: MediaDescription[] = []
  let stream: OpenMedia | undefined
  for (let type = first; type !== END; type = reader.next()) {
    if (type !== 0x6d) { // m=
      (stream ?? head).take(type, reader)
      continue
    }
    if (stream !== undefined) media.push(stream.close())
    if (media.length === limits.maxMedia) throw reader.fault('too-large', `The description has more than ${limits.maxMedia} streams`)
    stream = new OpenMedia(parseMediaLine(reader, limits.maxFormats))
  }
  if (stream !== undefined) media.push(stream.close())
  return media
}

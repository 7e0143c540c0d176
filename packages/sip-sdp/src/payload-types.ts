import type { CodecCapability } from './capabilities.js'
import { type Codec, isSameCodec, staticPayloadType } from './codec.js'
import { isSameFormat } from './formats/format-match.js'
import { SdpError } from './sdp-error.js'

/** What payload types have meant on each `m=` line of a session: one that stood for a codec never stands for another (RFC 3264 §8.3.2). */
export class PayloadTypes {
  readonly #lines = new Map<number, Map<number, Codec>>()

  /** Notes what the numbers of this line mean; the first meaning stays. */
  note(index: number, codecs: readonly Codec[]): void {
    const line = this.#lines.get(index) ?? new Map<number, Codec>()
    this.#lines.set(index, line)
    for (const codec of codecs) if (!line.has(codec.payloadType)) line.set(codec.payloadType, codec)
  }

  /** What has been noted of this line. */
  of(index: number): readonly Codec[] {
    return [...(this.#lines.get(index)?.values() ?? [])]
  }
}

/**
 * Gives each codec its payload type: the one it had, else its own or RFC 3551's, else the next free one from 96.
 * @param known what numbers have meant in this stream
 * @throws SdpError `invalid-value` when there are more codecs than numbers
 */
export function numberCodecs(wanted: readonly CodecCapability[], known: readonly Codec[]): readonly Codec[] {
  const taken = new Set<number>()
  const meant = new Set(known.map(({ payloadType }) => payloadType))
  const fixed = wanted.map((codec) => {
    const before = known.find((one) => !taken.has(one.payloadType) && isSameCodec(one, codec) && (codec.fmtp === undefined || isSameFormat(codec.encoding, one.fmtp, codec.fmtp)))
    const own = codec.payloadType ?? staticPayloadType(codec.encoding, codec.clockRate, codec.channels ?? 1)
    const payloadType = before?.payloadType ?? (own !== undefined && !meant.has(own) && !taken.has(own) ? own : undefined)
    if (payloadType !== undefined) taken.add(payloadType)
    return payloadType
  })
  let next = 96
  return wanted.map((codec, index) => {
    while (taken.has(next) || meant.has(next)) next += 1
    const payloadType = fixed[index] ?? next
    if (payloadType > 127) throw new SdpError('invalid-value', 'There are more codecs than payload types')
    taken.add(payloadType)
    return { payloadType, encoding: codec.encoding, clockRate: codec.clockRate, channels: codec.channels ?? 1, fmtp: codec.fmtp, feedback: codec.feedback ?? [] }
  })
}

import type { MediaDescription } from './session-description.js'

/** One RTP payload format of a stream: its `a=rtpmap`, `a=fmtp` and `a=rtcp-fb` lines together (RFC 8866 §6.6, §6.15; RFC 4585 §4.2). */
export interface Codec {
  /** 0 to 127. */
  readonly payloadType: number
  /** The encoding's name as written; compare without regard to case. */
  readonly encoding: string
  /** Hertz. */
  readonly clockRate: number
  /** 1 when not written. */
  readonly channels: number
  /** All behind `a=fmtp:<payload type> `. */
  readonly fmtp?: string | undefined
  /** Each `a=rtcp-fb` value without the payload type; those for `*` included. */
  readonly feedback: readonly string[]
}

/** Payload types that mean something without an `a=rtpmap` (RFC 3551 §6): name, clock rate, channels. */
const STATIC_PAYLOAD_TYPES: ReadonlyMap<string, readonly [encoding: string, clockRate: number, channels: number]> = new Map([
  ['0', ['PCMU', 8000, 1]], ['3', ['GSM', 8000, 1]], ['4', ['G723', 8000, 1]], ['5', ['DVI4', 8000, 1]], ['6', ['DVI4', 16_000, 1]],
  ['7', ['LPC', 8000, 1]], ['8', ['PCMA', 8000, 1]], ['9', ['G722', 8000, 1]], ['10', ['L16', 44_100, 2]], ['11', ['L16', 44_100, 1]],
  ['12', ['QCELP', 8000, 1]], ['13', ['CN', 8000, 1]], ['14', ['MPA', 90_000, 1]], ['15', ['G728', 8000, 1]], ['16', ['DVI4', 11_025, 1]],
  ['17', ['DVI4', 22_050, 1]], ['18', ['G729', 8000, 1]], ['25', ['CelB', 90_000, 1]], ['26', ['JPEG', 90_000, 1]], ['28', ['nv', 90_000, 1]],
  ['31', ['H261', 90_000, 1]], ['32', ['MPV', 90_000, 1]], ['33', ['MP2T', 90_000, 1]], ['34', ['H263', 90_000, 1]],
])

/** Encodings that accompany a codec and cannot carry a stream by themselves. */
const AUXILIARY: ReadonlySet<string> = new Set(['telephone-event', 'cn', 'red', 'rtx', 'ulpfec', 'flexfec-03'])

/** The payload type that RFC 3551 §6 gives to this codec, if any. */
export function staticPayloadType(encoding: string, clockRate: number, channels: number): number | undefined {
  const name = encoding.toLowerCase()
  for (const [payloadType, [known, rate, count]] of STATIC_PAYLOAD_TYPES) {
    if (known.toLowerCase() === name && rate === clockRate && count === channels) return Number(payloadType)
  }
  return undefined
}

/** Whether the encoding only accompanies others: telephone events, comfort noise, redundancy, retransmission. */
export function isAuxiliary(encoding: string): boolean {
  return AUXILIARY.has(encoding.toLowerCase())
}

/** Same encoding, clock rate and channels: what makes two payload formats one codec (RFC 3264 §6.1). */
export function isSameCodec(one: CodecName, other: CodecName): boolean {
  return one.clockRate === other.clockRate && (one.channels ?? 1) === (other.channels ?? 1) && one.encoding.toLowerCase() === other.encoding.toLowerCase()
}

/** What names a codec. */
export interface CodecName {
  readonly encoding: string
  readonly clockRate: number
  readonly channels?: number | undefined
}

/** Whether the stream is RTP, whose formats are payload types. */
export function isRtp(protocol: string): boolean {
  return /(?:^|\/)RTP\/S?AVPF?$/i.test(protocol)
}

/**
 * The codecs of an RTP stream, in the order of its `m=` line. A format is left out when neither an `a=rtpmap`
 * nor RFC 3551 says what it is, and when it repeats an earlier one; a stream that is not RTP has none.
 */
export function codecsOf(media: MediaDescription): readonly Codec[] {
  if (!isRtp(media.protocol)) return []
  const maps = new Map<string, string>()
  const parameters = new Map<string, string>()
  const feedback = new Map<string, string[]>()
  for (const { name, value } of media.attributes) {
    if (value === undefined || (name !== 'rtpmap' && name !== 'fmtp' && name !== 'rtcp-fb')) continue
    const space = value.indexOf(' ')
    if (space === -1) continue
    const format = value.slice(0, space)
    const rest = value.slice(space + 1).trim()
    if (name === 'rtpmap') maps.set(format, rest)
    else if (name === 'fmtp') parameters.set(format, rest)
    else {
      const known = feedback.get(format)
      if (known === undefined) feedback.set(format, [rest])
      else known.push(rest)
    }
  }
  const general = feedback.get('*') ?? []
  const codecs = new Map<string, Codec>()
  for (const format of media.formats) {
    if (codecs.has(format) || !isPayloadType(format)) continue
    const map = maps.get(format)
    const named = map === undefined ? STATIC_PAYLOAD_TYPES.get(format) : parseMap(map)
    if (named === undefined) continue
    const [encoding, clockRate, channels] = named
    codecs.set(format, {
      payloadType: Number(format), encoding, clockRate, channels, fmtp: parameters.get(format), feedback: joined(general, feedback.get(format)),
    })
  }
  return [...codecs.values()]
}

/** Shares the general list where nothing is added to it: many formats times many general lines must not multiply. */
function joined(general: readonly string[], own: readonly string[] | undefined): readonly string[] {
  return own === undefined ? general : general.length === 0 ? own : [...general, ...own]
}

function isPayloadType(format: string): boolean {
  return /^(?:0|[1-9]\d{0,2})$/.test(format) && Number(format) <= 127
}

/** `<encoding name>/<clock rate>[/<encoding parameters>]` */
function parseMap(text: string): readonly [string, number, number] | undefined {
  const [encoding, rate, count, more] = text.split('/', 4)
  if (encoding === undefined || encoding === '' || rate === undefined || more !== undefined) return undefined
  if (!/^\d{1,9}$/.test(rate) || (count !== undefined && !/^[1-9]\d{0,2}$/.test(count))) return undefined
  return [encoding, Number(rate), count === undefined ? 1 : Number(count)]
}

import type { Attribute, MediaDescription } from './session-description.js'

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
const STATIC_PAYLOAD_TYPES: ReadonlyMap<number, readonly [encoding: string, clockRate: number, channels: number]> = new Map([
  [0, ['PCMU', 8000, 1]], [3, ['GSM', 8000, 1]], [4, ['G723', 8000, 1]], [5, ['DVI4', 8000, 1]], [6, ['DVI4', 16_000, 1]],
  [7, ['LPC', 8000, 1]], [8, ['PCMA', 8000, 1]], [9, ['G722', 8000, 1]], [10, ['L16', 44_100, 2]], [11, ['L16', 44_100, 1]],
  [12, ['QCELP', 8000, 1]], [13, ['CN', 8000, 1]], [14, ['MPA', 90_000, 1]], [15, ['G728', 8000, 1]], [16, ['DVI4', 11_025, 1]],
  [17, ['DVI4', 22_050, 1]], [18, ['G729', 8000, 1]], [25, ['CelB', 90_000, 1]], [26, ['JPEG', 90_000, 1]], [28, ['nv', 90_000, 1]],
  [31, ['H261', 90_000, 1]], [32, ['MPV', 90_000, 1]], [33, ['MP2T', 90_000, 1]], [34, ['H263', 90_000, 1]],
])

/** Encodings that accompany a codec and cannot carry a stream by themselves. */
const AUXILIARY: ReadonlySet<string> = new Set(['telephone-event', 'cn', 'red', 'rtx', 'ulpfec', 'flexfec-03'])

/** The payload type that RFC 3551 §6 gives to this codec, if any. */
export function staticPayloadType(encoding: string, clockRate: number, channels: number): number | undefined {
  const name = encoding.toLowerCase()
  for (const [payloadType, [known, rate, count]] of STATIC_PAYLOAD_TYPES) {
    if (known.toLowerCase() === name && rate === clockRate && count === channels) return payloadType
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
  const general: string[] = []
  const described = describedPayloads(media.attributes, general)
  const codecs: Codec[] = []
  for (const format of media.formats) {
    const payloadType = numberAt(format, 0, format.length)
    if (payloadType > 127) continue
    const payload = (described[payloadType] ??= { map: undefined, fmtp: undefined, feedback: undefined, taken: false })
    if (payload.taken) continue
    const codec = codecFrom(payloadType, payload, general)
    if (codec === undefined) continue
    payload.taken = true
    codecs.push(codec)
  }
  return codecs
}

/** What the attributes of a stream say about one payload type. */
interface DescribedPayload {
  map: string | undefined
  fmtp: string | undefined
  feedback: string[] | undefined
  /** Whether the `m=` line has named it. */
  taken: boolean
}

/** By payload type; feedback for every one of them goes to `general`. */
function describedPayloads(attributes: readonly Attribute[], general: string[]): (DescribedPayload | undefined)[] {
  const described: (DescribedPayload | undefined)[] = []
  for (const { name, value } of attributes) {
    if (value === undefined || (name !== 'rtpmap' && name !== 'fmtp' && name !== 'rtcp-fb')) continue
    const space = value.indexOf(' ')
    if (space === -1) continue
    const payloadType = numberAt(value, 0, space)
    const rest = trimmed(value, space + 1)
    if (payloadType > 127) {
      if (name === 'rtcp-fb' && space === 1 && value.startsWith('*')) general.push(rest)
      continue
    }
    const payload = (described[payloadType] ??= { map: undefined, fmtp: undefined, feedback: undefined, taken: false })
    if (name === 'rtpmap') payload.map = rest
    else if (name === 'fmtp') payload.fmtp = rest
    else if (payload.feedback === undefined) payload.feedback = [rest]
    else payload.feedback.push(rest)
  }
  return described
}

/** From `start` to the end without blanks around it; hardly any has some. */
function trimmed(value: string, start: number): string {
  const text = value.slice(start)
  return value.charCodeAt(start) <= 0x20 || value.charCodeAt(value.length - 1) <= 0x20 ? text.trim() : text
}

/** Shares the general list where nothing is added to it: many formats times many general lines must not multiply. */
function joined(general: readonly string[], own: readonly string[] | undefined): readonly string[] {
  return own === undefined ? general : general.length === 0 ? own : [...general, ...own]
}

/** The number that the digits in [start, end) write, without leading zeros; Infinity when that is not what stands there, or more than nine digits. */
function numberAt(text: string, start: number, end: number): number {
  if (end - start > 9 || end <= start) return Infinity
  let value = 0
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9 || (value === 0 && index > start)) return Infinity
    value = value * 10 + digit
  }
  return value
}

/** Reads `<encoding name>/<clock rate>[/<encoding parameters>]`, or what RFC 3551 says where there is no such line. */
function codecFrom(payloadType: number, { map, fmtp, feedback }: DescribedPayload, general: readonly string[]): Codec | undefined {
  if (map === undefined) {
    const named = STATIC_PAYLOAD_TYPES.get(payloadType)
    if (named === undefined) return undefined
    const [encoding, clockRate, channels] = named
    return { payloadType, encoding, clockRate, channels, fmtp, feedback: joined(general, feedback) }
  }
  const slash = map.indexOf('/')
  if (slash < 1) return undefined
  const second = map.indexOf('/', slash + 1)
  const clockRate = numberAt(map, slash + 1, second === -1 ? map.length : second)
  const channels = second === -1 ? 1 : numberAt(map, second + 1, map.length)
  if (clockRate === Infinity || channels === 0 || channels > 999) return undefined
  return { payloadType, encoding: map.slice(0, slash), clockRate, channels, fmtp, feedback: joined(general, feedback) }
}

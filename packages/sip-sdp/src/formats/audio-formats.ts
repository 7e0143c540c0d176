import { bit, type FormatField, formatField, whole, wholes } from './format-field.js'

/** What a receiver of Opus says (RFC 7587 §6.1). */
export interface OpusFormat {
  /** Hz that it can play: more is of no use to it. Default 48000. */
  readonly maxPlaybackRate: number
  /** Hz that it is likely to send. Default 48000. */
  readonly sendingMaxCaptureRate: number
  /** Bits per second at most. */
  readonly maxAverageBitrate: number | undefined
  /** Whether it prefers stereo. */
  readonly stereo: boolean
  /** Whether it is likely to send stereo. */
  readonly sendsStereo: boolean
  readonly constantBitrate: boolean
  /** Whether it uses the forward error correction within packets. */
  readonly inbandFec: boolean
  /** Whether it wants silence not to be sent. */
  readonly discontinuous: boolean
  /** Milliseconds in a packet at least; not of the RFC, but browsers write it. */
  readonly minPtime: number | undefined
}

/** `a=fmtp` of `opus` (RFC 7587 §6.1). */
export const opus: FormatField<OpusFormat> = formatField<OpusFormat>(['opus'], 'RFC 7587 §6.1', {
  minPtime: whole('minptime', undefined), maxPlaybackRate: whole('maxplaybackrate', 48_000), sendingMaxCaptureRate: whole('sprop-maxcapturerate', 48_000),
  maxAverageBitrate: whole('maxaveragebitrate', undefined), stereo: bit('stereo'), sendsStereo: bit('sprop-stereo'), constantBitrate: bit('cbr'),
  inbandFec: bit('useinbandfec'), discontinuous: bit('usedtx'),
})

/** What AMR and AMR-WB are to look like (RFC 4867 §8.1). */
export interface AmrFormat {
  /** Octet-aligned; else bandwidth-efficient. */
  readonly octetAlign: boolean
  /** The modes that may be used; all when undefined. */
  readonly modeSet: readonly number[] | undefined
  /** Frames between two changes of mode: 1 or 2. */
  readonly modeChangePeriod: number
  /** 2 when the writer can keep to such a period as a sender. */
  readonly modeChangeCapability: number
  /** Whether a mode may only change to the next one. */
  readonly modeChangeNeighbor: boolean
  readonly crc: boolean
  readonly robustSorting: boolean
  /** Frames in a group of interleaved ones; undefined without interleaving. */
  readonly interleaving: number | undefined
  /** Milliseconds that redundancy may lie behind; without limit when undefined. */
  readonly maxRedundancy: number | undefined
}

/** `a=fmtp` of `AMR` and `AMR-WB` (RFC 4867 §8.1, §8.2). */
export const amr: FormatField<AmrFormat> = formatField<AmrFormat>(['amr', 'amr-wb'], 'RFC 4867 §8.1', {
  octetAlign: bit('octet-align'), modeSet: wholes('mode-set', 8), modeChangePeriod: whole('mode-change-period', 1, 2), modeChangeCapability: whole('mode-change-capability', 1, 2),
  modeChangeNeighbor: bit('mode-change-neighbor'), crc: bit('crc'), robustSorting: bit('robust-sorting'), interleaving: whole('interleaving', undefined), maxRedundancy: whole('max-red', undefined, 65_535),
})

/** Which named events a receiver understands. */
export interface TelephoneEventFormat {
  /** Ascending, each 0 to 255: 0 to 9 are the digits, 10 `*`, 11 `#`, 12 to 15 `A` to `D`, 16 flash. */
  readonly events: readonly number[]
}

/** `a=fmtp` of `telephone-event`: digits when there is none (RFC 4733 §2.4.1, §7.1.1). */
export const telephoneEvent: FormatField<TelephoneEventFormat> = {
  encodings: ['telephone-event'], section: 'RFC 4733 §7.1.1',
  read: (fmtp) => {
    const events = new Set<number>()
    // Some write the name that only the media type has.
    for (const range of fmtp.replace(/^ *events=/i, '').split(',')) {
      const [, first = '', last = first] = /^ *(\d{1,3})(?:-(\d{1,3}))? *$/.exec(range) ?? []
      for (let event = first === '' ? 256 : Number(first); event <= Math.min(255, Number(last)); event += 1) events.add(event)
    }
    return { events: events.size === 0 ? DIGITS : [...events].sort((one, other) => one - other) }
  },
  write: ({ events = [] }) => {
    const ranges: [first: number, last: number][] = []
    for (const event of [...new Set(events)].sort((one, other) => one - other)) {
      const range = ranges.at(-1)
      if (range !== undefined && range[1] === event - 1) range[1] = event
      else ranges.push([event, event])
    }
    return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',')
  },
}

const DIGITS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

/** What a redundant payload is made of. */
export interface RedundancyFormat {
  /** The primary encoding, then the redundant ones. */
  readonly payloadTypes: readonly number[]
}

/** `a=fmtp` of `red` (RFC 2198 §5). */
export const red: FormatField<RedundancyFormat> = {
  encodings: ['red'], section: 'RFC 2198 §5',
  read: (fmtp) => {
    const words = fmtp.trim().split('/')
    return { payloadTypes: words.every((word) => /^\d{1,3}$/.test(word) && Number(word) < 128) ? words.map(Number) : [] }
  },
  write: ({ payloadTypes = [] }) => payloadTypes.join('/'),
}

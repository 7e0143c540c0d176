import { mosOf, ratingOf } from './e-model.js'
import type { InboundQuality, NetworkPath, OutboundQuality, PathEnd, QualityReport } from './quality-report.js'

/** One entry of a stats report: whatever the browser writes there. */
type Entry = Readonly<Record<string, unknown>>

/** What is read at one moment. */
export interface StatsSample {
  /** Milliseconds from any fixed moment. */
  readonly at: number
  readonly entries: readonly Entry[]
}

/** Delay that neither network nor jitter buffer accounts for: a packet's length and the devices, in milliseconds. */
const FIXED_DELAY = 30

/** Takes what a browser's statistics have (W3C webrtc-stats). */
export function sampleOf(stats: RTCStatsReport, at: number): StatsSample {
  const entries: Entry[] = []
  stats.forEach((entry: unknown) => {
    if (typeof entry === 'object' && entry !== null) entries.push(entry as Entry)
  })
  return { at, entries }
}

/** What happened between two samples. `began`: when the call's media began, as `at`. */
export function reportOf(before: StatsSample | undefined, sample: StatsSample, began: number): QualityReport {
  const interval = sample.at - (before?.at ?? began)
  const audioIn = inbound('audio', before, sample, interval)
  const path = pathOf(sample)
  const roundTrip = roundTripOf(sample)
  const isHeard = audioIn !== undefined && audioIn.newPackets > 0
  const delay = (roundTrip ?? 0) / 2 + (audioIn?.bufferDelay ?? 0) + FIXED_DELAY
  return {
    at: sample.at - began, interval, audioIn, path, roundTrip,
    audioOut: outbound('audio', before, sample, interval),
    videoIn: inbound('video', before, sample, interval),
    videoOut: outbound('video', before, sample, interval),
    mos: isHeard ? mosOf(ratingOf({ delay, loss: audioIn.loss, codec: audioIn.codec })) : undefined,
  }
}

function inbound(kind: string, before: StatsSample | undefined, sample: StatsSample, interval: number): InboundQuality | undefined {
  const now = busiest(sample, 'inbound-rtp', kind, 'packetsReceived')
  if (now === undefined) return undefined
  const then = before && sameAs(before, now)
  const grown = (name: string): number => growth(then, now, name)
  const newPackets = grown('packetsReceived')
  const lost = grown('packetsLost')
  const played = grown('jitterBufferEmittedCount')
  const samples = grown('totalSamplesReceived')
  const codec = codecOf(sample, now)
  return {
    ...codec, ssrc: optional(now, 'ssrc'),
    bytes: number(now, 'bytesReceived'), packets: number(now, 'packetsReceived'), lost: number(now, 'packetsLost'),
    newPackets, bitrate: rate(grown('bytesReceived'), interval),
    loss: newPackets + lost > 0 ? lost / (newPackets + lost) : 0,
    jitter: 1000 * number(now, 'jitter'),
    bufferDelay: played > 0 ? (1000 * grown('jitterBufferDelay')) / played : 0,
    concealed: samples > 0 ? Math.min(grown('concealedSamples') / samples, 1) : 0,
    level: kind === 'audio' ? optional(now, 'audioLevel') : undefined,
    frames: kind === 'video' ? number(now, 'framesDecoded') : undefined,
  }
}

function outbound(kind: string, before: StatsSample | undefined, sample: StatsSample, interval: number): OutboundQuality | undefined {
  const now = busiest(sample, 'outbound-rtp', kind, 'packetsSent')
  if (now === undefined) return undefined
  const then = before && sameAs(before, now)
  const heard = sample.entries.find(({ type, localId }) => type === 'remote-inbound-rtp' && localId === now.id)
  const source = sample.entries.find(({ type, id }) => type === 'media-source' && id === now.mediaSourceId)
  const { codec } = codecOf(sample, now)
  return {
    codec, bytes: number(now, 'bytesSent'), packets: number(now, 'packetsSent'),
    newPackets: growth(then, now, 'packetsSent'), bitrate: rate(growth(then, now, 'bytesSent'), interval),
    level: kind === 'audio' && source !== undefined ? optional(source, 'audioLevel') : undefined,
    loss: heard && optional(heard, 'fractionLost'),
    jitter: heard && 1000 * number(heard, 'jitter'),
    frames: kind === 'video' ? number(now, 'framesEncoded') : undefined,
  }
}

/** The stream of a kind that has carried most: others are left from connections before. */
function busiest(sample: StatsSample, type: string, kind: string, counter: string): Entry | undefined {
  let best: Entry | undefined
  for (const entry of sample.entries) {
    if (entry.type === type && entry.kind === kind && (best === undefined || number(entry, counter) > number(best, counter))) best = entry
  }
  return best
}

function sameAs(before: StatsSample, { id, type }: Entry): Entry | undefined {
  return before.entries.find((entry) => entry.id === id && entry.type === type)
}

/** Never negative: counters of a stream that began anew start from zero. */
function growth(then: Entry | undefined, now: Entry, name: string): number {
  return Math.max(0, number(now, name) - (then === undefined ? 0 : number(then, name)))
}

function codecOf(sample: StatsSample, { codecId }: Entry): Pick<InboundQuality, 'codec' | 'payloadType' | 'clockRate'> {
  const entry = sample.entries.find(({ id, type }) => type === 'codec' && id === codecId) ?? {}
  const mime = typeof entry.mimeType === 'string' ? entry.mimeType : ''
  return { codec: mime.slice(mime.indexOf('/') + 1), payloadType: optional(entry, 'payloadType'), clockRate: optional(entry, 'clockRate') }
}

function roundTripOf(sample: StatsSample): number | undefined {
  const reported = sample.entries.find((entry) => entry.type === 'remote-inbound-rtp' && entry.kind === 'audio' && number(entry, 'roundTripTimeMeasurements') > 0)
  const seconds = (reported && optional(reported, 'roundTripTime')) ?? optional(pairOf(sample) ?? {}, 'currentRoundTripTime')
  return seconds === undefined ? undefined : 1000 * seconds
}

function pairOf(sample: StatsSample): Entry | undefined {
  const transport = sample.entries.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId !== undefined)
  return transport === undefined
    // Firefox marks the pair itself.
    ? sample.entries.find((entry) => entry.type === 'candidate-pair' && entry.state === 'succeeded' && (entry.selected === true || entry.nominated === true))
    : sample.entries.find(({ type, id }) => type === 'candidate-pair' && id === transport.selectedCandidatePairId)
}

function pathOf(sample: StatsSample): NetworkPath | undefined {
  const pair = pairOf(sample)
  const end = (id: unknown): PathEnd | undefined => {
    const candidate = sample.entries.find((entry) => entry.id === id)
    return candidate && {
      type: text(candidate, 'candidateType') ?? '', protocol: text(candidate, 'protocol') ?? '',
      address: text(candidate, 'address'), port: optional(candidate, 'port'), relayProtocol: text(candidate, 'relayProtocol'),
    }
  }
  const [local, remote] = [pair && end(pair.localCandidateId), pair && end(pair.remoteCandidateId)]
  return local && remote && { local, remote }
}

function rate(bytes: number, interval: number): number {
  return interval > 0 ? Math.round((8000 * bytes) / interval) : 0
}

function number(entry: Entry, name: string): number {
  return optional(entry, name) ?? 0
}

function optional(entry: Entry, name: string): number | undefined {
  const value = entry[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function text(entry: Entry, name: string): string | undefined {
  const value = entry[name]
  return typeof value === 'string' ? value : undefined
}

import type { CallEnd } from '@offhook/sip-session'
import type { GatherReport } from '../src/gathering.js'
import { Listeners } from '../src/listeners.js'
import type { MediaEvents } from '../src/peer-connection-media-options.js'
import type { WatchedCall, WatchedMedia } from '../src/quality/call-health.js'

/** One second of a call as a browser's statistics would have it. */
export interface Second {
  readonly received?: number
  readonly sent?: number
  readonly lost?: number
  readonly level?: number
  /** Share of ours that the peer did not get. */
  readonly lostThere?: number
  /** Seconds. */
  readonly roundTrip?: number
}

/** A connection whose statistics a test writes. */
export class StatsConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'connected'
  iceConnectionState: RTCIceConnectionState = 'connected'
  currentDirection: RTCRtpTransceiverDirection = 'sendrecv'
  readonly #totals = { received: 0, sent: 0, lost: 0 }
  #second: Second = {}

  pass(second: Second): void {
    this.#second = second
    this.#totals.received += second.received ?? 50
    this.#totals.sent += second.sent ?? 50
    this.#totals.lost += second.lost ?? 0
  }

  become(state: RTCPeerConnectionState, ice: RTCIceConnectionState): void {
    this.connectionState = state
    this.iceConnectionState = ice
    this.dispatchEvent(new Event('iceconnectionstatechange'))
    this.dispatchEvent(new Event('connectionstatechange'))
  }

  getTransceivers(): unknown[] {
    return [{ currentDirection: this.currentDirection, receiver: { track: { kind: 'audio' } } }]
  }

  getStats(): Promise<ReadonlyMap<string, unknown>> {
    const { received, sent, lost } = this.#totals
    const { level = 0.1, lostThere = 0, roundTrip = 0.05 } = this.#second
    const entries = [
      { id: 'I', type: 'inbound-rtp', kind: 'audio', codecId: 'C', ssrc: 7, packetsReceived: received, bytesReceived: 100 * received, packetsLost: lost, jitter: 0.004, audioLevel: 0.2, jitterBufferDelay: received * 0.04 * 960, jitterBufferEmittedCount: received * 960, totalSamplesReceived: received * 960, concealedSamples: 0 },
      { id: 'O', type: 'outbound-rtp', kind: 'audio', codecId: 'C', packetsSent: sent, bytesSent: 100 * sent, mediaSourceId: 'S' },
      { id: 'S', type: 'media-source', kind: 'audio', audioLevel: level },
      { id: 'R', type: 'remote-inbound-rtp', kind: 'audio', localId: 'O', fractionLost: lostThere, jitter: 0.002, roundTripTime: roundTrip, roundTripTimeMeasurements: 3 },
      { id: 'C', type: 'codec', mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 },
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L1', remoteCandidateId: 'R1', currentRoundTripTime: 0.03, state: 'succeeded', nominated: true },
      { id: 'L1', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls', address: '192.0.2.1', port: 4000 },
      { id: 'R1', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', address: '198.51.100.7', port: 5000 },
    ]
    return Promise.resolve(new Map(entries.map((entry) => [entry.id, entry])))
  }
}

/** A call and its media, as far as features look at them. */
export class FakeCall {
  readonly events = new Listeners<MediaEvents>()
  readonly connection: StatsConnection = new StatsConnection()
  readonly track = { kind: 'audio', label: 'Headset', muted: false, readyState: 'live' }
  localHold = false
  remoteHold = false
  muted = false
  end: (end: CallEnd) => void = () => undefined
  readonly call: WatchedCall
  readonly media: WatchedMedia

  constructor() {
    const { connection, events, track } = this
    const ended = new Promise<CallEnd>((resolve) => (this.end = resolve))
    const held = (name: 'localHold' | 'remoteHold'): boolean => this[name]
    const isMuted = (): boolean => this.muted
    this.call = {
      id: 'a84b4c76e66710', direction: 'outgoing', ended, remote: { uri: 'sip:bob@example.com', displayName: undefined },
      session: { localURI: 'sip:alice@example.com' },
      get localHold() { return held('localHold') },
      get remoteHold() { return held('remoteHold') },
    } as unknown as WatchedCall
    this.media = { connection, localTracks: [track], isMuted, on: events.on.bind(events) } as unknown as WatchedMedia
  }

  agree(gathering: GatherReport = { milliseconds: 120, outcome: 'enough', candidates: 3 }): void {
    this.events.emit('gathered', gathering)
    this.events.emit('connection', this.connection as unknown as RTCPeerConnection)
    this.events.emit('agreed')
  }
}

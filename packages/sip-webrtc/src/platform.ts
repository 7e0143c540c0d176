import { MediaError } from './media-error.js'

/** What makes peer connections: the browser's `RTCPeerConnection`, or one that behaves like it. */
export interface PeerConnectionConstructor {
  new (configuration?: RTCConfiguration): RTCPeerConnection
  /** Where it is missing, early media of a second phone takes the place of the first one's. */
  readonly generateCertificate?: (algorithm: EcKeyGenParams) => Promise<RTCCertificate>
}

/** The time that gathering is measured and limited with. */
export interface Timers {
  /** Milliseconds from any fixed moment. */
  now(): number
  /** Calls `listener` once after `delay` milliseconds; what is returned takes that back. */
  after(delay: number, listener: () => void): () => void
  /** Milliseconds since 1970, for records that people read. Default: `now`. */
  date?(): number
}

/** What media needs of its platform. Each is taken from `globalThis` when it is needed and was not given. */
export interface MediaPlatform {
  readonly RTCPeerConnection?: PeerConnectionConstructor | undefined
  readonly MediaStream?: (new (tracks?: MediaStreamTrack[]) => MediaStream) | undefined
  readonly mediaDevices?: MediaDevices | undefined
  readonly timers?: Timers | undefined
}

/** The globals a platform may have; all of them may be missing. */
interface Globals {
  readonly RTCPeerConnection?: PeerConnectionConstructor
  readonly MediaStream?: new (tracks?: MediaStreamTrack[]) => MediaStream
  readonly navigator?: { readonly mediaDevices?: MediaDevices }
}

/** @throws MediaError `no-peer-connection` */
export function peerConnectionOf(platform: MediaPlatform): PeerConnectionConstructor {
  const found = platform.RTCPeerConnection ?? (globalThis as Globals).RTCPeerConnection
  if (found === undefined) throw new MediaError('no-peer-connection', 'This platform has no WebRTC: pass an RTCPeerConnection and a MediaStream')
  return found
}

/** @throws MediaError `no-peer-connection` */
export function mediaStreamOf(platform: MediaPlatform): new (tracks?: MediaStreamTrack[]) => MediaStream {
  const found = platform.MediaStream ?? (globalThis as Globals).MediaStream
  if (found === undefined) throw new MediaError('no-peer-connection', 'This platform has no WebRTC: pass an RTCPeerConnection and a MediaStream')
  return found
}

/** @throws MediaError `insecure-page` */
export function mediaDevicesOf(platform: MediaPlatform): MediaDevices {
  const found = platform.mediaDevices ?? (globalThis as Globals).navigator?.mediaDevices
  if (found === undefined) throw new MediaError('insecure-page', 'Microphones need a page that comes by HTTPS or from localhost')
  return found
}

/** The host's clock and timer. */
export function timersOf(platform: MediaPlatform): Timers {
  return platform.timers ?? {
    now: () => performance.now(),
    date: () => Date.now(),
    after: (delay, listener) => {
      const timer = setTimeout(listener, delay)
      return () => clearTimeout(timer)
    },
  }
}

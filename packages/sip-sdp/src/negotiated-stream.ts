import { type Codec, codecsOf, isAuxiliary, isSameCodec } from './codec.js'
import { type Direction, directionOf, intersectDirections, reverseDirection } from './direction.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import { connectionOf, ptimeOf } from './section.js'
import type { SessionDescription } from './session-description.js'
import { isSecured } from './transport-profile.js'

/** What was agreed on for one stream, seen from our side. */
export interface NegotiatedStream {
  /** Which `m=` line it is, from 0. */
  readonly index: number
  readonly kind: string
  readonly protocol: string
  /** False when either side has port 0: nothing is sent or received. */
  readonly active: boolean
  /** What we may do: `inactive` for a stream that is not active. */
  readonly direction: Direction
  readonly localPort: number
  /** Where to send: undefined without a `c=` line. */
  readonly remoteAddress?: string | undefined
  readonly remotePort: number
  /** Codecs both sides named, in the peer's order and under its payload types: what to send with, the first one preferred. Telephone events and the like are not among them. */
  readonly codecs: readonly Codec[]
  /** The codecs' companions both sides named, as telephone-event, under the peer's payload types. */
  readonly auxiliary: readonly Codec[]
  /** Milliseconds of media the peer wishes in each packet. */
  readonly ptime?: number | undefined
}

/**
 * Reads off what an offer and its answer agreed on, whichever of them is ours (RFC 3264 §6.1, §7).
 * @returns the streams, or `media-mismatch` when the two do not belong together, `weaker-transport` when one side dropped the protection
 */
export function negotiatedStreams(local: SessionDescription, remote: SessionDescription): Result<readonly NegotiatedStream[], SdpError> {
  if (local.media.length !== remote.media.length) {
    return { ok: false, error: new SdpError('media-mismatch', `One side has ${local.media.length} streams, the other ${remote.media.length}`) }
  }
  const streams: NegotiatedStream[] = []
  for (const [index, ours] of local.media.entries()) {
    const theirs = remote.media[index]
    if (theirs === undefined || theirs.kind !== ours.kind) {
      return { ok: false, error: new SdpError('media-mismatch', `Stream ${index} is ${ours.kind} here and ${theirs?.kind ?? 'absent'} there`) }
    }
    const active = ours.port !== 0 && theirs.port !== 0
    if (active && isSecured(ours.protocol) !== isSecured(theirs.protocol)) {
      return { ok: false, error: new SdpError('weaker-transport', `Stream ${index} is ${ours.protocol} here and ${theirs.protocol} there`) }
    }
    const known = active ? codecsOf(ours) : []
    const common = active ? codecsOf(theirs).filter((codec) => known.some((own) => isSameCodec(own, codec))) : []
    streams.push({
      index, kind: ours.kind, protocol: theirs.protocol, active,
      direction: active ? intersectDirections(directionOf(ours, local), reverseDirection(directionOf(theirs, remote))) : 'inactive',
      localPort: ours.port, remoteAddress: connectionOf(theirs, remote)?.address, remotePort: theirs.port,
      codecs: common.filter(({ encoding }) => !isAuxiliary(encoding)), auxiliary: common.filter(({ encoding }) => isAuxiliary(encoding)),
      ptime: ptimeOf(theirs),
    })
  }
  return { ok: true, value: streams }
}

import { readAttribute } from './attributes/attribute-field.js'
import { rtcp } from './attributes/transport-fields.js'
import { type Codec, codecsOf, isAuxiliary, isSameCodec } from './codec.js'
import { isTelephoneEvent } from './common-codecs.js'
import { type Direction, directionOf, intersectDirections, reverseDirection } from './direction.js'
import { isSameFormat } from './formats/format-match.js'
import { type AgreedCrypto, agreedCrypto, needsCrypto } from './protection.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import { connectionOf, ptimeOf, rtcpMux } from './section.js'
import type { MediaDescription, SessionDescription } from './session-description.js'
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
  /** Where to send: undefined without a `c=` line. It may be `0.0.0.0` or `::`, where nothing can be sent to. */
  readonly remoteAddress?: string | undefined
  readonly remotePort: number
  /** Codecs both sides named, in the peer's order and under its payload types: what to send with, the first one preferred. Telephone events and the like are not among them. */
  readonly codecs: readonly Codec[]
  /** The codecs' companions both sides named, as telephone-event, under the peer's payload types. */
  readonly auxiliary: readonly Codec[]
  /** The named events to send digits with: those with the clock of the first codec, where there are such. */
  readonly telephoneEvent?: Codec | undefined
  /** Milliseconds of media the peer wishes in each packet. */
  readonly ptime?: number | undefined
  /** Whether RTP and RTCP share the port. */
  readonly rtcpMux: boolean
  /** Where to send RTCP to. */
  readonly remoteRtcp: { readonly address?: string | undefined; readonly port: number }
  /** The keys in the descriptions, where both have such (RFC 4568). */
  readonly crypto?: AgreedCrypto | undefined
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
    if (active && isWeakened(ours, theirs)) {
      return { ok: false, error: new SdpError('weaker-transport', `Stream ${index} is ${ours.protocol} here and ${theirs.protocol} there, or lacks keys`) }
    }
    streams.push(negotiated(index, { local, ours, remote, theirs }, active))
  }
  return { ok: true, value: streams }
}

/** One side is protected and the other is not, or a profile that takes its keys from the descriptions has no common one. */
function isWeakened(ours: MediaDescription, theirs: MediaDescription): boolean {
  if (isSecured(ours.protocol) !== isSecured(theirs.protocol)) return true
  if (!needsCrypto(ours.protocol) || !hasCrypto(ours)) return false
  return agreedCrypto(ours, theirs) === undefined
}

function hasCrypto({ attributes }: MediaDescription): boolean {
  return attributes.some(({ name }) => name === 'crypto')
}

interface Pair { readonly local: SessionDescription; readonly ours: MediaDescription; readonly remote: SessionDescription; readonly theirs: MediaDescription }

function negotiated(index: number, { local, ours, remote, theirs }: Pair, active: boolean): NegotiatedStream {
  const known = active ? codecsOf(ours) : []
  const common = active ? codecsOf(theirs).filter((codec) => known.some((own) => isSameCodec(own, codec) && isSameFormat(own.encoding, own.fmtp, codec.fmtp))) : []
  const codecs = common.filter(({ encoding }) => !isAuxiliary(encoding))
  const auxiliary = common.filter(({ encoding }) => isAuxiliary(encoding))
  const events = auxiliary.filter(isTelephoneEvent)
  const isMuxed = active && rtcpMux(ours) && rtcpMux(theirs)
  const address = connectionOf(theirs, remote)?.address
  const named = isMuxed ? undefined : readAttribute(theirs, rtcp)
  return {
    index, kind: ours.kind, protocol: theirs.protocol, active,
    direction: active ? intersectDirections(directionOf(ours, local), reverseDirection(directionOf(theirs, remote))) : 'inactive',
    localPort: ours.port, remoteAddress: address, remotePort: theirs.port, codecs, auxiliary,
    telephoneEvent: events.find(({ clockRate }) => clockRate === codecs[0]?.clockRate) ?? events[0],
    ptime: ptimeOf(theirs), rtcpMux: isMuxed,
    remoteRtcp: { address: named?.connection?.address ?? address, port: isMuxed || theirs.port === 0 ? theirs.port : named?.port ?? Math.min(theirs.port + 1, 65_535) },
    crypto: active ? agreedCrypto(ours, theirs) : undefined,
  }
}

import { addressTypeOf, type Capabilities, codecAttributes, type MediaCapability, originFrom, ownAttributes } from './capabilities.js'
import { type Codec, codecsOf, isAuxiliary, isRtp, isSameCodec } from './codec.js'
import { directionOf, intersectDirections, reverseDirection, writtenDirection } from './direction.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import { connectionOf, midOf } from './section.js'
import type { Attribute, MediaDescription, SessionDescription } from './session-description.js'
import { isSecured } from './transport-profile.js'
import { nextVersion } from './version.js'

/** How to answer. */
export interface AnswerOptions {
  /** Our last description in this session, whose `o=` is carried on. Needed for every offer but the first (RFC 3264 §8). */
  readonly previous?: SessionDescription | undefined
  /** `all` (default) keeps every common codec; `first` only the offer's first one that is common, with its telephone events. */
  readonly codecs?: 'all' | 'first' | undefined
}

/**
 * Answers an offer (RFC 3264 §6): as many `m=` lines in the same order, each accepted with the common codecs
 * in the offer's order and under its payload types, or refused with port 0. The direction is the offer's,
 * seen from here, as far as we wish it; the profile is the offer's or the stream is refused.
 * @returns the answer, or why there can be none: `no-common-media`, `media-mismatch`, `weaker-transport` (all 488)
 */
export function answerOffer(offer: SessionDescription, capabilities: Capabilities, options: AnswerOptions = {}): Result<SessionDescription, SdpError> {
  const { previous } = options
  const fault = previous === undefined ? undefined : faultOfReoffer(offer, previous)
  if (fault !== undefined) return { ok: false, error: fault }
  const free = new Set(capabilities.media)
  const media = offer.media.map((offered) => {
    if (offered.port === 0 || isMulticast(offered, offer)) return refuse(offered)
    for (const capability of free) {
      const answered = accept(offered, offer, capability, options.codecs ?? 'all')
      if (answered === undefined) continue
      free.delete(capability)
      return answered
    }
    return refuse(offered)
  })
  if (offer.media.some(({ port }) => port !== 0) && media.every(({ port }) => port === 0)) {
    return { ok: false, error: new SdpError('no-common-media', 'None of the offered streams can be accepted') }
  }
  const answer: SessionDescription = {
    version: 0,
    origin: originFrom(capabilities),
    name: capabilities.name ?? '-',
    connection: { networkType: 'IN', addressType: addressTypeOf(capabilities.address), address: capabilities.address },
    times: offer.times,
    attributes: [],
    media,
  }
  return { ok: true, value: previous === undefined ? answer : nextVersion(previous, answer) }
}

/** A later offer keeps every stream in its place (RFC 3264 §8) and its protection (CVE-2022-39269). */
function faultOfReoffer(offer: SessionDescription, previous: SessionDescription): SdpError | undefined {
  if (offer.media.length < previous.media.length) {
    return new SdpError('media-mismatch', `The offer has ${offer.media.length} streams, the session ${previous.media.length}`)
  }
  const weakened = previous.media.some((before, index) => {
    const now = offer.media[index]
    return now !== undefined && before.port !== 0 && now.port !== 0 && isSecured(before.protocol) && !isSecured(now.protocol)
  })
  return weakened ? new SdpError('weaker-transport', 'The offer continues a secured stream without its protection') : undefined
}

function accept(offered: MediaDescription, offer: SessionDescription, capability: MediaCapability, choice: 'all' | 'first'): MediaDescription | undefined {
  if (capability.kind !== offered.kind || !capability.protocols.includes(offered.protocol)) return undefined
  const codecs = isRtp(offered.protocol) ? commonCodecs(offered, capability, choice) : []
  const formats = isRtp(offered.protocol)
    ? codecs.map(({ payloadType }) => String(payloadType))
    : offered.formats.filter((format) => capability.formats?.includes(format) === true)
  if (formats.length === 0) return undefined
  const direction = intersectDirections(reverseDirection(directionOf(offered, offer)), capability.direction ?? 'sendrecv')
  // An offer that writes the default out gets it written out.
  const isWritten = direction !== 'sendrecv' || writtenDirection(offered) !== undefined
  const attributes: Attribute[] = [...codecAttributes(codecs), ...ownAttributes(capability, offered)]
  if (isWritten) attributes.push({ name: direction })
  return {
    kind: offered.kind, port: capability.port, protocol: offered.protocol, formats, attributes: withMid(attributes, offered),
    connection: capability.address === undefined
      ? undefined
      : { networkType: 'IN', addressType: addressTypeOf(capability.address), address: capability.address },
  }
}

/** Port 0 and one of the offered formats (RFC 3264 §6). */
function refuse(offered: MediaDescription): MediaDescription {
  return { kind: offered.kind, port: 0, protocol: offered.protocol, formats: [offered.formats[0] ?? '0'], attributes: withMid([], offered) }
}

/** The answer names a stream as the offer does (RFC 5888 §9.1). */
function withMid(attributes: readonly Attribute[], offered: MediaDescription): readonly Attribute[] {
  const mid = midOf(offered)
  return mid === undefined || attributes.some(({ name }) => name === 'mid') ? attributes : [...attributes, { name: 'mid', value: mid }]
}

function commonCodecs(offered: MediaDescription, capability: MediaCapability, choice: 'all' | 'first'): readonly Codec[] {
  const all = codecsOf(offered)
  let common = all.flatMap((codec) => {
    const ours = capability.codecs?.find((candidate) => isSameCodec(candidate, codec) && (candidate.accepts?.(codec) ?? true))
    if (ours === undefined) return []
    const feedback = codec.feedback.filter((value) => ours.feedback?.includes(value) === true)
    return [{ ...codec, fmtp: ours.fmtp ?? codec.fmtp, feedback }]
  })
  const main = common.find(({ encoding }) => !isAuxiliary(encoding))
  // A stream of telephone events alone is one; events without the voice they go with are not.
  if (main === undefined) return all.every(({ encoding }) => isAuxiliary(encoding)) ? common : []
  if (choice === 'first') common = common.filter((codec) => codec === main || (isAuxiliary(codec.encoding) && codec.clockRate === main.clockRate))
  const kept = new Set(common.map(({ payloadType }) => String(payloadType)))
  return common.filter(({ encoding, fmtp }) => encoding.toLowerCase() !== 'rtx' || kept.has(/^apt=(\d+)/.exec(fmtp ?? '')?.[1] ?? ''))
}

/** Whether the offered address is a multicast group, which has no answer from a unicast end (RFC 3264 §6.1). */
function isMulticast(offered: MediaDescription, offer: SessionDescription): boolean {
  return /^(?:2(?:2[4-9]|3\d)\.|ff[\da-f]{2}:)/i.test(connectionOf(offered, offer)?.address ?? '')
}

import { type Capabilities, codecAttributes, connectionTo, type MediaCapability, originFrom, ownAttributes, ownConnection } from './capabilities.js'
import { codecsOf, isRtp } from './codec.js'
import { commonCodecs } from './common-codecs.js'
import { directionOf, intersectDirections, reverseDirection, writtenDirection } from './direction.js'
import { answeredCrypto, isByDtls, isProtected, needsCrypto, offersProtection } from './protection.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import { connectionOf, midOf, rtcpMux } from './section.js'
import type { Attribute, MediaDescription, SessionDescription } from './session-description.js'
import { nextVersion } from './version.js'

/** How to answer. */
export interface AnswerOptions {
  /** Our last description in this session, whose `o=` is carried on. Needed for every offer but the first (RFC 3264 §8). */
  readonly previous?: SessionDescription | undefined
  /** The peer's last description: with it, streams that were protected on `RTP/AVP` (RFC 8643) are known as such. */
  readonly previousRemote?: SessionDescription | undefined
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
  if (previous !== undefined && offer.media.length < previous.media.length) {
    return { ok: false, error: new SdpError('media-mismatch', `The offer has ${offer.media.length} streams, the session ${previous.media.length}`) }
  }
  const free = new Set(capabilities.media)
  const media = offer.media.map((offered, index) => {
    if (offered.port === 0 || isMulticast(offered, offer)) return refuse(offered)
    for (const capability of free) {
      const answered = accept(offered, offer, capability, previous?.media[index], options.codecs ?? 'all')
      if (answered === undefined) continue
      free.delete(capability)
      return answered
    }
    return refuse(offered)
  })
  if (previous !== undefined && isWeaker(offer, media, previous, options.previousRemote)) {
    return { ok: false, error: new SdpError('weaker-transport', 'The offer continues a secured stream without its protection') }
  }
  if (offer.media.some(({ port }) => port !== 0) && media.every(({ port }) => port === 0)) {
    return { ok: false, error: new SdpError('no-common-media', 'None of the offered streams can be accepted') }
  }
  const answer: SessionDescription = {
    version: 0,
    origin: originFrom(capabilities),
    name: capabilities.name ?? '-',
    connection: connectionTo(capabilities.address),
    times: offer.times,
    attributes: [],
    media,
  }
  return { ok: true, value: previous === undefined ? answer : nextVersion(previous, answer) }
}

/**
 * Whether a stream would go on without the protection it had (CVE-2022-39269): on its own line, also when we would refuse it there,
 * so that the session stays as it is; or closed on its line and accepted again in the clear on another.
 */
function isWeaker(offer: SessionDescription, answered: readonly MediaDescription[], previous: SessionDescription, previousRemote: SessionDescription | undefined): boolean {
  const secured = new Set<string>()
  for (const [index, before] of previous.media.entries()) {
    if (!isProtected(before, previousRemote?.media[index])) continue
    secured.add(before.kind)
    const offered = offer.media[index]
    if (offered !== undefined && offered.port !== 0 && !offersProtection(offered, before)) return true
  }
  return answered.some((ours) => ours.port !== 0 && secured.has(ours.kind) && !offersProtection(ours))
}

function accept(
  offered: MediaDescription, offer: SessionDescription, capability: MediaCapability, previous: MediaDescription | undefined, choice: 'all' | 'first',
): MediaDescription | undefined {
  if (capability.kind !== offered.kind || !capability.protocols.includes(offered.protocol)) return undefined
  const codecs = isRtp(offered.protocol) ? commonCodecs(codecsOf(offered), capability.codecs ?? [], choice) : []
  const formats = isRtp(offered.protocol)
    ? codecs.map(({ payloadType }) => String(payloadType))
    : offered.formats.filter((format) => capability.formats?.includes(format) === true)
  if (formats.length === 0) return undefined
  const crypto = isRtp(offered.protocol) && !isByDtls(offered) ? answeredCrypto(capability, offered, previous) : undefined
  if (crypto === undefined && capability.crypto !== undefined && needsCrypto(offered.protocol)) return undefined
  const direction = intersectDirections(reverseDirection(directionOf(offered, offer)), capability.direction ?? 'sendrecv')
  const attributes: Attribute[] = codecAttributes(codecs).slice()
  if (crypto !== undefined) attributes.push(crypto)
  if (capability.rtcpMux === true && rtcpMux(offered)) attributes.push({ name: 'rtcp-mux' })
  attributes.push(...ownAttributes(capability, offered))
  // An offer that writes the default out gets it written out.
  if (direction !== 'sendrecv' || writtenDirection(offered) !== undefined) attributes.push({ name: direction })
  return { kind: offered.kind, port: capability.port, protocol: offered.protocol, formats, attributes: withMid(attributes, offered), connection: ownConnection(capability) }
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

/** Whether the offered address is a multicast group, which has no answer from a unicast end (RFC 3264 §6.1). */
function isMulticast(offered: MediaDescription, offer: SessionDescription): boolean {
  return /^(?:2(?:2[4-9]|3\d)\.|ff[\da-f]{2}:)/i.test(connectionOf(offered, offer)?.address ?? '')
}

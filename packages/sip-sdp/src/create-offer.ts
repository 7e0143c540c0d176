import { type Capabilities, codecAttributes, connectionTo, type MediaCapability, originFrom, ownAttributes, ownConnection } from './capabilities.js'
import { type Codec, codecsOf, isRtp } from './codec.js'
import { numberCodecs, type PayloadTypes } from './payload-types.js'
import { offeredCrypto } from './protection.js'
import { SdpError } from './sdp-error.js'
import type { Attribute, MediaDescription, SessionDescription } from './session-description.js'
import { placeStreams } from './stream-places.js'
import { nextVersion } from './version.js'

/** How to offer. */
export interface OfferOptions {
  /** Our last description in this session: its `o=` is carried on, its streams keep their places and their payload types (RFC 3264 §8). */
  readonly previous?: SessionDescription | undefined
  /** What payload types have meant before the last description. */
  readonly payloadTypes?: PayloadTypes | undefined
}

/**
 * Makes an offer (RFC 3264 §5): one `m=` line per capability, codecs in our order. With `previous`, running streams keep
 * their lines, new ones take those that are over, and what we no longer have gets port 0.
 * @throws SdpError `invalid-value` when a capability has no protocol or no format, or the payload types run out
 */
export function createOffer(capabilities: Capabilities, options: OfferOptions = {}): SessionDescription {
  const { previous, payloadTypes } = options
  const media = placeStreams(capabilities.media, previous).map((capability, index) => {
    const before = previous?.media[index]
    if (capability !== undefined) return offerMedia(capability, before, [...(payloadTypes?.of(index) ?? []), ...(before === undefined ? [] : codecsOf(before))])
    if (before === undefined) throw new SdpError('invalid-value', 'A stream has no capability')
    return { kind: before.kind, port: 0, protocol: before.protocol, formats: before.formats.slice(0, 1), attributes: before.attributes.filter(({ name }) => name === 'mid') }
  })
  const offer: SessionDescription = {
    version: 0,
    origin: originFrom(capabilities),
    name: capabilities.name ?? '-',
    connection: connectionTo(capabilities.address),
    times: [{ start: '0', stop: '0' }],
    attributes: [],
    media,
  }
  return previous === undefined ? offer : nextVersion(previous, offer)
}

function offerMedia(capability: MediaCapability, previous: MediaDescription | undefined, known: readonly Codec[]): MediaDescription {
  const [wanted] = capability.protocols
  // A running stream keeps its profile as long as we can do it.
  const protocol = previous !== undefined && previous.port !== 0 && capability.protocols.includes(previous.protocol) ? previous.protocol : wanted
  if (protocol === undefined) throw new SdpError('invalid-value', `The ${capability.kind} capability has no protocol`)
  const codecs = isRtp(protocol) ? numberCodecs(capability.codecs ?? [], previous?.kind === capability.kind ? known : []) : []
  const formats = isRtp(protocol) ? codecs.map(({ payloadType }) => String(payloadType)) : capability.formats ?? []
  if (formats.length === 0) throw new SdpError('invalid-value', `The ${capability.kind} capability has no format`)
  const attributes: Attribute[] = [...codecAttributes(codecs), ...offeredCrypto(capability, previous)]
  if (capability.rtcpMux === true) attributes.push({ name: 'rtcp-mux' })
  attributes.push(...ownAttributes(capability, undefined))
  if (capability.direction !== undefined && capability.direction !== 'sendrecv') attributes.push({ name: capability.direction })
  const mid = previous?.attributes.find(({ name }) => name === 'mid')
  if (mid !== undefined && !attributes.some(({ name }) => name === 'mid')) attributes.push(mid)
  return { kind: capability.kind, port: capability.port, protocol, formats, attributes, connection: ownConnection(capability) }
}

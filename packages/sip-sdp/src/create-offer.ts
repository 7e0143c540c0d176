import { addressTypeOf, type Capabilities, codecAttributes, type MediaCapability, originFrom, ownAttributes } from './capabilities.js'
import { type Codec, codecsOf, isRtp, isSameCodec, staticPayloadType } from './codec.js'
import { SdpError } from './sdp-error.js'
import type { Attribute, MediaDescription, SessionDescription } from './session-description.js'
import { nextVersion } from './version.js'

/** How to offer. */
export interface OfferOptions {
  /** Our last description in this session: its `o=` is carried on, its streams keep their places and their payload types (RFC 3264 §8). */
  readonly previous?: SessionDescription | undefined
}

/**
 * Makes an offer (RFC 3264 §5): one `m=` line per capability, codecs in our order. With `previous`,
 * the streams it has beyond ours follow with port 0.
 * @throws SdpError `invalid-value` when a capability has no protocol or no format, or the payload types run out
 */
export function createOffer(capabilities: Capabilities, options: OfferOptions = {}): SessionDescription {
  const { previous } = options
  const media = capabilities.media.map((capability, index) => offerMedia(capability, previous?.media[index]))
  for (const over of previous?.media.slice(media.length) ?? []) {
    media.push({ kind: over.kind, port: 0, protocol: over.protocol, formats: over.formats.slice(0, 1), attributes: over.attributes.filter(({ name }) => name === 'mid') })
  }
  const offer: SessionDescription = {
    version: 0,
    origin: originFrom(capabilities),
    name: capabilities.name ?? '-',
    connection: { networkType: 'IN', addressType: addressTypeOf(capabilities.address), address: capabilities.address },
    times: [{ start: '0', stop: '0' }],
    attributes: [],
    media,
  }
  return previous === undefined ? offer : nextVersion(previous, offer)
}

function offerMedia(capability: MediaCapability, previous: MediaDescription | undefined): MediaDescription {
  const [protocol] = capability.protocols
  if (protocol === undefined) throw new SdpError('invalid-value', `The ${capability.kind} capability has no protocol`)
  const codecs = isRtp(protocol) ? numberCodecs(capability, previous === undefined ? [] : codecsOf(previous)) : []
  const formats = isRtp(protocol) ? codecs.map(({ payloadType }) => String(payloadType)) : capability.formats ?? []
  if (formats.length === 0) throw new SdpError('invalid-value', `The ${capability.kind} capability has no format`)
  const attributes: Attribute[] = [...codecAttributes(codecs), ...ownAttributes(capability, undefined)]
  if (capability.direction !== undefined && capability.direction !== 'sendrecv') attributes.push({ name: capability.direction })
  return {
    kind: capability.kind, port: capability.port, protocol, formats, attributes,
    connection: capability.address === undefined
      ? undefined
      : { networkType: 'IN', addressType: addressTypeOf(capability.address), address: capability.address },
  }
}

/** Gives each codec its payload type; one that meant another codec in this session is not taken again (RFC 3264 §8.3.2). */
function numberCodecs(capability: MediaCapability, previous: readonly Codec[]): readonly Codec[] {
  const wanted = capability.codecs ?? []
  const fixed = wanted.map((codec) =>
    previous.find((known) => isSameCodec(known, codec))?.payloadType ?? codec.payloadType ?? staticPayloadType(codec.encoding, codec.clockRate, codec.channels ?? 1))
  const taken = new Set([...fixed, ...previous.map(({ payloadType }) => payloadType)])
  let next = 96
  return wanted.map((codec, index) => {
    while (taken.has(next)) next += 1
    const payloadType = fixed[index] ?? next
    if (payloadType > 127) throw new SdpError('invalid-value', 'There are more codecs than payload types')
    taken.add(payloadType)
    return { payloadType, encoding: codec.encoding, clockRate: codec.clockRate, channels: codec.channels ?? 1, fmtp: codec.fmtp, feedback: codec.feedback ?? [] }
  })
}

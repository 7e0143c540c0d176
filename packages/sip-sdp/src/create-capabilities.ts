import type { Capabilities } from './capabilities.js'
import { createOffer } from './create-offer.js'
import type { SessionDescription } from './session-description.js'

/** What a description of capabilities does not say: keys, directions, names of streams. */
const OF_A_CALL: ReadonlySet<string> = new Set(['crypto', 'sendrecv', 'sendonly', 'recvonly', 'inactive', 'mid'])

/**
 * Tells what we can do, for the answer to an OPTIONS request (RFC 3264 §9): an `m=` line with port 0 for each stream and each
 * of its profiles, with all codecs. It is no offer: no keys are made, and nothing is received.
 * @throws SdpError `invalid-value` as `createOffer` does
 */
export function createCapabilities(capabilities: Capabilities): SessionDescription {
  const media = capabilities.media.flatMap((capability) => capability.protocols.map((protocol) => ({ ...capability, protocols: [protocol], crypto: undefined })))
  const described = createOffer({ ...capabilities, media })
  return { ...described, media: described.media.map((stream) => ({ ...stream, port: 0, attributes: stream.attributes.filter(({ name }) => !OF_A_CALL.has(name)) })) }
}

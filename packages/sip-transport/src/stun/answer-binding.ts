import type { Endpoint } from '../adapter.js'
import { STUN_TYPE, parseStun, serializeStun, xorMappedAddress } from './stun-message.js'
import type { StunAttribute } from './stun-message.js'

/** Attributes below this must be understood or the request refused (RFC 5389 §7.3.1). */
const OPTIONAL_FROM = 0x8000
/** USERNAME, MESSAGE-INTEGRITY, REALM, NONCE: who wants none of them may let them pass (RFC 5389 §10). */
const KNOWN = [0x0006, 0x0008, 0x0014, 0x0015]
const ERROR_CODE = 0x0009
const UNKNOWN_ATTRIBUTES = 0x000a
/** As many as are listed in a refusal, so that it stays about as small as the request. */
const MAX_UNKNOWN = 4

/**
 * The answer to a STUN Binding request that came from `remote`, so that a client behind a NAT keeps its way open and learns
 * when that changes (RFC 5626 §8, RFC 5389 §7.3.1). It holds no state and is at most 24 octets longer than the request.
 *
 * @returns `undefined` when the octets are anything else, which gets no answer.
 */
export function answerBinding(bytes: Uint8Array, remote: Endpoint): Uint8Array | undefined {
  const request = parseStun(bytes)
  if (request?.type !== STUN_TYPE.request) return undefined
  const { transactionId, attributes } = request
  const unknown = attributes.filter(({ type }) => type < OPTIONAL_FROM && !KNOWN.includes(type)).slice(0, MAX_UNKNOWN)
  if (unknown.length > 0) return serializeStun({ type: STUN_TYPE.error, transactionId, attributes: refusal(unknown) })
  const address = xorMappedAddress(remote, transactionId)
  return address === undefined ? undefined : serializeStun({ type: STUN_TYPE.success, transactionId, attributes: [address] })
}

/** 420 Unknown Attribute (RFC 5389 §15.6, §15.9). */
function refusal(unknown: readonly StunAttribute[]): StunAttribute[] {
  return [
    { type: ERROR_CODE, value: Uint8Array.of(0, 0, 4, 20) },
    { type: UNKNOWN_ATTRIBUTES, value: Uint8Array.from(unknown.flatMap(({ type }) => [type >> 8, type & 255])) },
  ]
}

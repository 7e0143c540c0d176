// STUN as far as keep-alives need it (RFC 5389 §6, §15; RFC 5626 §8). Every length is checked before it is used.
import type { Endpoint } from '../adapter.js'
import { canonicalHost } from '../host.js'

const HEADER_BYTES = 20
const MAGIC_COOKIE = 0x2112_a442
const XOR_MAPPED_ADDRESS = 0x0020
const MAPPED_ADDRESS = 0x0001
const FAMILY = { IPV4: 1, IPV6: 2 } as const

/** Octets of a transaction ID (RFC 5389 §6). */
export const TRANSACTION_ID_BYTES = 12

/** The message types that are used here: method Binding, by class (RFC 5389 §6). */
export const STUN_TYPE = { request: 0x0001, success: 0x0101, error: 0x0111 } as const

/** An attribute, its value without padding. */
export interface StunAttribute {
  readonly type: number
  readonly value: Uint8Array
}

/** A message whose lengths fit. */
export interface StunMessage {
  readonly type: number
  readonly transactionId: Uint8Array
  readonly attributes: readonly StunAttribute[]
}

/** Whether octets are meant as STUN: SIP begins with a letter, STUN with two zero bits (RFC 5389 §6). */
export function looksLikeStun(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && (bytes[0] ?? 255) < 4
}

/** Reads a message; `undefined` when its cookie, its length or the length of an attribute is wrong. */
export function parseStun(bytes: Uint8Array): StunMessage | undefined {
  if (!looksLikeStun(bytes)) return undefined
  const view = viewOf(bytes)
  if (view.getUint32(4) !== MAGIC_COOKIE || view.getUint16(2) !== bytes.length - HEADER_BYTES || bytes.length % 4 !== 0) return undefined
  const attributes: StunAttribute[] = []
  // The length of a message and of a padded attribute are multiples of four: a header of one always fits.
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const length = view.getUint16(at + 2)
    if (at + 4 + length > bytes.length) return undefined
    attributes.push({ type: view.getUint16(at), value: bytes.subarray(at + 4, at + 4 + length) })
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return { type: view.getUint16(0), transactionId: bytes.subarray(8, HEADER_BYTES), attributes }
}

export function serializeStun({ type, transactionId, attributes }: StunMessage): Uint8Array {
  const size = attributes.reduce((sum, { value }) => sum + 4 + Math.ceil(value.length / 4) * 4, 0)
  const bytes = new Uint8Array(HEADER_BYTES + size)
  const view = viewOf(bytes)
  view.setUint16(0, type)
  view.setUint16(2, size)
  view.setUint32(4, MAGIC_COOKIE)
  bytes.set(transactionId, 8)
  let at = HEADER_BYTES
  for (const { type: attribute, value } of attributes) {
    view.setUint16(at, attribute)
    view.setUint16(at + 2, value.length)
    bytes.set(value, at + 4)
    at += 4 + Math.ceil(value.length / 4) * 4
  }
  return bytes
}

/** Where the peer sees this side (RFC 5389 §15.2), spelled as comparing needs it; `undefined` when it does not say, or not well. */
export function mappedAddressOf({ attributes, transactionId }: StunMessage): string | undefined {
  const attribute = attributes.find(({ type }) => type === XOR_MAPPED_ADDRESS) ?? attributes.find(({ type }) => type === MAPPED_ADDRESS)
  if (attribute === undefined) return undefined
  const { type, value } = attribute
  const [, family = 0] = value
  if (!(family === FAMILY.IPV4 && value.length === 8) && !(family === FAMILY.IPV6 && value.length === 20)) return undefined
  const plain = type === XOR_MAPPED_ADDRESS ? masked(value, transactionId) : value
  return Array.from(plain.subarray(2)).join('.')
}

/** The address attribute that a response carries; `undefined` for what is no numeric address. */
export function xorMappedAddress({ host, port }: Endpoint, transactionId: Uint8Array): StunAttribute | undefined {
  const address = octetsOf(host)
  if (address === undefined) return undefined
  const value = new Uint8Array(4 + address.length)
  value.set([0, address.length === 4 ? FAMILY.IPV4 : FAMILY.IPV6, port >> 8, port & 255])
  value.set(address, 4)
  return { type: XOR_MAPPED_ADDRESS, value: masked(value, transactionId) }
}

/** The port with the first half of the cookie, the address with the cookie and the transaction ID; undone by doing it again. */
function masked(value: Uint8Array, transactionId: Uint8Array): Uint8Array {
  const mask = new Uint8Array(4 + TRANSACTION_ID_BYTES)
  viewOf(mask).setUint32(0, MAGIC_COOKIE)
  mask.set(transactionId, 4)
  return value.map((octet, index) => (index < 2 ? octet : octet ^ (mask[index < 4 ? index - 2 : index - 4] ?? 0)))
}

function octetsOf(host: string): Uint8Array | undefined {
  const text = canonicalHost(host)
  if (!text.includes(':')) {
    const parts = text.split('.').map(Number)
    return parts.length === 4 && parts.every((part) => part >= 0 && part < 256) ? Uint8Array.from(parts) : undefined
  }
  const [head = '', tail = ''] = text.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)))
  const [front, back] = [groups(head), groups(tail)]
  const all = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
  return all.length === 8 && all.every((group) => group >= 0 && group < 65_536) ? Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255])) : undefined
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

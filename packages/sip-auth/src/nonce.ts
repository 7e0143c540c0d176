import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { RandomSource } from './random-source.js'

/** How a nonce that came back is judged: `forged` was not made with this secret for this realm. */
export type NonceVerdict = { readonly kind: 'fresh'; readonly issued: number } | { readonly kind: 'expired' } | { readonly kind: 'forged' }

const timeBytes = 6
const saltBytes = 6
const macBytes = 12
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const encoder = new TextEncoder()

/**
 * Nonces that need no memory: time of issue, salt and an HMAC over both and the realm (RFC 7616 §3.3),
 * 24 bytes in 32 characters. A challenge costs the server nothing to keep.
 */
export class NonceMint {
  readonly #secret: Uint8Array
  readonly #realm: Uint8Array
  readonly #lifetime: number
  readonly #random: RandomSource

  constructor(options: { readonly secret: Uint8Array; readonly realm: string; readonly lifetime: number; readonly random: RandomSource }) {
    this.#secret = options.secret
    this.#realm = encoder.encode(options.realm)
    this.#lifetime = options.lifetime
    this.#random = options.random
  }

  /** A new nonce, issued at `now` (ms). */
  issue(now: number): string {
    const bytes = new Uint8Array(timeBytes + saltBytes + macBytes)
    let rest = Math.max(0, Math.floor(now))
    for (let index = timeBytes - 1; index >= 0; index -= 1) {
      bytes[index] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.#random.fill(bytes.subarray(timeBytes, timeBytes + saltBytes))
    bytes.set(this.#mac(bytes.subarray(0, timeBytes + saltBytes)), timeBytes + saltBytes)
    return toText(bytes)
  }

  /** Judges a nonce at `now` (ms); forged ones are found without a lookup. */
  judge(now: number, nonce: string): NonceVerdict {
    const bytes = fromText(nonce)
    if (bytes?.length !== timeBytes + saltBytes + macBytes) return { kind: 'forged' }
    const mac = this.#mac(bytes.subarray(0, timeBytes + saltBytes))
    let difference = 0
    for (let index = 0; index < macBytes; index += 1) difference |= (mac[index] ?? 0) ^ (bytes[timeBytes + saltBytes + index] ?? 0)
    if (difference !== 0) return { kind: 'forged' }
    let issued = 0
    for (let index = 0; index < timeBytes; index += 1) issued = issued * 256 + (bytes[index] ?? 0)
    return now - issued > this.#lifetime || issued > now ? { kind: 'expired' } : { kind: 'fresh', issued }
  }

  #mac(head: Uint8Array): Uint8Array {
    const message = new Uint8Array(head.length + this.#realm.length)
    message.set(head)
    message.set(this.#realm, head.length)
    return hmac(sha256, this.#secret, message).subarray(0, macBytes)
  }
}

/** Base64 with the URL alphabet (RFC 4648 §5); lengths here are multiples of three. */
function toText(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    for (const shift of [18, 12, 6, 0]) text += alphabet.charAt((group >> shift) & 63)
  }
  return text
}

function fromText(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || text.length > 64) return undefined
  const bytes = new Uint8Array((text.length / 4) * 3)
  for (let index = 0; index < text.length; index += 4) {
    let group = 0
    for (let offset = 0; offset < 4; offset += 1) {
      const value = alphabet.indexOf(text.charAt(index + offset))
      if (value < 0) return undefined
      group = (group << 6) | value
    }
    const at = (index / 4) * 3
    bytes[at] = group >> 16
    bytes[at + 1] = (group >> 8) & 255
    bytes[at + 2] = group & 255
  }
  return bytes
}

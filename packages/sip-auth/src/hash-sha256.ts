import { hashBlocks } from './hash-blocks.js'
import type { BlockHash } from './hash-blocks.js'

/** The first 64 primes; the fractions of their roots are the constants (RFC 6234 §5.1, §6.1). */
const PRIMES: number[] = []
for (let candidate = 2; PRIMES.length < 64; candidate++) if (PRIMES.every((prime) => candidate % prime !== 0)) PRIMES.push(candidate)
const ROUNDS = Int32Array.from(PRIMES, (prime) => (Math.cbrt(prime) % 1) * 2 ** 32)

const SHA_256: BlockHash = {
  littleEndian: false,
  initial: PRIMES.slice(0, 8).map((prime) => (Math.sqrt(prime) % 1) * 2 ** 32),
  compress(state, words) {
    for (let step = 16; step < 64; step++) {
      const early = words[step - 15] ?? 0
      const late = words[step - 2] ?? 0
      words[step] = (words[step - 16] ?? 0) + (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3))
        + (words[step - 7] ?? 0) + (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10))
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
    for (let step = 0; step < 64; step++) {
      const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS[step] ?? 0) + (words[step] ?? 0)) | 0
      const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + second) | 0
    }
    state.set([a, b, c, d, e, f, g, h].map((word, index) => word + (state[index] ?? 0)))
  },
}

/** The SHA-256 digest of some octets (RFC 6234). */
export function hashSha256(bytes: Uint8Array): Uint8Array {
  return hashBlocks(SHA_256, bytes)
}

/** HMAC-SHA-256 of a message (RFC 2104). */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > 64 ? hashSha256(key) : key
  const keyed = (pad: number, rest: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(64 + rest.length)
    bytes.set(short)
    for (let index = 0; index < 64; index++) bytes[index] = (bytes[index] ?? 0) ^ pad
    bytes.set(rest, 64)
    return hashSha256(bytes)
  }
  return keyed(0x5c, keyed(0x36, message))
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

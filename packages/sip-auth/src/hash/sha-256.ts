import { hashBlocks, rotateRight } from './hash-blocks.js'

const PRIMES = Array.from({ length: 310 }, (_, index) => index + 2).filter((number, _, all) => all.every((other) => other >= number || number % other !== 0))
/** From the square roots of the first eight primes and the cube roots of the first 64 (FIPS 180-4 §5.3.3, §4.2.2). */
const INITIAL = PRIMES.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)))
const CONSTANTS = Int32Array.from(PRIMES, (prime) => fractionOf(Math.cbrt(prime)))

/** SHA-256 (FIPS 180-4 §6.2), in lower-case hexadecimal. */
export function hashSha256(message: Uint8Array): string {
  return hashBlocks(message, INITIAL, false, ([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0], words) => {
    expand(words)
    for (let step = 0; step < 64; step++) {
      const first = (h + (rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)) + ((e & f) ^ (~e & g)) + (CONSTANTS[step] ?? 0) + (words[step] ?? 0)) | 0
      const second = ((rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + second) | 0
    }
    return [a, b, c, d, e, f, g, h]
  })
}

/** The message schedule: each word beyond the block from those 16, 15, 7 and 2 before it. */
function expand(words: Int32Array): void {
  for (let step = 16; step < 64; step++) {
    const early = words[step - 15] ?? 0
    const late = words[step - 2] ?? 0
    words[step] = (words[step - 16] ?? 0) + (rotateRight(early, 7) ^ rotateRight(early, 18) ^ (early >>> 3))
      + (words[step - 7] ?? 0) + (rotateRight(late, 17) ^ rotateRight(late, 19) ^ (late >>> 10))
  }
}

/** The first 32 bits of the fraction. */
function fractionOf(root: number): number {
  return ((root % 1) * 2 ** 32) | 0
}

import { hashBlocks, rotateRight } from './hash-blocks.js'

const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
/** The table T of RFC 1321 §3.4. */
const SINES = Int32Array.from({ length: 64 }, (_, index) => (Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0)
/** By how many bits the steps of each round turn to the left, over and over. */
const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

/** MD5 (RFC 1321), in lower-case hexadecimal. */
export function hashMd5(message: Uint8Array): string {
  return hashBlocks(message, INITIAL, true, ([a = 0, b = 0, c = 0, d = 0], words) => {
    for (let step = 0; step < 64; step++) {
      const round = step >> 4
      let mixed = c ^ (b | ~d)
      let index = 7 * step
      if (round === 0) [mixed, index] = [(b & c) | (~b & d), step]
      else if (round === 1) [mixed, index] = [(b & d) | (c & ~d), 5 * step + 1]
      else if (round === 2) [mixed, index] = [b ^ c ^ d, 3 * step + 5]
      const sum = (a + mixed + (SINES[step] ?? 0) + (words[index & 15] ?? 0)) | 0
      a = d
      d = c
      c = b
      b = (b + rotateRight(sum, 32 - (TURNS[4 * round + (step & 3)] ?? 0))) | 0
    }
    return [a, b, c, d]
  })
}

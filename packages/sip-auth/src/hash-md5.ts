import { hashBlocks } from './hash-blocks.js'
import type { BlockHash } from './hash-blocks.js'

/** RFC 1321 §3.4: what each step adds, and how far each of four steps of a round rotates. */
const SINES = Int32Array.from({ length: 64 }, (_, step) => Math.abs(Math.sin(step + 1)) * 2 ** 32)
const ROTATIONS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

const MD5: BlockHash = {
  littleEndian: true,
  initial: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476],
  compress(state, words) {
    let [a = 0, b = 0, c = 0, d = 0] = state
    for (let step = 0; step < 64; step++) {
      const round = step >> 4
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (b & d) | (c & ~d) : round === 2 ? b ^ c ^ d : c ^ (b | ~d)
      const word = round === 0 ? step : round === 1 ? 5 * step + 1 : round === 2 ? 3 * step + 5 : 7 * step
      const sum = (a + mixed + (SINES[step] ?? 0) + (words[word & 15] ?? 0)) | 0
      const by = ROTATIONS[4 * round + (step & 3)] ?? 0
      a = d
      d = c
      c = b
      b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0
    }
    state.set([a, b, c, d].map((word, index) => word + (state[index] ?? 0)))
  },
}

/** The MD5 digest of some octets (RFC 1321). Broken for signatures; digest authentication still speaks it (RFC 8760 §2.7). */
export function hashMd5(bytes: Uint8Array): Uint8Array {
  return hashBlocks(MD5, bytes)
}

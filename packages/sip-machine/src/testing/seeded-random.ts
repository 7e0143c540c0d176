import type { RandomSource } from '../random-source.js'

/**
 * A random source that gives the same octets for the same seed. For tests only: it is not secure.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's small fast counting generator), its state spread out of the seed.
 */
export function seededRandom(seed: number): RandomSource {
  let a = 0x9e37_79b9
  let b = seed | 0
  let c = Math.floor(seed / 0x1_0000_0000) | 0
  let counter = 1
  const next = (): number => {
    const value = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + value
    return value
  }
  // Neighbouring seeds start out alike; some rounds later they do not.
  for (let round = 0; round < 16; round++) next()
  return {
    fill(bytes: Uint8Array): void {
      let value = 0
      for (let index = 0; index < bytes.length; index++) {
        if ((index & 3) === 0) value = next()
        bytes[index] = value & 0xff
        value >>>= 8
      }
    },
  }
}

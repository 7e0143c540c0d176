import type { RandomSource } from '../src/index.js'

/** Octets that follow from the seed: for tests. */
export function seededRandom(seed: number): RandomSource {
  let state = seed
  return {
    fill(bytes) {
      for (let index = 0; index < bytes.length; index += 1) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        bytes[index] = state >>> 24
      }
    },
  }
}

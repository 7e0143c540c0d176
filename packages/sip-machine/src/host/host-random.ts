import type { RandomSource } from '../random-source.js'

const POOL_SIZE = 4096

/** A random source on the host's `crypto.getRandomValues`, read in blocks: a call to the host costs more than the octets. */
export function createHostRandom(): RandomSource {
  const pool = new Uint8Array(POOL_SIZE)
  let used = POOL_SIZE
  return {
    fill(bytes: Uint8Array): void {
      let filled = 0
      while (filled < bytes.length) {
        if (used === POOL_SIZE) {
          crypto.getRandomValues(pool)
          used = 0
        }
        const taken = Math.min(bytes.length - filled, POOL_SIZE - used)
        bytes.set(pool.subarray(used, used + taken), filled)
        // What was handed out shall not stay behind in the pool.
        pool.fill(0, used, used + taken)
        used += taken
        filled += taken
      }
    },
  }
}

/** The host's cryptographically secure random source. */
export const hostRandom: RandomSource = createHostRandom()

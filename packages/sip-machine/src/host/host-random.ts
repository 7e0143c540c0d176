import type { RandomSource } from '../random-source.js'

const POOL_SIZE = 4096

/** A random source on the host's `crypto.getRandomValues`, read in blocks: a call to the host costs more than the octets. */
export function createHostRandom(): RandomSource {
  const pool = new Uint8Array(POOL_SIZE)
  let used = POOL_SIZE
  return {
    fill(bytes: Uint8Array): void {
      // By hand: what is asked for is a few octets, fewer than native calls are worth.
      for (let place = 0; place < bytes.length; place++) {
        if (used === POOL_SIZE) {
          crypto.getRandomValues(pool)
          used = 0
        }
        bytes[place] = pool[used] ?? 0
        // What was handed out shall not stay behind in the pool.
        pool[used++] = 0
      }
    },
  }
}

/** The host's cryptographically secure random source. */
export const hostRandom: RandomSource = createHostRandom()

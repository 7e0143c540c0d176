import { randomInteger } from '@offhook/sip-machine'
import type { RandomSource } from '@offhook/sip-machine'

/** What SRV says about the order of servers (RFC 2782); lists written by hand say the same. */
export interface Weighted {
  /** Lower comes first; 0 to 65,535. */
  readonly priority: number
  /** The share of a server among those of its priority; 0 for hardly any; 0 to 65,535. */
  readonly weight: number
}

/**
 * Servers in the order in which they are to be tried: by priority, and within one by chance according to their weights
 * (RFC 2782, "Weight"). Where all weigh nothing, chance alone decides.
 */
export function orderServices<Server extends Weighted>(servers: readonly Server[], random: RandomSource): Server[] {
  const ordered: Server[] = []
  for (const priority of new Set(servers.map((server) => server.priority).sort((a, b) => a - b))) {
    const left = servers.filter((server) => server.priority === priority).sort((a, b) => a.weight - b.weight)
    while (left.length > 0) ordered.push(...left.splice(draw(left, random), 1))
  }
  return ordered
}

/**
 * The place of the first whose running sum reaches a random number up to the sum of all; those that weigh nothing stand first.
 * The number is 0 only where somebody is weightless: else the lightest would get the share of 0 besides its own.
 */
function draw(left: readonly Weighted[], random: RandomSource): number {
  const weightless = left.filter(({ weight }) => weight === 0).length
  const total = left.reduce((sum, { weight }) => sum + weight, 0)
  const drawn = randomInteger(random, weightless > 0 ? 0 : 1, total + 1)
  // RFC 2782 leaves the order of the weightless to us; equal chances spread the load where nobody cared for weights.
  if (drawn === 0) return randomInteger(random, 0, weightless)
  let sum = 0
  return left.findIndex(({ weight }) => (sum += weight) >= drawn)
}

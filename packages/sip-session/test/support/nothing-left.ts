import { expect } from 'vitest'
import type { UserAgent } from '../../src/index.js'
import type { TestNetwork } from '../../src/testing/index.js'

export const EMPTY: UserAgent['size'] = { transactions: 0, deadlines: 0, requests: 0, calls: 0, dialogs: 0, invites: 0, connections: 0 }

/** Waits for the last transaction and expects that nothing is left, then closes all and expects no alarm. */
export async function expectNothingLeft(network: TestNetwork, ...agents: readonly UserAgent[]): Promise<void> {
  await network.advance(200_000)
  // A connection stays open until the agent closes.
  for (const agent of agents) expect({ ...agent.size, connections: 0 }).toEqual(EMPTY)
  await network.close()
  await network.advance(1000)
  for (const agent of agents) expect(agent.size).toEqual(EMPTY)
  expect(network.clock.pending).toBe(0)
}

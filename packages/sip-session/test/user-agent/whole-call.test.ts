import { seededRandom, VirtualClock } from '@offhook/sip-machine/testing'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import { describe, expect, it } from 'vitest'
import { UserAgent } from '../../src/index.js'
import type { Call } from '../../src/index.js'

describe('a whole call between two user agents', () => {
  it('rings, is answered and hung up over the memory adapter', async () => {
    const clock = new VirtualClock()
    const network = createMemoryNetwork({ clock, latency: 5 })
    const make = (name: string, host: string, seed: number): UserAgent =>
      new UserAgent({ identity: `sip:${name}@${host}`, adapters: [network.adapter('UDP', host)], listen: [{ transport: 'UDP', host, port: 5060 }], clock, random: seededRandom(seed) })
    const alice = make('alice', '192.0.2.1', 1)
    const bob = make('bob', '192.0.2.2', 2)
    const wire: string[] = []
    alice.on('trace', ({ direction, message }) => wire.push(`${direction} ${message.kind === 'request' ? message.method : message.statusCode}`))
    const incoming: Call[] = []
    bob.on('incoming', (call) => incoming.push(call))
    const call = alice.call('sip:bob@192.0.2.2')
    call.on('ringing', () => void incoming[0]?.answer())
    expect(await clock.runUntil(call.answered)).toMatchObject({ answered: true })
    await clock.advanceAsync(1000)
    expect(incoming[0]?.session?.sessionState).toBe('Confirmed')
    await clock.runUntil(call.hangUp())
    expect(await clock.runUntil(incoming[0]!.ended)).toMatchObject({ by: 'remote', cause: 'hung-up' })
    expect(wire).toEqual(['sent INVITE', 'received 180', 'received 200', 'sent ACK', 'sent BYE', 'received 200'])
    await clock.advanceAsync(64_000)
    for (const agent of [alice, bob]) {
      expect(agent.size).toEqual({ transactions: 0, deadlines: 0, requests: 0, calls: 0, dialogs: 0, invites: 0, connections: 0 })
      await agent.close()
    }
    expect(clock.pending).toBe(0)
  })
})

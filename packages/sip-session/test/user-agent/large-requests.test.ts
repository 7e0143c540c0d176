import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import type { TransportName } from '@offhook/sip-transport'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import { describe, expect, it } from 'vitest'
import { UserAgent } from '../../src/index.js'

/** Alice with UDP and TCP, and bob, who listens to what he is told to. */
async function pair(bobListens: readonly TransportName[]) {
  const clock = new VirtualClock()
  const network = createMemoryNetwork({ clock })
  const agent = (name: string, host: string) => new UserAgent({
    identity: `sip:${name}@${host}`, clock, random: seededRandom(5), adapters: [network.adapter('UDP', host), network.adapter('TCP', host)], acceptAnyUser: true,
  })
  const [alice, bob] = [agent('alice', '192.0.2.1'), agent('bob', '192.0.2.2')]
  await clock.runUntil(alice.listen({ transport: 'UDP', host: '192.0.2.1', port: 5060 }))
  for (const transport of bobListens) await clock.runUntil(bob.listen({ transport, host: '192.0.2.2', port: 5060 }))
  const sent: string[] = []
  alice.on('trace', ({ direction, message, transport }) => {
    if (direction === 'sent') sent.push(`${message.kind === 'request' ? message.method : message.statusCode} ${transport} ${message.via.transport}`)
  })
  return { clock, alice, bob, sent }
}

describe('RFC 3261 §18.1.1 requests of a user agent that are too large for UDP', () => {
  it.each([
    [['UDP', 'TCP'], 'TCP'],
    [['UDP'], 'UDP'],
  ] as const)('to a peer that listens to %s go over %s', async (listens, transport) => {
    const { clock, alice, bob, sent } = await pair(listens)
    bob.on('message', () => undefined)
    const outcome = async (text: string) => (await clock.runUntil(alice.message('sip:bob@192.0.2.2', text))).status
    expect(await outcome('short')).toBe(200)
    expect(await outcome('long '.repeat(400))).toBe(200)
    expect(sent).toEqual(['MESSAGE UDP UDP', `MESSAGE ${transport} ${transport}`])
    await clock.runUntil(Promise.all([alice.close(), bob.close()]))
  })

  it('a large INVITE, the ACK to its failure and its CANCEL take the same connection', async () => {
    const { clock, alice, bob, sent } = await pair(['UDP', 'TCP'])
    bob.on('incoming', (call) => void call.ring())
    const call = alice.call('sip:bob@192.0.2.2', { headers: { Subject: 'x'.repeat(1500) }, body: 'v=0\r\n' })
    await clock.advanceAsync(100)
    void call.hangUp()
    await clock.runUntil(call.ended)
    await clock.advanceAsync(100)
    expect(sent).toEqual(['INVITE TCP TCP', 'CANCEL TCP TCP', 'ACK TCP TCP'])
    await clock.runUntil(Promise.all([alice.close(), bob.close()]))
  })
})

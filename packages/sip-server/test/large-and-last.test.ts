import { TransportLayer } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { createWorld } from './world.js'

describe('RFC 3261 §18.1.1 requests that are too large for UDP', () => {
  it.each([[true, 'TCP'], [false, 'UDP']] as const)('a phone at UDP that takes TCP: %s: gets them over %s, with that in their Via', async (listens, transport) => {
    const world = await createWorld()
    const alice = await world.phone('alice')
    const bob = await world.phone('bob')
    await bob.register()
    const overTcp: string[] = []
    const tcp = new TransportLayer({
      adapters: [world.network.adapter('TCP', bob.host)], clock: world.clock, random: world.random,
      receive: (message) => overTcp.push(message.via.transport),
    })
    if (listens) await tcp.listen({ transport: 'TCP', host: bob.host, port: bob.port })
    alice.send(alice.request('MESSAGE', 'sip:bob@example.com', { body: 'short' }))
    alice.send(alice.request('MESSAGE', 'sip:bob@example.com', { body: 'long '.repeat(400) }))
    await world.pass()
    const overUdp = bob.requests('MESSAGE').map(({ via }) => via.transport)
    expect([overUdp, overTcp]).toEqual(transport === 'TCP' ? [['UDP'], ['TCP']] : [['UDP', 'UDP'], []])
  })
})

describe('close({ drain })', () => {
  it('refuses new requests with 503, finishes those under way, and ends when nothing is', async () => {
    const world = await createWorld({ timers: { t1: 10, t2: 40, t4: 50 } })
    const alice = await world.phone('alice', { transport: 'TCP' })
    const bob = await world.phone('bob', { transport: 'TCP' })
    await bob.register()
    const underWay = alice.request('MESSAGE', 'sip:bob@example.com')
    alice.send(underWay)
    await world.pass()
    let ended = false
    const closing = world.server.close({ drain: 60_000 }).then(() => (ended = true))
    const refused = await alice.ask(alice.request('MESSAGE', 'sip:bob@example.com'))
    expect([refused.statusCode, refused.headers.get('Retry-After')]).toEqual([503, '30'])
    expect(ended).toBe(false)
    bob.reply(bob.received('MESSAGE'), 200)
    await world.pass()
    expect(alice.statusesOf(underWay).at(-1)).toBe(200)
    await world.clock.runUntil(closing)
    expect(world.clock.now()).toBeLessThan(1_000_000 + 10_000)
    expect([world.server.transactions, world.server.pendingRequests]).toEqual([0, 0])
  })

  it('waits no longer than it was told', async () => {
    const world = await createWorld()
    const alice = await world.phone('alice')
    const bob = await world.phone('bob')
    await bob.register()
    alice.send(alice.request('INVITE', 'sip:bob@example.com'))
    await world.pass()
    bob.reply(bob.received('INVITE'), 180)
    await world.pass()
    const before = world.clock.now()
    await world.clock.runUntil(world.server.close({ drain: 5000 }))
    expect(world.clock.now() - before).toBe(5000)
  })
})

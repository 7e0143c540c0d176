import type { TransportName } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { createWorld, describeMessage } from './world.js'

const transports: readonly TransportName[] = ['UDP', 'TCP', 'TLS', 'WS', 'WSS']

describe('RFC 3261 §16 a call through the proxy, over every pair of transports', () => {
  it.each(transports.flatMap((from) => transports.map((to) => [from, to] as const)))('%s to %s', async (from, to) => {
    const world = await createWorld()
    const alice = await world.phone('alice', { transport: from })
    const bob = await world.phone('bob', { transport: to })
    expect((await bob.register()).statusCode).toBe(200)

    const invite = alice.request('INVITE', 'sip:bob@example.com', { body: 'offer' })
    alice.send(invite)
    await world.pass()
    const arrived = bob.received('INVITE')
    expect(String(arrived.requestUri)).toBe(bob.contactUri)
    expect(arrived.maxForwards).toBe(69)
    expect(new TextDecoder().decode(arrived.body)).toBe('offer')
    expect(arrived.vias).toHaveLength(2)
    bob.reply(arrived, 180)
    await world.pass()
    bob.reply(arrived, 200)
    await world.pass()
    expect(alice.statusesOf(invite).filter((status) => status > 100)).toEqual([180, 200])

    const ok = alice.responsesTo(invite).at(-1)!
    expect(ok.vias).toHaveLength(1)
    alice.send(alice.inDialog('ACK', ok, { cseq: invite.cseq.sequence }))
    await world.pass()
    const ack = bob.received('ACK')
    expect(String(ack.requestUri)).toBe(bob.contactUri)
    expect(ack.route).toEqual([])

    // Both sides can send inside the dialog, whoever opened the connections.
    const reinvite = alice.inDialog('INVITE', ok)
    alice.send(reinvite)
    await world.pass()
    bob.reply(bob.received('INVITE'), 200)
    await world.pass()
    expect(alice.statusesOf(reinvite).filter((status) => status > 100)).toEqual([200])
    const bye = bob.inDialogAsCallee('BYE', arrived)
    bob.send(bye)
    await world.pass()
    alice.reply(alice.received('BYE'), 200)
    await world.pass()
    expect(bob.statusesOf(bye)).toEqual([200])

    await world.pass(40_000)
    expect(world.server.transactions).toBe(0)
    expect(world.errors).toEqual([])
    expect(alice.requests().map(describeMessage)).toEqual(['BYE'])
  })
})

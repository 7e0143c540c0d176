import { seededRandom } from '@offhook/sip-machine/testing'
import { SipUri } from '@offhook/sip-parser'
import type { Flow, TransportName } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { FlowTable } from '../src/flow-table.js'
import { recordRoutes } from '../src/proxy/record-route.js'
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

describe('NAT (RFC 3581) and address families', () => {
  it('a caller behind a NAT gets requests of the dialog where it sends from', async () => {
    const world = await createWorld()
    const alice = await world.phone('alice', { contact: 'sip:alice@10.0.0.7:5062', sentBy: '10.0.0.7:5062' })
    const bob = await world.phone('bob')
    await bob.register()
    const invite = alice.request('INVITE', 'sip:bob@example.com')
    alice.send(invite)
    await world.pass()
    const arrived = bob.received('INVITE')
    expect(arrived.recordRoute).toHaveLength(2)
    bob.reply(arrived, 200)
    await world.pass()
    bob.send(bob.inDialogAsCallee('BYE', arrived))
    await world.pass()
    expect(String(alice.received('BYE').requestUri)).toBe('sip:alice@10.0.0.7:5062')
  })

  it('bridges IPv4 and IPv6 with a Record-Route for each', () => {
    const side = { transport: 'UDP', token: 't', pinned: false } as const
    const four = { ...side, sentBy: '192.0.2.1:5060', remoteHost: '192.0.2.9' }
    const six = { ...side, sentBy: '[2001:db8::1]:5060', remoteHost: '2001:db8::9' }
    expect(recordRoutes(four, six, false)).toEqual(['<sip:t@[2001:db8::1]:5060;lr>', '<sip:t@192.0.2.1:5060;lr>'])
    expect(recordRoutes(four, four, false)).toEqual(['<sip:t@192.0.2.1:5060;lr>'])
    expect(recordRoutes({ ...four, pinned: true }, four, false)).toHaveLength(2)
    expect(recordRoutes({ ...four, transport: 'WSS' }, { ...four, transport: 'TLS' }, true)).toEqual(['<sips:t@192.0.2.1:5060;lr>', '<sips:t@192.0.2.1:5060;transport=ws;lr>'])
  })

  it('names of datagram flows lead back to their peer, IPv6 too; names of connections die with them', () => {
    const flows = new FlowTable(seededRandom(1))
    const flow = (reliable: boolean, host: string): Flow => ({ transport: reliable ? 'TCP' : 'UDP', reliable, local: { host: '::1', port: 5060 }, remote: { host, port: 40_000 }, sentBy: 'x', direction: 'inbound', send: () => undefined, close: () => undefined })
    const name = flows.nameOf(flow(false, '2001:db8::9'))
    expect(SipUri.of({ user: name, host: 'h' }).user).toBe(name)
    expect(flows.find(name)).toEqual({ kind: 'target', target: { transport: 'UDP', host: '2001:db8::9', port: 40_000, local: { host: '::1', port: 5060 } } })
    const connection = flow(true, '192.0.2.9')
    const dying = flows.nameOf(connection)
    expect(flows.nameOf(connection)).toBe(dying)
    expect(flows.find(dying)).toEqual({ kind: 'flow', flow: connection })
    expect(flows.remove(connection)).toBe(dying)
    expect(flows.find(dying)).toEqual({ kind: 'gone' })
    expect(flows.remove(connection)).toBeUndefined()
    expect(flows.size).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import type { TraceRecord } from '../src/index.js'
import { createResponse, decode, encode, ok, options, request } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }

describe('RFC 3261 §18.2: requests in, responses out', () => {
  it('stamps a request and answers it on its connection', async () => {
    const stage = new Stage()
    const { layer, received } = stage.node(SERVER.host, ['TCP'])
    await layer.listen({ transport: 'TCP', ...SERVER })
    const peer = stage.peer('192.0.2.4', 'TCP')
    const flow = await stage.dial(peer, { transport: 'TCP', ...SERVER })
    flow.send(encode(options('SIP/2.0/TCP pc.example.com;rport;branch=z9hG4bK1')))
    await stage.settle()
    const [got] = received
    if (got?.message.kind !== 'request') throw new TypeError('no request')
    expect(got.message.via).toMatchObject({ received: '192.0.2.4', rport: flow.local.port })
    layer.respond(createResponse(got.message, { statusCode: 200, toTag: 'b' }), got.flow)
    await stage.settle()
    expect(peer.received.join('')).toMatch(/^SIP\/2.0 200 OK\r\n/)
    expect(layer.counters).toMatchObject({ received: 1, sent: 1, dropped: 0 })
  })

  it('answers where received and rport say, from the socket that got the request (RFC 3581 §4)', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['UDP'])
    await server.layer.listen({ transport: 'UDP', host: SERVER.host, port: 5090 })
    await server.layer.listen({ transport: 'UDP', ...SERVER })
    const client = stage.node('192.0.2.4', ['UDP'])
    const flow = await stage.clock.runUntil(client.layer.connect({ transport: 'UDP', ...SERVER }))
    client.layer.send(request(client.layer.via(flow, 'z9hG4bK1')), flow)
    await stage.settle()
    const [got] = server.received
    if (got?.message.kind !== 'request') throw new TypeError('no request')
    server.layer.respond(createResponse(got.message, { statusCode: 200, toTag: 'b' }), got.flow)
    await stage.settle()
    expect(client.received.map(({ message, flow: via }) => [message.kind, via.remote, via])).toEqual([['response', SERVER, flow]])
  })

  it.each([
    ['no rport: the port of the sent-by', 'SIP/2.0/UDP 192.0.2.4:5062;branch=z9hG4bK1', '192.0.2.4', 5062],
    ['a name without port: 5060', 'SIP/2.0/UDP pc.example.com;branch=z9hG4bK1', '192.0.2.4', 5060],
    ['maddr', 'SIP/2.0/UDP 192.0.2.4:5062;maddr=192.0.2.77;branch=z9hG4bK1', '192.0.2.77', 5062],
  ])('UDP, %s: another place than where the request came from, from the same socket', async (_title, via, host, port) => {
    const stage = new Stage()
    const { layer, received } = stage.node(SERVER.host, ['UDP'])
    await layer.listen({ transport: 'UDP', host: SERVER.host, port: 5090 })
    await layer.listen({ transport: 'UDP', ...SERVER })
    const peer = stage.peer('192.0.2.4', 'UDP')
    const elsewhere = stage.peer(host, 'UDP')
    await elsewhere.adapter.listen?.({ host, port })
    const sender = await stage.dial(peer, { transport: 'UDP', ...SERVER })
    sender.send(encode(options(via)))
    await stage.settle()
    const [got] = received
    if (got?.message.kind !== 'request') throw new TypeError('no request')
    layer.respond(createResponse(got.message, { statusCode: 200, toTag: 'b' }), got.flow)
    await stage.settle()
    expect(elsewhere.received.join('')).toMatch(/^SIP\/2.0 200 OK/)
    expect(elsewhere.senders).toEqual([SERVER])
    expect(peer.received).toEqual([])
  })

  it('opens a connection to received and the sent-by port when that of the request is closed', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['TCP'])
    await server.layer.listen({ transport: 'TCP', ...SERVER })
    const peer = stage.peer('192.0.2.4', 'TCP')
    await peer.adapter.listen?.({ host: '192.0.2.4', port: 5070 })
    const flow = await stage.dial(peer, { transport: 'TCP', ...SERVER })
    flow.send(encode(options('SIP/2.0/TCP pc.example.com:5070;branch=z9hG4bK1')))
    await stage.settle()
    flow.close()
    await stage.settle()
    expect(server.closed).toHaveLength(1)
    const [got] = server.received
    if (got?.message.kind !== 'request') throw new TypeError('no request')
    server.layer.respond(createResponse(got.message, { statusCode: 200, toTag: 'b' }), got.flow)
    await stage.settle()
    expect(peer.flows.map(({ direction, local }) => `${direction} ${local.port}`)).toContain('inbound 5070')
    expect(peer.received.join('')).toMatch(/^SIP\/2.0 200 OK/)
  })

  it('tells when a response found no way', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['TCP', 'WS'])
    await server.layer.listen({ transport: 'TCP', ...SERVER })
    await server.layer.listen({ transport: 'WS', host: SERVER.host, port: 80 })
    const failures: string[] = []
    for (const [transport, port, via] of [['TCP', 5060, 'SIP/2.0/TCP 192.0.2.4:5070;branch=z9hG4bK1'], ['WS', 80, 'SIP/2.0/WS x.invalid;branch=z9hG4bK2']] as const) {
      const peer = stage.peer('192.0.2.4', transport)
      const flow = await stage.dial(peer, { transport, host: SERVER.host, port })
      flow.send(encode(options(via)))
      await stage.settle()
      flow.close()
      await stage.settle()
      const got = server.received.at(-1)
      if (got?.message.kind !== 'request') throw new TypeError('no request')
      server.layer.respond(createResponse(got.message, { statusCode: 200, toTag: 'b' }), got.flow, (error) => failures.push(`${transport} ${error.code}`))
      await stage.settle()
    }
    expect(failures).toEqual(['TCP refused', 'WS closed'])
    expect(server.layer.counters.dropped).toBe(2)
  })

  it('drops and counts a response to somebody else’s request (RFC 3261 §18.1.2)', async () => {
    const stage = new Stage()
    const { layer, received } = stage.node(SERVER.host, ['UDP'])
    await layer.listen({ transport: 'UDP', ...SERVER })
    const peer = stage.peer('192.0.2.4', 'UDP')
    const flow = await stage.dial(peer, { transport: 'UDP', ...SERVER })
    flow.send(encode(ok('SIP/2.0/UDP 203.0.113.1:5060;branch=z9hG4bK1')))
    await stage.settle()
    expect([received.length, layer.counters.dropped]).toEqual([0, 1])
    flow.send(encode(ok('SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1')))
    await stage.settle()
    expect([received.length, layer.counters.dropped]).toEqual([1, 1])
  })

  it('takes a response on another flow than that of the request, by the sent-by it put there', async () => {
    const stage = new Stage()
    const { layer, received } = stage.node('192.0.2.4', ['TCP'])
    const peer = stage.peer(SERVER.host, 'TCP')
    await peer.adapter.listen?.(SERVER)
    const first = await stage.clock.runUntil(layer.connect({ transport: 'TCP', ...SERVER }))
    const via = layer.via(first, 'z9hG4bK1')
    first.close()
    await stage.settle()
    await stage.clock.runUntil(layer.connect({ transport: 'TCP', ...SERVER }))
    peer.flows.at(-1)?.send(encode(ok(via)))
    await stage.settle()
    expect(received).toHaveLength(1)
  })
})

describe('sending', () => {
  it('refuses a datagram that is larger than UDP carries, and the flow stays', async () => {
    const stage = new Stage()
    const { layer, closed } = stage.node('192.0.2.4', ['UDP'])
    const flow = await stage.clock.runUntil(layer.connect({ transport: 'UDP', ...SERVER }))
    const message = request(layer.via(flow, 'z9hG4bK1'))
    message.body = new Uint8Array(65_507)
    expect(layer.send(message, flow)?.code).toBe('too-large')
    message.body = new Uint8Array(1)
    expect(layer.send(message, flow)).toBeUndefined()
    expect(closed).toEqual([])
    expect(layer.counters.sent).toBe(1)
  })

  it('says closed on a connection that is gone', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['TCP'])
    await server.layer.listen({ transport: 'TCP', ...SERVER })
    const { layer, closed } = stage.node('192.0.2.4', ['TCP'])
    const flow = await stage.clock.runUntil(layer.connect({ transport: 'TCP', ...SERVER }))
    await server.layer.close()
    await stage.settle()
    expect(closed.map((end) => end.flow)).toEqual([flow])
    expect(layer.send(request(layer.via(flow, 'z9hG4bK1')), flow)?.code).toBe('closed')
  })

  it('shows every message to the trace, received ones as they were on the wire', async () => {
    const stage = new Stage()
    const records: TraceRecord[] = []
    const server = stage.node(SERVER.host, ['UDP'], { trace: (record) => records.push(record) })
    await server.layer.listen({ transport: 'UDP', ...SERVER })
    const peer = stage.peer('192.0.2.4', 'UDP')
    const flow = await stage.dial(peer, { transport: 'UDP', ...SERVER })
    stage.clock.advance(25)
    const text = options('SIP/2.0/UDP 192.0.2.4:49152;rport;branch=z9hG4bK1')
    flow.send(encode(text))
    await stage.settle()
    const [got] = server.received
    if (got?.message.kind !== 'request') throw new TypeError('no request')
    server.layer.respond(createResponse(got.message, { statusCode: 200 }), got.flow)
    expect(records.map(({ at, direction, transport, local, remote }) => ({ at, direction, transport, local, remote }))).toEqual([
      { at: 25, direction: 'received', transport: 'UDP', local: SERVER, remote: flow.local },
      { at: 25, direction: 'sent', transport: 'UDP', local: SERVER, remote: flow.local },
    ])
    expect(decode(records[0]?.bytes ?? new Uint8Array())).toBe(text)
    expect(records[0]?.message.via.received).toBe('192.0.2.4')
    // The trace may be taken away and given at any time.
    server.layer.trace = undefined
    server.layer.respond(createResponse(got.message, { statusCode: 200 }), got.flow)
    expect(records).toHaveLength(2)
    const later: string[] = []
    server.layer.trace = ({ direction }) => later.push(direction)
    server.layer.respond(createResponse(got.message, { statusCode: 200 }), got.flow)
    expect([records.length, later]).toEqual([2, ['sent']])
  })

  it('puts IPv6 into brackets in the Via', async () => {
    const stage = new Stage()
    const { layer } = stage.node('2001:db8::4', ['UDP'])
    const flow = await stage.clock.runUntil(layer.connect({ transport: 'UDP', host: '2001:db8::1', port: 5060 }))
    expect(layer.via(flow, 'z9hG4bK1')).toBe(`SIP/2.0/UDP [2001:db8::4]:${flow.local.port};branch=z9hG4bK1;rport`)
    expect(layer.contactHost(flow)).toBe(`[2001:db8::4]:${flow.local.port}`)
  })
})

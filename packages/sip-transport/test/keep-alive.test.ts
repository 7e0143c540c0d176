import { describe, expect, it } from 'vitest'
import type { TransportName } from '../src/index.js'
import { encode, options } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }

async function served(transport: TransportName) {
  const stage = new Stage()
  const server = stage.node(SERVER.host, [transport])
  await server.layer.listen({ transport, ...SERVER })
  const peer = stage.peer('192.0.2.4', transport)
  const flow = await stage.dial(peer, { transport, ...SERVER })
  return { stage, server, peer, flow }
}

async function dialled(transport: TransportName) {
  const stage = new Stage()
  const peer = stage.peer(SERVER.host, transport)
  await peer.adapter.listen?.(SERVER)
  const client = stage.node('192.0.2.4', [transport])
  const flow = await stage.clock.runUntil(client.layer.connect({ transport, ...SERVER }))
  return { stage, peer, client, flow }
}

describe('RFC 5626 §3.5.1, §4.4.1: keep-alives that come in', () => {
  it('TCP: CRLF CRLF is answered with CRLF, between messages and in pieces', async () => {
    const { stage, server, peer, flow } = await served('TCP')
    flow.send(encode('\r\n\r\n'))
    await stage.settle()
    expect(peer.received.splice(0)).toEqual(['\r\n'])
    flow.send(encode(`${options('SIP/2.0/TCP 192.0.2.4;branch=z9hG4bK1')}\r\n\r\n`))
    await stage.settle()
    expect(peer.received.splice(0)).toEqual(['\r\n'])
    for (const octet of '\r\n\r\n') flow.send(encode(octet))
    await stage.settle()
    expect(peer.received.splice(0)).toEqual(['\r\n'])
    expect(server.received).toHaveLength(1)
    expect(server.layer.counters.malformed).toBe(0)
  })

  it('WebSocket: CRLF CRLF is answered with CRLF, CRLF alone is not answered', async () => {
    const { stage, server, peer, flow } = await served('WS')
    flow.send(encode('\r\n\r\n'))
    flow.send(encode('\r\n'))
    await stage.settle()
    expect(peer.received).toEqual(['\r\n'])
    expect(server.layer.counters).toMatchObject({ pings: 2, malformed: 0 })
  })

  it('UDP: what phones send to hold a port open is counted and not answered', async () => {
    const { stage, server, peer, flow } = await served('UDP')
    for (const text of ['\r\n\r\n', '\r\n', '', '\0', '\0\0\0\0']) flow.send(encode(text))
    await stage.settle()
    expect(peer.received).toEqual([])
    expect(server.layer.counters).toMatchObject({ pings: 5, malformed: 0, received: 0 })
  })
})

describe('RFC 5626 §4.4.1: keep-alives that go out', () => {
  it('TCP: at random between 80 % and 100 % of the interval, as long as they are answered', async () => {
    const { stage, peer, client, flow } = await dialled('TCP')
    client.layer.keepAlive(flow, { interval: 30_000 })
    const sent: number[] = []
    while (stage.clock.now() < 300_000) {
      await stage.clock.advanceAsync(100)
      if (peer.received.splice(0).includes('\r\n\r\n')) {
        sent.push(stage.clock.now())
        peer.flows[0]?.send(encode('\r\n'))
      }
    }
    const gaps = sent.map((at, index) => at - (sent[index - 1] ?? 0))
    expect(gaps.length).toBeGreaterThanOrEqual(10)
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(24_000)
      expect(gap).toBeLessThanOrEqual(30_100)
    }
    expect(new Set(gaps).size).toBeGreaterThan(3)
    expect(client.closed).toEqual([])
  })

  it('TCP: a flow that does not answer within 10 seconds has failed, even when pings are more frequent', async () => {
    for (const interval of [30_000, 3000]) {
      const { stage, client, flow } = await dialled('TCP')
      client.layer.keepAlive(flow, { interval })
      await stage.clock.advanceAsync(interval + 9000 - 0.2 * interval)
      expect(client.closed).toEqual([])
      await stage.clock.advanceAsync(0.2 * interval + 1000)
      expect(client.closed).toMatchObject([{ flow: { transport: 'TCP' }, error: { code: 'timed-out' } }])
      expect(stage.clock.pending).toBe(0)
    }
  })

  it('any octet from the peer shows that it lives', async () => {
    const { stage, peer, client, flow } = await dialled('TCP')
    client.layer.keepAlive(flow, { interval: 30_000 })
    for (let round = 0; round < 20; round++) {
      peer.flows[0]?.send(encode('\r\n'))
      await stage.clock.advanceAsync(9000)
    }
    expect(client.closed).toEqual([])
  })

  it('UDP: goes on without answers, and ends when told to', async () => {
    const { stage, peer, client, flow } = await dialled('UDP')
    client.layer.keepAlive(flow, { interval: 20_000 })
    await stage.clock.advanceAsync(200_000)
    expect(peer.received.length).toBeGreaterThanOrEqual(10)
    expect(client.closed).toEqual([])
    client.layer.keepAlive(flow, undefined)
    expect(stage.clock.pending).toBe(0)
  })

  it('ends with the flow', async () => {
    for (const transport of ['TCP', 'UDP'] as const) {
      const { stage, client, flow } = await dialled(transport)
      client.layer.keepAlive(flow, { interval: 20_000 })
      flow.close()
      await stage.settle()
      expect(client.closed).toHaveLength(1)
      expect(stage.clock.pending).toBe(0)
      client.layer.keepAlive(flow, undefined)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { randomInteger } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { encode, lines, options } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }
const VIA = 'SIP/2.0/TCP 192.0.2.4;rport;branch=z9hG4bK1'

async function streamStage() {
  const stage = new Stage()
  const server = stage.node(SERVER.host, ['TCP'])
  await server.layer.listen({ transport: 'TCP', ...SERVER })
  const peer = stage.peer('192.0.2.4', 'TCP')
  const other = stage.peer('192.0.2.5', 'TCP')
  const bystander = await stage.dial(other, { transport: 'TCP', ...SERVER })
  const flow = await stage.dial(peer, { transport: 'TCP', ...SERVER })
  const bystanderIsServed = async (): Promise<void> => {
    const before = server.received.length
    bystander.send(encode(options(VIA)))
    await stage.settle()
    expect(server.received.length).toBe(before + 1)
  }
  return { stage, server, peer, flow, bystanderIsServed }
}

describe('RFC 3261 §18.3: framing of streams', () => {
  it('finds the messages whatever the pieces they come in', async () => {
    const { stage, server, flow } = await streamStage()
    const bodies = ['', 'one', 'two\r\n\r\nOPTIONS sip:x SIP/2.0\r\n', 'äöü', '\r\n\r\n']
    const bytes = encode(bodies.map((body) => options(VIA, ['Content-Type: text/plain'], '').replace('Content-Length: 0', `Content-Length: ${encode(body).length}`) + body).join(''))
    const seed = 20_261
    const random = seededRandom(seed)
    for (let round = 0; round < 200; round++) {
      const largest = randomInteger(random, 1, 40)
      for (let at = 0; at < bytes.length; ) {
        const size = Math.min(randomInteger(random, 1, largest + 1), bytes.length - at)
        flow.send(bytes.slice(at, at + size))
        at += size
      }
      await stage.settle()
      const got = server.received.splice(0).map(({ message }) => new TextDecoder().decode(message.body))
      expect(got, `seed ${seed}, round ${round}`).toEqual(bodies)
    }
    expect(server.layer.counters).toMatchObject({ received: 1000, malformed: 0, pings: 0 })
  })

  it.each([
    ['4 GiB', '4294967296'],
    ['2^31', '2147483648'],
    ['2^32 + 10', '4294967306'],
    ['2^64 + 10', '18446744073709551626'],
    ['one octet over the limit', '65536'],
    ['a list', '10, 20'],
    ['a sign', '+5'],
    ['less than nothing', '-1'],
    ['a fraction', '1.5'],
    ['hexadecimal', '0x10'],
    ['nothing', ''],
    ['words', 'ten'],
  ])('a Content-Length of %s ends that connection and no other (CVE-2026-58268, CVE-2026-45103, CVE-2026-23457)', async (_title, value) => {
    const { stage, server, peer, flow, bystanderIsServed } = await streamStage()
    flow.send(encode(options(VIA).replace('Content-Length: 0', `Content-Length: ${value}`)))
    flow.send(encode(options(VIA)))
    await stage.settle()
    expect(server.closed).toMatchObject([{ error: { code: 'framing' } }])
    expect(peer.closed).toEqual([flow])
    expect(server.received).toEqual([])
    expect(peer.received.join('')).toMatch(/^SIP\/2.0 (400|413|513) [^\r\n]+\r\n/)
    await bystanderIsServed()
    expect(server.layer.connections).toBe(1)
  })

  it('two different Content-Lengths end the connection (CVE-2026-45103)', async () => {
    const { stage, server, flow, bystanderIsServed } = await streamStage()
    flow.send(encode(options(VIA).replace('Content-Length: 0', 'Content-Length: 0\r\nl: 400')))
    await stage.settle()
    expect(server.closed).toMatchObject([{ error: { code: 'framing' } }])
    expect(server.received).toEqual([])
    await bystanderIsServed()
  })

  it('what is not SIP ends the connection', async () => {
    for (const garbage of ['GET / HTTP/1.1\r\nHost: sip.example.com\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 'x'.repeat(70_000)]) {
      const { stage, server, flow, bystanderIsServed } = await streamStage()
      flow.send(encode(garbage))
      await stage.settle()
      expect(server.layer.counters.malformed).toBe(1)
      expect(server.received).toEqual([])
      await bystanderIsServed()
    }
  })

  it('keeps reading after a broken message whose end is known, and answers it', async () => {
    const { stage, server, peer, flow } = await streamStage()
    flow.send(encode(options(VIA).replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE') + options(VIA)))
    await stage.settle()
    expect(peer.received.join('')).toMatch(/^SIP\/2.0 400 /)
    expect(server.received).toHaveLength(1)
    expect(server.closed).toEqual([])
  })
})

describe('a message that does not end (slowloris)', { timeout: 30_000 }, () => {
  it('is waited for 10 seconds from its first octet, however it trickles', async () => {
    const { stage, server, flow, bystanderIsServed } = await streamStage()
    const bytes = encode(options(VIA))
    let sent = 0
    while (server.closed.length === 0 && sent < bytes.length) {
      flow.send(bytes.slice(sent, sent + 1))
      sent++
      await stage.clock.advanceAsync(500)
    }
    expect(stage.clock.now()).toBe(10_000)
    expect(server.closed).toMatchObject([{ error: { code: 'timed-out' } }])
    await bystanderIsServed()
  })

  it('starts anew with every message', async () => {
    const { stage, server, flow } = await streamStage()
    const bytes = encode(options(VIA))
    for (let round = 0; round < 5; round++) {
      flow.send(bytes.slice(0, 30))
      await stage.clock.advanceAsync(9000)
      flow.send(bytes.slice(30))
      await stage.clock.advanceAsync(9000)
    }
    expect(server.received).toHaveLength(5)
    expect(server.closed.filter((end) => end.error?.code === 'timed-out' && end.flow.remote.host === flow.local.host)).toEqual([])
  })

  it('costs one pass over its octets, not one for each piece', async () => {
    const { stage, server, flow } = await streamStage()
    flow.send(encode('OPTIONS sip:bob@example.com SIP/2.0\r\n'))
    for (let index = 0; index < 6000; index++) flow.send(encode('a: b\r\n\t'))
    const before = performance.now()
    await stage.settle()
    // 42,000 octets looked at again for each of 6,000 pieces are 126 million: seconds, on a machine that has other work.
    expect(performance.now() - before).toBeLessThan(1500)
    expect(server.received).toEqual([])
  })
})

describe('connections that say nothing', () => {
  it('go after a minute when they never said anything, after 65 minutes when they did', async () => {
    const { stage, server, flow } = await streamStage()
    flow.send(encode(options(VIA)))
    await stage.settle()
    await stage.clock.advanceAsync(59_999)
    expect(server.layer.connections).toBe(2)
    await stage.clock.advanceAsync(1)
    expect(server.layer.connections).toBe(1)
    expect(server.closed).toMatchObject([{ error: { code: 'timed-out' } }])
    await stage.clock.advanceAsync(3_839_999)
    expect(server.layer.connections).toBe(1)
    await stage.clock.advanceAsync(1)
    expect(server.layer.connections).toBe(0)
    expect(stage.clock.pending).toBe(0)
  })

  it('are never given up when this side opened them', async () => {
    const stage = new Stage()
    const peer = stage.peer(SERVER.host, 'TCP')
    await peer.adapter.listen?.(SERVER)
    const { layer } = stage.node('192.0.2.4', ['TCP'])
    await stage.clock.runUntil(layer.connect({ transport: 'TCP', ...SERVER }))
    await stage.clock.advanceAsync(100_000_000)
    expect(layer.connections).toBe(1)
  })
})

describe('frames and datagrams', () => {
  it('WebSocket: one message a frame, Content-Length or none (RFC 7118 §5.2), empty frames ignored (CVE-2014-9374)', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['WS'])
    await server.layer.listen({ transport: 'WS', host: SERVER.host, port: 80 })
    const peer = stage.peer('192.0.2.4', 'WS')
    const flow = await stage.dial(peer, { transport: 'WS', host: SERVER.host, port: 80 })
    flow.send(new Uint8Array(0))
    flow.send(encode(options('SIP/2.0/WS x7.invalid;branch=z9hG4bK1')))
    flow.send(encode(lines('OPTIONS sip:b@example.com SIP/2.0', 'Via: SIP/2.0/WS x7.invalid;branch=z9hG4bK1', 'From: <sip:a@b>;tag=1', 'To: <sip:a@b>', 'Call-ID: 1', 'CSeq: 1 OPTIONS') + 'body'))
    flow.send(encode('half a mess'))
    await stage.settle()
    expect(server.received.map(({ message }) => new TextDecoder().decode(message.body))).toEqual(['', 'body'])
    expect(server.layer.counters).toMatchObject({ received: 2, malformed: 1, pings: 1 })
    expect(server.closed).toEqual([])
  })

  it('UDP: octets beyond the body are cut off, a body that is cut short is answered with 400', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['UDP'])
    await server.layer.listen({ transport: 'UDP', ...SERVER })
    const peer = stage.peer('192.0.2.4', 'UDP')
    const flow = await stage.dial(peer, { transport: 'UDP', ...SERVER })
    const via = 'SIP/2.0/UDP 192.0.2.4;rport;branch=z9hG4bK1'
    flow.send(encode(options(via, [], 'body') + 'and more'))
    flow.send(encode(options(via, [], 'body').slice(0, -1)))
    await stage.settle()
    expect(server.received.map(({ message }) => new TextDecoder().decode(message.body))).toEqual(['body'])
    expect(peer.received).toHaveLength(1)
    expect(peer.received[0]).toMatch(/^SIP\/2.0 400 /)
  })
})

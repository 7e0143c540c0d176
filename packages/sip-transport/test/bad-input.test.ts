import { randomInteger } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { describe, expect, it } from 'vitest'
import type { Flow } from '../src/index.js'
import { encode, lines, ok, options } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }
const VIA = 'SIP/2.0/UDP 192.0.2.4:49152;rport;branch=z9hG4bK1'

async function served() {
  const stage = new Stage()
  const server = stage.node(SERVER.host, ['UDP', 'TCP', 'WS'])
  await server.layer.listen({ transport: 'UDP', ...SERVER })
  await server.layer.listen({ transport: 'TCP', ...SERVER })
  await server.layer.listen({ transport: 'WS', host: SERVER.host, port: 80 })
  const peer = stage.peer('192.0.2.4', 'UDP')
  const flow = await stage.dial(peer, { transport: 'UDP', ...SERVER })
  const send = async (text: string | Uint8Array): Promise<string> => {
    flow.send(typeof text === 'string' ? encode(text) : text)
    await stage.settle()
    return peer.received.splice(0).join('')
  }
  return { stage, server, send }
}

describe('a datagram that is not SIP', () => {
  it.each([
    ['noise', Uint8Array.from({ length: 300 }, (_, index) => (index * 167 + 13) & 255)],
    ['a STUN request that is no Binding', Uint8Array.of(0, 3, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)],
    ['text', encode('hello?')],
    ['a line', encode('\r\n\r\n\r\n\r\nhello\r\n\r\n')],
    ['HTTP', encode('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a response without most of it', encode('SIP/2.0 200 OK\r\n\r\n')],
    ['a request without Via', encode(options(VIA).replace(/Via:.*\r\n/, ''))],
    ['a broken ACK, which nobody may answer', encode(options(VIA).replaceAll('OPTIONS', 'ACK').replace('CSeq: 1 ACK', 'CSeq: one ACK'))],
    ['a Via that can be read but not be written back', encode(options(`${VIA};x="a\\\0b"`))],
    ['a broken response', encode(ok('SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1').replace('CSeq: 1', 'CSeq: one'))],
  ])('%s: dropped, counted, not answered', async (_title, bytes) => {
    const { server, send } = await served()
    expect(await send(bytes)).toBe('')
    expect(server.received).toEqual([])
    expect(server.layer.counters).toMatchObject({ received: 0, malformed: 1, sent: 0 })
    await send(options(VIA))
    expect(server.received).toHaveLength(1)
  })
})

describe('a broken request that can be answered', () => {
  it.each([
    ['CSeq that is no number', (text: string) => text.replace('CSeq: 1', 'CSeq: one'), 400],
    ['CSeq over 2^32 (CVE-2017-9372)', (text: string) => text.replace('CSeq: 1', 'CSeq: 99999999999'), 400],
    ['CSeq of another method', (text: string) => text.replace('CSeq: 1 OPTIONS', 'CSeq: 1 BYE'), 400],
    ['two From fields (CVE-2020-27507)', (text: string) => text.replace('To:', 'From: <sip:eve@example.com>;tag=e\r\nTo:'), 400],
    ['a body that is cut short', (text: string) => text.replace('Content-Length: 0', 'Content-Length: 10'), 400],
    ['another version', (text: string) => text.replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), 505],
  ])('%s: %#', async (_title, break_, status) => {
    const { server, send } = await served()
    const answer = await send(break_(options(VIA)))
    expect(answer).toMatch(new RegExp(`^SIP/2\\.0 ${status} [\\x20-\\x7e]{5,}\\r\\n`))
    expect(answer).toContain('Call-ID: call-1\r\n')
    expect(answer).toContain('received=192.0.2.4')
    expect(answer).toMatch(/To: <sip:bob@example.com>;tag=[a-z0-9]{12,}\r\n/)
    expect(server.received).toEqual([])
    expect(server.layer.counters).toMatchObject({ malformed: 1, sent: 1 })
    // Its retransmission gets the same answer: RFC 3261 §8.2.7.
    expect(await send(break_(options(VIA)))).toBe(answer)
  })

  it('gets no answer longer than one and a half times itself: nothing to amplify with', async () => {
    const { send } = await served()
    const request = options(VIA).replace('CSeq: 1', `CSeq: ${'x'.repeat(300)}`)
    const answer = await send(request)
    expect(answer.length).toBeGreaterThan(0)
    expect(answer.length).toBeLessThan(1.5 * request.length)
  })
})

describe('anything at all', { timeout: 30_000 }, () => {
  it('leaves the layer standing: 1,000 damaged messages on each transport, nothing thrown, nothing kept', async () => {
    const seed = 7118
    const random = seededRandom(seed)
    const { stage, server } = await served()
    const whole = [
      options(VIA, ['Contact: <sip:alice@192.0.2.4>', 'Route: <sip:p1;lr>, <sip:p2;lr>', 'Supported: path, outbound'], 'body'),
      options('SIP/2.0/UDP [2001:db8::1]:5060;received=1.2.3.4;rport;maddr="x;y";branch=z9hG4bK1;ttl=1, SIP / 2.0 / TCP a_b.c. : 5 ;x="\\""'),
      ok('SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1'),
      lines('INVITE sip:b SIP/2.0', 'v: SIP/2.0/UDP h;rport', 'f: a', 't: b', 'i: c', 'CSeq: 2 INVITE', 'l: 0'),
    ].map(encode)
    const snippets = ['\r\n', '\n', '\0', '\\\0', ';', ',', '"', '<', '>', '[', ']', ':', '%', '%0d%0a', 'rport', ';received=', ';maddr=[', '\xff', '__proto__', ';rport=99999999', 'SIP/2.0', '\r\n\t']
    for (const [transport, port] of [['UDP', 5060], ['TCP', 5060], ['WS', 80]] as const) {
      const peer = stage.peer('192.0.2.5', transport)
      let flow: Flow | undefined
      for (let round = 0; round < 1000; round++) {
        const source = whole[randomInteger(random, 0, whole.length)] ?? new Uint8Array()
        const octets = [...source]
        for (let times = randomInteger(random, 1, 5); times > 0; times--) {
          const at = randomInteger(random, 0, octets.length)
          const snippet = [...encode(snippets[randomInteger(random, 0, snippets.length)] ?? '')]
          octets.splice(at, randomInteger(random, 0, 4), ...snippet)
        }
        if (flow === undefined || peer.closed.includes(flow)) flow = await stage.dial(peer, { transport, host: SERVER.host, port })
        flow.send(Uint8Array.from(octets))
        stage.clock.advance(0)
      }
      for (const flow of peer.flows) flow.close()
    }
    await stage.settle()
    for (const { message } of server.received) {
      expect(typeof message.via.sentBy, `seed ${seed}`).toBe('string')
      expect(message.callId, `seed ${seed}`).not.toBe('')
    }
    expect(server.received.length).toBeGreaterThan(100)
    expect(server.layer.counters.malformed).toBeGreaterThan(100)
    expect(server.layer.connections).toBe(0)
    await server.layer.close()
    await stage.clock.advanceAsync(0)
    expect(stage.clock.pending).toBe(0)
  })
})

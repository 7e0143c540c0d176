import { describe, expect, it } from 'vitest'
import { randomInteger } from '@offhook/sip-machine'
import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import { TransportLayer, answerBinding, looksLikeStun, stunKeepAlive } from '../src/index.js'
import type { Flow, FlowReceiver } from '../src/index.js'
import { mappedAddressOf, parseStun, serializeStun } from '../src/stun/stun-message.js'
import { encode } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }
const octets = (text: string): Uint8Array => Uint8Array.from(text.trim().split(/\s+/), (pair) => parseInt(pair, 16))
/** RFC 5769 §2.2 and §2.3 without what follows the addresses: transaction, cookie and mapped addresses are theirs. */
const ID = octets('b7 e7 a7 01 bc 34 d6 86 fa 87 df ae')
const request = serializeStun({ type: 1, transactionId: ID, attributes: [] })

describe('RFC 5389 §15.2 with the vectors of RFC 5769', () => {
  it.each([
    ['192.0.2.1', '00 20 00 08 00 01 a1 47 e1 12 a6 43'],
    ['2001:db8:1234:5678:11:2233:4455:6677', '00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9'],
  ])('%s port 32853 is written as there', (host, attribute) => {
    const answer = answerBinding(request, { host, port: 32_853 }) ?? new Uint8Array()
    expect([...answer]).toEqual([0x01, 0x01, 0, octets(attribute).length, 0x21, 0x12, 0xa4, 0x42, ...ID, ...octets(attribute)])
    expect(mappedAddressOf(parseStun(answer) ?? { type: 0, transactionId: ID, attributes: [] })).toMatch(/^128\.85\./)
  })

  it('IPv6 is spelled in any way, IPv4 in IPv6 is IPv4', () => {
    for (const [host, length] of [['2001:db8::1', 44], ['::', 44], ['::1', 44], ['fe80::1%eth0', 44], ['::ffff:192.0.2.1', 32]] as const) {
      expect(answerBinding(request, { host, port: 1 }), host).toHaveLength(length)
    }
    for (const host of ['example.com', '1.2.3', '1.2.3.400', '']) expect(answerBinding(request, { host, port: 1 }), host).toBeUndefined()
  })
})

describe('RFC 5389 §6: what is not a message gets no answer (CVE-2022-23537, CVE-2022-23547, CVE-2023-22741)', () => {
  const attributed = (...attribute: number[]): Uint8Array => Uint8Array.of(0, 1, 0, attribute.length, 0x21, 0x12, 0xa4, 0x42, ...ID, ...attribute)
  it.each([
    ['nothing', new Uint8Array()],
    ['less than a header', request.slice(0, 19)],
    ['another cookie', request.map((octet, index) => (index === 4 ? 0x20 : octet))],
    ['a length beyond the end', request.map((octet, index) => (index === 3 ? 4 : octet))],
    ['a length of 65,535', request.map((octet, index) => (index === 2 || index === 3 ? 255 : octet))],
    ['octets beyond the length', Uint8Array.of(...request, 1, 2, 3, 4)],
    ['a length that is no multiple of four', Uint8Array.of(0, 1, 0, 2, ...request.slice(4), 1, 2)],
    ['an attribute that ends beyond the message', attributed(0x80, 0x22, 0, 5, 1, 2, 3, 4)],
    ['an attribute of 65,535 octets', attributed(0x80, 0x22, 255, 255, 1, 2, 3, 4)],
    ['a response', serializeStun({ type: 0x0101, transactionId: ID, attributes: [] })],
    ['an indication', serializeStun({ type: 0x0011, transactionId: ID, attributes: [] })],
    ['another method', serializeStun({ type: 0x0003, transactionId: ID, attributes: [] })],
  ])('%s', (_title, bytes) => expect(answerBinding(bytes, SERVER)).toBeUndefined())

  it('answers attributes that may be ignored, and refuses those that must be understood with 420 and their names (§7.3.1)', () => {
    expect(answerBinding(attributed(0x80, 0x22, 0, 3, 1, 2, 3, 0), SERVER)?.[0]).toBe(1)
    const refusal = parseStun(answerBinding(attributed(0x7f, 0x01, 0, 0, 0x7f, 0x02, 0, 0), SERVER) ?? new Uint8Array())
    expect(refusal?.type).toBe(0x0111)
    expect(refusal?.attributes.map(({ type, value }) => [type, ...value])).toEqual([[0x0009, 0, 0, 4, 20], [0x000a, 0x7f, 1, 0x7f, 2]])
  })

  it('amplification: no answer is more than 24 octets longer than its request, whatever that has in it; nothing throws', () => {
    const seed = 5389
    const random = seededRandom(seed)
    for (let round = 0; round < 20_000; round++) {
      const length = 4 * randomInteger(random, 0, 12)
      const bytes = new Uint8Array(20 + length)
      random.fill(bytes)
      bytes.set([0, 1, 0, length, 0x21, 0x12, 0xa4, 0x42])
      if (length >= 8 && randomInteger(random, 0, 2) === 0) bytes.set([0, randomInteger(random, 0, 255), 0, length - 4 - randomInteger(random, 0, 4)], 20)
      if (randomInteger(random, 0, 10) === 0) bytes[randomInteger(random, 0, 8)] = randomInteger(random, 0, 256)
      const answer = answerBinding(bytes, { host: '2001:db8::1', port: 5060 })
      expect((answer ?? bytes).length, `seed ${seed}, round ${round}`).toBeLessThanOrEqual(bytes.length + 24)
    }
  })
})

describe('RFC 5626 §8: STUN on the port of SIP', () => {
  it('is answered beside SIP, and hands nothing up', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['UDP'])
    await server.layer.listen({ transport: 'UDP', ...SERVER })
    const heard: Uint8Array[] = []
    const receiver: FlowReceiver = { opened: () => undefined, received: (_flow, bytes) => heard.push(bytes), closed: () => undefined }
    const peer = stage.network.adapter('UDP', '192.0.2.4')(receiver)
    const flow = await stage.clock.runUntil(peer.connect({ transport: 'UDP', ...SERVER }))
    flow.send(request)
    await stage.settle()
    expect(heard).toEqual([answerBinding(request, flow.local)])
    expect(server.layer.counters).toMatchObject({ received: 0, malformed: 0 })
  })

  it('begins with other octets than SIP', () => {
    expect(looksLikeStun(request)).toBe(true)
    expect(looksLikeStun(encode('OPTIONS sip:bob@example.com SIP/2.0'))).toBe(false)
  })
})

describe('RFC 5626 §4.4.2: keeping a UDP flow alive by STUN', () => {
  /** A client over a peer that the test plays; `pings` are the requests that went out, and when. */
  async function dialled() {
    const clock = new VirtualClock()
    const pings: { readonly at: number; readonly bytes: Uint8Array }[] = []
    const closed: (string | undefined)[] = []
    let receiver: FlowReceiver | undefined
    const flow: Flow = {
      transport: 'UDP', reliable: false, local: { host: '192.0.2.4', port: 5060 }, remote: SERVER, sentBy: '192.0.2.4', direction: 'outbound',
      send: (bytes) => pings.push({ at: clock.now(), bytes }), close: () => receiver?.closed(flow),
    }
    const layer = new TransportLayer({
      clock, random: seededRandom(7), receive: () => undefined, closed: (_flow, error) => closed.push(error?.code),
      adapters: [(told) => {
        receiver = told
        return { transport: 'UDP', framing: 'datagram', connect: () => Promise.resolve(flow), close: () => Promise.resolve() }
      }],
    })
    layer.keepAlive(flow, stunKeepAlive({ random: seededRandom(8) }))
    const answer = (remote = { host: '203.0.113.9', port: 1024 }): void => {
      const last = pings.at(-1)
      if (last !== undefined) receiver?.received(flow, answerBinding(last.bytes, remote) ?? new Uint8Array())
    }
    const hear = (bytes: Uint8Array): void => receiver?.received(flow, bytes)
    return { clock, layer, flow, pings, closed, answer, hear }
  }

  it('pings between 80 % and 100 % of 29 s, each time with another transaction ID, as long as it is answered', async () => {
    const { clock, pings, closed, answer, layer } = await dialled()
    while (clock.now() < 600_000) {
      const before = pings.length
      clock.advance(100)
      if (pings.length > before) answer()
    }
    const gaps = pings.map(({ at }, index) => at - (pings[index - 1]?.at ?? 0))
    expect(gaps.length).toBeGreaterThan(18)
    for (const gap of gaps) expect(gap >= 23_200 && gap <= 29_100, String(gap)).toBe(true)
    expect(new Set(pings.map(({ bytes }) => bytes.subarray(8, 20).join())).size).toBe(pings.length)
    expect(closed).toEqual([])
    expect(layer.counters).toMatchObject({ pings: pings.length, malformed: 0 })
  })

  it('sends the same request again after 500 ms, 1, 2, 4… s, and fails after 39.5 s, once, with nothing left', async () => {
    const { clock, pings, closed, layer } = await dialled()
    clock.advance(29_000)
    const first = pings[0]?.at ?? 0
    clock.advance(39_500)
    expect(pings.map(({ at }) => at - first)).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500])
    expect(new Set(pings.map(({ bytes }) => bytes.join())).size).toBe(1)
    expect(closed).toEqual(['timed-out'])
    expect(clock.pending).toBe(0)
    expect(layer.connections).toBe(0)
  })

  it('any datagram of SIP shows that the peer lives; a STUN response with another transaction ID does not', async () => {
    for (const [bytes, codes] of [[encode('\r\n'), []], [serializeStun({ type: 0x0101, transactionId: ID, attributes: [] }), ['timed-out']]] as const) {
      const { clock, hear, closed } = await dialled()
      for (let at = 0; at < 100_000; at += 10_000) {
        clock.advance(10_000)
        hear(bytes)
      }
      expect(closed).toEqual(codes)
    }
  })

  it('fails when the NAT gives the flow another address', async () => {
    const { clock, pings, closed, answer } = await dialled()
    while (pings.length === 0) clock.advance(100)
    answer()
    while (pings.length === 1) clock.advance(100)
    answer({ host: '203.0.113.9', port: 1025 })
    expect(closed).toEqual(['closed'])
    expect(clock.pending).toBe(0)
  })
})

describe('another ping than CRLF, such as OPTIONS', () => {
  it.each(['UDP', 'TCP'] as const)('%s: is sent by its owner, answered by anything, and missed after pongTimeout', async (transport) => {
    const stage = new Stage()
    const peer = stage.peer(SERVER.host, transport)
    await peer.adapter.listen?.(SERVER)
    const client = stage.node('192.0.2.4', [transport])
    const flow = await stage.clock.runUntil(client.layer.connect({ transport, ...SERVER }))
    let pings = 0
    client.layer.keepAlive(flow, { interval: 30_000, pongTimeout: 5000, ping: (to) => {
      expect(to).toBe(flow)
      pings++
      to.send(encode('OPTIONS …'))
    } })
    for (let round = 0; round < 20; round++) {
      await stage.clock.advanceAsync(4000)
      const back = peer.flows[0] ?? (await stage.dial(peer, { transport, ...flow.local }))
      back.send(encode('\r\n'))
    }
    await stage.settle()
    expect(pings).toBeGreaterThanOrEqual(2)
    expect(client.closed).toEqual([])
    await stage.clock.advanceAsync(36_000)
    expect(client.closed).toMatchObject([{ error: { code: 'timed-out' } }])
    expect(stage.clock.pending).toBe(0)
  })
})

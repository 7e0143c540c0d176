import { describe, expect, it } from 'vitest'
import { createWorld, serverHost } from './world.js'
import type { World } from './world.js'

/** Somebody who sends datagrams as fast as can be and does not read the answers, but counts them. */
async function createFlooder(world: World): Promise<{ send: (index: number) => number; statuses: Map<number, number>; largest: () => number; withoutRetryAfter: () => number }> {
  const statuses = new Map<number, number>()
  let largest = 0
  let withoutRetryAfter = 0
  const host = '192.0.2.66'
  const adapter = world.network.adapter('UDP', host)({
    opened: () => undefined,
    closed: () => undefined,
    received: (_, bytes) => {
      const text = new TextDecoder().decode(bytes)
      const status = Number(text.slice(8, 11))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      largest = Math.max(largest, bytes.length)
      if (status === 503 && !/^Retry-After: \d+\r$/m.test(text)) withoutRetryAfter += 1
    },
  })
  const flow = await world.clock.runUntil(adapter.connect({ transport: 'UDP', host: serverHost, port: 5060 }))
  const sentBy = flow.sentBy
  return {
    statuses, largest: () => largest, withoutRetryAfter: () => withoutRetryAfter,
    send: (index) => {
      const body = 'v=0\r\no=- 1 1 IN IP4 192.0.2.66\r\ns=-\r\nc=IN IP4 192.0.2.66\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n'
      const bytes = new TextEncoder().encode(
        `INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP ${sentBy};branch=z9hG4bKflood${index};rport\r\nMax-Forwards: 70\r\n`
        + `From: <sip:evil@example.com>;tag=${index}\r\nTo: <sip:bob@example.com>\r\nCall-ID: flood${index}@${host}\r\nCSeq: 1 INVITE\r\n`
        + `Contact: <sip:evil@${host}>\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      flow.send(bytes)
      return bytes.length
    },
  }
}

describe('INVITE flood over spoofable UDP', () => {
  it('20,000 without credentials: no transaction, no answer larger than 1.5 times its request', async () => {
    const world = await createWorld({ auth: { passwords: () => 'secret' } })
    const flooder = await createFlooder(world)
    let size = 0
    for (let index = 0; index < 20_000; index += 1) {
      size = flooder.send(index)
      if (index % 1000 === 999) {
        await world.pass(1)
        expect(world.server.transactions).toBe(0)
      }
    }
    expect(flooder.statuses).toEqual(new Map([[407, 20_000]]))
    expect(flooder.largest()).toBeLessThanOrEqual(size * 1.5)
  }, 60_000)

  it('20,000 on an open server: transactions stay under the limit, the rest get 503 with Retry-After and cost nothing', async () => {
    const world = await createWorld({ maxTransactions: 500 })
    const bob = await world.phone('bob')
    await bob.register()
    await world.pass(40_000)
    const flooder = await createFlooder(world)
    let most = 0
    for (let index = 0; index < 20_000; index += 1) {
      flooder.send(index)
      if (index % 1000 === 999) {
        await world.pass(1)
        most = Math.max(most, world.server.transactions)
      }
    }
    // New requests stop at the limit; the branches of those let in may double it.
    // An eighth is kept for requests within dialogs.
    expect(most).toBeGreaterThanOrEqual(438)
    expect(most).toBeLessThanOrEqual(1000)
    expect(flooder.statuses.get(503)).toBe(19_562)
    expect(flooder.withoutRetryAfter()).toBe(0)
    await world.pass(200_000)
    expect(world.server.transactions).toBe(0)
    const alice = await world.phone('alice')
    expect((await alice.ask(alice.request('OPTIONS', 'sip:example.com'))).statusCode).toBe(200)
  }, 60_000)

  it('forks do not multiply the limit', async () => {
    const world = await createWorld({ maxTransactions: 50 })
    for (let index = 0; index < 10; index += 1) {
      const bob = await world.phone('bob', { host: `192.0.2.${110 + index}` })
      await bob.register()
    }
    await world.pass(40_000)
    const flooder = await createFlooder(world)
    for (let index = 0; index < 200; index += 1) flooder.send(index)
    await world.pass(1)
    expect(world.server.transactions).toBeLessThanOrEqual(100)
    expect(flooder.withoutRetryAfter()).toBe(0)
    expect([...flooder.statuses.keys()]).toContain(503)
  })
})

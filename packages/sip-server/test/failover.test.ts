import { seededRandom } from '@offhook/sip-machine/testing'
import type { SipRequest } from '@offhook/sip-parser'
import { createCancel } from '@offhook/sip-transaction'
import { locateLiteral, withFailover } from '@offhook/sip-transport'
import type { Locate, Target, TransportName } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { createWorld } from './world.js'
import type { Phone, World } from './world.js'

const [ONE, TWO] = ['192.0.2.201', '192.0.2.202']

interface Scene {
  readonly world: World
  readonly alice: Phone
  readonly one: Phone
  readonly two: Phone
  readonly ask: (method: string) => Promise<SipRequest>
  readonly statuses: (request: SipRequest) => number[]
}

/** A server that relays to another domain, which has two servers, the first preferred. */
async function scene(transport: TransportName = 'UDP', deaf = false): Promise<Scene> {
  let locate: Locate = locateLiteral
  const world = await createWorld({
    relay: ['other.example'],
    locate: Object.assign((uri: Parameters<Locate>[0]) => locate(uri), { failed: (target: Target, retryAfter?: number) => locate.failed?.(target, retryAfter) }),
  })
  const targets = [ONE, TWO].map((host): Target => ({ transport, host, port: 5060 }))
  locate = withFailover((uri) => (uri.host === 'other.example' ? Promise.resolve(targets) : locateLiteral(uri)), { clock: world.clock, random: seededRandom(3) })
  const alice = await world.phone('alice')
  const one = await world.phone('one', { transport, host: ONE, deaf })
  const two = await world.phone('two', { transport, host: TWO })
  return {
    world, alice, one, two, statuses: (request) => alice.statusesOf(request),
    async ask(method) {
      const request = alice.request(method, 'sip:bob@other.example', { callId: `${method} ${world.clock.now()}`.replace(' ', '-') })
      alice.send(request)
      await world.pass()
      return request
    },
  }
}

describe('RFC 3263 §4.3, RFC 3261 §16.6: the next hop has several servers', () => {
  it('503 with Retry-After: the same copy goes to the next one, in a new transaction; the first is left alone as long as it asked', async () => {
    const { world, one, two, ask, statuses } = await scene()
    const message = await ask('MESSAGE')
    one.reply(one.received('MESSAGE'), 503, [['Retry-After', '120']])
    await world.pass()
    const [first, second] = [one.received('MESSAGE'), two.received('MESSAGE')]
    expect(second.via.branch).not.toBe(first.via.branch)
    expect(second.vias).toHaveLength(2)
    for (const name of ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards']) expect(second.headers.get(name)).toBe(first.headers.get(name))
    two.reply(second, 200)
    await world.pass()
    expect(statuses(message)).toEqual([200])
    for (const [wait, counts] of [[0, [1, 2]], [119_000, [1, 3]], [1_000, [2, 3]]] as const) {
      await world.pass(wait)
      await ask('MESSAGE')
      expect([one.requests('MESSAGE').length, two.requests('MESSAGE').length]).toEqual(counts)
      for (const phone of [one, two]) phone.reply(phone.received('MESSAGE'), 200)
      await world.pass()
    }
    await world.pass(60_000)
    expect([world.server.transactions, world.server.pendingRequests]).toEqual([0, 0])
  })

  it('no answer: after timer F, or B, the next one', async () => {
    for (const method of ['OPTIONS', 'INVITE']) {
      const { world, one, two, ask, statuses } = await scene()
      const request = await ask(method)
      await world.pass(31_900)
      expect(one.requests(method).length).toBeGreaterThan(1)
      expect(two.requests(method)).toEqual([])
      await world.pass(200)
      two.reply(two.received(method), 404)
      await world.pass()
      // For the caller of an OPTIONS the server transaction has timed out by then.
      if (method === 'INVITE') expect(statuses(request)).toEqual([100, 404])
      await ask(method)
      expect(two.requests(method).filter((copy) => copy.headers.get('Call-ID') !== request.callId)).toHaveLength(1)
      await world.pass(400_000)
      expect([world.server.transactions, world.server.pendingRequests]).toEqual([0, 0])
    }
  })

  it('nobody listens: the next one at once', async () => {
    const { world, one, two, ask, statuses } = await scene('TCP', true)
    const message = await ask('MESSAGE')
    expect(one.requests('MESSAGE')).toEqual([])
    two.reply(two.received('MESSAGE'), 200)
    await world.pass()
    expect(statuses(message)).toEqual([200])
  })

  it('503 from all: 500, since the caller must not think that this server is overloaded (RFC 3261 §16.7, 6)', async () => {
    const { world, one, two, ask, statuses } = await scene()
    const message = await ask('MESSAGE')
    one.reply(one.received('MESSAGE'), 503)
    await world.pass()
    two.reply(two.received('MESSAGE'), 503)
    await world.pass()
    expect(statuses(message)).toEqual([500])
  })

  it('a call that was placed elsewhere is cancelled there, and nowhere else', async () => {
    const { world, alice, one, two, ask, statuses } = await scene()
    const invite = await ask('INVITE')
    one.reply(one.received('INVITE'), 503)
    await world.pass()
    two.reply(two.received('INVITE'), 180)
    await world.pass()
    alice.send(createCancel(invite))
    await world.pass()
    expect(one.requests('CANCEL')).toEqual([])
    expect(two.received('CANCEL').via.branch).toBe(two.received('INVITE').via.branch)
    two.reply(two.received('CANCEL'), 200)
    two.reply(two.received('INVITE'), 487)
    await world.pass()
    expect(statuses(invite).filter((status) => status > 100)).toEqual([180, 487])
  })

  it('a call that was given up goes nowhere else', async () => {
    const { world, alice, one, two, ask, statuses } = await scene()
    const invite = await ask('INVITE')
    one.reply(one.received('INVITE'), 180)
    await world.pass()
    alice.send(createCancel(invite))
    await world.pass()
    one.reply(one.received('CANCEL'), 200)
    one.reply(one.received('INVITE'), 503)
    await world.pass()
    expect(two.requests('INVITE')).toEqual([])
    expect(statuses(invite).at(-1)).toBeGreaterThanOrEqual(400)
  })
})

import { DigestServer } from '@offhook/sip-auth'
import { seededRandom } from '@offhook/sip-machine/testing'
import { locateLiteral, withFailover } from '@offhook/sip-transport'
import type { Target } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { serverList } from '../../src/index.js'
import type { UserAgent, UserAgentOptions } from '../../src/index.js'
import { createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { TestServer } from '../support/test-server.js'

const [ONE, TWO] = ['192.0.2.201', '192.0.2.202']

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly one: TestServer
  readonly two: TestServer
}

/** Two UDP servers of one name, the first preferred. */
async function datagrams(options: Partial<UserAgentOptions> = {}): Promise<World> {
  const network = createTestNetwork()
  const targets = [ONE, TWO].map((host): Target => ({ transport: 'UDP', host, port: 5060 }))
  const locate = withFailover(() => Promise.resolve(targets), { clock: network.clock, random: seededRandom(3) })
  const alice = network.agent('alice', { locate, ...options })
  return { network, alice, one: await new TestServer(network, 'UDP', ONE).start(), two: await new TestServer(network, 'UDP', TWO).start() }
}

/** Two WebSocket servers in a list, the first preferred. */
async function webSockets(options: Partial<UserAgentOptions> = {}): Promise<World> {
  const network = createTestNetwork({ transport: 'WSS' })
  const { clock } = network
  const server = serverList([`wss://${ONE}:5060/sip`, `wss://${TWO}:5060/sip`], { clock, random: seededRandom(3) })
  const alice = network.agent('alice', { server, listen: [], ...options })
  return { network, alice, one: await new TestServer(network, 'WSS', ONE).start(), two: await new TestServer(network, 'WSS', TWO).start() }
}

const end = async ({ network, alice, one, two }: World): Promise<void> => {
  await network.run(alice.unregister())
  await one.stop()
  await two.stop()
  await expectNothingLeft(network, alice)
}

describe('RFC 3263 §4.3: failure and the next server', () => {
  it('no answer: the same request goes to the next server, as a new transaction; later ones go there at once, and back after a while', async () => {
    const world = await datagrams()
    const { network, alice, one, two } = world
    one.answer = () => undefined
    const before = network.clock.now()
    expect(await network.run(alice.message('sip:bob@example.com', 'hello'), 60_000)).toMatchObject({ status: 200 })
    // Timer F.
    expect(network.clock.now() - before).toBeGreaterThanOrEqual(32_000)
    expect(network.clock.now() - before).toBeLessThan(32_100)
    const [[first], [second]] = [one.requests, two.requests]
    if (first === undefined || second === undefined) throw new TypeError('not both')
    expect(second.via.branch).not.toBe(first.via.branch)
    for (const field of ['From', 'To', 'Call-ID', 'CSeq', 'Contact']) expect(second.headers.get(field)).toBe(first.headers.get(field))
    one.answer = () => ({ statusCode: 200 })
    await network.run(alice.message('sip:bob@example.com', 'again'))
    expect([one.methods, two.methods]).toEqual([['MESSAGE'], ['MESSAGE', 'MESSAGE']])
    await network.advance(60_000)
    await network.run(alice.message('sip:bob@example.com', 'back'))
    expect([one.methods, two.methods]).toEqual([['MESSAGE', 'MESSAGE'], ['MESSAGE', 'MESSAGE']])
    await end(world)
  })

  it('503 with Retry-After: the next server, and the first one again when it said so', async () => {
    const world = await datagrams()
    const { network, alice, one, two } = world
    one.answer = () => ({ statusCode: 503, headers: [['Retry-After', '120 (busy);duration=60']] })
    expect(await network.run(alice.message('sip:bob@example.com', '1'))).toMatchObject({ status: 200 })
    one.answer = () => ({ statusCode: 200 })
    for (let minute = 0; minute < 3; minute++) {
      await network.advance(39_000)
      await network.run(alice.message('sip:bob@example.com', '2'))
    }
    expect([one.methods.length, two.methods.length]).toEqual([1, 4])
    await network.advance(34_000)
    await network.run(alice.message('sip:bob@example.com', '3'))
    expect([one.methods.length, two.methods.length]).toEqual([2, 4])
    await end(world)
  })

  it('503 from all: the last one is the outcome; and all are tried again, the soonest free first, rather than nobody', async () => {
    const world = await datagrams()
    const { network, alice, one, two } = world
    one.answer = two.answer = () => ({ statusCode: 503, headers: [['Retry-After', '100']] })
    expect(await network.run(alice.message('sip:bob@example.com', '1'))).toMatchObject({ status: 503 })
    expect([one.methods.length, two.methods.length]).toEqual([1, 1])
    one.answer = () => ({ statusCode: 200 })
    expect(await network.run(alice.message('sip:bob@example.com', '2'))).toMatchObject({ status: 200 })
    expect([one.methods.length, two.methods.length]).toEqual([2, 1])
    await end(world)
  })

  it.each([500, 504, 408, 404, 603])('%i is an answer: no other server is asked', async (statusCode) => {
    const world = await datagrams()
    const { network, alice, one, two } = world
    one.answer = () => ({ statusCode })
    expect(await network.run(alice.message('sip:bob@example.com', '1'))).toMatchObject({ status: statusCode })
    expect([one.methods.length, two.methods.length]).toEqual([1, 0])
    await end(world)
  })

  it('a provisional response is an answer: a call that rings is not placed twice', async () => {
    const world = await datagrams({ ringTimeout: 20 })
    const { network, alice, one, two } = world
    one.answer = ({ method }) => (method === 'INVITE' ? { statusCode: 180 } : { statusCode: 200 })
    const call = alice.call('sip:bob@example.com')
    expect(await network.run(call.ended, 120_000)).toMatchObject({ cause: 'no-answer' })
    await network.advance(50)
    expect([one.methods, two.methods]).toEqual([['INVITE', 'CANCEL'], []])
    await end(world)
  })

  it('a call that is given up meanwhile goes nowhere else', async () => {
    const world = await datagrams()
    const { network, alice, one, two } = world
    one.answer = () => undefined
    const call = alice.call('sip:bob@example.com')
    await network.advance(1_000)
    await network.run(call.hangUp())
    await network.advance(70_000)
    expect([one.methods, two.methods]).toEqual([['INVITE'], []])
    await end(world)
  })

  it('CVE-2021-41158: what one server may see of our password is not shown to the next', async () => {
    const world = await datagrams({ password: 'secret' })
    const { network, alice, one, two } = world
    const digest = new DigestServer({ realm: 'example.test', secret: new Uint8Array(32).fill(7), passwords: () => 'secret', nonceLifetime: 60_000, random: seededRandom(5) })
    one.answer = (request) => (request.headers.has('Authorization') ? { statusCode: 503 } : { statusCode: 401, headers: digest.challenge(network.clock.now()) })
    expect(await network.run(alice.message('sip:bob@example.com', '1'))).toMatchObject({ status: 200 })
    expect(one.requests.map(({ headers }) => headers.has('Authorization'))).toEqual([false, true])
    expect(two.requests.map(({ headers }) => headers.has('Authorization'))).toEqual([false])
    expect(two.requests.map(({ cseq }) => cseq.sequence)).toEqual([2])
    await end(world)
  })
})

describe('a list of servers (browsers)', () => {
  it('a registering agent: dead primary, secondary, primary again; it is told what became of the connection', async () => {
    const world = await webSockets()
    const { network, alice, one, two } = world
    const events: string[] = []
    alice.on('connection', (state) => events.push(state))
    await network.run(alice.register({ expires: 60 }))
    expect([one.methods, two.methods]).toEqual([['REGISTER'], []])
    await one.stop()
    await network.advance(1_000)
    expect([one.methods.length, two.methods.length]).toEqual([1, 1])
    expect(alice.registrationState.name).toBe('registered')
    expect(events).toEqual(['connected', 'disconnected', 'connected'])
    // Its next renewals come after the time for which the first one is avoided.
    await one.start()
    await network.advance(120_000)
    expect(two.methods.length).toBeLessThanOrEqual(2)
    expect(one.methods.length).toBeGreaterThanOrEqual(2)
    expect(alice.registrationState.name).toBe('registered')
    expect(events).toEqual(['connected', 'disconnected', 'connected', 'connected'])
    await end(world)
  })

  it('a calling agent: dead primary, secondary, primary again; a call stays with the server that it went through', async () => {
    const world = await webSockets()
    const { network, alice, one, two } = world
    await one.stop()
    two.answer = (request) => (request.method === 'INVITE' ? { statusCode: 486 } : { statusCode: 200 })
    const busy = alice.call('bob')
    expect(await network.run(busy.ended)).toMatchObject({ cause: 'busy' })
    await one.start()
    one.answer = two.answer
    await network.run(alice.call('bob').ended)
    expect([one.methods, two.methods]).toEqual([[], ['INVITE', 'INVITE']])
    await network.advance(60_000)
    await network.run(alice.call('bob').ended)
    expect([one.methods, two.methods]).toEqual([['INVITE'], ['INVITE', 'INVITE']])
    await end(world)
  })

  it('dead ones are tried less and less often, and all are tried when all are dead', async () => {
    const world = await webSockets()
    const { network, alice, one, two } = world
    await one.stop()
    await two.stop()
    expect(await network.run(alice.message('bob', '1'))).toMatchObject({ ok: false, failure: 'unreachable' })
    await two.start()
    expect(await network.run(alice.message('bob', '2'))).toMatchObject({ status: 200 })
    await end(world)
  })

  it('shares the phones by weight, each one keeping its server', async () => {
    const counts = { [ONE]: 0, [TWO]: 0 }
    for (let phone = 0; phone < 1_000; phone++) {
      const list = serverList([{ uri: `wss://${ONE}`, priority: 0, weight: 1 }, { uri: `wss://${TWO}`, priority: 0, weight: 3 }], { random: seededRandom(phone) })
      const [first] = await list.targets()
      const [again] = await list.targets()
      expect(again?.host).toBe(first?.host)
      if (first?.host === ONE || first?.host === TWO) counts[first.host] = (counts[first.host] ?? 0) + 1
    }
    expect(Math.abs((counts[TWO] ?? 0) - 750)).toBeLessThan(70)
  })

  it('SIP URIs: outbound proxies for what is outside of dialogs', async () => {
    const network = createTestNetwork()
    const { clock } = network
    const server = serverList([`sip:${ONE}`, `sip:${TWO}`], { clock, random: seededRandom(1), locate: locateLiteral })
    const alice = network.agent('alice', { server })
    const [one, two] = [await new TestServer(network, 'UDP', ONE).start(), await new TestServer(network, 'UDP', TWO).start()]
    one.answer = () => ({ statusCode: 503 })
    await network.run(alice.register({ expires: 60 }))
    await network.run(alice.message('bob', '1'))
    expect([one.methods, two.methods]).toEqual([['REGISTER'], ['REGISTER', 'MESSAGE']])
    await end({ network, alice, one, two })
  })

  it.each([
    ['nothing', []],
    ['nonsense', ['http://example.com']],
    ['a mixture', ['wss://example.com', 'sip:example.com']],
    ['a route', ['sip:example.com;lr']],
    ['a weight that is none', [{ uri: 'wss://example.com', weight: 0.5 }]],
    ['a priority that is none', [{ uri: 'wss://example.com', priority: 70_000 }]],
  ])('refuses %s', (_name, servers) => {
    expect(() => serverList(servers)).toThrow(expect.objectContaining({ code: 'bad-server' }) as Error)
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { SessionError, transfers } from '../../src/index.js'
import type { Call, Referral, TransferOptions, TransfersOptions, UserAgent, UserAgentOptions } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork, TestNetworkOptions } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'

interface Person {
  readonly agent: UserAgent
  /** Calls that came in, and those that a referral made. */
  readonly calls: Call[]
  readonly referrals: Referral[]
}

interface World {
  readonly network: TestNetwork
  readonly alice: Person
  readonly bob: Person
  readonly carol: Person
  readonly wire: string[]
}

interface Plot extends TestNetworkOptions {
  readonly agent?: Partial<UserAgentOptions>
  /** Carol's: `undefined` leaves the call alone. */
  readonly carol?: (call: Call) => void
  readonly carolTransfers?: TransfersOptions | 'none'
  readonly bobTransfers?: TransfersOptions | 'none'
}

const answer = (call: Call): void => void call.answer()

function world({ agent: shared = {}, carol: carolDoes = answer, carolTransfers = {}, bobTransfers, ...options }: Plot = {}): World {
  const network = createTestNetwork(options)
  const wire: string[] = []
  const person = (name: string, incoming: (call: Call) => void, own: TransfersOptions | 'none' | undefined): Person => {
    const calls: Call[] = []
    const referrals: Referral[] = []
    const follow: TransfersOptions = { onRefer: (referral) => { referrals.push(referral); calls.push(referral.accept()) } }
    const extensions = own === 'none' ? [] : [transfers({ ...follow, ...own })]
    const agent = network.agent(name, { media: createFakeMedia({ clock: network.clock }).factory, extensions, ...shared })
    agent.on('incoming', (call) => { calls.push(call); incoming(call) })
    agent.on('trace', ({ direction, message, remote }) => {
      if (direction === 'sent') wire.push(`${name} ${message.kind === 'request' ? message.method : message.statusCode} ${remote.host.slice(-1)}`)
    })
    return { agent, calls, referrals }
  }
  return { network, wire, alice: person('alice', answer, {}), bob: person('bob', answer, bobTransfers), carol: person('carol', carolDoes, carolTransfers) }
}

async function established({ network, alice }: World, who = 'bob'): Promise<Call> {
  const call = alice.agent.call(who)
  expect(await network.run(call.answered)).toEqual({ answered: true })
  await network.advance(100)
  return call
}

const open: TestNetwork[] = []
afterEach(async () => {
  for (const network of open.splice(0)) await network.close()
})

describe('RFC 5589 §6 blind transfer', () => {
  it('ends with the peer and the target in a call, and tells the transferor of every step', async () => {
    const set = world()
    const { network, alice, bob, carol } = set
    const call = await established(set)
    const transfer = call.transfer('carol')
    const steps: string[] = []
    transfer.on('accepted', () => steps.push('accepted'))
    transfer.on('progress', ({ status }) => steps.push(String(status)))
    expect(await network.run(transfer.outcome)).toEqual({ ok: true, status: 200, reason: 'OK' })
    expect(steps[0]).toMatch(/accepted|100/)
    expect(steps.at(-1)).toBe('200')
    expect(await network.run(call.ended)).toMatchObject({ by: 'local', cause: 'transferred' })
    const [old, made] = bob.calls
    expect(await network.run(old!.ended)).toMatchObject({ by: 'remote', cause: 'hung-up' })
    expect(old!.replacedBy).toBe(made)
    expect(made!.state.name).toBe('established')
    expect(made!.remote.uri.toString()).toBe('sip:carol@example.test')
    expect(carol.calls[0]?.remote.uri.toString()).toBe('sip:bob@example.test')
    expect(bob.referrals[0]?.call).toBe(old)
    expect(bob.referrals[0]?.referredBy?.uri.toString()).toBe('sip:alice@example.test')
    await network.run(made!.hangUp())
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('§6.3.1: leaves the call as it was when the target is busy', async () => {
    const set = world({ carol: (call) => void call.reject(486) })
    const { network, alice, bob, carol } = set
    const call = await established(set)
    expect(await network.run(call.transfer('carol').outcome)).toEqual({ ok: false, code: 'failed', status: 486, reason: 'Busy Here' })
    await network.advance(60_000)
    expect(call.state.name).toBe('established')
    expect(bob.calls[0]!.state.name).toBe('established')
    expect(bob.calls[0]!.replacedBy).toBeUndefined()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('§6.3.2: and when the target does not answer', async () => {
    const set = world({ carol: () => undefined, agent: { ringTimeout: 20 } })
    const { network } = set
    open.push(network)
    const call = await established(set)
    expect(await network.run(call.transfer('carol').outcome)).toMatchObject({ ok: false, code: 'failed', status: expect.any(Number) as number })
    expect(call.state.name).toBe('established')
  })

  it('and when there is no such target', async () => {
    const set = world()
    open.push(set.network)
    const call = await established(set)
    expect(await set.network.run(call.transfer('nobody').outcome)).toMatchObject({ ok: false, code: 'failed', status: 503 })
    expect(call.state.name).toBe('established')
  })

  it.each([
    ['does not transfer', 'none', { ok: false, code: 'refused', status: 405 }],
    ['declines', { onRefer: (referral: Referral) => referral.reject() }, { ok: false, code: 'refused', status: 603 }],
  ] as const)('and when the peer %s', async (_name, bobTransfers, outcome) => {
    const set = world({ bobTransfers })
    const { network, alice, bob, carol } = set
    const call = await established(set)
    expect(await network.run(call.transfer('carol').outcome)).toMatchObject(outcome)
    expect(carol.calls).toEqual([])
    expect(call.state.name).toBe('established')
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('RFC 3515 §2.4.7: the peer may decide later, and be pending meanwhile', async () => {
    const waiting: Referral[] = []
    const set = world({ bobTransfers: { onRefer: (referral) => void waiting.push(referral) } })
    const { network, alice, bob, carol } = set
    const call = await established(set)
    const transfer = call.transfer('carol')
    await network.advance(40_000)
    expect(transfer.progress).toEqual({ status: 100, reason: 'Trying' })
    waiting[0]!.accept()
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: true })
    const second = await established({ ...set, alice: carol }, 'bob')
    const again = second.transfer('alice')
    await network.advance(10_000)
    waiting[1]!.reject(480, 'Not now')
    expect(await network.run(again.outcome)).toEqual({ ok: false, code: 'failed', status: 480, reason: 'Not now' })
    for (const { calls } of [alice, bob, carol]) for (const one of calls) void one.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('hangs up as soon as the peer agreed, if told so, and still hears the end: NOTIFY after BYE (RFC 5057)', async () => {
    const set = world({ carol: (call) => setTimeoutOn(set.network, 3000, () => call.answer()) })
    const { network, alice, bob, carol, wire } = set
    const call = await established(set)
    const transfer = call.transfer('carol', { hangUp: 'accepted' })
    expect(await network.run(call.ended)).toMatchObject({ by: 'local', cause: 'transferred' })
    expect(transfer.progress?.status ?? 100).toBeLessThan(200)
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: true, status: 200 })
    expect(wire.slice(wire.indexOf('alice BYE 2')).filter((line) => line === 'bob NOTIFY 1').length).toBeGreaterThan(1)
    void bob.calls.at(-1)?.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('never hangs up, if told so: the peer does after a while', async () => {
    const set = world()
    const { network, alice, bob, carol } = set
    const call = await established(set)
    expect(await network.run(call.transfer('carol', { hangUp: 'never' }).outcome)).toMatchObject({ ok: true })
    await network.advance(2000)
    expect(call.state.name).toBe('established')
    expect(await network.run(call.ended)).toMatchObject({ by: 'remote', cause: 'hung-up' })
    expect(await bob.calls[0]!.ended).toMatchObject({ by: 'local', cause: 'transferred' })
    void bob.calls.at(-1)?.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it.each<[NonNullable<TransferOptions['report']>, object]>([
    ['unwanted', { ok: false, code: 'unreported' }], // RFC 4488
    ['none', { ok: false, code: 'unreported' }], // RFC 7614 §5
    ['explicit', { ok: true, status: 200 }], // RFC 7614 §4
  ])('with reports that are %s', async (report, outcome) => {
    const set = world()
    const { network, alice, bob, carol, wire } = set
    const call = await established(set)
    expect(await network.run(call.transfer('carol', { report }).outcome)).toMatchObject(outcome)
    await network.advance(1000)
    expect(wire.includes('bob NOTIFY 1')).toBe(report === 'explicit')
    expect(wire.includes('alice SUBSCRIBE 2')).toBe(report === 'explicit')
    expect(bob.calls[1]!.state.name).toBe('established')
    for (const one of [call, ...bob.calls]) void one.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('given up by a signal ends the subscription, not the new call (RFC 3515 §2.4.4)', async () => {
    const set = world({ carol: (call) => setTimeoutOn(set.network, 5000, () => call.answer()) })
    const { network, alice, bob, carol, wire } = set
    const call = await established(set)
    const controller = new AbortController()
    const transfer = call.transfer('carol', { signal: controller.signal })
    await network.advance(1000)
    controller.abort()
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, code: 'aborted' })
    await network.advance(10_000)
    expect(wire).toContain('alice SUBSCRIBE 2')
    expect(bob.calls[1]!.state.name).toBe('established')
    for (const one of [call, ...bob.calls]) void one.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('ends when the agent is closed, and is an outcome', async () => {
    const set = world({ carol: () => undefined })
    const call = await established(set)
    const transfer = call.transfer('carol')
    await set.network.advance(1000)
    await set.network.run(set.alice.agent.close())
    expect(await transfer.outcome).toMatchObject({ ok: false, code: 'ended' })
  })

  it('is misuse without the extension, before the answer, to oneself or to nothing', async () => {
    const set = world({ bobTransfers: 'none' })
    open.push(set.network)
    const call = set.alice.agent.call('bob')
    expect(() => call.transfer('carol')).toThrow(expect.objectContaining({ code: 'wrong-state' }) as SessionError)
    await set.network.run(call.answered)
    expect(() => call.transfer(call)).toThrow(expect.objectContaining({ code: 'bad-target' }) as SessionError)
    expect(() => call.transfer('')).toThrow(expect.objectContaining({ code: 'bad-target' }) as SessionError)
    expect(() => set.bob.calls[0]!.transfer('carol')).toThrow(/extensions: \[transfers\(\)\]/)
    await set.network.run(call.hangUp())
    expect(await call.transfer('carol').outcome).toMatchObject({ ok: false, code: 'ended' })
  })
})

function setTimeoutOn(network: TestNetwork, ms: number, task: () => unknown): void {
  network.clock.schedule(network.clock.now() + ms, () => void task())
}

describe('RFC 5589 §7 attended transfer', () => {
  it('puts the peer into the place that we had with the target', async () => {
    const set = world()
    const { network, alice, bob, carol } = set
    const call = await established(set)
    const consultation = await established(set, 'carol')
    expect(await network.run(call.transfer(consultation).outcome)).toMatchObject({ ok: true, status: 200 })
    await network.advance(1000)
    expect((await call.ended).cause).toBe('transferred')
    expect(consultation.state.name).toBe('ended')
    const [before, after] = carol.calls
    expect(await before!.ended).toMatchObject({ by: 'remote', cause: 'replaced' })
    expect(before!.replacedBy).toBe(after)
    expect(after!.state.name).toBe('established')
    expect(String(after!.remote.uri)).toBe('sip:bob@example.test')
    expect(bob.referrals[0]?.isAttended).toBe(true)
    await network.run(bob.calls[1]!.hangUp())
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('§7.6: waits for a target that still rings, and asks the peer when it answers', async () => {
    const set = world({ carol: (call) => { if (call.replaces === undefined) setTimeoutOn(set.network, 4000, () => call.answer()) } })
    const { network, alice, bob, carol, wire } = set
    const call = await established(set)
    const consultation = alice.agent.call('carol')
    await network.advance(1000)
    const transfer = call.transfer(consultation)
    await network.advance(1000)
    expect(wire).not.toContain('alice REFER 2')
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: true })
    expect(carol.calls[1]?.state.name).toBe('established')
    void bob.calls[1]!.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('fails with the target, and asks nobody, when that does not answer', async () => {
    const set = world({ carol: (call) => setTimeoutOn(set.network, 4000, () => call.reject(486)) })
    const { network, alice, wire } = set
    open.push(network)
    const call = await established(set)
    expect(await network.run(call.transfer(alice.agent.call('carol')).outcome)).toMatchObject({ ok: false, code: 'failed', status: 486 })
    expect(wire).not.toContain('alice REFER 2')
    expect(call.state.name).toBe('established')
  })

  it('§7.4: asks the target where the peer does not transfer', async () => {
    const set = world({ bobTransfers: {}, agent: {} })
    const { network, alice, bob, carol } = set
    bob.agent.on('incoming', (one) => {
      void one.answered.then(() => { if (one.session !== undefined) one.session.delegate = { onRefer: (refer) => refer.reject({ statusCode: 501 }) } })
    })
    const call = await established(set)
    const consultation = await established(set, 'carol')
    expect(await network.run(call.transfer(consultation).outcome)).toMatchObject({ ok: true })
    await network.advance(1000)
    expect(await bob.calls[0]!.ended).toMatchObject({ cause: 'replaced' })
    expect(bob.calls[1]!.state.name).toBe('established')
    void bob.calls[1]!.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })

  it('leaves both calls as they were when the target forbids it', async () => {
    const set = world({ carolTransfers: { mayReplace: ({ referredBy, call }) => { expect(String(referredBy?.uri)).toBe('sip:alice@example.test'); expect(call).toBe(set.carol.calls[0]); return false } } })
    const { network, alice, bob, carol } = set
    const call = await established(set)
    const consultation = await established(set, 'carol')
    expect(await network.run(call.transfer(consultation).outcome)).toMatchObject({ ok: false, code: 'failed', status: 403 })
    expect([call.state.name, consultation.state.name, carol.calls.length]).toEqual(['established', 'established', 1])
    void call.hangUp()
    void consultation.hangUp()
    await expectNothingLeft(network, alice.agent, bob.agent, carol.agent)
  })
})

describe('RFC 3515 §3.9 REFER outside of a call', () => {
  it('makes a call, and is told how it went', async () => {
    const network = createTestNetwork()
    const { clock } = network
    const dialling = transfers()
    const alice = network.agent('alice', { extensions: [dialling] })
    const asked: Referral[] = []
    const bob = network.agent('bob', { media: createFakeMedia({ clock }).factory, extensions: [transfers({ onRefer: (referral) => { asked.push(referral); referral.accept() } })] })
    const carol = network.agent('carol', { media: createFakeMedia({ clock }).factory })
    carol.on('incoming', answer)
    expect(await network.run(dialling.refer('bob', 'carol').outcome)).toEqual({ ok: true, status: 200, reason: 'OK' })
    expect(asked[0]?.call).toBeUndefined()
    for (const call of bob.calls) void call.hangUp()
    await expectNothingLeft(network, alice, bob, carol)
  })

  it('RFC 4538: names the call that it is about', async () => {
    const set = world()
    const { network, bob, carol } = set
    const dialling = transfers()
    const dave = network.agent('dave', { media: createFakeMedia({ clock: network.clock }).factory, extensions: [dialling] })
    const call = dave.call('bob')
    await network.run(call.answered)
    expect(await network.run(dialling.refer('bob', 'carol', { call }).outcome)).toMatchObject({ ok: true })
    expect(bob.referrals[0]?.call).toBe(bob.calls[0])
    void bob.calls[1]!.hangUp()
    await expectNothingLeft(network, dave, bob.agent, carol.agent)
  })
})

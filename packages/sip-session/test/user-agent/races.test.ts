// Two user agents, and what may happen at the same time. Every row is played on a clean network, on one that loses 20 %, doubles and
// reorders, and over a reliable connection; both sides must agree in the end, and nothing may be left.
import { describe, expect, it } from 'vitest'
import type { Call, CallEnd, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { FakeScript, TestNetwork, TestNetworkOptions } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'

interface Stage {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly bob: UserAgent
  /** Alice's call and bob's side of it. */
  readonly mine: Call
  readonly theirs: () => Promise<Call>
  readonly wait: (ms: number) => Promise<void>
}

interface Row {
  readonly name: string
  /** What the two do. It ends the call. */
  readonly play: (stage: Stage) => Promise<void>
  readonly alice?: FakeScript
  readonly bob?: FakeScript
  /** How it may end, on alice's side and on bob's. */
  readonly ends: readonly string[]
}

const answer = async ({ theirs, mine }: Stage): Promise<Call> => {
  const call = await theirs()
  await call.answer()
  await mine.answered
  return call
}

const rows: readonly Row[] = [
  { name: 'alice hangs up before anything came', play: async ({ mine }) => { await mine.hangUp() }, ends: ['local cancelled / remote cancelled', 'local cancelled / -'] },
  { name: 'alice hangs up as it rings', play: async (stage) => { await stage.theirs(); await stage.mine.hangUp() }, ends: ['local cancelled / remote cancelled'] },
  { name: 'bob answers as alice hangs up', play: async (stage) => { const call = await stage.theirs(); await Promise.all([call.answer(), stage.mine.hangUp()]) }, ends: ['local cancelled / remote hung-up', 'local cancelled / remote cancelled'] },
  { name: 'bob rejects as alice hangs up', play: async (stage) => { const call = await stage.theirs(); await Promise.all([call.reject(), stage.mine.hangUp()]) }, ends: ['local cancelled / local rejected'] },
  { name: 'bob rejects', play: async (stage) => { await (await stage.theirs()).reject(603) }, ends: ['remote rejected / local rejected'] },
  { name: 'bob hangs up an unanswered call', play: async (stage) => { await (await stage.theirs()).hangUp() }, ends: ['remote no-answer / local rejected'] },
  { name: 'bob answers twice and hangs up', play: async (stage) => { const call = await stage.theirs(); await Promise.all([call.answer(), call.answer()]); await stage.mine.answered; await call.hangUp() }, ends: ['remote hung-up / local hung-up'] },
  { name: 'bob hangs up right after he answered', play: async (stage) => { const call = await stage.theirs(); await call.answer(); await call.hangUp() }, ends: ['remote hung-up / local hung-up'] },
  { name: 'alice hangs up right after the answer', play: async (stage) => { await answer(stage); await stage.mine.hangUp() }, ends: ['local hung-up / remote hung-up'] },
  { name: 'both hang up at once', play: async (stage) => { const call = await answer(stage); await stage.wait(500); await Promise.all([call.hangUp(), stage.mine.hangUp()]) }, ends: ['local hung-up / local hung-up', 'remote hung-up / local hung-up', 'local hung-up / remote hung-up'] },
  {
    name: 'both hold at once',
    play: async (stage) => {
      const call = await answer(stage)
      const outcomes = await Promise.all([call.hold(), stage.mine.hold()])
      expect(outcomes).toEqual([{ ok: true }, { ok: true }])
      await stage.wait(1000)
      expect([call.localHold, call.remoteHold, stage.mine.localHold, stage.mine.remoteHold]).toEqual([true, true, true, true])
      await stage.mine.hangUp()
    },
    ends: ['local hung-up / remote hung-up'],
  },
  {
    name: 'hold, resume, hold, resume without waiting',
    play: async (stage) => {
      const call = await answer(stage)
      await Promise.all([stage.mine.hold(), stage.mine.resume(), stage.mine.hold(), stage.mine.resume()])
      expect(stage.mine.localHold).toBe(false)
      await stage.wait(5000)
      expect(call.remoteHold).toBe(false)
      await call.hangUp()
    },
    ends: ['remote hung-up / local hung-up'],
  },
  { name: 'bob hangs up as alice holds', play: async (stage) => { const call = await answer(stage); await Promise.all([stage.mine.hold(), call.hangUp()]) }, ends: ['remote hung-up / local hung-up', 'error lost / local hung-up'] },
  { name: 'alice hangs up as she holds', play: async (stage) => { await answer(stage); const hold = stage.mine.hold(); await stage.wait(2); await stage.mine.hangUp(); expect((await hold).ok).toBe(false) }, ends: ['local hung-up / remote hung-up'] },
  { name: 'bob holds as soon as he has answered', play: async (stage) => { const call = await stage.theirs(); await call.answer(); expect(await call.hold()).toEqual({ ok: true }); await stage.mine.answered; await stage.wait(500); expect(stage.mine.remoteHold).toBe(true); await call.hangUp() }, ends: ['remote hung-up / local hung-up'] },
  { name: 'alice holds before the answer', play: async (stage) => { const hold = stage.mine.hold(); const call = await stage.theirs(); await call.answer(); expect(await hold).toMatchObject({ ok: false, code: 'ended' }); await stage.mine.answered; await stage.mine.hangUp() }, ends: ['local hung-up / remote hung-up'] },
  { name: 'media slow on both sides', alice: { createOffer: [{ delay: 700 }], applyAnswer: [{ delay: 900 }] }, bob: { answerOffer: [{ delay: 800 }] }, play: async (stage) => { await answer(stage); await stage.mine.hangUp() }, ends: ['local hung-up / remote hung-up'] },
  { name: 'alice’s media fail on the answer', alice: { applyAnswer: [{ failure: new RangeError('no codec') }] }, play: async (stage) => { await (await stage.theirs()).answer(); await stage.mine.ended }, ends: ['error media / remote hung-up'] },
  { name: 'bob’s media fail on a hold', bob: { answerOffer: [{}, { failure: new RangeError('no') }] }, play: async (stage) => { await answer(stage); expect(await stage.mine.hold()).toMatchObject({ ok: false, code: 'refused', status: 488 }); expect(stage.mine.state.name).toBe('established'); await stage.mine.hangUp() }, ends: ['local hung-up / remote hung-up'] },
  { name: 'alice’s media fail in the middle of a hold', alice: { createOffer: [{}, { failure: new RangeError('no') }] }, play: async (stage) => { await answer(stage); expect(await stage.mine.hold()).toMatchObject({ ok: false, code: 'failed', reason: 'no' }); expect(await stage.mine.hold()).toEqual({ ok: true }); await stage.mine.hangUp() }, ends: ['local hung-up / remote hung-up'] },
  { name: 'alice hangs up while her slow media take the answer', alice: { applyAnswer: [{ delay: 3000 }] }, play: async (stage) => { await (await stage.theirs()).answer(); await stage.wait(1500); await stage.mine.hangUp() }, ends: ['local hung-up / remote hung-up'] },
]

const networks: readonly (TestNetworkOptions & { readonly name: string })[] = [
  { name: 'clean', transport: 'UDP' },
  { name: 'lossy', transport: 'UDP', loss: 0.2, duplicate: 0.1, reorder: 0.1, delay: [5, 60] },
  { name: 'reliable', transport: 'WS' },
]

const told = (end: CallEnd | undefined): string => (end === undefined ? '-' : `${end.by} ${end.cause}`)

describe.each(networks)('on a $name network', (conditions) => {
  it.each(rows)('$name', async (row) => {
    for (let seed = 1; seed <= (conditions.loss === undefined ? 1 : 5); seed++) {
      const network = createTestNetwork({ ...conditions, seed })
      const { clock } = network
      const alice = network.agent('alice', { media: createFakeMedia({ clock, script: row.alice ?? {} }).factory })
      const bob = network.agent('bob', { media: createFakeMedia({ clock, script: row.bob ?? {} }).factory })
      let resolveIncoming: (call: Call) => void = () => undefined
      const incoming = new Promise<Call>((resolve) => (resolveIncoming = resolve))
      let other: Call | undefined
      bob.on('incoming', (call) => resolveIncoming((other = call)))
      const mine = alice.call('bob')
      const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.schedule(clock.now() + ms, resolve))
      await network.run(row.play({ network, alice, bob, mine, theirs: () => incoming, wait }))
      const end = await network.run(mine.ended)
      await network.advance(400_000)
      const ended = other === undefined ? undefined : await network.run(other.ended)
      expect(row.ends, `seed ${seed}`).toContain(`${told(end)} / ${told(ended)}`)
      await expectNothingLeft(network, alice, bob)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { transfers } from '../../src/index.js'
import type { Call, TransferOutcome, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetworkOptions } from '../../src/testing/index.js'
import { EMPTY } from '../support/nothing-left.js'

const plots = ['blind', 'attended', 'semi-attended', 'blind to a busy one', 'hangs up when accepted'] as const

describe.each<[string, TestNetworkOptions]>([
  ['a network that loses 20 %, doubles and reorders', { loss: 0.2, duplicate: 0.1, reorder: 0.1, delay: [5, 60] }],
  ['connections', { transport: 'TCP' }],
])('transfers over %s', (_name, options) => {
  it('all end, none by mistake, and nothing is left', { timeout: 60_000 }, async () => {
    const seed = Number(process.env['OFFHOOK_SEED'] ?? Math.floor(Math.random() * 1e9))
    console.log(`seed ${seed} (set OFFHOOK_SEED to repeat)`)
    const network = createTestNetwork({ ...options, seed })
    const { clock } = network
    const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.schedule(clock.now() + ms, resolve))
    const media = createFakeMedia({ clock }).factory
    const made: Call[] = []
    const agents: UserAgent[] = []
    const agent = (name: string): UserAgent => {
      const one = network.agent(name, { media, ringTimeout: 60, extensions: [transfers({ onRefer: (referral) => made.push(referral.accept()) })] })
      agents.push(one)
      return one
    }
    const [alice, bob, carol, busy] = ['alice', 'bob', 'carol', 'busy'].map(agent) as [UserAgent, UserAgent, UserAgent, UserAgent]
    bob.on('incoming', (call) => void call.answer())
    carol.on('incoming', (call) => void wait(1000).then(() => call.answer()))
    busy.on('incoming', (call) => void call.reject(486))
    const count = new Map<string, number>()
    const play = async (plot: (typeof plots)[number]): Promise<void> => {
      const call = alice.call('bob')
      if (!(await call.answered).answered) return
      let outcome: TransferOutcome
      if (plot === 'attended' || plot === 'semi-attended') {
        const consultation = alice.call('carol')
        if (plot === 'attended') await consultation.answered
        outcome = await call.transfer(consultation).outcome
        await consultation.hangUp()
      } else if (plot === 'blind to a busy one') outcome = await call.transfer('busy').outcome
      else outcome = await call.transfer('carol', { hangUp: plot === 'blind' ? 'succeeded' : 'accepted' }).outcome
      if (plot === 'blind to a busy one') expect(outcome).not.toMatchObject({ ok: true })
      if (outcome.ok) expect((await call.ended).cause).toMatch(/transferred|hung-up/)
      else if (plot !== 'hangs up when accepted' && outcome.code === 'failed') expect(call.state.name, JSON.stringify(outcome)).toBe('established')
      const name = `${plot}: ${outcome.ok ? 'ok' : `${outcome.code} ${outcome.status ?? ''}`}`
      count.set(name, (count.get(name) ?? 0) + 1)
      await call.hangUp()
    }
    const all: Promise<void>[] = []
    for (let index = 0; index < 100; index++) all.push(wait(index * 200).then(() => play(plots[index % plots.length]!)))
    await network.run(Promise.all(all), 24 * 3_600_000)
    console.log([...count].sort().map(([name, times]) => `${times} × ${name}`).join('\n'))
    const succeeded = [...count].filter(([name]) => name.endsWith('ok')).reduce((sum, [, times]) => sum + times, 0)
    expect(succeeded).toBeGreaterThan(options.loss === undefined ? 79 : 70)
    await network.run(Promise.all(made.map((call) => call.hangUp())), 3_600_000)
    await network.advance(600_000)
    for (const one of agents) expect({ ...one.size, connections: 0 }).toEqual(EMPTY)
    await network.close()
    await network.advance(1000)
    expect(clock.pending).toBe(0)
  })
})

import { randomInteger } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { describe, expect, it } from 'vitest'
import type { Call, CallEnd } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'

const CALLS = 1000
const EMPTY = { transactions: 0, deadlines: 0, requests: 0, calls: 0, dialogs: 0, invites: 0, connections: 0 }

// What the two people do. Each entry ends the call one way or another.
const plots = ['caller hangs up', 'callee hangs up', 'both hang up', 'callee rejects', 'caller cancels', 'answer meets cancel', 'hold and resume', 'hold meets hold', 'nobody answers', 'tones and text'] as const

describe('calls over a network that loses 20 %, doubles and reorders', () => {
  it(`${CALLS} calls all end right, and nothing is left`, { timeout: 120_000 }, async () => {
    const seed = Number(process.env['OFFHOOK_SEED'] ?? Math.floor(Math.random() * 1e9))
    console.log(`seed ${seed} (set OFFHOOK_SEED to repeat)`)
    const network = createTestNetwork({ seed, loss: 0.2, duplicate: 0.1, reorder: 0.1, delay: [5, 60] })
    const { clock } = network
    const random = seededRandom(seed + 1)
    const alice = network.agent('alice', { media: createFakeMedia({ clock }).factory, ringTimeout: 40 })
    const bob = network.agent('bob', { media: createFakeMedia({ clock, tones: false }).factory })
    const wire: string[] = []
    for (const [who, agent] of [['alice', alice], ['bob', bob]] as const) {
      agent.on('trace', ({ at, direction, message }) => wire.push(`${message.callId} ${Math.round(at)} ${who} ${direction} ${message.kind === 'request' ? message.method : message.statusCode} ${message.cseq.toString()}`))
    }
    const plotOf = new Map<string, (typeof plots)[number]>()
    const theirs = new Map<string, Call>()
    bob.on('message', () => undefined)
    const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.schedule(clock.now() + ms, resolve))
    bob.on('incoming', (call) => {
      theirs.set(call.id, call)
      const act = async (): Promise<void> => {
        const plot = plotOf.get(call.id)
        await wait(randomInteger(random, 0, 3000))
        if (plot === 'callee rejects') await call.reject(603, 'Not Today')
        else if (plot !== 'nobody answers' && plot !== 'caller cancels') await call.answer()
        if (plot === 'callee hangs up' || plot === 'both hang up') {
          await wait(randomInteger(random, 0, 4000))
          await call.hangUp()
        } else if (plot === 'hold meets hold') await call.hold()
      }
      void act()
    })
    const ends: { plot: string; mine: CallEnd; other: CallEnd | undefined }[] = []
    const play = async (plot: (typeof plots)[number]): Promise<void> => {
      const call = alice.call('bob')
      plotOf.set(call.id, plot)
      if (plot === 'caller cancels' || plot === 'answer meets cancel') {
        await wait(randomInteger(random, 0, 4000))
        await call.hangUp()
      } else if ((await call.answered).answered && plot !== 'callee hangs up') {
        if (plot === 'hold and resume' || plot === 'hold meets hold') {
          const held = await call.hold()
          expect(held.ok || call.state.name === 'ended', `${plot}: ${JSON.stringify(held)}`).toBe(true)
          if (held.ok) expect(call.localHold).toBe(true)
          if (plot === 'hold and resume') await call.resume()
        } else if (plot === 'tones and text') {
          await call.dtmf('12#')
          await call.session?.message({ body: 'Are you there?' }).outcome
        } else await wait(randomInteger(random, 0, 4000))
        await call.hangUp()
      }
      const mine = await call.ended
      const other = await theirs.get(call.id)?.ended
      ends.push({ plot, mine, other })
    }
    const all: Promise<void>[] = []
    for (let index = 0; index < CALLS; index++) {
      all.push(wait(index * 50).then(() => play(plots[index % plots.length]!)))
    }
    await network.run(Promise.all(all), 24 * 3_600_000).catch((error: unknown) => {
      for (const call of [...alice.calls, ...bob.calls]) console.log(call.direction, plotOf.get(call.id), call.state.name, call.session?.sessionState, call.session?.signalingState)
      const stuck = [...alice.calls, ...bob.calls].map((call) => call.id)
      console.log(wire.filter((line) => stuck.some((id) => line.startsWith(id))).slice(0, 60).join('\n'))
      console.log(alice.size, bob.size, ends.length, clock.pending)
      throw error
    })
    await network.advance(300_000)
    expect(ends).toHaveLength(CALLS)
    for (const { plot, mine, other } of ends) {
      if (other === undefined) continue
      const told = `${plot}: ${JSON.stringify({ mine: [mine.by, mine.cause], other: [other.by, other.cause] })} seed ${seed}`
      // What one side calls its own deed the other calls the other's; both may have done it at once.
      const agree = mine.by !== 'remote' || other.by !== 'remote'
      expect(agree, told).toBe(true)
    }
    const count = new Map<string, number>()
    for (const { plot, mine, other } of ends) {
      const name = `${plot}: ${mine.by} ${mine.cause} / ${other === undefined ? 'never heard' : `${other.by} ${other.cause}`}`
      count.set(name, (count.get(name) ?? 0) + 1)
    }
    console.log([...count].sort().map(([name, times]) => `${times} × ${name}`).join('\n'))
    expect(alice.size).toEqual(EMPTY)
    expect(bob.size).toEqual(EMPTY)
    await network.close()
    expect(clock.pending).toBe(0)
  })
})

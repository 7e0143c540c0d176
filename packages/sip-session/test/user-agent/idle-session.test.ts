import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createTestNetwork } from '../../src/testing/index.js'
import type { Call } from '../../src/index.js'
import { SDP } from '../support/raw-peer.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is still in memory. */
async function remaining(messages: readonly (readonly [name: string, message: WeakRef<object>])[]): Promise<string[]> {
  for (let pass = 0; pass < 5; pass++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  return messages.flatMap(([name, message]) => (message.deref() === undefined ? [] : [name]))
}

describe('an idle session', () => {
  it('holds no message, sent or received, once its transactions are over', async () => {
    const network = createTestNetwork({ transport: 'TCP' })
    const alice = network.agent('alice')
    const bob = network.agent('bob')
    const messages: (readonly [string, WeakRef<object>])[] = []
    for (const [name, agent] of Object.entries({ alice, bob })) {
      agent.on('trace', ({ direction, message }) => {
        const what = message.kind === 'request' ? message.method : message.statusCode
        messages.push([`${name} ${direction} ${what}`, new WeakRef(message)])
      })
    }
    const taken = new Promise<Call>((resolve) => {
      bob.on('incoming', (call) => {
        void call.answer({ body: SDP })
        resolve(call)
      })
    })
    const call = alice.call('bob', { body: SDP })
    const accepted = new Promise<number>((resolve) => call.on('accepted', ({ statusCode }) => resolve(statusCode)))
    expect(await network.run(call.answered)).toEqual({ answered: true })
    expect(await accepted).toBe(200)
    const theirs = await taken
    await network.advance(40_000)
    expect(messages.map(([name]) => name)).toEqual(expect.arrayContaining(['alice received 200', 'bob received INVITE', 'bob received ACK']))
    expect(await remaining(messages)).toEqual([])
    for (const { session, state } of [call, theirs]) {
      expect(state.name).toBe('established')
      expect(session?.sessionState).toBe('Confirmed')
      expect(session?.offer?.body).toBe(SDP)
      expect(session?.capabilities.allow).toContain('UPDATE')
    }
    expect(String(theirs.remote.uri)).toBe('sip:alice@example.test')
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    expect(await network.run(theirs.ended)).toMatchObject({ by: 'remote', cause: 'hung-up' })
    await network.close()
  })
})

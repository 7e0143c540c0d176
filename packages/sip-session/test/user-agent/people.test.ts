// What people do with several calls.
import { describe, expect, it } from 'vitest'
import { incomingCalls, swapCalls } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'

function world() {
  const network = createTestNetwork()
  const { clock } = network
  const media = createFakeMedia({ clock })
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => network.agent(name, { media: name === 'alice' ? media.factory : createFakeMedia({ clock }).factory }))
  if (alice === undefined || bob === undefined || carol === undefined) throw new RangeError('nobody')
  return { network, alice, bob, carol, media }
}

describe('incomingCalls()', () => {
  it('gives one call after the other; those that come meanwhile wait, those that ended are passed over', async () => {
    const { network, alice, bob, carol } = world()
    const names: (string | undefined)[] = []
    const stop = new AbortController()
    const loop = (async () => {
      for await (const call of incomingCalls(alice, { signal: stop.signal })) {
        names.push(String(call.remote.uri))
        await call.answer()
        await call.ended
      }
    })()
    const one = bob.call('alice')
    await network.run(one.answered)
    const two = carol.call('alice')
    const three = carol.call('alice')
    await network.advance(500)
    expect([two.state.name, three.state.name]).toEqual(['ringing', 'ringing'])
    void two.hangUp()
    await network.advance(500)
    await network.run(one.hangUp())
    await network.run(three.answered)
    await network.run(three.hangUp())
    stop.abort()
    await network.run(loop)
    expect(names).toEqual(['sip:bob@example.test', 'sip:carol@example.test'])
    await expectNothingLeft(network, alice, bob, carol)
  })

  it('a loop that is left listens no more: the agent takes no calls', async () => {
    const { network, alice, bob } = world()
    const calls = incomingCalls(alice)
    const first = calls.next()
    const call = bob.call('alice')
    await network.run(first)
    await calls.return()
    expect(await network.run(bob.call('alice').ended)).toMatchObject({ status: 480 })
    void call.hangUp()
    await network.advance(1000)
  })
})

describe('swapCalls()', () => {
  it('holds one call and goes on with the other, or answers it', async () => {
    const { network, alice, bob, carol } = world()
    bob.on('incoming', (call) => void call.answer())
    const one = alice.call('bob')
    await network.run(one.answered)
    const waiting = new Promise<typeof one>((resolve) => alice.on('incoming', resolve))
    carol.call('alice')
    const two = await network.run(waiting)
    expect(await network.run(swapCalls(one, two))).toEqual({ ok: true })
    expect([one.localHold, two.state.name]).toEqual([true, 'established'])
    expect(await network.run(swapCalls(two, one))).toEqual({ ok: true })
    expect([one.localHold, two.localHold]).toEqual([false, true])
    await network.run(two.hangUp())
    expect(await network.run(swapCalls(two, one))).toEqual({ ok: true })
    await network.run(one.hangUp())
    await expectNothingLeft(network, alice, bob, carol)
  })

  it('does nothing more when the first one is not to be held', async () => {
    const { network, alice, bob, carol } = world()
    for (const other of [bob, carol]) other.on('incoming', (call) => void call.answer())
    const [one, two] = [alice.call('bob'), alice.call('carol')]
    await network.run(Promise.all([one.answered, two.answered]))
    await network.run(two.hold())
    bob.calls[0]!.session!.delegate = { onInvite: (invite) => invite.reject({ statusCode: 403 }) }
    expect(await network.run(swapCalls(one, two))).toMatchObject({ ok: false, code: 'refused', status: 403 })
    expect([one.localHold, two.localHold]).toEqual([false, true])
    await Promise.all([alice, bob, carol].map((agent) => network.run(agent.close())))
  })
})

describe('nothing is left of a call or of an agent', () => {
  it('signals have no listener more, media are closed, and no alarm is set', async () => {
    const { network, alice, bob, media } = world()
    const counted = countingSignal()
    bob.on('incoming', (call) => void call.answer())
    const call = alice.call('bob', { signal: counted.signal })
    await network.run(call.answered)
    await network.run(call.hold({ signal: counted.signal }))
    await network.run(call.dtmf('1', { signal: counted.signal }))
    await network.run(alice.message('bob', 'hello', { signal: counted.signal }))
    await network.run(call.hangUp({ signal: counted.signal }))
    await network.advance(40_000)
    expect(counted.listeners()).toBe(0)
    expect(media.handlers.map(({ closed }) => closed)).toEqual([true])
    const register = alice.register({ signal: counted.signal })
    await network.run(register)
    expect(counted.listeners()).toBe(0)
    await network.run(alice.unregister())
    await expectNothingLeft(network, alice, bob)
  })

  it('an aborted signal hangs the call up', async () => {
    const { network, alice, bob } = world()
    bob.on('incoming', () => undefined)
    const stop = new AbortController()
    const call = alice.call('bob', { signal: stop.signal })
    await network.advance(500)
    stop.abort()
    expect(await network.run(call.ended)).toMatchObject({ by: 'local', cause: 'cancelled' })
    await expectNothingLeft(network, alice, bob)
  })
})

/** A signal that knows how many listen to it. */
function countingSignal(): { readonly signal: AbortSignal; readonly listeners: () => number } {
  const { signal } = new AbortController()
  const listening = new Set<unknown>()
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: AddEventListenerOptions | boolean): void => {
    listening.add(listener)
    add(type, listener, options)
  }
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject): void => {
    listening.delete(listener)
    remove(type, listener)
  }
  return { signal, listeners: () => listening.size }
}

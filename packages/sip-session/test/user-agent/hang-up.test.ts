// Hanging up at each step: which message goes out, and that the promise waits until the peer knows.
import { describe, expect, it } from 'vitest'
import type { OperationOutcome, UserAgentOptions } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

function world(options: Partial<UserAgentOptions> = {}) {
  const network = createTestNetwork()
  const alice = network.agent('alice', options)
  const peer = new RawPeer(network)
  const call = alice.call('sip:peer@192.0.2.99', { body: SDP })
  let outcome: OperationOutcome | undefined
  const hangUp = (reason?: string, status?: number): void => void call.hangUp({ ...(reason !== undefined && { reason }), ...(status !== undefined && { status }) }).then((value) => (outcome = value))
  return { network, alice, peer, call, hangUp, told: () => outcome, over: () => expectNothingLeft(network, alice) }
}

describe('RFC 3261 §9.1, §15 hangUp() resolves when the peer knows', () => {
  it('487 to the INVITE', async () => {
    const { network, peer, call, hangUp, told, over } = world()
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 180)
    await network.advance(20)
    hangUp('Wrong number', 487)
    expect(call.state.name).toBe('ended')
    const cancel = await peer.nextRequest('CANCEL')
    expect(cancel.headers.get('Reason')).toBe('SIP;cause=487;text="Wrong number"')
    peer.respond(cancel, 200)
    await network.advance(100)
    expect(told()).toBeUndefined()
    peer.respond(invite, 487)
    await network.advance(20)
    expect(told()).toEqual({ ok: true })
    await over()
  })

  it('a 200 that crosses the CANCEL: ACK, BYE, and the 200 to that', async () => {
    const { network, peer, hangUp, told, over } = world()
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 180)
    await network.advance(20)
    hangUp()
    const cancel = await peer.nextRequest('CANCEL')
    peer.accept(invite)
    peer.respond(cancel, 200)
    const bye = await peer.nextRequest('BYE')
    expect(peer.names.filter((name) => name === 'ACK')).toHaveLength(1)
    await network.advance(20)
    expect(told()).toBeUndefined()
    peer.respond(bye, 200)
    await network.advance(20)
    expect(told()).toEqual({ ok: true })
    await over()
  })

  it('no provisional response: nothing goes out until one comes; without any, when the INVITE has failed', async () => {
    const { network, peer, hangUp, told, over } = world()
    await peer.nextRequest('INVITE')
    hangUp()
    await network.advance(10_000)
    expect(told()).toBeUndefined()
    expect(new Set(peer.names)).toEqual(new Set(['INVITE']))
    await network.advance(25_000)
    expect(told()).toEqual({ ok: true })
    await over()
  })

  it('a CANCEL that nobody reacts to: after 64·T1', async () => {
    const { network, peer, hangUp, told, over } = world()
    peer.respond(await peer.nextRequest('INVITE'), 180)
    await network.advance(20)
    hangUp()
    await network.advance(31_000)
    expect(told()).toBeUndefined()
    await network.advance(2_000)
    expect(told()).toEqual({ ok: true })
    await over()
  })

  it('before the media have made an offer: at once, and nothing goes out', async () => {
    const network = createTestNetwork()
    const media = createFakeMedia({ clock: network.clock, script: { createOffer: [{ delay: 5000 }] } })
    const alice = network.agent('alice', { media: media.factory })
    const peer = new RawPeer(network)
    expect(await network.run(alice.call('sip:peer@192.0.2.99').hangUp())).toEqual({ ok: true })
    expect(network.clock.now()).toBe(0)
    await expectNothingLeft(network, alice)
    expect(peer.names).toEqual([])
    expect(media.handlers[0]?.closed).toBe(true)
  })

  it('after the 200, before the media took its answer: ACK and BYE', async () => {
    const network = createTestNetwork()
    const media = createFakeMedia({ clock: network.clock, script: { applyAnswer: [{ delay: 5000 }] } })
    const alice = network.agent('alice', { media: media.factory })
    const peer = new RawPeer(network)
    const call = alice.call('sip:peer@192.0.2.99')
    peer.accept(await peer.nextRequest('INVITE'))
    await peer.nextRequest('ACK')
    let told = false
    void call.hangUp().then(() => (told = true))
    const bye = await peer.nextRequest('BYE')
    expect(told).toBe(false)
    peer.respond(bye, 200)
    await network.advance(20)
    expect(told).toBe(true)
    await expectNothingLeft(network, alice)
  })

  it('established: the 200 to the BYE, which says why', async () => {
    const { network, peer, call, hangUp, told, over } = world()
    peer.accept(await peer.nextRequest('INVITE'))
    await network.run(call.answered)
    hangUp('Over \\ "out"')
    const bye = await peer.nextRequest('BYE')
    expect(bye.headers.get('Reason')).toBe('SIP;text="Over \\\\ \\"out\\""')
    expect(told()).toBeUndefined()
    peer.respond(bye, 200)
    await network.advance(20)
    expect(told()).toEqual({ ok: true })
    await over()
  })

  it('the signal ends the waiting, and twice is once', async () => {
    const { network, peer, call } = world()
    peer.respond(await peer.nextRequest('INVITE'), 180)
    await network.advance(20)
    const stop = new AbortController()
    const first = call.hangUp({ signal: stop.signal })
    const second = call.hangUp()
    stop.abort()
    expect(await first).toMatchObject({ ok: false, code: 'aborted' })
    await peer.nextRequest('CANCEL')
    peer.handle = (message) => { if (message.kind === 'request' && message.method === 'CANCEL') peer.respond(message, 200) }
    expect(await network.run(second)).toEqual({ ok: true })
    expect(new Set(peer.names)).toEqual(new Set(['INVITE', 'CANCEL']))
  })

  it('an agent that is closed meanwhile waits for at most 4·T1, and nobody waits for ever', async () => {
    const { network, alice, peer, call } = world()
    peer.respond(await peer.nextRequest('INVITE'), 180)
    await network.advance(20)
    const left = call.hangUp()
    const begun = network.clock.now()
    await network.run(alice.close())
    expect(network.clock.now() - begun).toBeLessThanOrEqual(2000)
    expect(await left).toEqual({ ok: true })
    await network.close()
    await network.advance(1000)
    expect(network.clock.pending).toBe(0)
  })
})

describe('RFC 3326 why the peer ended it', () => {
  it.each([
    ['Q.850;cause=16;text="Normal, clearing", SIP;cause=600;text="Busy everywhere"', { status: 600, reason: 'Busy everywhere' }],
    ['Q.850;cause=16;text="Normal, clearing"', { reason: 'Normal, clearing' }],
    ['SIP ;cause=200', { status: 200, reason: 'The other side hung up.' }],
    [';;;', { reason: 'The other side hung up.' }],
  ])('%s', async (text, end) => {
    const { network, peer, call } = world()
    const ok = peer.accept(await peer.nextRequest('INVITE'))
    await network.run(call.answered)
    peer.inDialog('BYE', peer.received.at(-1) ?? ok, 1, { headers: [['Reason', text]] })
    expect(await network.run(call.ended)).toMatchObject({ by: 'remote', cause: 'hung-up', ...end })
  })
})

describe('RFC 3428 texts within a call', () => {
  it('go to the call that listens, else to the agent; and out by the session', async () => {
    const { network, alice, peer, call } = world()
    const texts: string[] = []
    alice.on('message', ({ text }) => texts.push(`agent: ${text}`))
    peer.accept(await peer.nextRequest('INVITE'))
    const ack = await peer.nextRequest('ACK')
    await network.run(call.answered)
    peer.inDialog('MESSAGE', ack, 1, { body: 'one', contentType: 'text/plain' })
    await peer.nextResponse(200)
    call.on('message', ({ text }) => texts.push(`call: ${text}`))
    peer.inDialog('MESSAGE', ack, 2, { body: 'two', contentType: 'text/plain' })
    await peer.nextResponse(200)
    expect(texts).toEqual(['agent: one', 'call: two'])
    peer.answerAll('MESSAGE')
    expect(await network.run(call.session!.message({ body: 'three' }).outcome)).toMatchObject({ ok: true })
    expect(new TextDecoder().decode(peer.received.at(-1)?.body)).toBe('three')
    peer.handle = (message) => { if (message.kind === 'request' && message.method === 'MESSAGE') peer.respond(message, 405) }
    expect(await network.run(call.session!.message({ body: 'four' }).outcome)).toMatchObject({ ok: false, status: 405 })
  })
})

describe('RFC 3323 §4.1 a call under another name', () => {
  it('has a tag of ours, and is our dialog', async () => {
    const network = createTestNetwork()
    const alice = network.agent('alice')
    const peer = new RawPeer(network)
    const call = alice.call('sip:peer@192.0.2.99', { body: SDP, headers: { From: '"Anonymous" <sip:anonymous@anonymous.invalid>', Privacy: 'id' } })
    const invite = await peer.nextRequest('INVITE')
    expect(invite.headers.getAll('From')).toHaveLength(1)
    expect(invite.from.tag).toMatch(/./)
    peer.accept(invite)
    expect((await network.run(call.answered)).answered).toBe(true)
    peer.answerAll('BYE')
    await network.run(call.hangUp())
    expect(peer.received.at(-1)?.from.uri.toString()).toBe('sip:anonymous@anonymous.invalid')
    await expectNothingLeft(network, alice)
  })
})

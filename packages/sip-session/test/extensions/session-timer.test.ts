// RFC 4028 on the wire, in both roles, against a peer that does what a test says.
import type { SipRequest } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { sessionTimer } from '../../src/index.js'
import type { Call, SessionTimerOptions, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

type Headers = readonly (readonly [string, string])[]

function world(options: SessionTimerOptions = { expires: 300 }): { readonly network: TestNetwork; readonly alice: UserAgent; readonly peer: RawPeer } {
  const network = createTestNetwork()
  const { factory: media } = createFakeMedia({ clock: network.clock })
  return { network, alice: network.agent('alice', { media, extensions: [sessionTimer(options)] }), peer: new RawPeer(network) }
}

/** A call of ours that the peer takes with these header fields. */
async function placed(granted: Headers, options?: SessionTimerOptions): Promise<ReturnType<typeof world> & { readonly call: Call; readonly invite: SipRequest }> {
  const all = world(options)
  const call = all.alice.call('sip:peer@192.0.2.99')
  const invite = await all.peer.nextRequest('INVITE')
  all.peer.accept(invite, { headers: granted })
  await all.network.run(call.answered)
  return { ...all, call, invite }
}

/** A call of the peer that we take. */
async function taken(asked: Headers, options?: SessionTimerOptions): Promise<ReturnType<typeof world> & { readonly call: Call; readonly ok: Awaited<ReturnType<RawPeer['nextResponse']>> }> {
  const all = world(options)
  const incoming = new Promise<Call>((resolve) => void all.alice.on('incoming', resolve))
  all.peer.request('INVITE', '192.0.2.1', { body: SDP, headers: asked })
  const call = await all.network.run(incoming)
  void call.answer()
  const ok = await all.peer.nextResponse(200)
  all.peer.inDialog('ACK', ok, 1)
  await all.network.advance(10)
  all.peer.received.length = 0
  return { ...all, call, ok }
}

const ALLOW = ['Allow', 'INVITE, ACK, BYE, UPDATE'] as const
const expires = (value: string): readonly [string, string] => ['Session-Expires', value]

async function finish({ network, alice, peer, call }: { readonly network: TestNetwork; readonly alice: UserAgent; readonly peer: RawPeer; readonly call: Call }): Promise<void> {
  peer.answerAll()
  await network.run(call.hangUp())
  await expectNothingLeft(network, alice)
}

describe('RFC 4028 §7 the caller', () => {
  it('asks for an interval, and refreshes by UPDATE at half of what was granted', async () => {
    const stage = await placed([ALLOW, ['Require', 'timer'], expires('200;refresher=uac')])
    const { invite, network, peer } = stage
    expect([invite.headers.get('Session-Expires'), invite.headers.has('Min-SE')]).toEqual(['300', false])
    expect(invite.headers.get('Supported')).toContain('timer')
    const start = network.clock.now()
    const refresh = await peer.nextRequest('UPDATE')
    expect(Math.round((network.clock.now() - start) / 1000)).toBe(100)
    expect([refresh.headers.get('Session-Expires'), refresh.headers.get('Supported'), refresh.body.length]).toEqual(['200;refresher=uac', 'timer', 0])
    peer.respond(refresh, 200, { headers: [expires('120;refresher=uac')] })
    const again = await peer.nextRequest('UPDATE')
    expect(Math.round((network.clock.now() - start) / 1000)).toBe(160)
    expect(again.headers.get('Session-Expires')).toBe('120;refresher=uac')
    peer.respond(again, 200, { headers: [expires('120;refresher=uac')] })
    await finish(stage)
  })

  it('refreshes by a re-INVITE that says the same where the peer takes no UPDATE', async () => {
    const stage = await placed([['Allow', 'INVITE, ACK, BYE'], expires('200;refresher=uac')])
    const { invite, peer, call } = stage
    const refresh = await peer.nextRequest('INVITE')
    expect(new TextDecoder().decode(refresh.body)).toBe(new TextDecoder().decode(invite.body))
    peer.accept(refresh, { headers: [expires('200;refresher=uac')] })
    await peer.next('ACK')
    expect([call.state.name, call.session?.signalingState]).toEqual(['established', 'Stable'])
    await finish(stage)
  })

  it('is off where the peer has no session timers', async () => {
    const stage = await placed([])
    await stage.network.advance(3_600_000)
    expect(stage.peer.names).toEqual(['INVITE', 'ACK'])
    await finish(stage)
  })

  it('§10: expects the refreshes of the peer, and ends the call by BYE with a Reason when none comes', async () => {
    const { network, alice, peer, call } = await placed([['Require', 'timer'], expires('200;refresher=uas')])
    const start = network.clock.now()
    const bye = await peer.nextRequest('BYE')
    expect(Math.round((network.clock.now() - start) / 1000)).toBe(168)
    expect(bye.headers.get('Reason')).toBe('SIP;cause=408;text="The session timer expired."')
    peer.respond(bye, 200)
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause: 'lost' })
    await expectNothingLeft(network, alice)
  })

  it('§7.3: asks for more after 422, with the number that comes next', async () => {
    const all = world()
    const { alice, peer, network } = all
    const call = alice.call('sip:peer@192.0.2.99')
    const first = await peer.nextRequest('INVITE')
    peer.respond(first, 422, { headers: [['Min-SE', '1000']] })
    const second = await peer.nextRequest('INVITE')
    expect([second.cseq.sequence, second.callId, second.headers.get('Session-Expires'), second.headers.get('Min-SE')]).toEqual([2, first.callId, '1000', '1000'])
    peer.accept(second, { headers: [expires('1000;refresher=uac')] })
    expect(await network.run(call.answered)).toEqual({ answered: true })
    await finish({ ...all, call })
  })

  it('§7.3: does not ask again where 422 asks for no more', async () => {
    const { alice, peer, network } = world()
    const call = alice.call('sip:peer@192.0.2.99')
    peer.respond(await peer.nextRequest('INVITE'), 422, { headers: [['Min-SE', '200']] })
    expect(await network.run(call.ended)).toMatchObject({ status: 422 })
    await expectNothingLeft(network, alice)
  })

  it('§10: a refresh that gets 422 asks for more, one that meets an offer of the peer comes again', async () => {
    const stage = await placed([ALLOW, expires('200;refresher=uac')])
    const { peer, network } = stage
    peer.respond(await peer.nextRequest('UPDATE'), 422, { headers: [['Min-SE', '600']] })
    const more = await peer.nextRequest('UPDATE')
    expect([more.headers.get('Session-Expires'), more.headers.get('Min-SE')]).toEqual(['600;refresher=uac', '600'])
    const start = network.clock.now()
    peer.respond(more, 491)
    const again = await peer.nextRequest('UPDATE')
    const waited = network.clock.now() - start
    expect(waited).toBeGreaterThan(2000)
    expect(waited).toBeLessThan(4100)
    peer.respond(again, 200, { headers: [expires('600;refresher=uac')] })
    await network.advance(299_000)
    expect(peer.names.at(-1)).toBe('UPDATE')
    await finish(stage)
  })

  it.each([408, 481])('§10: %i to a refresh ends the session', async (status) => {
    const { peer, network, alice, call } = await placed([ALLOW, expires('200;refresher=uac')])
    peer.respond(await peer.nextRequest('UPDATE'), status)
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause: 'lost' })
    await expectNothingLeft(network, alice)
  })

  it('§7.2: a hold refreshes, too, and keeps the roles', async () => {
    const stage = await placed([ALLOW, expires('200;refresher=uas')])
    const { peer, network, call } = stage
    await network.advance(100_000)
    const held = call.hold()
    const invite = await peer.nextRequest('INVITE')
    expect(invite.headers.get('Session-Expires')).toBe('200;refresher=uas')
    peer.accept(invite, { headers: [expires('200;refresher=uas')] })
    expect(await network.run(held)).toEqual({ ok: true })
    await network.advance(160_000)
    expect(call.state.name).toBe('established')
    await finish(stage)
  })
})

describe('RFC 4028 §9 the callee', () => {
  const CAN = ['Supported', 'timer'] as const
  it.each([
    { name: 'a caller that asks and leaves the roles to us', asked: [CAN, expires('400')], granted: '300;refresher=uac', require: 'timer' },
    { name: 'a caller that refreshes', asked: [CAN, expires('200;refresher=uac')], granted: '200;refresher=uac', require: 'timer' },
    { name: 'a caller that has us refresh', asked: [CAN, expires('200;refresher=uas')], granted: '200;refresher=uas', require: 'timer' },
    { name: 'a caller whose Min-SE is above what we would', asked: [CAN, expires('400'), ['Min-SE', '350'] as const], granted: '350;refresher=uac', require: 'timer' },
    { name: 'a caller that could and does not ask', asked: [CAN], granted: '300;refresher=uac', require: 'timer' },
    { name: 'a proxy that asks for a caller that cannot', asked: [expires('200')], granted: '200;refresher=uas', require: undefined },
    { name: 'a caller that knows nothing of it', asked: [], granted: undefined, require: undefined },
  ])('table 2: $name', async ({ asked, granted, require }) => {
    const stage = await taken(asked)
    expect([stage.ok.headers.get('Session-Expires'), stage.ok.headers.get('Require')]).toEqual([granted, require])
    await finish(stage)
  })

  it('422 with Min-SE for less than we take, first and later; not to those who cannot use it', async () => {
    const { network, alice, peer } = world({ expires: 600, minSe: 500 })
    alice.on('incoming', (call) => void call.answer())
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [CAN, expires('100')] })
    expect((await peer.nextResponse(422)).headers.get('Min-SE')).toBe('500')
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [expires('100')], callId: 'other' })
    const ok = await peer.nextResponse(200)
    expect(ok.headers.get('Session-Expires')).toBe('100;refresher=uas')
    peer.inDialog('ACK', ok, 1)
    peer.inDialog('UPDATE', ok, 2, { headers: [CAN, expires('499')] })
    await peer.nextResponse(422)
    peer.answerAll()
    await network.run(Promise.all(alice.calls.map((call) => call.hangUp())))
    await expectNothingLeft(network, alice)
  })

  it('refreshes as it has said', async () => {
    const stage = await taken([CAN, ALLOW, expires('200;refresher=uas')])
    const { peer, network } = stage
    const start = network.clock.now()
    const refresh = await peer.nextRequest('UPDATE')
    expect(Math.round((network.clock.now() - start) / 1000)).toBe(100)
    expect(refresh.headers.get('Session-Expires')).toBe('200;refresher=uac')
    peer.respond(refresh, 200, { headers: [expires('200;refresher=uac')] })
    await finish(stage)
  })

  it('takes the refreshes of the caller, by UPDATE and by re-INVITE, until they stay away', async () => {
    const { peer, network, alice, call, ok } = await taken([CAN, ALLOW, expires('200;refresher=uac')])
    await network.advance(100_000)
    peer.inDialog('UPDATE', ok, 2, { headers: [CAN, expires('200;refresher=uac')] })
    expect((await peer.nextResponse(200)).headers.get('Session-Expires')).toBe('200;refresher=uac')
    await network.advance(100_000)
    peer.inDialog('INVITE', ok, 3, { headers: [CAN, expires('200;refresher=uac')], body: SDP })
    peer.inDialog('ACK', await peer.nextResponse(200), 3)
    const start = network.clock.now()
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(Math.round((network.clock.now() - start) / 1000)).toBe(168)
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause: 'lost' })
    await expectNothingLeft(network, alice)
  })

  it('a request to refresh without Session-Expires turns it off', async () => {
    const stage = await taken([CAN, ALLOW, expires('200;refresher=uac')], { expires: 200 })
    const { peer, network, ok } = stage
    peer.inDialog('UPDATE', ok, 2)
    expect((await peer.nextResponse(200)).headers.has('Session-Expires')).toBe(false)
    await network.advance(1_000_000)
    expect(stage.call.state.name).toBe('established')
    await finish(stage)
  })
})

describe('two agents with session timers', () => {
  it.each([1, 2, 3])('live on for hours over a network that loses messages, seed %i', async (seed) => {
    const network = createTestNetwork({ loss: 0.2, duplicate: 0.1, seed })
    const { factory: media } = createFakeMedia({ clock: network.clock })
    const extensions = [sessionTimer({ expires: 180 })]
    const alice = network.agent('alice', { media, extensions })
    const bob = network.agent('bob', { media, extensions: [sessionTimer({ expires: 240 })] })
    bob.on('incoming', (call) => void call.answer())
    const call = alice.call('bob')
    await network.run(call.answered)
    await network.advance(7_200_000)
    expect([call.state.name, bob.calls.length]).toEqual(['established', 1])
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice, bob)
  })
})

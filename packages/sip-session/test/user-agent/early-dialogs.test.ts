// What happens in a dialog before the call is taken (RFC 3311, RFC 6228), and what ends one that stands (RFC 5057).
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { reliableProvisional } from '../../src/index.js'
import type { Call } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

function world() {
  const network = createTestNetwork()
  const media = createFakeMedia({ clock: network.clock })
  const alice = network.agent('alice', { media: media.factory, extensions: [reliableProvisional()], autoRing: false })
  return { network, media, alice, peer: new RawPeer(network) }
}

const reliable = (rseq: number): readonly (readonly [string, string])[] => [['Require', '100rel'], ['RSeq', String(rseq)]]
const bodyOf = (message: { readonly body: Uint8Array }): string => new TextDecoder().decode(message.body)
const SDP_2 = SDP.replace('o=- 9 1', 'o=- 9 2')

/** A call of ours whose offer the peer has answered reliably. */
async function settledEarly(): Promise<ReturnType<typeof world> & { readonly call: Call; readonly invite: SipRequest; readonly progress: SipResponse }> {
  const all = world()
  const call = all.alice.call('sip:peer@192.0.2.99')
  const invite = await all.peer.nextRequest('INVITE')
  const progress = all.peer.respond(invite, 183, { body: SDP, contentType: 'application/sdp', headers: reliable(1) })
  const prack = await all.peer.nextRequest('PRACK')
  expect(prack.headers.get('RAck')).toBe('1 1 INVITE')
  all.peer.respond(prack, 200)
  await all.network.advance(10)
  return { ...all, call, invite, progress }
}

describe('RFC 3311 §5.1 an UPDATE with an offer before the answer', () => {
  it('the caller: once its own offer was answered reliably, and the 200 to the INVITE changes nothing', async () => {
    const { network, alice, peer, call, invite } = await settledEarly()
    const update = call.session!.update({ body: SDP_2 })
    const request = await peer.nextRequest('UPDATE')
    expect(call.session?.signalingState).toBe('HaveLocalOffer')
    // The INVITE is taken while the offer of the UPDATE is out: what the 200 says is no answer to it (RFC 6337 §3.1.1).
    peer.accept(invite)
    await peer.next('ACK')
    expect(call.session?.signalingState).toBe('HaveLocalOffer')
    peer.respond(request, 200, { body: SDP_2, contentType: 'application/sdp' })
    expect(await network.run(update.outcome)).toMatchObject({ ok: true })
    expect([call.session?.signalingState, call.session?.offer?.body, call.session?.answer?.body]).toEqual(['Stable', SDP_2, SDP_2])
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('the caller: not while there is only a preview of the answer', async () => {
    const { network, alice, peer } = world()
    const call = alice.call('sip:peer@192.0.2.99')
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 183, { body: SDP, contentType: 'application/sdp' })
    await network.advance(10)
    expect(() => call.session?.update({ body: SDP_2 })).toThrow(expect.objectContaining({ code: 'request-pending' }))
    // And none is taken: the peer may come again later (RFC 3311 §5.2).
    peer.inDialog('UPDATE', invite, 1, { body: SDP_2 })
    expect((await peer.nextResponse(500)).headers.has('Retry-After')).toBe(true)
    peer.accept(invite)
    await network.run(call.answered)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('a refused one leaves what was agreed; glare gets 491', async () => {
    const { network, alice, peer, call, invite } = await settledEarly()
    const { offer } = call.session!
    const update = call.session!.update({ body: SDP_2 })
    const request = await peer.nextRequest('UPDATE')
    peer.inDialog('UPDATE', invite, 1, { body: SDP_2 })
    await peer.nextResponse(491)
    peer.respond(request, 491)
    const outcome = await network.run(update.outcome)
    expect(outcome.retryIn).toBeGreaterThanOrEqual(2100)
    expect([call.session?.signalingState, call.session?.offer, call.session?.answer?.body]).toEqual(['Stable', offer, SDP])
    peer.accept(invite)
    await network.run(call.answered)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('the callee: after the PRACK of its answer, not before', async () => {
    const { network, alice, peer, media } = world()
    const incoming = new Promise<Call>((resolve) => void alice.on('incoming', resolve))
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['Supported', '100rel']] })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    expect(() => call.session?.update({ body: SDP_2 })).toThrow(expect.objectContaining({ code: 'request-pending' }))
    peer.inDialog('PRACK', progress, 2, { headers: [['RAck', `${progress.headers.get('RSeq') ?? ''} 1 INVITE`]] })
    await peer.nextResponse(200)
    const update = call.session!.update({ body: SDP_2 })
    const request = await peer.nextRequest('UPDATE')
    // The 200 to the INVITE waits for the answer to the offer.
    void call.answer()
    await network.advance(100)
    expect(call.session?.sessionState).toBe('Early')
    peer.respond(request, 200, { body: SDP, contentType: 'application/sdp' })
    expect(await network.run(update.outcome)).toMatchObject({ ok: true })
    const ok = await peer.nextResponse(200)
    expect([ok.cseq.method, bodyOf(ok)]).toEqual(['INVITE', ''])
    peer.inDialog('ACK', ok, 1)
    // And the other way round, in the call that stands.
    peer.inDialog('UPDATE', ok, 3, { body: SDP_2 })
    expect(bodyOf(await peer.nextResponse(200))).toBe(media.handlers[0]?.local?.body)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })
})

describe('RFC 6228 §4 a fork that will not answer any more', () => {
  it('is forgotten without a word; the others go on', async () => {
    const { network, alice, peer } = world()
    const call = alice.call('sip:peer@192.0.2.99')
    const told: number[] = []
    call.on('progress', ({ statusCode }) => void told.push(statusCode))
    const invite = await peer.nextRequest('INVITE')
    expect(invite.supported).toContain('199')
    peer.respond(invite, 180, { tag: 'one' })
    peer.respond(invite, 180, { tag: 'two' })
    await network.advance(10)
    expect(alice.size.dialogs).toBe(2)
    peer.respond(invite, 199, { tag: 'two' })
    peer.respond(invite, 199, { tag: 'unheard' })
    await network.advance(10)
    expect([alice.size.dialogs, told, call.state.name]).toEqual([1, [199], 'ringing'])
    // Even that one may be the one that answers in the end.
    peer.accept(invite, { tag: 'two' })
    expect(await network.run(call.answered)).toEqual({ answered: true })
    expect(call.session?.remoteTag).toBe('two')
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })
})

describe('RFC 5057 §5.1 what a refusal does to the session', () => {
  it.each([[404, true], [410, true], [482, true], [502, true], [604, true], [403, false], [405, false], [480, false], [486, false], [488, false], [500, false], [501, false], [503, false], [600, false]])(
    '%i to a re-INVITE ends it: %s', async (status, ends) => {
      const { network, alice, peer } = world()
      const call = alice.call('sip:peer@192.0.2.99')
      peer.accept(await peer.nextRequest('INVITE'))
      await network.run(call.answered)
      const held = call.hold()
      const invite = await peer.nextRequest('INVITE')
      peer.answerAll('BYE')
      peer.respond(invite, status)
      expect(await network.run(held)).toMatchObject({ ok: false })
      expect(call.state.name).toBe(ends ? 'ended' : 'established')
      if (ends) expect(await call.ended).toMatchObject({ by: 'error', cause: 'lost', status })
      await network.run(call.hangUp())
      await expectNothingLeft(network, alice)
    },
  )
})

// A call that outlives the page that made it.
import { describe, expect, it } from 'vitest'
import type { CallSnapshot } from '../../src/index.js'
import { Dialog, callSnapshots } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

async function reloaded(): Promise<{
  readonly network: ReturnType<typeof createTestNetwork>; readonly snapshot: CallSnapshot; readonly peer: RawPeer; readonly alice: ReturnType<ReturnType<typeof createTestNetwork>['agent']>
}> {
  const network = createTestNetwork()
  const { factory: media } = createFakeMedia({ clock: network.clock })
  const before = network.agent('before', { extensions: [callSnapshots()], media, identity: 'sip:alice@example.test' })
  const peer = new RawPeer(network)
  const call = before.call('sip:peer@192.0.2.99')
  expect(() => call.snapshot()).toThrow(expect.objectContaining({ code: 'wrong-state' }))
  peer.accept(await peer.nextRequest('INVITE'))
  await network.run(call.answered)
  const snapshot = JSON.parse(JSON.stringify(call.snapshot())) as CallSnapshot
  call.session?.dispose()
  await network.advance(40_000)
  peer.received.length = 0
  return { network, snapshot, peer, alice: network.agent('alice', { media, extensions: [callSnapshots()] }) }
}

describe('a call that is restored from its snapshot', () => {
  it('tells the peer where we are now, and goes on', async () => {
    const network = createTestNetwork()
    const media = { bob: createFakeMedia({ clock: network.clock }), after: createFakeMedia({ clock: network.clock }) }
    const bob = network.agent('bob', { media: media.bob.factory })
    bob.on('incoming', (call) => void call.answer())
    const before = network.agent('before', { extensions: [callSnapshots()], identity: 'sip:alice@example.test', media: createFakeMedia({ clock: network.clock }).factory })
    const first = before.call('bob')
    await network.run(first.answered)
    await network.advance(100)
    const snapshot = JSON.parse(JSON.stringify(first.snapshot())) as CallSnapshot
    first.session?.dispose()
    const after = network.agent('alice', { media: media.after.factory, extensions: [callSnapshots()] })
    const call = after.restore(snapshot)
    expect([call.id, call.direction, call.state.name, await call.answered]).toEqual([first.id, 'outgoing', 'established', { answered: true }])
    await network.advance(1000)
    expect(media.after.handlers[0]?.log).toEqual(['createOffer', 'applyAnswer'])
    expect(media.bob.handlers[0]?.remote?.body).toBe(media.after.handlers[0]?.local?.body)
    expect(String(bob.calls[0]?.session?.remoteTarget)).toContain('192.0.2.3')
    // Both ways, and to the end.
    expect(await network.run(bob.calls[0]!.hold())).toEqual({ ok: true })
    expect(call.remoteHold).toBe(true)
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    await expectNothingLeft(network, before, after, bob)
  })

  it('continues the numbers of its requests', async () => {
    const { network, snapshot, peer, alice } = await reloaded()
    const call = alice.restore(snapshot)
    const invite = await peer.nextRequest('INVITE')
    expect([invite.cseq.sequence, invite.to.tag, invite.from.tag, String(invite.requestUri)]).toEqual([2, 'peer', snapshot.dialog.localTag, 'sip:peer@192.0.2.99'])
    peer.accept(invite)
    await peer.next('ACK')
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it.each([[481, 'lost'], [488, 'media']] as const)('ends when the peer says %i', async (status, cause) => {
    const { network, snapshot, peer, alice } = await reloaded()
    const call = alice.restore(snapshot)
    peer.respond(await peer.nextRequest('INVITE'), status)
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause })
    await expectNothingLeft(network, alice)
  })

  it('without a media engine says again what was said', async () => {
    const network = createTestNetwork()
    const { network: other, snapshot } = await reloaded()
    await other.close()
    const peer = new RawPeer(network)
    const call = network.agent('alice', { extensions: [callSnapshots()] }).restore(snapshot)
    const invite = await peer.nextRequest('INVITE')
    expect(new TextDecoder().decode(invite.body)).toBe(snapshot.agreed?.offer.body)
    peer.accept(invite)
    await network.advance(50)
    expect(call.session?.answer?.body).toBe(SDP)
    peer.answerAll()
    await network.run(call.hangUp())
    await network.close()
  })

  it('is told which extension is missing', async () => {
    const { network, snapshot } = await reloaded()
    expect(() => network.agent('bob').restore(snapshot)).toThrow(expect.objectContaining({ code: 'missing-extension' }))
    await network.close()
  })

  it('refuses what it does not know', async () => {
    const { network, snapshot, alice } = await reloaded()
    const { dialog } = snapshot
    const wrong: readonly unknown[] = [
      undefined, null, 1, {}, { ...snapshot, version: 2 }, { ...snapshot, direction: 'up' }, { ...snapshot, dialog: undefined }, { ...snapshot, agreed: { offer: 1 } },
      ...[{ version: 2 }, { state: 'early' }, { role: 'x' }, { localSequence: '1' }, { remoteSequence: -1 }, { routeSet: 'x' }, { routeSet: [1] }, { callId: 1 }, { remoteTarget: 'not a URI' }, { remoteAddress: '<' }, { secure: 0 }]
        .map((change) => ({ ...snapshot, dialog: { ...dialog, ...change } })),
    ]
    for (const value of wrong) expect(() => alice.restore(value as CallSnapshot), JSON.stringify(value)).toThrow(expect.objectContaining({ code: 'bad-snapshot' }))
    expect(alice.calls).toEqual([])
    expect(Dialog.restore(dialog).snapshot()).toEqual(dialog)
    await network.close()
  })
})

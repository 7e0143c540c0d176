// The callee's side of RFC 3262 on the wire, against a peer that does what a test says.
import type { SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { reliableProvisional } from '../../src/index.js'
import type { Call, CallOptions, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { FakeMedia, TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  readonly media: FakeMedia
  readonly incoming: Promise<Call>
}

function world(mode: 'supported' | 'required' | 'none' = 'supported'): World {
  const network = createTestNetwork()
  const media = createFakeMedia({ clock: network.clock })
  const alice = network.agent('alice', { media: media.factory, extensions: [reliableProvisional({ mode })], autoRing: false })
  const peer = new RawPeer(network)
  const incoming = new Promise<Call>((resolve) => void alice.on('incoming', resolve))
  return { network, alice, peer, media, incoming }
}

const CAN = [['Supported', '100rel']] as const
const rackOf = (response: SipResponse): readonly (readonly [string, string])[] => [['RAck', `${response.headers.get('RSeq') ?? ''} ${response.cseq.sequence} INVITE`]]
const bodyOf = (message: { readonly body: Uint8Array }): string => new TextDecoder().decode(message.body)

describe('RFC 3262 §3 the callee', () => {
  it('INVITE / 1xx-rel: the answer goes in a reliable 183, and the 200 says nothing more', async () => {
    const { network, alice, peer, media, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    expect(progress.headers.get('Require')).toBe('100rel')
    expect(Number(progress.headers.get('RSeq'))).toBeGreaterThan(0)
    expect(bodyOf(progress)).toBe(media.handlers[0]?.local?.body)
    expect(call.session?.signalingState).toBe('Stable')
    peer.inDialog('PRACK', progress, 2, { headers: rackOf(progress) })
    await peer.nextResponse(200)
    void call.answer()
    const ok = await peer.nextResponse(200)
    expect([ok.cseq.method, bodyOf(ok), ok.headers.has('Content-Type')]).toEqual(['INVITE', '', false])
    expect(media.handlers[0]?.log).toEqual(['answerOffer'])
    peer.inDialog('ACK', ok, 1)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('RFC 3311 §4: what may be followed by UPDATE has Allow', async () => {
    const network = createTestNetwork()
    const alice = network.agent('alice', { media: createFakeMedia({ clock: network.clock }).factory, extensions: [reliableProvisional()], autoRing: false })
    alice.on('incoming', (call) => void call.ring({ earlyMedia: true }))
    const peer = new RawPeer(network)
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['Supported', '100rel']] })
    expect((await peer.nextResponse(183)).allow).toContain('UPDATE')
  })

  it('1xx-rel / PRACK: our offer goes in a reliable 183, the answer comes in the PRACK', async () => {
    const { network, alice, peer, media, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { headers: CAN })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    expect([bodyOf(progress), call.session?.signalingState]).toEqual([media.handlers[0]?.local?.body, 'HaveLocalOffer'])
    peer.inDialog('PRACK', progress, 2, { headers: rackOf(progress), body: SDP })
    expect((await peer.nextResponse(200)).cseq.method).toBe('PRACK')
    expect([media.handlers[0]?.log, call.session?.signalingState, call.session?.answer?.body]).toEqual([['createOffer', 'applyAnswer'], 'Stable', SDP])
    void call.answer()
    const ok = await peer.nextResponse(200)
    expect(bodyOf(ok)).toBe('')
    peer.inDialog('ACK', ok, 1)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('PRACK / 200: a PRACK may make another offer', async () => {
    const { network, alice, peer, media, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    peer.inDialog('PRACK', progress, 2, { headers: rackOf(progress), body: SDP.replace('sendrecv', 'sendonly') })
    const ok = await peer.nextResponse(200)
    expect([ok.cseq.method, bodyOf(ok)]).toEqual(['PRACK', media.handlers[0]?.local?.body])
    expect(bodyOf(ok)).toContain('recvonly')
    expect(call.session?.signalingState).toBe('Stable')
    peer.answerAll()
    void call.reject()
    await peer.nextResponse(486)
    peer.inDialog('ACK', ok, 1)
    await expectNothingLeft(network, alice)
  })

  it('a 200 waits for the PRACK of what described the session', async () => {
    const { network, alice, peer, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    void call.answer()
    await network.advance(1200)
    // T1 doubling: at once, after 0.5 s, after 1.5 s.
    expect(peer.names).toEqual(['183', '183'])
    expect(call.session?.sessionState).toBe('Early')
    peer.inDialog('PRACK', progress, 2, { headers: rackOf(progress) })
    const accepted = await peer.nextResponse(200)
    expect(accepted.cseq.method).toBe('PRACK')
    await network.advance(20)
    expect(peer.received.map((message) => message.cseq.method).slice(2)).toEqual(['PRACK', 'INVITE'])
    peer.inDialog('ACK', accepted, 1)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('hanging up while the 200 waits refuses the call', async () => {
    const { network, alice, peer, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    await network.run(call.answer())
    void call.hangUp()
    await peer.nextResponse(480)
    peer.inDialog('ACK', progress, 1)
    await expectNothingLeft(network, alice)
  })

  it('several go one after the other; an unknown PRACK gets 481', async () => {
    const { network, alice, peer, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring()
    void call.ring({ status: 181 })
    const first = await peer.nextResponse(180)
    await network.advance(20)
    expect(peer.names).toEqual(['180'])
    peer.inDialog('PRACK', first, 2, { headers: [['RAck', '1 1 INVITE']] })
    await peer.nextResponse(481)
    peer.inDialog('PRACK', first, 3, { headers: [['RAck', 'nonsense']] })
    await peer.nextResponse(481)
    peer.inDialog('PRACK', first, 4, { headers: rackOf(first) })
    const second = await peer.nextResponse(181)
    expect(Number(second.headers.get('RSeq'))).toBe(Number(first.headers.get('RSeq')) + 1)
    // Without a description in them nothing keeps the 200 back.
    void call.answer()
    const ok = await peer.nextResponse(200)
    peer.inDialog('ACK', ok, 1)
    // The PRACK that the 200 overtook.
    peer.inDialog('PRACK', second, 5, { headers: rackOf(second) })
    await peer.nextResponse(200)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('PRACK lost for 64·T1: 504, and the call is lost', async () => {
    const { network, alice, peer, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring()
    await peer.nextResponse(180)
    const refused = await peer.nextResponse(504)
    expect(peer.names).toEqual([...Array<string>(7).fill('180'), '504'])
    peer.inDialog('ACK', refused, 1)
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause: 'lost' })
    await expectNothingLeft(network, alice)
  })

  it('a PRACK that leaves our offer without answer ends the call with 488', async () => {
    const { network, alice, peer, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { headers: CAN })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    peer.inDialog('PRACK', progress, 2, { headers: rackOf(progress) })
    const refused = await peer.nextResponse(488)
    peer.inDialog('ACK', refused, 1)
    expect(await network.run(call.ended)).toMatchObject({ by: 'error' })
    await expectNothingLeft(network, alice)
  })

  it('CANCEL while one waits for its PRACK: 487, and no more of it', async () => {
    const { network, alice, peer, incoming } = world()
    const invite = peer.request('INVITE', '192.0.2.1', { body: SDP, headers: CAN })
    const call = await network.run(incoming)
    void call.ring()
    await peer.nextResponse(180)
    peer.cancel(invite)
    const refused = await peer.nextResponse(487)
    peer.inDialog('ACK', refused, 1)
    peer.received.length = 0
    await network.advance(40_000)
    expect(peer.names.filter((name) => name === '180')).toEqual([])
    await expectNothingLeft(network, alice)
  })

  it('says nothing reliably to callers that cannot take it', async () => {
    const { network, alice, peer, incoming } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    const call = await network.run(incoming)
    void call.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    expect([progress.headers.has('RSeq'), progress.headers.has('Require')]).toEqual([false, false])
    void call.answer()
    const ok = await peer.nextResponse(200)
    expect(bodyOf(ok)).toBe(bodyOf(progress))
    peer.inDialog('ACK', ok, 1)
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })
})

describe('RFC 3262 the modes', () => {
  const place = async (mode: 'supported' | 'required' | 'none', options: CallOptions = {}): Promise<readonly [supported: string | undefined, require: string | undefined]> => {
    const { network, alice, peer } = world(mode)
    const call = alice.call('sip:peer@192.0.2.99', options)
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 486)
    await network.run(call.ended)
    await expectNothingLeft(network, alice)
    return [invite.headers.get('Supported'), invite.headers.get('Require')]
  }

  it('what our INVITE says', async () => {
    expect(await place('supported')).toEqual(['100rel, 199', undefined])
    expect(await place('required')).toEqual(['100rel, 199', '100rel'])
    expect(await place('none')).toEqual(['199', undefined])
  })

  it.each([['none', CAN.map(([, tag]) => ['Require', tag] as const), 420], ['required', [], 421], ['required', CAN, 486], ['supported', [['Require', '100rel']] as const, 486]] as const)('%s: %j gets %i', async (mode, headers, status) => {
    const { alice, peer, network } = world(mode)
    alice.on('incoming', (call) => void call.reject())
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers })
    const response = await peer.nextResponse(status)
    if (status === 420) expect(response.headers.get('Unsupported')).toBe('100rel')
    if (status === 421) expect(response.headers.get('Require')).toBe('100rel')
    peer.inDialog('ACK', response, 1)
    await expectNothingLeft(network, alice)
  })
})

describe('two agents', () => {
  it.each([{ offerless: false }, { offerless: true }])('agree before the answer ($offerless)', async ({ offerless }) => {
    const network = createTestNetwork({ loss: 0.2, duplicate: 0.1, seed: 5 })
    const media = { alice: createFakeMedia({ clock: network.clock }), bob: createFakeMedia({ clock: network.clock }) }
    const alice = network.agent('alice', { media: media.alice.factory })
    const bob = network.agent('bob', { media: media.bob.factory, extensions: [reliableProvisional()], autoRing: false })
    bob.on('incoming', (call) => void call.ring({ earlyMedia: true }).then(() => call.answer()))
    const call = alice.call('bob', { offerless })
    expect(await network.run(call.answered)).toEqual({ answered: true })
    await network.advance(5000)
    const [a, b] = [media.alice.handlers[0], media.bob.handlers[0]]
    expect([a?.remote?.body, b?.remote?.body]).toEqual([b?.local?.body, a?.local?.body])
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice, bob)
  })
})

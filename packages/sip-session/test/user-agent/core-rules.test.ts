// Rules of RFC 3261 for user agents that no other test shows by name; conformance/ leads here.
import { createResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import type { Call, UserAgent, UserAgentOptions } from '../../src/index.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  readonly calls: Call[]
}

function world(options: Partial<UserAgentOptions> = {}): World {
  const network = createTestNetwork()
  const alice = network.agent('alice', { media: createFakeMedia({ clock: network.clock }).factory, ...options })
  const calls: Call[] = []
  alice.on('incoming', (call) => calls.push(call))
  return { network, alice, peer: new RawPeer(network), calls }
}

describe('RFC 3261 §8.1 a request of ours', () => {
  it('an outbound proxy is preloaded as Route, and the request goes there', async () => {
    const { alice, peer } = world({ server: 'sip:192.0.2.99;lr' })
    alice.call('sip:bob@example.test')
    const invite = await peer.nextRequest('INVITE')
    expect(String(invite.requestUri)).toBe('sip:bob@example.test')
    expect(invite.route.map(String)).toEqual(['<sip:192.0.2.99;lr>'])
  })

  it('to a SIPS target has a Contact of SIPS, in the dialog, too', async () => {
    const { alice, peer, network } = world({ locate: () => Promise.resolve([{ transport: 'UDP', host: '192.0.2.99', port: 5060 }]) })
    const call = alice.call('sips:peer@192.0.2.99')
    const invite = await peer.nextRequest('INVITE')
    expect(String(invite.contact?.uri)).toBe('sips:alice@192.0.2.1:5060')
    peer.accept(invite, { contact: '<sips:peer@192.0.2.99>' })
    await network.run(call.answered)
    void call.hold()
    expect(String((await peer.nextRequest('INVITE')).contact?.uri)).toBe('sips:alice@192.0.2.1:5060')
  })

  it('what is sent with Expires is cancelled when that has passed', async () => {
    const { alice, peer, network } = world()
    const call = alice.call('sip:peer@192.0.2.99', { headers: { Expires: 5 } })
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 180)
    await network.advance(4900)
    expect(peer.names).toEqual(['INVITE'])
    await peer.nextRequest('CANCEL')
    expect(await network.run(call.ended)).toMatchObject({ by: 'local', cause: 'no-answer' })
  })

  it('a response with a second Via is nobody’s here', async () => {
    const { alice, peer, network } = world()
    const call = alice.call('sip:peer@192.0.2.99')
    const invite = await peer.nextRequest('INVITE')
    const wrong = invite.clone()
    wrong.headers.append('Via', 'SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKother')
    peer.respond(wrong, 486)
    await network.advance(100)
    expect(call.state.name).toBe('calling')
    peer.respond(invite, 180)
    await network.advance(100)
    expect(call.state.name).toBe('ringing')
  })

  it('the application may require an extension, and hears what of it is not supported', async () => {
    const { alice, peer, network } = world()
    const call = alice.call('sip:peer@192.0.2.99', { headers: { Require: 'colours' } })
    const invite = await peer.nextRequest('INVITE')
    expect(invite.require).toEqual(['colours'])
    peer.respond(invite, 420, { headers: [['Unsupported', 'colours']] })
    const { message } = await network.run(call.ended)
    expect(message?.unsupported).toEqual(['colours'])
  })
})

describe('RFC 3261 §8.2 a request of theirs', () => {
  it('may name anybody in To, by whatever scheme', async () => {
    const { peer, calls } = world()
    const request = peer.request('INVITE', '192.0.2.1', { body: SDP })
    await peer.next(180)
    expect(calls).toHaveLength(1)
    request.headers.set('To', '<tel:+15550100>')
    request.headers.set('Call-ID', 'another')
    request.headers.set('Via', 'SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKtel;rport')
    peer.send(request)
    expect(String((await peer.nextResponse(180)).to.uri)).toBe('tel:+15550100')
  })

  it('a CANCEL may require what it likes', async () => {
    const { peer, calls, network } = world()
    const request = peer.request('INVITE', '192.0.2.1', { body: SDP })
    await peer.next(180)
    const cancel = peer.request('CANCEL', '192.0.2.1', { callId: request.callId, headers: [['Require', 'secrets']] })
    cancel.headers.set('Via', request.headers.get('Via') ?? '')
    peer.send(cancel)
    await peer.next(487)
    expect(await network.run(calls[0]!.ended)).toMatchObject({ cause: 'cancelled' })
  })

  it('to a SIPS target is answered with a Contact of SIPS', async () => {
    const { peer } = world()
    peer.request('INVITE', '192.0.2.1', { uri: 'sips:alice@192.0.2.1', body: SDP })
    expect(String((await peer.nextResponse(180)).contact?.uri)).toBe('sips:alice@192.0.2.1:5060')
  })

  it('is redirected by the application, with Contacts', async () => {
    const { peer, calls } = world()
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    await peer.next(180)
    await calls[0]?.reject(302, 'Moved', { headers: { Contact: ['<sip:carol@example.test>;q=0.9', '<sip:dave@example.test>'] } })
    const moved = await peer.nextResponse(302)
    expect(moved.contacts).toHaveLength(2)
  })

  it('an offer that the media cannot take gets 488 and a Warning, and changes nothing', async () => {
    const network = createTestNetwork()
    const media = createFakeMedia({ clock: network.clock, script: { answerOffer: [{}, { failure: new RangeError('no common codec') }] } })
    const alice = network.agent('alice', { media: media.factory })
    alice.on('incoming', (call) => void call.answer())
    const peer = new RawPeer(network)
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    const ok = await peer.nextResponse(200)
    peer.inDialog('ACK', ok, 1)
    peer.inDialog('INVITE', ok, 2, { body: SDP })
    const refused = await peer.nextResponse(488)
    expect(refused.headers.get('Warning')).toBe('399 offhook "no common codec"')
    expect(alice.calls[0]?.state.name).toBe('established')
  })
})

describe('RFC 3261 §12.1 peers of RFC 2543 without tags', () => {
  it('a caller without a tag in From: the dialog has an empty remote tag, which is not sent', async () => {
    const { peer, calls, network } = world()
    const request = peer.request('INVITE', '192.0.2.1', { body: SDP, callId: 'old' })
    await peer.next(180)
    request.headers.set('From', '<sip:peer@192.0.2.99>')
    request.headers.set('Call-ID', 'older')
    request.headers.set('Via', 'SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKold;rport')
    peer.send(request)
    await peer.next(180)
    const [, call] = calls
    void call?.answer()
    const ok = await peer.nextResponse(200)
    peer.inDialog('ACK', ok, 1)
    await network.advance(100)
    expect(call?.session?.remoteTag).toBe('')
    void call?.hangUp()
    const bye = await peer.nextRequest('BYE')
    expect(bye.to.tag).toBeUndefined()
    expect(bye.callId).toBe('older')
  })

  it('a callee without a tag in To, likewise', async () => {
    const { alice, peer, network } = world()
    const call = alice.call('sip:peer@192.0.2.99')
    const invite = await peer.nextRequest('INVITE')
    peer.send(createResponse(invite, { statusCode: 200, headers: [['Contact', '<sip:peer@192.0.2.99>']], body: SDP, contentType: 'application/sdp' }))
    const ack = await peer.nextRequest('ACK')
    expect(ack.to.tag).toBeUndefined()
    await network.run(call.answered)
    expect(call.session?.remoteTag).toBe('')
    void call.hangUp()
    expect((await peer.nextRequest('BYE')).to.tag).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { FakeMedia, FakeScript, TestNetwork } from '../../src/testing/index.js'
import type { Call, IncomingRequest, Session, UserAgent } from '../../src/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  readonly media: FakeMedia
  readonly call: Call
  readonly session: Session
  /** Our INVITE, in a call of ours. */
  readonly invite: SipRequest
  readonly finish: () => Promise<void>
}

/** A call of ours that the peer answered. */
async function established(script: FakeScript = {}, tones = true): Promise<World> {
  const network = createTestNetwork()
  const media = createFakeMedia({ clock: network.clock, script, tones })
  const alice = network.agent('alice', { media: media.factory })
  const peer = new RawPeer(network)
  const call = alice.call('sip:peer@192.0.2.99')
  const invite = await peer.nextRequest('INVITE')
  peer.accept(invite, { headers: [['Allow', 'INVITE, ACK, BYE, CANCEL, INFO, UPDATE'], ['Supported', 'timer']] })
  await peer.next('ACK')
  await network.run(call.answered)
  peer.received.length = 0
  const finish = async (): Promise<void> => {
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  }
  return { network, alice, peer, media, call, session: call.session!, invite, finish }
}

const HELD = SDP.replace('sendrecv', 'sendonly')

describe('the session, member for member', () => {
  it('has the properties that are promised', async () => {
    const { session, invite, finish } = await established()
    expect(session.callId).toBe(invite.callId)
    expect(session.localTag).toBe(invite.from.tag)
    expect(session.remoteTag).toBe('peer')
    expect(session.id).toContain(invite.callId)
    expect(String(session.localURI)).toBe('sip:alice@example.test')
    expect(String(session.remoteURI)).toBe('sip:peer@192.0.2.99')
    expect(String(session.remoteTarget)).toBe('sip:peer@192.0.2.99')
    expect(session.offer?.body).toBe(new TextDecoder().decode(invite.body))
    expect(session.answer?.body).toBe(SDP)
    expect([session.sessionState, session.signalingState]).toEqual(['Confirmed', 'Stable'])
    expect(session.capabilities).toMatchObject({ allow: ['INVITE', 'ACK', 'BYE', 'CANCEL', 'INFO', 'UPDATE'], supported: ['timer'] })
    expect(JSON.parse(JSON.stringify(session.snapshot()))).toMatchObject({ version: 1, role: 'uac', state: 'confirmed', localSequence: 1, remoteTarget: 'sip:peer@192.0.2.99' })
    await finish()
    expect([session.sessionState, session.signalingState, session.offer, session.answer]).toEqual(['Terminated', 'Closed', undefined, undefined])
  })

  it('sends every request with the next number and tells its outcome', async () => {
    const { session, peer, network, finish } = await established()
    const asked: [string, () => ReturnType<Session['info']>][] = [
      ['INFO', () => session.info({ body: 'x', contentType: 'text/plain' })], ['MESSAGE', () => session.message({ body: 'hello' })],
      ['NOTIFY', () => session.notify({ headers: { Event: 'refer', 'Subscription-State': 'active' } })], ['REFER', () => session.refer('sip:carol@example.test')],
      ['OPTIONS', () => session.options()], ['UPDATE', () => session.update()],
    ]
    let sequence = 1
    for (const [method, ask] of asked) {
      const outgoing = ask()
      const request = await peer.nextRequest(method)
      expect(request.cseq.sequence).toBe(++sequence)
      if (method === 'REFER') expect(request.headers.get('Refer-To')).toBe('<sip:carol@example.test>')
      peer.respond(request, method === 'NOTIFY' ? 489 : 202)
      expect(await network.run(outgoing.outcome)).toMatchObject(method === 'NOTIFY' ? { ok: false, status: 489 } : { ok: true, status: 202 })
    }
    expect(() => session.prack()).toThrow(expect.objectContaining({ code: 'wrong-state' }))
    await finish()
  })

  it('a disposed session sends nothing more, and knows it', async () => {
    const { session, call, network, alice, peer } = await established()
    session.dispose()
    expect(session.sessionState).toBe('Terminated')
    expect(await network.run(session.info().outcome)).toMatchObject({ ok: false, failure: 'closed' })
    expect(await call.ended).toMatchObject({ by: 'local', cause: 'closed' })
    expect(peer.received).toEqual([])
    await expectNothingLeft(network, alice)
  })

  it.each([['onInfo', 'INFO', 200], ['onMessage', 'MESSAGE', 405], ['onNotify', 'NOTIFY', 481], ['onPrack', 'PRACK', 481], ['onRefer', 'REFER', 405]] as const)(
    '%s takes %s, which gets %i otherwise', async (name, method, status) => {
      const { session, peer, invite, finish } = await established()
      peer.inDialog(method, invite, 1)
      await peer.next(status)
      session.delegate = { [name]: (request: IncomingRequest) => request.accept({ statusCode: 299 }) }
      peer.inDialog(method, invite, 2)
      await peer.next(299)
      await finish()
    },
  )

  it('onBye hears of the end and cannot prevent it; the answer is 200', async () => {
    const { session, peer, invite, call, network, alice } = await established()
    const states: string[] = []
    session.delegate = { onBye: () => states.push(session.sessionState) }
    peer.inDialog('BYE', invite, 1)
    await peer.next(200)
    expect(states).toEqual(['Terminated'])
    expect(session.sessionState).toBe('Terminated')
    expect(await call.ended).toMatchObject({ by: 'remote' })
    await expectNothingLeft(network, alice)
  })

  it('misuse throws a typed error', async () => {
    const { session, finish, peer, network } = await established()
    const first = session.invite({ body: SDP })
    expect(() => session.invite({ body: SDP })).toThrow(expect.objectContaining({ code: 'request-pending' }))
    expect(() => session.update({ body: SDP })).toThrow(expect.objectContaining({ code: 'request-pending' }))
    peer.respond(await peer.nextRequest('INVITE'), 488)
    expect(await network.run(first.outcome)).toMatchObject({ status: 488 })
    await finish()
  })
})

describe('RFC 3261 §12.2 requests within the dialog', () => {
  it('500 for one that comes out of order', async () => {
    const { peer, invite, finish } = await established()
    peer.inDialog('OPTIONS', invite, 10)
    await peer.next(200)
    peer.inDialog('OPTIONS', invite, 10)
    await peer.next(500)
    peer.inDialog('OPTIONS', invite, 9)
    await peer.next(500)
    peer.inDialog('OPTIONS', invite, 11)
    await peer.next(200)
    await finish()
  })

  it('420 and 501 as outside, 481 after the end, 200 for a BYE that crosses ours', async () => {
    const { peer, invite, call, network, alice } = await established()
    peer.inDialog('OPTIONS', invite, 1, { headers: [['Require', 'foo']] })
    await peer.next(420)
    peer.inDialog('FOO', invite, 2)
    await peer.next(501)
    void call.hangUp()
    const bye = await peer.nextRequest('BYE')
    peer.inDialog('BYE', invite, 3)
    await peer.next(200)
    peer.inDialog('OPTIONS', invite, 4)
    await peer.next(481)
    peer.respond(bye, 200)
    await network.advance(20)
    peer.inDialog('BYE', invite, 5)
    await peer.next(481)
    await expectNothingLeft(network, alice)
  })

  it.each([408, 481])('%i to a request ends the session, with a BYE', async (status) => {
    const { peer, session, call, network, alice } = await established()
    const info = session.info({ body: 'x' })
    peer.respond(await peer.nextRequest('INFO'), status)
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(await network.run(info.outcome)).toMatchObject({ status })
    expect(await call.ended).toMatchObject({ by: 'error', cause: 'lost', status })
    await expectNothingLeft(network, alice)
  })

  it('silence ends it, too', async () => {
    const { peer, session, call, network, alice } = await established()
    const update = session.update()
    peer.detach()
    expect(await network.run(update.outcome)).toMatchObject({ status: 408, failure: 'timed-out' })
    expect(await call.ended).toMatchObject({ by: 'error', cause: 'lost' })
    await expectNothingLeft(network, alice)
  })

  it('takes the remote target from an accepted re-INVITE, not from a refused one', async () => {
    const { peer, session, invite, finish, network } = await established({ answerOffer: [{ failure: new RangeError('cannot') }] })
    peer.inDialog('INVITE', invite, 1, { body: SDP, contact: '<sip:refused@192.0.2.99>' })
    await peer.next(488)
    peer.inDialog('ACK', invite, 1)
    expect(String(session.remoteTarget)).toBe('sip:peer@192.0.2.99')
    peer.inDialog('INVITE', invite, 2, { body: SDP, contact: '<sip:moved@192.0.2.99>' })
    await peer.next(200)
    peer.inDialog('ACK', invite, 2)
    expect(String(session.remoteTarget)).toBe('sip:moved@192.0.2.99')
    peer.inDialog('UPDATE', invite, 3, { contact: '<sip:again@192.0.2.99>' })
    await peer.next(200)
    const info = session.info()
    const request = await peer.nextRequest('INFO')
    expect(String(request.requestUri)).toBe('sip:again@192.0.2.99')
    peer.respond(request, 200)
    await network.run(info.outcome)
    await finish()
  })
})

describe('RFC 3261 §14 re-INVITE', () => {
  it('received: answers a hold, tells of it, and of its end; the target moves when it is accepted', async () => {
    const { peer, invite, call, session, media, finish } = await established()
    const held: boolean[] = []
    call.on('hold', (now) => held.push(now))
    const request = peer.inDialog('INVITE', invite, 1, { body: HELD, headers: [] })
    const ok = await peer.nextResponse(200)
    expect(new TextDecoder().decode(ok.body)).toContain('a=recvonly')
    peer.inDialog('ACK', invite, request.cseq.sequence)
    expect(call.remoteHold).toBe(true)
    peer.inDialog('INVITE', invite, 2, { body: SDP })
    await peer.next(200)
    peer.inDialog('ACK', invite, 2)
    expect(held).toEqual([true, false])
    expect(session.signalingState).toBe('Stable')
    expect(media.handlers[0]?.log.filter((name) => name === 'answerOffer')).toHaveLength(2)
    await finish()
  })

  it('received without offer: ours is in the 200, the answer in the ACK', async () => {
    const { peer, invite, session, media, network, finish } = await established()
    peer.inDialog('INVITE', invite, 1)
    const ok = await peer.nextResponse(200)
    expect(ok.body.length).toBeGreaterThan(0)
    expect(session.signalingState).toBe('HaveLocalOffer')
    peer.inDialog('ACK', invite, 1, { body: SDP })
    await network.advance(50)
    expect(session.signalingState).toBe('Stable')
    expect(media.handlers[0]?.isOffering).toBe(false)
    await finish()
  })

  it('a lost ACK ends the call after 64·T1; one whose re-INVITE follows does not', async () => {
    const { peer, invite, session, finish, network } = await established()
    peer.inDialog('INVITE', invite, 1, { body: HELD })
    await peer.next(200)
    // The ACK is lost, yet the peer sends another re-INVITE: it has seen the 200.
    peer.inDialog('INVITE', invite, 2, { body: SDP })
    await network.advance(100)
    peer.inDialog('ACK', invite, 2)
    await network.advance(60_000)
    expect(session.sessionState).toBe('Confirmed')
    await finish()
  })

  it('an ACK that never comes ends the call, unless the application decides otherwise', async () => {
    const { peer, invite, session, network, finish, call } = await established()
    let timeouts = 0
    session.delegate = { onAckTimeout: () => timeouts++ }
    peer.inDialog('INVITE', invite, 1, { body: HELD })
    await peer.next(200)
    await network.advance(40_000)
    expect(timeouts).toBe(1)
    expect(call.state.name).toBe('established')
    // And re-INVITEs work as before, both ways.
    peer.inDialog('INVITE', invite, 2, { body: SDP })
    await peer.next(200)
    peer.inDialog('ACK', invite, 2)
    await network.advance(50)
    const hold = call.hold()
    peer.respond(await peer.nextRequest('INVITE'), 200, { body: SDP, contentType: 'application/sdp' })
    expect(await network.run(hold)).toEqual({ ok: true })
    await finish()
  })

  it('§14.2: 491 while ours is under way, 500 with Retry-After while theirs is', async () => {
    const { peer, invite, call, network, finish } = await established({ answerOffer: [{ delay: 1000 }] })
    const hold = call.hold()
    const ours = await peer.nextRequest('INVITE')
    peer.inDialog('INVITE', invite, 1, { body: SDP })
    await peer.next(491)
    peer.respond(ours, 200, { body: SDP, contentType: 'application/sdp' })
    expect(await network.run(hold)).toEqual({ ok: true })
    peer.inDialog('INVITE', invite, 2, { body: SDP })
    await network.advance(50)
    peer.inDialog('INVITE', invite, 3, { body: SDP })
    const busy = await peer.nextResponse(500)
    expect(busy.retryAfter).toBeGreaterThanOrEqual(0)
    expect(busy.retryAfter).toBeLessThanOrEqual(10)
    const ok = await peer.nextResponse(200)
    expect(ok.cseq.sequence).toBe(2)
    peer.inDialog('ACK', invite, 2)
    await network.advance(50)
    await finish()
  })

  it('§14.1: after 491 the owner of the Call-ID tries again after 2.1 to 4 s, with what it then wants', async () => {
    const { peer, call, network, finish } = await established()
    const hold = call.hold()
    const first = await peer.nextRequest('INVITE')
    peer.respond(first, 491)
    const at = network.clock.now()
    const second = await peer.nextRequest('INVITE')
    expect(network.clock.now() - at).toBeGreaterThanOrEqual(2100)
    expect(network.clock.now() - at).toBeLessThanOrEqual(4100)
    expect(second.cseq.sequence).toBe(first.cseq.sequence + 1)
    peer.respond(second, 200, { body: SDP, contentType: 'application/sdp' })
    expect(await network.run(hold)).toEqual({ ok: true })
    expect(call.localHold).toBe(true)
    await finish()
  })

  it('a refused hold leaves the call as it was', async () => {
    const { peer, call, media, network, session, finish } = await established()
    const before = session.offer
    const hold = call.hold()
    peer.respond(await peer.nextRequest('INVITE'), 488)
    expect(await network.run(hold)).toMatchObject({ ok: false, code: 'refused', status: 488 })
    expect(call.state.name).toBe('established')
    expect(call.localHold).toBe(false)
    expect(session.signalingState).toBe('Stable')
    expect(session.offer).toBe(before)
    expect(media.handlers[0]?.log.at(-1)).toBe('rollback')
    await finish()
  })

  it('media that changed are described anew: twice at once is one re-INVITE, glare is retried, a hold stays', async () => {
    const { peer, call, media, network, finish } = await established()
    const twice = [call.renegotiate(), call.renegotiate({ restart: true })]
    const first = await peer.nextRequest('INVITE')
    peer.respond(first, 491)
    const second = await peer.nextRequest('INVITE')
    expect(new TextDecoder().decode(second.body)).toContain('a=sendrecv')
    peer.respond(second, 200, { body: SDP, contentType: 'application/sdp' })
    expect(await network.run(Promise.all(twice))).toEqual([{ ok: true }, { ok: true }])
    const hold = call.hold()
    peer.respond(await peer.nextRequest('INVITE'), 200, { body: SDP, contentType: 'application/sdp' })
    await network.run(hold)
    const again = call.renegotiate()
    const third = await peer.nextRequest('INVITE')
    expect(new TextDecoder().decode(third.body)).toContain('a=sendonly')
    peer.respond(third, 488)
    expect(await network.run(again)).toMatchObject({ ok: false, code: 'refused', status: 488 })
    expect(call.localHold).toBe(true)
    expect(media.handlers[0]?.log.at(-1)).toBe('rollback')
    await finish()
    expect(await call.renegotiate()).toMatchObject({ ok: false, code: 'ended' })
  })

  it('hold twice is one hold; hold and resume at once are none', async () => {
    const { peer, call, network, finish } = await established()
    const twice = [call.hold(), call.hold()]
    const request = await peer.nextRequest('INVITE')
    expect(new TextDecoder().decode(request.body)).toContain('a=sendonly')
    peer.respond(request, 200, { body: SDP, contentType: 'application/sdp' })
    expect(await network.run(Promise.all(twice))).toEqual([{ ok: true }, { ok: true }])
    expect(await call.hold()).toEqual({ ok: true })
    await network.advance(100)
    expect(peer.names.filter((name) => name === 'INVITE')).toHaveLength(1)
    await finish()
  })

  it('a hold that is asked for while it is hung up ends with the call', async () => {
    const { peer, call, network, alice } = await established()
    const hold = call.hold()
    const reinvite = await peer.nextRequest('INVITE')
    void call.hangUp()
    peer.respond(await peer.nextRequest('BYE'), 200)
    peer.respond(reinvite, 487)
    await peer.next('ACK')
    expect(await network.run(hold)).toMatchObject({ ok: false, code: 'ended' })
    await expectNothingLeft(network, alice)
  })

  it('a 200 to a re-INVITE that comes after our BYE is acknowledged', async () => {
    const { peer, call, network, alice } = await established()
    void call.hold()
    const reinvite = await peer.nextRequest('INVITE')
    void call.hangUp()
    const bye = await peer.nextRequest('BYE')
    peer.respond(reinvite, 200, { body: SDP, contentType: 'application/sdp' })
    const ack = await peer.nextRequest('ACK')
    expect(ack.cseq.sequence).toBe(reinvite.cseq.sequence)
    peer.respond(bye, 200)
    await expectNothingLeft(network, alice)
  })

  it('a BYE that meets our re-INVITE ends the call; the re-INVITE is left to its end', async () => {
    const { peer, call, invite, network, alice } = await established()
    const hold = call.hold()
    const reinvite = await peer.nextRequest('INVITE')
    peer.inDialog('BYE', invite, 1)
    await peer.next(200)
    expect(await call.ended).toMatchObject({ by: 'remote', cause: 'hung-up' })
    peer.respond(reinvite, 487)
    expect(await network.run(hold)).toMatchObject({ ok: false, code: 'ended' })
    await expectNothingLeft(network, alice)
  })

  it('a re-INVITE of theirs that is open when they send BYE gets 487', async () => {
    const { peer, invite, network, alice } = await established({ answerOffer: [{ delay: 1000 }] })
    peer.inDialog('INVITE', invite, 1, { body: HELD })
    await network.advance(100)
    peer.inDialog('BYE', invite, 2)
    const gone = await peer.nextResponse(487)
    expect(gone.cseq.method).toBe('INVITE')
    peer.inDialog('ACK', invite, 1)
    await expectNothingLeft(network, alice)
  })

  it('can be cancelled', async () => {
    const { peer, session, network, finish } = await established()
    const outgoing = session.invite({ body: HELD })
    const reinvite = await peer.nextRequest('INVITE')
    peer.respond(reinvite, 100)
    await network.advance(20)
    outgoing.cancel()
    peer.respond(await peer.nextRequest('CANCEL'), 200)
    peer.respond(reinvite, 487)
    expect(await network.run(outgoing.outcome)).toMatchObject({ ok: false, status: 487 })
    expect(session.signalingState).toBe('Stable')
    await finish()
  })

  it('cancelled by the peer: 487, and the call goes on', async () => {
    const { peer, invite, call, network, finish } = await established({ answerOffer: [{ delay: 1000 }] })
    const reinvite = peer.inDialog('INVITE', invite, 1, { body: HELD })
    await network.advance(100)
    const cancel = reinvite.clone()
    cancel.method = 'CANCEL'
    cancel.headers.set('CSeq', '1 CANCEL')
    cancel.body = new Uint8Array()
    peer.send(cancel)
    await peer.next(487)
    peer.inDialog('ACK', invite, 1)
    await network.advance(2000)
    expect(call.state.name).toBe('established')
    expect(peer.received.filter((message): message is SipResponse => message.kind === 'response' && message.statusCode === 200 && message.cseq.method === 'INVITE')).toEqual([])
    await finish()
  })
})

describe('RFC 3311 UPDATE', () => {
  it('received without a body: 200 and a new target', async () => {
    const { peer, invite, session, finish, network } = await established()
    peer.inDialog('UPDATE', invite, 1)
    await peer.next(200)
    expect(String(session.remoteTarget)).toBe('sip:peer@192.0.2.99')
    await network.advance(10)
    await finish()
  })

  it('received with an offer: answered; a second one meanwhile gets 500, one against ours 491', async () => {
    const { peer, invite, session, call, finish, network } = await established({ answerOffer: [{ delay: 500 }] })
    peer.inDialog('UPDATE', invite, 1, { body: HELD })
    await network.advance(50)
    peer.inDialog('UPDATE', invite, 2, { body: SDP })
    expect((await peer.nextResponse(500)).headers.has('Retry-After')).toBe(true)
    const ok = await peer.nextResponse(200)
    expect(new TextDecoder().decode(ok.body)).toContain('a=recvonly')
    expect(session.signalingState).toBe('Stable')
    const hold = call.hold()
    const ours = await peer.nextRequest('INVITE')
    peer.inDialog('UPDATE', invite, 3, { body: SDP })
    await peer.next(491)
    peer.respond(ours, 200, { body: SDP, contentType: 'application/sdp' })
    await network.run(hold)
    await finish()
  })

  it('sent with an offer: the 200 brings the answer, anything else takes it back', async () => {
    const { peer, session, finish, network } = await established()
    const first = session.update({ body: HELD })
    expect(session.signalingState).toBe('HaveLocalOffer')
    peer.respond(await peer.nextRequest('UPDATE'), 200, { body: SDP, contentType: 'application/sdp' })
    await network.run(first.outcome)
    expect([session.signalingState, session.offer?.body]).toEqual(['Stable', HELD])
    const second = session.update({ body: SDP })
    peer.respond(await peer.nextRequest('UPDATE'), 504)
    await network.run(second.outcome)
    expect([session.signalingState, session.offer?.body]).toEqual(['Stable', HELD])
    await finish()
  })
})

describe('tones', () => {
  it('go by INFO where the media cannot, one after the other', async () => {
    const { peer, call, network, finish } = await established({}, false)
    peer.answerAll('INFO')
    expect(await network.run(call.dtmf('1#,9'))).toEqual({ ok: true })
    const bodies = peer.received.map((message) => new TextDecoder().decode(message.body)).filter((body) => body.startsWith('Signal'))
    expect(bodies).toEqual(['Signal=1\r\nDuration=160\r\n', 'Signal=#\r\nDuration=160\r\n', 'Signal=9\r\nDuration=160\r\n'])
    expect(await call.dtmf('1x')).toMatchObject({ ok: false, code: 'failed' })
    await finish()
  })

  it('go in the media where they can', async () => {
    const { call, media, finish } = await established()
    expect(await call.dtmf('12')).toEqual({ ok: true })
    expect(media.handlers[0]?.log.at(-1)).toBe('dtmf 12')
    await finish()
  })

  it.each([
    ['application/dtmf-relay', 'Signal= 5\r\nDuration= 160\r\n', ['5']], ['application/dtmf-relay', 'Signal=11', ['#']], ['application/dtmf', '*', ['*']],
  ] as const)('of the peer by INFO %s %j are heard', async (contentType, body, tones) => {
    const { peer, invite, call, finish } = await established()
    const heard: string[] = []
    call.on('dtmf', (tone) => heard.push(tone))
    peer.inDialog('INFO', invite, 1, { body, contentType })
    await peer.next(200)
    expect(heard).toEqual(tones)
    await finish()
  })

  it('RFC 6086 §4.2.2: 469 for an INFO package, 415 for a body that nobody knows', async () => {
    const { peer, invite, finish } = await established()
    peer.inDialog('INFO', invite, 1, { headers: [['Info-Package', 'foo']] })
    expect((await peer.nextResponse(469)).headers.has('Recv-Info')).toBe(true)
    peer.inDialog('INFO', invite, 2, { body: 'x', contentType: 'application/media_control+xml' })
    expect((await peer.nextResponse(415)).headers.get('Accept')).toContain('dtmf-relay')
    await finish()
  })
})

import { describe, expect, it } from 'vitest'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { FakeMedia, FakeScript, TestNetwork } from '../../src/testing/index.js'
import type { Call, UserAgent, UserAgentOptions } from '../../src/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  readonly media: FakeMedia
  readonly calls: Call[]
}

function world(options: Partial<UserAgentOptions> = {}, script: FakeScript = {}): World {
  const network = createTestNetwork()
  const media = createFakeMedia({ clock: network.clock, script })
  const alice = network.agent('alice', { media: media.factory, ...options })
  const calls: Call[] = []
  alice.on('incoming', (call) => calls.push(call))
  return { network, alice, peer: new RawPeer(network), media, calls }
}

const invite = (peer: RawPeer, more: Parameters<RawPeer['request']>[2] = {}): ReturnType<RawPeer['request']> => peer.request('INVITE', '192.0.2.1', { body: SDP, ...more })

describe('RFC 3261 §13.3 the callee', () => {
  it('rings by itself with a tag, answers, and the ACK confirms', async () => {
    const { alice, peer, calls, network } = world()
    const request = invite(peer)
    const ringing = await peer.nextResponse(180)
    const [call] = calls
    expect(ringing.to.tag).toMatch(/^[a-z0-9]{20}$/)
    expect(String(ringing.contact?.uri)).toBe('sip:alice@192.0.2.1:5060')
    expect(call?.session?.sessionState).toBe('Early')
    expect(call?.session?.signalingState).toBe('HaveRemoteOffer')
    void call?.answer({ headers: { 'X-Here': 'yes' } })
    const ok = await peer.nextResponse(200)
    expect(ok.to.tag).toBe(ringing.to.tag)
    expect(ok.headers.get('X-Here')).toBe('yes')
    expect(ok.allow).toContain('BYE')
    expect(call?.session?.sessionState).toBe('AckWait')
    expect(call?.session?.signalingState).toBe('Stable')
    peer.inDialog('ACK', ok, request.cseq.sequence)
    await network.advance(50)
    expect(call?.session?.sessionState).toBe('Confirmed')
    peer.inDialog('BYE', ok, 2)
    await peer.next(200)
    expect(await call?.ended).toMatchObject({ by: 'remote', cause: 'hung-up' })
    expect(call?.session?.sessionState).toBe('Terminated')
    expect(call?.session?.signalingState).toBe('Closed')
    await expectNothingLeft(network, alice)
  })

  it('is `Initial` before anything was said', async () => {
    const { peer, calls, network } = world({ autoRing: false })
    invite(peer)
    await network.advance(50)
    expect(calls[0]?.session?.sessionState).toBe('Initial')
    await calls[0]?.ring()
    expect(calls[0]?.session?.sessionState).toBe('Early')
  })

  it('repeats the 200 at T1, 2·T1 … T2 until the ACK', async () => {
    const { peer, calls, network } = world()
    const request = invite(peer)
    await peer.next(180)
    await calls[0]?.answer()
    await network.advance(12_000)
    const answers = peer.received.filter((message) => message.kind === 'response' && message.statusCode === 200)
    expect(answers).toHaveLength(1 + 5) // 0.5 1.5 3.5 7.5 11.5
    peer.inDialog('ACK', answers[0]!, request.cseq.sequence)
    await network.advance(60_000)
    expect(peer.received.filter((message) => message.kind === 'response' && message.statusCode === 200)).toHaveLength(6)
    expect(calls[0]?.state.name).toBe('established')
  })

  it('sends BYE when no ACK comes within 64·T1, and says so', async () => {
    const { peer, calls, network, alice } = world()
    invite(peer)
    await peer.next(180)
    await calls[0]?.answer()
    const bye = await peer.nextRequest('BYE')
    expect(network.clock.now()).toBeGreaterThan(32_000)
    peer.respond(bye, 200)
    expect(await calls[0]?.ended).toMatchObject({ by: 'error', cause: 'lost' })
    await expectNothingLeft(network, alice)
  })

  it('§15: keeps a BYE back until the ACK has come', async () => {
    const { peer, calls, network, alice } = world()
    const request = invite(peer)
    await peer.next(180)
    await calls[0]?.answer()
    const done = calls[0]?.hangUp()
    expect(await calls[0]?.ended).toMatchObject({ by: 'local', cause: 'hung-up' })
    await network.advance(1000)
    expect(peer.names).not.toContain('BYE')
    const ok = peer.received.find((message) => message.kind === 'response' && message.statusCode === 200)
    peer.inDialog('ACK', ok!, request.cseq.sequence)
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(await network.run(done!)).toEqual({ ok: true })
    await expectNothingLeft(network, alice)
  })

  it('tells the application of CANCEL, with its reason, and answers 200 and 487', async () => {
    const { peer, calls, network, alice } = world()
    const request = invite(peer)
    await peer.next(180)
    const cancel = request.clone()
    cancel.method = 'CANCEL'
    cancel.body = new Uint8Array()
    cancel.headers.set('CSeq', '1 CANCEL')
    cancel.headers.set('Reason', 'SIP;cause=200;text="Call completed elsewhere"')
    peer.send(cancel)
    const gone = await peer.nextResponse(487)
    expect(gone.cseq.method).toBe('INVITE')
    expect(peer.received.some((message) => message.kind === 'response' && message.statusCode === 200 && message.cseq.method === 'CANCEL')).toBe(true)
    expect(await calls[0]?.ended).toMatchObject({ by: 'remote', cause: 'cancelled', status: 200, reason: 'Call completed elsewhere' })
    peer.inDialog('ACK', gone, 1)
    await expectNothingLeft(network, alice)
  })

  it('tells the application of an early BYE: 200 to it, 487 to the INVITE', async () => {
    const { peer, calls, network, alice } = world()
    invite(peer)
    const ringing = await peer.nextResponse(180)
    peer.inDialog('BYE', ringing, 2)
    const gone = await peer.nextResponse(487)
    expect(gone.cseq.method).toBe('INVITE')
    await network.advance(20)
    expect(peer.names).toContain('200')
    expect(await calls[0]?.ended).toMatchObject({ by: 'remote', cause: 'hung-up' })
    expect(await calls[0]?.answer()).toMatchObject({ ok: false, code: 'ended' })
    await expectNothingLeft(network, alice)
  })

  it('makes the offer in the 200 to an INVITE without one, and takes the answer from the ACK', async () => {
    const { peer, calls, media, network } = world()
    peer.request('INVITE', '192.0.2.1')
    await peer.next(180)
    await calls[0]?.answer()
    const ok = await peer.nextResponse(200)
    expect(ok.headers.get('Content-Type')).toBe('application/sdp')
    expect(calls[0]?.session?.signalingState).toBe('HaveLocalOffer')
    peer.inDialog('ACK', ok, 1, { body: SDP })
    await network.advance(50)
    expect(calls[0]?.session?.signalingState).toBe('Stable')
    expect(media.handlers[0]?.log).toEqual(['createOffer', 'applyAnswer'])
    expect(media.handlers[0]?.remote?.body).toBe(SDP)
  })

  it('ends a call whose ACK leaves our offer without an answer', async () => {
    const { peer, calls, network, alice } = world()
    peer.request('INVITE', '192.0.2.1')
    await peer.next(180)
    await calls[0]?.answer()
    peer.inDialog('ACK', await peer.nextResponse(200), 1)
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(await network.run(calls[0]!.ended)).toMatchObject({ by: 'error', cause: 'media' })
    await expectNothingLeft(network, alice)
  })

  it('answers in a 183 for early media, and says the same in the 200', async () => {
    const { peer, calls, media, network } = world({ autoRing: false })
    invite(peer)
    await network.advance(50)
    void calls[0]?.ring({ earlyMedia: true })
    const progress = await peer.nextResponse(183)
    expect(progress.body.length).toBeGreaterThan(0)
    await calls[0]?.answer()
    const ok = await peer.nextResponse(200)
    expect(ok.body).toEqual(progress.body)
    expect(media.handlers[0]?.log).toEqual(['answerOffer'])
  })

  it('goes on ringing when the media fail, and can be answered again', async () => {
    const { peer, calls } = world({}, { answerOffer: [{ failure: new RangeError('no microphone') }] })
    invite(peer)
    await peer.next(180)
    const [call] = calls
    expect(await call?.answer()).toMatchObject({ ok: false, code: 'failed', reason: 'no microphone' })
    expect(call?.state.name).toBe('ringing')
    expect(await call?.answer()).toEqual({ ok: true })
    expect(call?.state.name).toBe('established')
    expect(await call?.answer()).toEqual({ ok: true })
  })

  it('rejects with the status, the phrase and the header fields that the application gives', async () => {
    const { peer, calls, network, alice } = world()
    invite(peer)
    await peer.next(180)
    await calls[0]?.reject(486, 'In a Meeting', { headers: { 'Retry-After': '60' } })
    const busy = await peer.nextResponse(486)
    expect(busy.reasonPhrase).toBe('In a Meeting')
    expect(busy.retryAfter).toBe(60)
    peer.inDialog('ACK', busy, 1)
    expect(await calls[0]?.hangUp()).toEqual({ ok: true })
    expect(await calls[0]?.reject()).toMatchObject({ ok: false, code: 'ended' })
    await expectNothingLeft(network, alice)
  })

  it('gives 480 when nobody takes calls and after the ring timeout, 487 after the caller’s Expires', async () => {
    const { peer, calls, network, alice } = world({ ringTimeout: 30 })
    invite(peer)
    peer.inDialog('ACK', await peer.nextResponse(480), 1)
    expect(await calls[0]?.ended).toMatchObject({ by: 'local', cause: 'no-answer' })
    const before = network.clock.now()
    invite(peer, { headers: [['Expires', '5']] })
    peer.inDialog('ACK', await peer.nextResponse(487), 1)
    expect(network.clock.now() - before).toBeLessThan(5100)
    await expectNothingLeft(network, alice)
    const lonely = createTestNetwork()
    lonely.agent('alice')
    const other = new RawPeer(lonely)
    invite(other)
    await other.next(480)
  })

  it('says 180 again every minute', async () => {
    const { peer, network } = world()
    invite(peer)
    await network.advance(130_000)
    expect(peer.names.filter((name) => name === '180')).toHaveLength(3)
  })

  it('hangs up while it answers', async () => {
    const { peer, calls, network, alice } = world({}, { answerOffer: [{ delay: 500 }] })
    invite(peer)
    await peer.next(180)
    const answered = calls[0]!.answer()
    await network.advance(100)
    expect(calls[0]?.state.name).toBe('answering')
    await calls[0]?.hangUp({ status: 486 })
    peer.inDialog('ACK', await peer.nextResponse(486), 1)
    expect(await network.run(answered)).toMatchObject({ ok: false, code: 'ended' })
    await network.advance(1000)
    expect(peer.names).not.toContain('200')
    await expectNothingLeft(network, alice)
  })

  it('leaves no timer of the ringing when it is answered within the event', async () => {
    const network = createTestNetwork()
    const alice = network.agent('alice')
    alice.on('incoming', (call) => {
      void call.ring()
      void call.answer({ body: SDP })
    })
    const peer = new RawPeer(network)
    invite(peer)
    peer.inDialog('ACK', await peer.nextResponse(200), 1)
    await network.advance(100)
    expect(alice.size).toMatchObject({ deadlines: 0, calls: 1, dialogs: 1 })
  })

  it('misuse throws a typed error', () => {
    const { alice } = world()
    const call = alice.call('bob')
    expect(() => call.answer()).toThrow(expect.objectContaining({ code: 'wrong-state' }))
    expect(() => call.reject()).toThrow(expect.objectContaining({ code: 'wrong-state' }))
    expect(() => alice.call('two words')).toThrow(expect.objectContaining({ code: 'bad-target' }))
    expect(() => alice.call('mailto:bob@example.com')).toThrow(expect.objectContaining({ code: 'bad-target' }))
  })
})

describe('RFC 3261 §8.2 what a request must be', () => {
  const cases: readonly { readonly name: string; readonly status: number; readonly method?: string; readonly options?: Parameters<RawPeer['request']>[2]; readonly header?: readonly [string, string] }[] = [
    { name: 'a method that nobody knows', method: 'FOO', status: 501, header: ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, UPDATE'] },
    { name: 'a method that we do not do', method: 'SUBSCRIBE', status: 405, header: ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, UPDATE'] },
    { name: 'a scheme that is not SIP', status: 416, options: { uri: 'http://192.0.2.1/alice' } },
    { name: 'another user', status: 404, options: { uri: 'sip:carol@192.0.2.1' } },
    { name: 'an extension that we do not have', status: 420, options: { headers: [['Require', 'replaces, foo']] }, header: ['Unsupported', 'replaces, foo'] },
    { name: 'a description in another language', status: 415, options: { body: '<sdp/>', contentType: 'application/xml' }, header: ['Accept', 'application/sdp'] },
    { name: 'an encoded body', status: 415, options: { body: SDP, headers: [['Content-Encoding', 'gzip']] }, header: ['Accept-Encoding', 'identity'] },
    { name: 'an INVITE whose sender takes no SDP', status: 406, options: { headers: [['Accept', 'text/plain, image/*']] } },
    { name: 'an INVITE whose sender takes SDP among others', status: 180, options: { headers: [['Accept', 'text/plain, Application/SDP;level=1']] } },
    { name: 'a Proxy-Require, which is not for us (§8.2.2.3)', status: 180, options: { headers: [['Proxy-Require', 'foo']] } },
    { name: 'a Max-Forwards of 0, which is for proxies', method: 'OPTIONS', status: 200, options: { headers: [['Max-Forwards', '0']] } },
    { name: 'a To tag of no dialog', status: 481, options: { headers: [['To', '<sip:alice@192.0.2.1>;tag=gone']] } },
    { name: 'a BYE of no dialog', method: 'BYE', status: 481 },
    { name: 'a CANCEL of no INVITE', method: 'CANCEL', status: 481 },
    { name: 'a REFER out of a dialog', method: 'REFER', status: 405 },
    { name: 'a MESSAGE that nobody takes', method: 'MESSAGE', status: 405 },
    { name: 'OPTIONS', method: 'OPTIONS', status: 200, header: ['Accept', 'application/sdp'] },
  ]
  it.each(cases)('$status for $name', async ({ status, method = 'INVITE', options = {}, header }) => {
    const { peer, network, alice } = world()
    const request = peer.request(method, '192.0.2.1', { ...options, headers: (options.headers ?? []).filter(([name]) => name !== 'To') })
    const to = options.headers?.find(([name]) => name === 'To')
    if (to !== undefined) {
      request.headers.set('To', String(to[1]))
      request.headers.set('Via', 'SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKother;rport')
      peer.send(request, '192.0.2.1:5060')
    }
    const response = await peer.nextResponse(status)
    if (header !== undefined) expect(response.headers.get(header[0])).toBe(header[1])
    if (method === 'OPTIONS') expect(response.allow).toContain('INVITE')
    expect(response.to.tag).toBeDefined()
    await network.close()
    expect(alice.size.calls).toBe(0)
  })

  it('482 for a request that came by two ways', async () => {
    const { peer, calls } = world()
    const request = invite(peer)
    await peer.next(180)
    request.headers.set('Via', 'SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKsecond;rport')
    peer.send(request)
    await peer.next(482)
    expect(calls).toHaveLength(1)
  })

  it('an answering machine accepts any user', async () => {
    const { peer, calls } = world({ acceptAnyUser: true })
    invite(peer, { uri: 'sip:12345@192.0.2.1' })
    await peer.next(180)
    expect(calls).toHaveLength(1)
  })
})

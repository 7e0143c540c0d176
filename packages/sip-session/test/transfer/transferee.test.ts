import { describe, expect, it } from 'vitest'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { transfers } from '../../src/index.js'
import type { Call, Referral, TransfersOptions, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  /** Whom REFERs refer to. */
  readonly target: RawPeer
  readonly referrals: Referral[]
  readonly calls: Call[]
  /** The 200 to the peer's INVITE. */
  readonly ok: SipResponse
  /** The next request in the dialog. */
  readonly request: (method: string, headers?: readonly (readonly [string, string])[], body?: string) => SipRequest
}

const TARGET = '<sip:target@192.0.2.98>'

async function world(options: TransfersOptions = {}): Promise<World> {
  const network = createTestNetwork()
  const referrals: Referral[] = []
  const onRefer = (referral: Referral): void => {
    referrals.push(referral)
    referral.accept()
  }
  const alice = network.agent('alice', { media: createFakeMedia({ clock: network.clock }).factory, extensions: [transfers({ onRefer, ...options })] })
  const calls: Call[] = []
  alice.on('incoming', (call) => {
    calls.push(call)
    void call.answer()
  })
  const peer = new RawPeer(network)
  const target = new RawPeer(network, '192.0.2.98')
  peer.request('INVITE', '192.0.2.1', { body: SDP })
  const ok = await peer.nextResponse(200)
  peer.inDialog('ACK', ok, 1)
  peer.answerAll()
  await network.advance(50)
  let sequence = 1
  return {
    network, alice, peer, target, referrals, calls, ok,
    request: (method, headers = [], body) => peer.inDialog(method, ok, ++sequence, { headers, ...(body !== undefined && { body }), contentType: 'text/plain' }),
  }
}

const text = (request: SipRequest): string => new TextDecoder().decode(request.body)
const notifies = (peer: RawPeer): SipRequest[] => peer.received.filter((message): message is SipRequest => message.kind === 'request' && message.method === 'NOTIFY')
const told = (peer: RawPeer): string[] => notifies(peer).map((notify) => `${notify.headers.get('Subscription-State')?.replace(/expires=\d+/, 'expires') ?? ''} ${text(notify).split('\r\n')[0] ?? ''}`)

describe('RFC 3515 §2.4 a REFER in a call', () => {
  it('is answered by 200, reported at once, followed, and reported to the end', async () => {
    const { network, alice, peer, target, request, ok, calls } = await world()
    request('REFER', [['Refer-To', TARGET], ['Referred-By', '"Peer" <sip:peer@192.0.2.99>']])
    const accepted = await peer.nextResponse(200) // RFC 7647 §5: not 202
    expect(accepted.contact?.uri.toString()).toBe('sip:alice@192.0.2.1:5060')
    const first = await peer.nextRequest('NOTIFY')
    expect(first.headers.get('Event')).toBe('refer')
    expect(first.headers.get('Subscription-State')).toMatch(/^active;expires=\d+$/)
    expect(first.headers.get('Content-Type')).toMatch(/^message\/sipfrag/)
    expect(text(first)).toBe('SIP/2.0 100 Trying\r\n')
    expect([first.callId, first.from.tag, first.to.tag]).toEqual([ok.callId, ok.to.tag, 'peer'])
    const invite = target.received.find((message): message is SipRequest => message.kind === 'request') ?? await target.nextRequest('INVITE')
    expect(invite.headers.get('Referred-By')).toBe('"Peer" <sip:peer@192.0.2.99>')
    expect(String(invite.requestUri)).toBe('sip:target@192.0.2.98')
    target.respond(invite, 180)
    await network.advance(3000)
    target.respond(invite, 183, { reasonPhrase: 'Moment' })
    await network.advance(3000)
    target.accept(invite)
    await network.advance(500)
    expect(told(peer)).toEqual(['active;expires SIP/2.0 100 Trying', 'active;expires SIP/2.0 180 Ringing', 'active;expires SIP/2.0 183 Moment', 'terminated;reason=noresource SIP/2.0 200 OK'])
    // The peer does not hang up: we do, after a while.
    expect(calls[0]!.state.name).toBe('established')
    await network.advance(6000)
    expect(await calls[0]!.ended).toMatchObject({ by: 'local', cause: 'transferred' })
    expect(peer.names).toContain('BYE')
    target.answerAll()
    await network.run(calls[0]!.replacedBy!.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('§3.10: reports at most once a second, the last at once', async () => {
    const { network, peer, target, request } = await world()
    request('REFER', [['Refer-To', TARGET]])
    const invite = await target.nextRequest('INVITE')
    for (const status of [180, 181, 182, 183]) target.respond(invite, status)
    await network.advance(500)
    expect(told(peer)).toEqual(['active;expires SIP/2.0 100 Trying'])
    await network.advance(1000)
    expect(told(peer).slice(1)).toEqual(['active;expires SIP/2.0 183 Session Progress'])
    target.respond(invite, 486)
    await network.advance(20)
    expect(told(peer).slice(2)).toEqual(['terminated;reason=noresource SIP/2.0 486 Busy Here'])
  })

  it.each([
    ['no Refer-To', [], 400],
    ['two', [['Refer-To', TARGET], ['Refer-To', TARGET]], 400],
    ['one that cannot be read', [['Refer-To', '<<']], 400],
    ['one that smuggles a field in', [['Refer-To', '<sip:target@192.0.2.98?Subject=Hello%0D%0AX-Evil:%201>']], 400],
    ['a page', [['Refer-To', '<https://example.test/>']], 603],
    ['another method', [['Refer-To', '<sip:target@192.0.2.98;method=BYE>']], 603],
    ['what it requires unknown', [['Refer-To', TARGET], ['Require', 'magic']], 420],
  ] as const)('§2.4.2: with %s is refused', async (_name, headers, status) => {
    const { network, alice, peer, request, referrals, target, calls } = await world()
    request('REFER', headers)
    await peer.nextResponse(status)
    expect(referrals).toEqual([])
    expect(target.received).toEqual([])
    await network.run(calls[0]!.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('takes from the Refer-To only what is safe (RFC 3261 §19.1.5)', async () => {
    const { target, request } = await world()
    const headers = 'Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc&From=%3Csip:mallory%40x%3E&Route=%3Csip:mallory.test%3Blr%3E&Call-ID=stolen&Subject=Hello&Authorization=Digest'
    request('REFER', [['Refer-To', `<sip:target@192.0.2.98?${headers}>`]])
    const invite = await target.nextRequest('INVITE')
    expect(invite.headers.get('Replaces')).toBe('a;to-tag=b;from-tag=c')
    expect(invite.headers.get('Subject')).toBe('Hello')
    expect(String(invite.from.uri)).toBe('sip:alice@example.test')
    expect([invite.headers.has('Route'), invite.headers.has('Authorization'), invite.callId]).toEqual([false, false, expect.not.stringMatching('stolen')])
  })

  it('§2.4.6: tells the second from the first by the id of its event', async () => {
    const { network, peer, target, request } = await world()
    request('REFER', [['Refer-To', TARGET]])
    const first = await target.nextRequest('INVITE')
    request('REFER', [['Refer-To', '<sip:other@192.0.2.98>']])
    await target.nextRequest('INVITE')
    target.respond(first, 404)
    await network.advance(2000)
    expect(notifies(peer).map((notify) => notify.headers.get('Event'))).toEqual(['refer', 'refer;id=3', 'refer'])
  })

  it('§2.4.4: lets the other side renew and end the subscription, and calls on', async () => {
    const { network, peer, target, request, referrals } = await world()
    request('REFER', [['Refer-To', TARGET]])
    await target.nextRequest('INVITE')
    await network.advance(100)
    request('SUBSCRIBE', [['Event', 'refer'], ['Expires', '1000']])
    expect((await peer.nextResponse(200)).headers.get('Expires')).toBe('1000')
    await network.advance(100)
    expect(notifies(peer).at(-1)?.headers.get('Subscription-State')).toBe('active;expires=1000')
    request('SUBSCRIBE', [['Event', 'refer'], ['Expires', '0']])
    await network.advance(100)
    expect(told(peer).at(-1)).toBe('terminated;reason=timeout SIP/2.0 100 Trying')
    expect(target.names).not.toContain('CANCEL')
    expect(referrals[0]?.accept().state.name).toBe('calling')
    request('SUBSCRIBE', [['Event', 'refer'], ['Expires', '60']])
    await peer.nextResponse(403)
    request('SUBSCRIBE', [['Event', 'presence']])
    await peer.nextResponse(489)
  })

  it('RFC 5057 §5: reports on after the peer has hung up, in the dialog that was', async () => {
    const { network, alice, peer, target, request, calls } = await world()
    request('REFER', [['Refer-To', TARGET]])
    const invite = await target.nextRequest('INVITE')
    await network.advance(100)
    request('BYE')
    await peer.nextResponse(200)
    expect(await calls[0]!.ended).toMatchObject({ by: 'remote', cause: 'hung-up' })
    target.respond(invite, 180)
    await network.advance(2000)
    target.respond(invite, 486)
    await network.advance(2000)
    expect(told(peer).at(-1)).toBe('terminated;reason=noresource SIP/2.0 486 Busy Here')
    const numbers = notifies(peer).map((notify) => notify.cseq.sequence)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(new Set(numbers).size).toBe(3)
    await expectNothingLeft(network, alice)
  })

  it('RFC 6665 §4.2.2: stops reporting to who does not know it, and calls on', async () => {
    const { network, peer, target, request, calls } = await world()
    peer.handle = (message) => { if (message.kind === 'request' && message.method === 'NOTIFY') peer.respond(message, 481) }
    request('REFER', [['Refer-To', TARGET]])
    const invite = await target.nextRequest('INVITE')
    target.respond(invite, 180)
    await network.advance(5000)
    target.accept(invite)
    await network.advance(1000)
    expect(notifies(peer)).toHaveLength(1)
    // What happens to a subscription is nothing to the call (RFC 5057 §5.1).
    expect(calls[0]!.state.name).toBe('established')
  })

  it('is refused by 405 without a policy, and REFER is not announced', async () => {
    const network = createTestNetwork()
    const alice = network.agent('alice', { extensions: [transfers()] })
    alice.on('incoming', () => undefined)
    const peer = new RawPeer(network)
    peer.request('REFER', '192.0.2.1', { headers: [['Refer-To', TARGET], ['Contact', '<sip:peer@192.0.2.99>']] })
    expect((await peer.nextResponse(405)).allow).not.toContain('REFER')
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    const ringing = await peer.nextResponse(180)
    peer.inDialog('REFER', ringing, 2, { headers: [['Refer-To', TARGET]] })
    await peer.nextResponse(405)
  })

  it('throws for what cannot be any more: accepted after it was rejected', async () => {
    const { request, peer } = await world({ onRefer: (referral) => {
      referral.reject(480, 'No')
      referral.reject()
      expect(() => referral.accept()).toThrow(expect.objectContaining({ code: 'wrong-state' }) as Error)
    } })
    request('REFER', [['Refer-To', TARGET]])
    expect((await peer.nextResponse(480)).reasonPhrase).toBe('No')
  })

  it('lapses when nobody decides', async () => {
    const { network, peer, request, alice, calls } = await world({ onRefer: () => undefined })
    request('REFER', [['Refer-To', TARGET]])
    await network.advance(1000)
    expect(told(peer)).toEqual(['pending;expires SIP/2.0 100 Trying'])
    await network.advance(200_000)
    expect(told(peer).at(-1)).toBe('terminated;reason=rejected SIP/2.0 603 Declined')
    await network.run(calls[0]!.hangUp())
    await expectNothingLeft(network, alice)
  })
})

describe('threats: a flood of REFERs', () => {
  it('is put off beyond a hundred that wait', async () => {
    const { network, alice, calls, peer } = await world({ onRefer: () => undefined })
    const flood = new RawPeer(network, '192.0.2.97')
    flood.answerAll('NOTIFY')
    for (let count = 0; count < 120; count++) {
      flood.request('REFER', '192.0.2.1', { callId: `flood-${count}`, headers: [['Refer-To', TARGET], ['Contact', '<sip:peer@192.0.2.97>']] })
    }
    await network.advance(1000)
    const answers = flood.names.filter((name) => name !== 'NOTIFY')
    expect(answers.filter((name) => name === '200')).toHaveLength(100)
    expect(answers.filter((name) => name === '480')).toHaveLength(20)
    await network.advance(400_000)
    await network.run(calls[0]!.hangUp())
    expect(peer.names).toContain('BYE')
    await expectNothingLeft(network, alice)
  })
})

describe('RFC 4488, RFC 7614 a REFER without implicit subscription', () => {
  it.each([
    ['RFC 4488 §4: makes no subscription where none is wanted, and says so', [['Refer-Sub', 'false'], ['Supported', 'norefersub']], 'false'],
    ['RFC 7614 §5.3: makes no subscription where none may be', [['Require', 'nosub']], undefined],
  ] as const)('%s', async (_name, headers, said) => {
    const { network, alice, peer, target, request, calls } = await world()
    request('REFER', [['Refer-To', TARGET], ...headers])
    const ok = await peer.nextResponse(200)
    expect([ok.headers.get('Refer-Sub'), ok.headers.get('Require')]).toEqual([said, undefined])
    target.respond(await target.nextRequest('INVITE'), 486)
    await network.advance(5000)
    expect(notifies(peer)).toEqual([])
    expect(calls[0]!.state.name).toBe('established')
    await network.run(calls[0]!.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('§4.7: keeps the last report for 128·T1', async () => {
    const { network, peer, target, request } = await world()
    request('REFER', [['Refer-To', TARGET], ['Require', 'explicitsub']])
    const uri = (await peer.nextResponse(200)).headers.get('Refer-Events-At')!.slice(1, -1)
    target.respond(await target.nextRequest('INVITE'), 486)
    for (const [ms, status] of [[60_000, 200], [10_000, 403]] as const) {
      await network.advance(ms)
      peer.request('SUBSCRIBE', '192.0.2.1', { uri, callId: `late-${ms}`, headers: [['Event', 'refer'], ['Contact', '<sip:peer@192.0.2.99>']] })
      await peer.nextResponse(status)
    }
  })

  it('§4.3: names an address nobody can guess, where reports are had later, too', async () => {
    const { network, alice, peer, target, request, calls } = await world()
    request('REFER', [['Refer-To', TARGET], ['Require', 'explicitsub']])
    const at = (await peer.nextResponse(200)).headers.get('Refer-Events-At')
    expect(at).toMatch(/^<sip:alice@192\.0\.2\.1:5060;refer=[a-z0-9]{20}>$/)
    target.respond(await target.nextRequest('INVITE'), 486)
    await network.advance(10_000)
    expect(notifies(peer)).toEqual([])
    peer.request('SUBSCRIBE', '192.0.2.1', { uri: at!.slice(1, -1), headers: [['Event', 'refer'], ['Expires', '60'], ['Contact', '<sip:peer@192.0.2.99>']] })
    const ok = await peer.nextResponse(200)
    await network.advance(100)
    expect(told(peer)).toEqual(['terminated;reason=noresource SIP/2.0 486 Busy Here'])
    expect(notifies(peer)[0]?.from.tag).toBe(ok.to.tag)
    peer.request('SUBSCRIBE', '192.0.2.1', { uri: 'sip:alice@192.0.2.1:5060;refer=guessed', headers: [['Event', 'refer'], ['Contact', '<sip:peer@192.0.2.99>']] })
    await peer.nextResponse(403)
    await network.run(calls[0]!.hangUp())
    await expectNothingLeft(network, alice)
  })
})

import { DigestServer } from '@offhook/sip-auth'
import { seededRandom } from '@offhook/sip-machine/testing'
import { parseUri } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import type { SipRequest } from '@offhook/sip-parser'
import { transfers } from '../../src/index.js'
import type { Call, Session, Transfer, TransferOptions, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { referToSession } from '../../src/transfer/refer-target.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  readonly call: Call
  readonly refer: (options?: TransferOptions) => Promise<{ readonly transfer: Transfer; readonly request: SipRequest }>
  /** A NOTIFY of the peer in the dialog. */
  readonly notify: (status: string | undefined, state?: string, event?: string) => SipRequest
}

async function world(allow?: string, password?: string): Promise<World> {
  const network = createTestNetwork()
  const alice = network.agent('alice', { media: createFakeMedia({ clock: network.clock }).factory, extensions: [transfers()], ...(password !== undefined && { password }) })
  const peer = new RawPeer(network)
  const call = alice.call('sip:peer@192.0.2.99')
  const invite = await peer.nextRequest('INVITE')
  expect(invite.allow).toContain('NOTIFY')
  expect(invite.supported).toContain('replaces')
  peer.accept(invite, allow === undefined ? {} : { headers: [['Allow', allow]] })
  await network.run(call.answered)
  await network.advance(50)
  let sequence = 0
  return {
    network, alice, peer, call,
    async refer(options) {
      const transfer = call.transfer('sip:target@192.0.2.98', options)
      return { transfer, request: await peer.nextRequest('REFER') }
    },
    notify(status, state = 'active;expires=60', event = 'refer') {
      const headers: [string, string][] = [['Event', event], ...(state === '' ? [] : [['Subscription-State', state] as [string, string]])]
      return peer.inDialog('NOTIFY', invite, ++sequence, { headers, ...(status !== undefined && { body: `SIP/2.0 ${status}\r\n` }), contentType: 'message/sipfrag' })
    },
  }
}

const GONE = 'terminated;reason=noresource'

describe('RFC 3515 the issuer of a REFER', () => {
  it('§2.4.1: sends one Refer-To, and says who refers (RFC 3892)', async () => {
    const { call, refer, peer, notify, network, alice } = await world()
    const { transfer, request } = await refer({ headers: { 'X-Ticket': '7' } })
    expect(request.headers.getAll('Refer-To')).toEqual(['<sip:target@192.0.2.98>'])
    expect(request.headers.get('Referred-By')).toBe('<sip:alice@example.test>')
    expect(request.headers.get('X-Ticket')).toBe('7')
    expect(String(request.contact?.uri)).toBe('sip:alice@192.0.2.1:5060')
    peer.respond(request, 202)
    notify('200 OK', GONE)
    await peer.nextResponse(200)
    expect(await network.run(transfer.outcome)).toEqual({ ok: true, status: 200, reason: 'OK' })
    peer.respond(await peer.nextRequest('BYE'), 200)
    expect(call.state.name).toBe('ended')
    await expectNothingLeft(network, alice)
  })

  it('never takes 202 for success, nor for failure', async () => {
    const { call, refer, peer, network } = await world()
    const { transfer, request } = await refer()
    const accepted = new Promise<void>((resolve) => transfer.on('accepted', resolve))
    peer.respond(request, 202)
    await network.run(accepted)
    expect(transfer.progress).toBeUndefined()
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, code: 'unreported' })
    expect(network.clock.now()).toBeGreaterThan(32_000)
    expect(call.state.name).toBe('established')
  })

  it('§2.4.4: takes a NOTIFY that comes before the answer', async () => {
    const { refer, peer, notify, network } = await world()
    const { transfer, request } = await refer()
    notify('100 Trying')
    await peer.nextResponse(200)
    peer.respond(request, 202)
    await network.advance(50)
    expect(transfer.progress).toEqual({ status: 100, reason: 'Trying' })
  })

  it('§2.4.6: knows several REFERs by their numbers', async () => {
    const { refer, peer, notify, network } = await world()
    const one = await refer({ hangUp: 'never' })
    peer.respond(one.request, 202)
    const two = await refer({ hangUp: 'never' })
    peer.respond(two.request, 202)
    notify('486 Busy Here', GONE, `refer;id=${two.request.cseq.sequence}`)
    expect(await network.run(two.transfer.outcome)).toMatchObject({ ok: false, code: 'failed', status: 486 })
    expect(one.transfer.progress).toBeUndefined()
    notify('200 OK', GONE)
    expect(await network.run(one.transfer.outcome)).toMatchObject({ ok: true })
    notify('200 OK', GONE, 'refer;id=1')
    await peer.nextResponse(481)
  })

  it('hears the end after the peer, or both, hung up (RFC 5057)', async () => {
    const { refer, peer, notify, network, call, alice } = await world()
    const { transfer, request } = await refer()
    peer.respond(request, 202)
    notify('100 Trying')
    await network.advance(50)
    void call.hangUp()
    peer.respond(await peer.nextRequest('BYE'), 200)
    notify('180 Ringing')
    expect((await peer.nextResponse(200)).cseq.method).toBe('NOTIFY')
    await network.advance(10_000)
    notify('603 Decline', GONE)
    expect((await peer.nextResponse(200)).cseq.method).toBe('NOTIFY')
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, code: 'failed', status: 603 })
    notify('200 OK', GONE)
    await peer.nextResponse(481)
    await expectNothingLeft(network, alice)
  })

  it('RFC 3261 §12.2.2: refuses a NOTIFY out of order after the call by 500', async () => {
    const { refer, peer, notify, network, call } = await world()
    const { request } = await refer()
    peer.respond(request, 202)
    const first = notify('100 Trying')
    await network.advance(50)
    void call.hangUp()
    peer.respond(await peer.nextRequest('BYE'), 200)
    const again = first.clone()
    again.headers.set('Via', 'SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKagain;rport')
    peer.send(again)
    await peer.nextResponse(500)
  })

  it.each<[name: string, status: string | undefined, state: string, answer: number, outcome: object | undefined, event: string | undefined]>([
    ['no state', '200 OK', '', 400, undefined, undefined],
    ['a state that cannot be read', '200 OK', ';;', 400, undefined, undefined],
    ['another event', '200 OK', GONE, 481, undefined, 'presence'],
    ['no body', undefined, GONE, 200, { ok: false, code: 'unreported' }, undefined],
    ['rubbish', 'rubbish', GONE, 200, { ok: false, code: 'unreported' }, undefined],
    ['a state of the future', '180 Ringing', 'deferred;expires=60', 200, undefined, undefined],
    ['success, without an end', '200 OK', 'active;expires=60', 200, { ok: true, status: 200 }, undefined],
    ['an end without a word of success', '183 Session Progress', 'terminated;reason=giveup;retry-after=9', 200, { ok: false, code: 'unreported' }, undefined],
    ['times that are none', '404 Not Found', 'active;expires=-1;retry-after=soon', 200, { ok: false, code: 'failed', status: 404 }, undefined],
  ])('lives with a NOTIFY of %s', async (_name, status, state, answer, outcome, event) => {
    const { refer, peer, notify, network, alice, call } = await world()
    const { transfer, request } = await refer({ hangUp: 'never' })
    peer.respond(request, 202)
    await network.advance(50)
    notify(status, state, event)
    await peer.nextResponse(answer)
    if (outcome !== undefined) expect(await network.run(transfer.outcome)).toMatchObject(outcome)
    peer.answerAll()
    expect(call.state.name).toBe('established')
    await network.run(call.hangUp())
    await network.advance(500_000)
    expect(await transfer.outcome).toBeDefined()
    await expectNothingLeft(network, alice)
  })

  it('RFC 3515 §2.4.7: without a last NOTIFY it waits as long as the subscription lasts, and a little', async () => {
    const { refer, peer, notify, network } = await world()
    const { transfer, request } = await refer()
    peer.respond(request, 202)
    notify('180 Ringing', 'active;expires=60')
    await network.advance(60_500)
    expect(await Promise.race([transfer.outcome, Promise.resolve('waiting')])).toBe('waiting')
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, code: 'unreported' })
    expect(network.clock.now()).toBeLessThan(95_000)
  })

  it('sends nothing to a peer that says it does not take REFER', async () => {
    const { call, network, peer } = await world('INVITE, ACK, BYE, CANCEL')
    expect(await network.run(call.transfer('sip:target@192.0.2.98').outcome)).toMatchObject({ ok: false, code: 'refused', status: 405 })
    expect(peer.names).not.toContain('REFER')
  })

  it('RFC 4488 §4: reports are unwanted, and come all the same where the peer does not know how not to', async () => {
    const { refer, peer, notify, network } = await world()
    const { transfer, request } = await refer({ report: 'unwanted' })
    expect([request.headers.get('Refer-Sub'), request.supported]).toEqual(['false', expect.arrayContaining(['norefersub'])])
    peer.respond(request, 202)
    notify('200 OK', GONE)
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: true })
  })

  it('RFC 4488 §4: and where it does, nothing is heard, and the call is kept', async () => {
    const { refer, peer, network, call, alice } = await world()
    const { transfer, request } = await refer({ report: 'unwanted' })
    peer.respond(request, 202, { headers: [['Refer-Sub', 'false']] })
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, code: 'unreported' })
    expect(call.state.name).toBe('established')
    peer.answerAll()
    await network.run(call.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('answers a challenge with the next number of the dialog, and knows reports by either (RFC 3261 §22.2)', async () => {
    const { refer, peer, notify, network, call } = await world(undefined, 'secret')
    const digest = new DigestServer({ realm: 'x', secret: new Uint8Array(32).fill(7), passwords: () => 'secret', nonceLifetime: 60_000, random: seededRandom(5) })
    const { transfer, request } = await refer()
    peer.respond(request, 401, { headers: digest.challenge(network.clock.now()) })
    const again = await peer.nextRequest('REFER')
    expect(again.headers.has('Authorization')).toBe(true)
    expect(again.cseq.sequence).toBe(request.cseq.sequence + 1)
    peer.respond(again, 202)
    notify('180 Ringing', 'active;expires=60', `refer;id=${again.cseq.sequence}`)
    await network.advance(50)
    expect(transfer.progress?.status).toBe(180)
    notify('200 OK', GONE, `refer;id=${again.cseq.sequence}`)
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: true })
    expect((await peer.nextRequest('BYE')).cseq.sequence).toBe(again.cseq.sequence + 1)
    expect(call.state.name).toBe('ended')
  })

  it('§2.4.6: ends a subscription by the id that its reports have', async () => {
    const { refer, peer, notify, network } = await world()
    const controller = new AbortController()
    const { transfer, request } = await refer({ signal: controller.signal })
    peer.respond(request, 202)
    notify('180 Ringing', 'active;expires=60', `refer;id=${request.cseq.sequence}`)
    await network.advance(50)
    controller.abort()
    const ended = await peer.nextRequest('SUBSCRIBE')
    expect([ended.headers.get('Event'), ended.headers.get('Expires')]).toEqual([`refer;id=${request.cseq.sequence}`, '0'])
    expect(await transfer.outcome).toMatchObject({ ok: false, code: 'aborted' })
  })

  it('RFC 7614 §4.8: heeds Refer-Events-At only where it was asked for', async () => {
    const { refer, peer, notify, network } = await world()
    const { transfer, request } = await refer()
    peer.respond(request, 202, { headers: [['Refer-Events-At', '<sip:elsewhere@192.0.2.99>']] })
    notify('486 Busy Here', GONE)
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, status: 486 })
    expect(peer.names).not.toContain('SUBSCRIBE')
  })

  it('RFC 5057 §5.1: a REFER that finds no dialog ends the call, and says so', async () => {
    const { refer, peer, network, call } = await world()
    const { transfer, request } = await refer()
    peer.answerAll()
    peer.respond(request, 481)
    expect(await network.run(transfer.outcome)).toMatchObject({ ok: false, code: 'refused', status: 481 })
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause: 'lost' })
  })
})

describe('RFC 5589 §7.3, §7.5 where an attended transfer leads', () => {
  const uri = (text: string): Session['remoteTarget'] => {
    const parsed = parseUri(text)
    if (!parsed.ok) throw parsed.error
    return parsed.value
  }
  const session = (target: string): Session => ({ callId: 'a@b', localTag: 'ours', remoteTag: 'theirs', remoteTarget: uri(target), remoteURI: uri('sip:carol@example.test') }) as Session

  it('to the Contact of the target', () => {
    expect(referToSession(session('sip:carol@192.0.2.3:5060;transport=tcp'), undefined)).toBe('<sip:carol@192.0.2.3:5060;transport=tcp?Replaces=a%40b%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dours>')
  })

  it('to its address, where a browser has a Contact that nobody can find, and then Replaces has to be understood', () => {
    const expected = '<sip:carol@example.test?Replaces=a%40b%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dours&Require=replaces>'
    expect(referToSession(session('sip:x@df7jal23ls0d.invalid;transport=ws'), undefined)).toBe(expected)
    expect(referToSession(session('sip:carol@192.0.2.3'), uri('sip:carol@example.test'))).toBe(expected)
  })
})

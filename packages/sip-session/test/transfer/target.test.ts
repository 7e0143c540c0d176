import { describe, expect, it } from 'vitest'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { transfers } from '../../src/index.js'
import type { Call, TransfersOptions, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { FakeMedia, FakeScript, TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly media: FakeMedia
  /** Who is in a call with alice, and who wants to take over. */
  readonly peer: RawPeer
  readonly other: RawPeer
  readonly calls: Call[]
  /** The dialog of the first call, as alice's peer knows it: ours is to-tag. */
  readonly named: (response: SipResponse, more?: string) => string
  /** An INVITE of the other party with these fields. */
  readonly invite: (...headers: readonly (readonly [string, string])[]) => SipRequest
}

function world(options: TransfersOptions = {}, script: FakeScript = {}, takes: (call: Call) => void = () => undefined): World {
  const network = createTestNetwork()
  const media = createFakeMedia({ clock: network.clock, script })
  const alice = network.agent('alice', { media: media.factory, extensions: [transfers(options)] })
  const calls: Call[] = []
  alice.on('incoming', (call) => {
    calls.push(call)
    takes(call)
  })
  const other = new RawPeer(network, '192.0.2.98')
  let count = 0
  return {
    network, alice, media, calls, peer: new RawPeer(network), other,
    named: (response, more = '') => `${response.callId};to-tag=${response.to.tag ?? ''};from-tag=${response.from.tag ?? ''}${more}`,
    invite: (...headers) => other.request('INVITE', '192.0.2.1', { body: SDP, callId: `other-${++count}`, headers }),
  }
}

/** A call of the peer that alice has taken. */
async function taken({ peer, calls, network }: World): Promise<SipResponse> {
  peer.request('INVITE', '192.0.2.1', { body: SDP })
  await peer.nextResponse(180)
  void calls[0]!.answer()
  const ok = await peer.nextResponse(200)
  peer.inDialog('ACK', ok, 1)
  peer.answerAll()
  await network.advance(50)
  return ok
}

describe('RFC 3891 §3 an INVITE with Replaces', () => {
  it('is taken at once in the place of the call, which ends by BYE', async () => {
    const set = world()
    const { network, alice, peer, other, calls, invite, named } = set
    const ok = await taken(set)
    let replaced = 0
    calls[0]!.on('replaced', () => replaced++)
    const request = invite(['Replaces', named(ok)], ['Require', 'replaces'], ['Referred-By', '<sip:peer@192.0.2.99>'])
    const answer = await other.nextResponse(200)
    expect(other.names).not.toContain('180')
    other.inDialog('ACK', answer, request.cseq.sequence)
    await network.advance(100)
    expect(peer.names).toContain('BYE')
    expect(await calls[0]!.ended).toMatchObject({ by: 'remote', cause: 'replaced' })
    expect(replaced).toBe(1)
    expect(calls[0]!.replacedBy).toBe(calls[1])
    expect(calls[1]!.state.name).toBe('established')
    expect(String(calls[1]!.remote.uri)).toBe('sip:peer@192.0.2.98')
    expect(calls[1]!.replaces).toBeUndefined()
    other.answerAll()
    await network.run(calls[1]!.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('tells the application which call it is about, before it is taken', async () => {
    const seen: (Call | undefined)[] = []
    const set = world({}, {}, (call) => seen.push(call.replaces))
    const ok = await taken(set)
    set.invite(['Replaces', set.named(ok)])
    await set.other.nextResponse(200)
    expect(seen).toEqual([undefined, set.calls[0]])
  })

  it.each([
    ['that is twice there', (name: string) => [['Replaces', name], ['Replaces', name]], 400],
    ['with Join', (name: string) => [['Replaces', name], ['Join', name]], 400],
    ['without tags', (name: string) => [['Replaces', name.split(';')[0] ?? '']], 400],
    ['that cannot be read', () => [['Replaces', ';;;']], 400],
    ['for early dialogs only', (name: string) => [['Replaces', `${name};early-only`]], 486],
    ['of a call that is unknown', (name: string) => [['Replaces', name.replace('to-tag=', 'to-tag=x')]], 481],
    ['with the tags the other way round', (name: string) => [['Replaces', name.replace('to-tag', 'TO').replace('from-tag', 'to-tag').replace('TO', 'from-tag')]], 481],
    ['of another Call-ID', (name: string) => [['Replaces', `x${name}`]], 481],
  ] as const)('%s is refused, and the call goes on', async (_name, headers, status) => {
    const set = world()
    const ok = await taken(set)
    set.invite(...(headers(set.named(ok)) as [string, string][]))
    await set.other.nextResponse(status)
    await set.network.advance(1000)
    expect(set.calls).toHaveLength(1)
    expect(set.calls[0]!.state.name).toBe('established')
    await set.network.run(set.calls[0]!.hangUp())
    await expectNothingLeft(set.network, set.alice)
  })

  it('for a call that rings here is refused by 481, and the call rings on', async () => {
    const set = world()
    set.peer.request('INVITE', '192.0.2.1', { body: SDP })
    const ringing = await set.peer.nextResponse(180)
    set.invite(['Replaces', set.named(ringing)])
    await set.other.nextResponse(481)
    expect(set.calls[0]!.state.name).toBe('ringing')
  })

  it('for a call of ours that rings there is taken, and that is cancelled', async () => {
    const set = world()
    const { alice, peer, network, other, invite, calls } = set
    const call = alice.call('sip:peer@192.0.2.99')
    const request = await peer.nextRequest('INVITE')
    const ringing = peer.respond(request, 180)
    await network.advance(50)
    const cancelled = peer.nextRequest('CANCEL')
    // As a peer of ours knows it: our tag is that of From.
    const taking = invite(['Replaces', `${ringing.callId};to-tag=${ringing.from.tag ?? ''};from-tag=${ringing.to.tag ?? ''};early-only`])
    const ok = await other.nextResponse(200)
    other.inDialog('ACK', ok, taking.cseq.sequence)
    peer.respond(await cancelled, 200)
    peer.respond(request, 487)
    expect(await call.ended).toMatchObject({ by: 'remote', cause: 'replaced' })
    expect(call.replacedBy).toBe(calls[0])
    other.answerAll()
    await network.run(calls[0]!.hangUp())
    await expectNothingLeft(network, alice)
  })

  it.each(['bye is under way', 'bye was answered'])('for a call that has just ended is declined (%s)', async (moment) => {
    const set = world()
    const { network, peer, calls, invite, other, named } = set
    const ok = await taken(set)
    if (moment === 'bye is under way') peer.handle = () => undefined
    void calls[0]!.hangUp()
    await network.advance(100)
    invite(['Replaces', named(ok)])
    await other.nextResponse(603)
    expect(calls).toHaveLength(1)
    await network.advance(100_000)
    invite(['Replaces', named(ok)])
    await other.nextResponse(481)
  })

  it('is refused by 403 where the application says so, and knows who refers', async () => {
    const asked: unknown[] = []
    const set = world({ mayReplace: ({ call, referredBy, request }) => {
      asked.push(call, String(referredBy?.uri), request.method)
      return false
    } })
    const ok = await taken(set)
    set.invite(['Replaces', set.named(ok)], ['Referred-By', '<sip:peer@192.0.2.99>'])
    await set.other.nextResponse(403)
    expect(asked).toEqual([set.calls[0], 'sip:peer@192.0.2.99', 'INVITE'])
    expect(set.calls[0]!.state.name).toBe('established')
  })

  it('that the media cannot take is refused by 488, and the call stays as it is', async () => {
    const network = createTestNetwork()
    let fails = false
    const { factory } = createFakeMedia({ clock: network.clock })
    const alice = network.agent('alice', {
      extensions: [transfers()],
      media: (context) => {
        const handler = factory(context)
        if (fails) handler.answerOffer = () => Promise.reject(new TypeError('no such codec'))
        return handler
      },
    })
    const calls: Call[] = []
    alice.on('incoming', (call) => calls.push(call))
    const set = { ...world(), network, alice, calls, peer: new RawPeer(network), other: new RawPeer(network, '192.0.2.98') }
    const ok = await taken(set)
    fails = true
    set.other.request('INVITE', '192.0.2.1', { body: SDP, callId: 'late', headers: [['Replaces', set.named(ok)]] })
    await set.other.nextResponse(488)
    await network.advance(1000)
    expect(calls[0]!.state.name).toBe('established')
    expect(calls[0]!.replacedBy).toBeUndefined()
    await network.run(calls[0]!.hangUp())
    await expectNothingLeft(network, alice)
  })

  it('that the application refuses leaves the call as it is', async () => {
    const set = world({}, {}, (call) => { if (call.replaces !== undefined) void call.reject(480) })
    const ok = await taken(set)
    set.invite(['Replaces', set.named(ok)])
    await set.other.nextResponse(480)
    await set.network.advance(1000)
    expect(set.calls[0]!.state.name).toBe('established')
  })

  it('has no meaning outside of INVITE: 400', async () => {
    const set = world()
    const ok = await taken(set)
    for (const method of ['OPTIONS', 'MESSAGE']) {
      set.other.request(method, '192.0.2.1', { callId: `other-${method}`, headers: [['Replaces', set.named(ok)]] })
      await set.other.nextResponse(400)
    }
  })

  it('of two at the same time takes one, and declines the other', async () => {
    const set = world()
    const ok = await taken(set)
    const third = new RawPeer(set.network, '192.0.2.97')
    set.invite(['Replaces', set.named(ok)])
    third.request('INVITE', '192.0.2.1', { body: SDP, callId: 'third', headers: [['Replaces', set.named(ok)]] })
    await set.network.advance(1000)
    const answers = [...set.other.names, ...third.names].filter((name) => name === '200' || name === '603')
    expect(new Set(answers)).toEqual(new Set(['200', '603']))
    expect(set.calls.filter(({ state }) => state.name === 'established')).toHaveLength(1)
  })
})

describe('RFC 3911 §4 an INVITE with Join', () => {
  it('is refused by 488 where nobody mixes, and Join is not announced', async () => {
    const set = world()
    const ok = await taken(set)
    expect(ok.supported).toEqual(expect.not.arrayContaining(['join']))
    set.invite(['Join', set.named(ok)])
    await set.other.nextResponse(488)
    set.invite(['Join', set.named(ok)], ['Require', 'join'])
    await set.other.nextResponse(420)
  })

  it('rings, and names the call whose conversation it joins', async () => {
    const set = world({ mayJoin: ({ call }) => call.state.name === 'established' })
    const ok = await taken(set)
    expect(ok.supported).toContain('join')
    const request = set.invite(['Join', set.named(ok)], ['Require', 'join'])
    await set.other.nextResponse(180)
    const joining = set.calls[1]!
    expect(joining.joins).toBe(set.calls[0])
    void joining.answer()
    set.other.inDialog('ACK', await set.other.nextResponse(200), request.cseq.sequence)
    await set.network.advance(1000)
    expect(set.calls.map(({ state }) => state.name)).toEqual(['established', 'established'])
    set.other.answerAll()
    await set.network.run(set.calls[0]!.hangUp())
    expect(joining.joins).toBeUndefined()
    await set.network.run(joining.hangUp())
    await expectNothingLeft(set.network, set.alice)
  })

  it.each([['that is not let in', (name: string) => name, 403], ['of a call that is unknown', (name: string) => `x${name}`, 481]] as const)('%s is refused', async (_name, change, status) => {
    const set = world({ mayJoin: () => false })
    const ok = await taken(set)
    set.invite(['Join', change(set.named(ok))])
    await set.other.nextResponse(status)
    expect(set.calls).toHaveLength(1)
  })
})

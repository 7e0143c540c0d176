import { describe, expect, it } from 'vitest'
import { redirects } from '../../src/index.js'
import type { Call, RedirectsOptions, UserAgentOptions } from '../../src/index.js'
import { createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

function world(options: RedirectsOptions | undefined = {}, more: Partial<UserAgentOptions> = {}): {
  readonly network: TestNetwork; readonly peer: RawPeer; readonly other: RawPeer; readonly third: RawPeer; readonly call: () => Call; readonly over: () => Promise<void>
} {
  const network = createTestNetwork()
  const alice = network.agent('alice', { extensions: [redirects(options)], ...more })
  const [peer, other, third] = [new RawPeer(network, '192.0.2.99'), new RawPeer(network, '192.0.2.98'), new RawPeer(network, '192.0.2.97')]
  return { network, peer, other, third, call: () => alice.call('sip:bob@192.0.2.99', { body: SDP }), over: () => expectNothingLeft(network, alice) }
}

const moved = (...contacts: readonly string[]): { readonly contact?: string; readonly headers: readonly (readonly [string, string])[] } => ({ headers: contacts.map((contact) => ['Contact', contact] as const) })

describe('RFC 3261 §8.1.3.4 redirections', () => {
  it('are followed: the same To, From and Call-ID, a higher number, a new branch', async () => {
    const { network, peer, other, call, over } = world()
    const placed = call()
    const first = await peer.nextRequest('INVITE')
    peer.respond(first, 302, moved('<sip:bob@192.0.2.98>'))
    const second = await other.nextRequest('INVITE')
    expect(String(second.requestUri)).toBe('sip:bob@192.0.2.98')
    for (const name of ['To', 'From', 'Call-ID', 'Contact', 'Content-Type']) expect(second.headers.get(name)).toBe(first.headers.get(name))
    expect(second.cseq.sequence).toBe(first.cseq.sequence + 1)
    expect(second.via.branch).not.toBe(first.via.branch)
    other.accept(second, { contact: '<sip:bob@192.0.2.98>' })
    await other.nextRequest('ACK')
    expect((await placed.answered).answered).toBe(true)
    other.answerAll()
    await network.run(placed.hangUp())
    expect(other.names).toEqual(['INVITE', 'ACK', 'BYE'])
    expect(peer.names).toEqual(['INVITE', 'ACK'])
    await over()
  })

  it('are not followed without the extension: the call ends with the 302', async () => {
    const { network, peer, call } = world(undefined, { extensions: [] })
    const placed = call()
    peer.respond(await peer.nextRequest('INVITE'), 302, moved('<sip:bob@192.0.2.98>'))
    expect(await network.run(placed.ended)).toMatchObject({ by: 'remote', cause: 'rejected', status: 302 })
  })

  it('one target after the other, best first; a 4xx goes on, a 6xx does not', async () => {
    const { network, peer, other, third, call, over } = world()
    const placed = call()
    peer.respond(await peer.nextRequest('INVITE'), 300, moved('<sip:low@192.0.2.97>;q=0.1, <mailto:bob@example.test>', '<sip:high@192.0.2.98>;q=0.9', '<sip:no@192.0.2.97>;q=0'))
    const second = await other.nextRequest('INVITE')
    expect(String(second.requestUri)).toBe('sip:high@192.0.2.98')
    other.respond(second, 486)
    const fourth = await third.nextRequest('INVITE')
    expect(String(fourth.requestUri)).toBe('sip:low@192.0.2.97')
    third.respond(fourth, 603)
    expect(await network.run(placed.ended)).toMatchObject({ status: 603 })
    await network.advance(20)
    expect(third.names).toEqual(['INVITE', 'ACK'])
    await over()
  })

  it('goes on when a target does not answer at all', async () => {
    const { network, peer, other, third, call, over } = world()
    const placed = call()
    peer.respond(await peer.nextRequest('INVITE'), 302, moved('<sip:bob@192.0.2.96>', '<sip:bob@192.0.2.97>;q=0.5'))
    third.respond(await third.nextRequest('INVITE'), 486)
    expect(await network.run(placed.ended)).toMatchObject({ cause: 'busy' })
    expect(other.names).toEqual([])
    await over()
  })

  it('loops are cut: no target twice, the first one counted', async () => {
    const { network, peer, other, call, over } = world()
    const placed = call()
    peer.respond(await peer.nextRequest('INVITE'), 302, moved('<sip:bob@192.0.2.98>'))
    other.respond(await other.nextRequest('INVITE'), 302, moved('<sip:bob@192.0.2.99>', '<sip:BOB@192.0.2.98>;q=0.3', '<sip:bob@192.0.2.98:5060>;q=0.2', '<sip:bob@192.0.2.98>;q=0.1'))
    other.handle = (message) => {
      if (message.kind === 'request' && message.method === 'INVITE') other.respond(message, 302, moved('<sip:bob@192.0.2.98>'))
    }
    expect(await network.run(placed.ended)).toMatchObject({ status: 302 })
    expect(peer.names).toEqual(['INVITE', 'ACK'])
    await over()
  })

  it('no more targets than the limit', async () => {
    const { network, peer, call, over } = world({ limit: 3 })
    const placed = call()
    let count = 0
    peer.handle = (message) => {
      if (message.kind === 'request' && message.method === 'INVITE') peer.respond(message, 302, moved(`<sip:bob${++count}@192.0.2.99>`))
    }
    expect(await network.run(placed.ended)).toMatchObject({ status: 302 })
    expect(count).toBe(4)
    await over()
  })

  it('the application chooses', async () => {
    const { network, peer, other, call } = world({ follow: ({ response, targets }) => (response.statusCode === 301 ? [] : targets.slice(0, 1)) })
    const placed = call()
    peer.respond(await peer.nextRequest('INVITE'), 302, moved('<sip:bob@192.0.2.98>', '<sip:bob@192.0.2.97>'))
    other.respond(await other.nextRequest('INVITE'), 301, moved('<sip:carol@192.0.2.97>'))
    expect(await network.run(placed.ended)).toMatchObject({ status: 301 })
  })

  it('a call that is hung up is not redirected', async () => {
    const { network, peer, other, call, over } = world()
    const placed = call()
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 180)
    await network.advance(20)
    void placed.hangUp()
    peer.respond(await peer.nextRequest('CANCEL'), 200)
    peer.respond(invite, 302, moved('<sip:bob@192.0.2.98>'))
    expect(await network.run(placed.ended)).toMatchObject({ cause: 'cancelled' })
    await over()
    expect(other.names).toEqual([])
  })

  it('§9.1: a CANCEL of the second attempt waits for a provisional response to it', async () => {
    const { network, peer, other, call, over } = world()
    const placed = call()
    const first = await peer.nextRequest('INVITE')
    peer.respond(first, 180)
    peer.respond(first, 302, moved('<sip:bob@192.0.2.98>'))
    const second = await other.nextRequest('INVITE')
    const ended = placed.hangUp()
    await network.advance(200)
    expect(other.names).toEqual(['INVITE'])
    other.respond(second, 180)
    const cancel = await other.nextRequest('CANCEL')
    other.respond(cancel, 200)
    other.respond(second, 487)
    await network.run(ended)
    await over()
  })

  it('§19.1.5: takes header fields of the target, but none that would speak for us', async () => {
    const { peer, other, call } = world()
    call()
    peer.respond(await peer.nextRequest('INVITE'), 302, moved('<sip:bob@192.0.2.98;method=BYE?Subject=Moved%20on&From=%3Csip:mallory%40x%3E&Route=%3Csip:x%3E&Via=x&X-A=1%0d%0aX-B:2&body=v>'))
    const second = await other.nextRequest('INVITE')
    expect(String(second.requestUri)).toBe('sip:bob@192.0.2.98')
    expect(second.headers.get('Subject')).toBe('Moved on')
    expect(second.from.uri.toString()).toBe('sip:alice@example.test')
    for (const name of ['Route', 'X-A', 'X-B', 'body']) expect(second.headers.has(name)).toBe(false)
    expect(second.vias).toHaveLength(1)
  })

  it('§21.3.4: 305 goes to the same target by the proxy', async () => {
    const { network, peer, other, call } = world()
    const placed = call()
    peer.respond(await peer.nextRequest('INVITE'), 305, moved('<sip:192.0.2.98>'))
    const second = await other.nextRequest('INVITE')
    expect(String(second.requestUri)).toBe('sip:bob@192.0.2.99')
    expect(second.headers.getAll('Route')).toEqual(['<sip:192.0.2.98;lr>'])
    other.respond(second, 305, moved('<sip:192.0.2.98>'))
    expect(await network.run(placed.ended)).toMatchObject({ status: 305 })
  })

  it('CVE-2021-41158: credentials stay with the one that asked for them', async () => {
    const { peer, other, call } = world({}, { password: 'secret' })
    call()
    peer.respond(await peer.nextRequest('INVITE'), 401, { headers: [['WWW-Authenticate', 'Digest realm="a", nonce="n", algorithm=MD5']] })
    const signed = await peer.nextRequest('INVITE')
    expect(signed.headers.has('Authorization')).toBe(true)
    peer.respond(signed, 302, moved('<sip:bob@192.0.2.98>'))
    expect((await other.nextRequest('INVITE')).headers.has('Authorization')).toBe(false)
  })

  it('what is not a redirection is not followed: 380, no Contact, Contacts that cannot be read', async () => {
    for (const [status, contacts] of [[380, ['<sip:bob@192.0.2.98>']], [302, []], [302, ['<sip:']], [302, ['*']]] as const) {
      const { network, peer, other, call } = world()
      const placed = call()
      peer.respond(await peer.nextRequest('INVITE'), status, moved(...contacts))
      expect(await network.run(placed.ended)).toMatchObject({ status })
      expect(other.names).toEqual([])
    }
  })
})

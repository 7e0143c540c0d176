// Features that read and write header fields and bodies: each in a call with a peer that a test writes by hand.
import { describe, expect, it } from 'vitest'
import { historyInfo } from '@offhook/sip-parser/headers'
import { anonymous, answerModes, assertedIdentity, callerPreferences, history, infoPackages, multipartBodies, redirects, sessionIds } from '../../src/index.js'
import type { AnswerModesOptions, Call, CallOptions, Extension, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly peer: RawPeer
  readonly calls: Call[]
  readonly dial: (options?: CallOptions) => Call
  /** What alice's media were offered or answered. */
  readonly remote: () => string | undefined
}

function world(...extensions: readonly Extension[]): World {
  const network = createTestNetwork()
  const media = createFakeMedia({ clock: network.clock })
  const alice = network.agent('alice', { extensions, media: media.factory })
  const calls: Call[] = []
  alice.on('incoming', (call) => calls.push(call))
  return { network, alice, peer: new RawPeer(network), calls, dial: (options) => alice.call('sip:peer@192.0.2.99', options), remote: () => media.handlers.at(-1)?.remote?.body }
}

describe('RFC 7989 §6 session identifiers', () => {
  const THEIRS = '47755a9de7794ba387653f2099600ef2'
  const NIL = '0'.repeat(32)

  it('ours is in every message, theirs from the first that told it', async () => {
    const ids = sessionIds()
    const { network, alice, peer, dial } = world(ids)
    const call = dial()
    const invite = await peer.nextRequest('INVITE')
    const [local = ''] = invite.headers.get('Session-ID')?.split(';') ?? []
    expect(local).toMatch(/^[\da-f]{12}4[\da-f]{3}[89ab][\da-f]{15}$/)
    expect(invite.headers.get('Session-ID')).toBe(`${local};remote=${NIL}`)
    peer.respond(invite, 180, { headers: [['Session-ID', `${THEIRS};remote=${local}`]] })
    peer.accept(invite)
    expect((await peer.nextRequest('ACK')).headers.get('Session-ID')).toBe(`${local};remote=${THEIRS}`)
    await network.run(call.answered)
    expect(ids.of(call.id)).toEqual({ local, remote: THEIRS })
    peer.answerAll('BYE')
    await network.run(call.hangUp())
    expect(peer.received.at(-1)?.headers.get('Session-ID')).toBe(`${local};remote=${THEIRS}`)
    await expectNothingLeft(network, alice)
  })

  it('the CANCEL has that of its INVITE; what is none changes nothing', async () => {
    const { network, peer, dial } = world(sessionIds())
    const call = dial()
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 180, { headers: [['Session-ID', 'xyz;remote=1']] })
    await network.advance(20)
    void call.hangUp()
    expect((await peer.nextRequest('CANCEL')).headers.get('Session-ID')).toBe(invite.headers.get('Session-ID'))
  })

  it('as callee: theirs stands in every response', async () => {
    const { peer } = world(sessionIds())
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['Session-ID', `${THEIRS.toUpperCase()};remote=${NIL}`]] })
    expect((await peer.nextResponse(180)).headers.get('Session-ID')).toMatch(new RegExp(`^[\\da-f]{32};remote=${THEIRS}$`))
  })

  it('a redirected call keeps our half and does not know the other yet', async () => {
    const { network, peer, dial } = world(sessionIds(), redirects())
    const other = new RawPeer(network, '192.0.2.98')
    dial()
    const invite = await peer.nextRequest('INVITE')
    peer.respond(invite, 302, { headers: [['Contact', '<sip:bob@192.0.2.98>'], ['Session-ID', THEIRS]] })
    expect((await other.nextRequest('INVITE')).headers.get('Session-ID')).toBe(invite.headers.get('Session-ID'))
  })
})

describe('RFC 3325 asserted identity', () => {
  const ASSERTED = '"Bob" <sip:bob@example.test>, <tel:+15550100>'

  it('is taken from a sender that the application trusts, and renewed in the call', async () => {
    const { network, peer, calls } = world(assertedIdentity({ trusts: (_message, flow) => flow.remote.host === '192.0.2.99' }))
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['P-Asserted-Identity', ASSERTED]] })
    const ringing = await peer.nextResponse(180)
    expect(calls[0]?.remote.asserted?.map(String)).toEqual(['"Bob" <sip:bob@example.test>', '<tel:+15550100>'])
    await calls[0]?.answer()
    await peer.nextResponse(200)
    peer.inDialog('ACK', ringing, 1)
    await network.advance(20)
    peer.inDialog('UPDATE', ringing, 2, { headers: [['P-Asserted-Identity', '<sip:carol@example.test>']] })
    await peer.nextResponse(200)
    expect(calls[0]?.remote.asserted?.map(String)).toEqual(['<sip:carol@example.test>'])
  })

  it('of the callee, from its 200', async () => {
    const { network, peer, dial } = world(assertedIdentity({ trusts: () => true }))
    const call = dial()
    peer.accept(await peer.nextRequest('INVITE'), { headers: [['P-Asserted-Identity', '<sip:bob@example.test>']] })
    await network.run(call.answered)
    expect(call.remote.asserted?.map(String)).toEqual(['<sip:bob@example.test>'])
  })

  it.each([['a sender that is not trusted', assertedIdentity({ trusts: () => false }), ASSERTED], ['a field that cannot be read', assertedIdentity({ trusts: () => true }), '<sip:'], ['an agent without the extension', {}, ASSERTED]] as const)('nothing from %s', async (_name, extension, field) => {
    const { peer, calls } = world(extension)
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['P-Asserted-Identity', field]] })
    await peer.nextResponse(180)
    expect(calls[0]?.remote.asserted).toBeUndefined()
  })
})

describe('RFC 3323 privacy', () => {
  it('a call that does not say who calls', async () => {
    const { peer, dial } = world()
    dial({ headers: anonymous({ critical: true, preferred: 'sip:alice@example.test' }) })
    const { headers } = await peer.nextRequest('INVITE')
    expect(headers.get('From')).toMatch(/^"Anonymous" <sip:anonymous@anonymous.invalid>;tag=./)
    expect([headers.get('Privacy'), headers.get('Proxy-Require'), headers.get('P-Preferred-Identity')]).toEqual(['id;critical', 'privacy', '<sip:alice@example.test>'])
  })
})

describe('RFC 3841 caller preferences', () => {
  it('say which devices are to ring', async () => {
    const { peer, dial } = world()
    dial({ headers: callerPreferences({ accept: [{ audio: true, language: ['en', 'de'] }, { '+sip.instance': '<urn:x>' }], require: true, reject: [{ actor: 'msg-taker', video: false }], disposition: ['no-fork', 'queue'] }) })
    const { headers } = await peer.nextRequest('INVITE')
    expect(headers.getAll('Accept-Contact')).toEqual(['*;audio;language="en,de";require', '*;+sip.instance="<urn:x>";require'])
    expect([headers.get('Reject-Contact'), headers.get('Request-Disposition')]).toEqual(['*;actor="msg-taker";video="FALSE"', 'no-fork, queue'])
  })

  it('what is no feature tag throws', () => {
    expect(() => callerPreferences({ accept: [{ 'a b': true }] })).toThrow(expect.objectContaining({ code: 'bad-preference' }))
    expect(() => callerPreferences({ reject: [{ audio: 'x"\r\nVia: y' }] })).toThrow(expect.objectContaining({ code: 'bad-preference' }))
  })
})

describe('RFC 5373 answer modes', () => {
  const invite = async (options: AnswerModesOptions, field: string, value: string): Promise<World> => {
    const made = world(answerModes(options))
    made.peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [[field, value]] })
    await made.network.advance(100)
    return made
  }

  it('answers by itself what is granted, and says so', async () => {
    const { peer, calls } = await invite({ grants: ({ mode, privileged }) => mode === 'Auto' && !privileged }, 'Answer-Mode', 'auto')
    const ok = peer.received.find((message) => message.kind === 'response' && message.statusCode === 200)
    expect(ok?.headers.get('Answer-Mode')).toBe('Auto')
    expect(calls[0]?.state.name).toBe('established')
  })

  it('rings where it is not granted; refuses where nothing else will do', async () => {
    const rings = await invite({ grants: () => false }, 'Answer-Mode', 'Auto')
    expect(rings.peer.names).toEqual(['180'])
    const refuses = await invite({ grants: () => false }, 'Priv-Answer-Mode', 'Auto;require')
    expect(refuses.peer.names).toEqual(['403'])
    expect(refuses.calls).toEqual([])
  })

  it('asks with what the caller said, and passes over values that nobody knows', async () => {
    const asked: unknown[] = []
    const grants: AnswerModesOptions['grants'] = (wish) => (asked.push(wish), false)
    await invite({ grants }, 'Priv-Answer-Mode', 'Manual;require')
    await invite({ grants }, 'Answer-Mode', 'Sometimes;require')
    expect(asked).toEqual([{ mode: 'Manual', required: true, privileged: true }])
  })

  it('the application may be faster', async () => {
    const { peer, alice, network } = world(answerModes({ grants: () => true }))
    alice.on('incoming', (call) => void call.reject(486))
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['Answer-Mode', 'Auto']] })
    await network.advance(100)
    expect(peer.names).toEqual(['486'])
  })
})

describe('RFC 6086 INFO packages', () => {
  it('are announced, taken, and refused with 469 when nobody takes them', async () => {
    const taken: string[] = []
    const { network, peer, dial } = world(infoPackages({ Weather: ({ body, contentType }) => taken.push(`${contentType ?? ''} ${new TextDecoder().decode(body)}`), broken: () => { throw new RangeError('no') } }))
    const call = dial()
    const invite = await peer.nextRequest('INVITE')
    expect(invite.headers.get('Recv-Info')).toBe('Weather, broken')
    peer.accept(invite)
    const ack = await peer.nextRequest('ACK')
    await network.run(call.answered)
    peer.inDialog('INFO', ack, 1, { headers: [['Info-Package', 'weather'], ['Content-Disposition', 'Info-Package']], body: 'rain', contentType: 'text/plain' })
    await peer.nextResponse(200)
    expect(taken).toEqual(['text/plain rain'])
    peer.inDialog('INFO', ack, 2, { headers: [['Info-Package', 'sports']] })
    expect((await peer.nextResponse(469)).headers.get('Recv-Info')).toBe('Weather, broken')
    peer.inDialog('INFO', ack, 3, { headers: [['Info-Package', '"']] })
    await peer.nextResponse(469)
    const tones: string[] = []
    call.on('dtmf', (tone) => tones.push(tone))
    peer.inDialog('INFO', ack, 4, { body: 'Signal=5\r\n', contentType: 'application/dtmf-relay' })
    await peer.nextResponse(200)
    expect(tones).toEqual(['5'])
  })

  it('go out to a peer that takes them, and to no other', async () => {
    const packages = infoPackages()
    const { network, peer, dial } = world(packages)
    const call = dial()
    const invite = await peer.nextRequest('INVITE')
    expect(await packages.send(call, 'weather')).toMatchObject({ ok: false, code: 'ended' })
    peer.accept(invite, { headers: [['Recv-Info', 'sports, weather']] })
    await network.run(call.answered)
    expect(packages.takenBy(call)).toEqual(['sports', 'weather'])
    peer.answerAll('INFO')
    expect(await network.run(packages.send(call, 'Weather', { body: 'sun', contentType: 'text/plain' }))).toEqual({ ok: true })
    const { headers } = peer.received.at(-1) ?? invite
    expect([headers.get('Info-Package'), headers.get('Content-Disposition')]).toEqual(['Weather', 'Info-Package'])
    expect(await packages.send(call, 'music')).toMatchObject({ ok: false, code: 'refused', status: 469 })
    expect(peer.names.filter((name) => name === 'INFO')).toHaveLength(1)
  })
})

describe('RFC 7044 history', () => {
  it('begins with us, and goes on with a redirection', async () => {
    const { network, peer, dial } = world(history(), redirects())
    const other = new RawPeer(network, '192.0.2.98')
    dial()
    const invite = await peer.nextRequest('INVITE')
    expect(invite.headers.getAll('History-Info')).toEqual(['<sip:peer@192.0.2.99>;index=1'])
    expect(invite.supported).toContain('histinfo')
    peer.respond(invite, 302, { headers: [['Contact', '<sip:bob@192.0.2.98>']] })
    const second = await other.nextRequest('INVITE')
    const entries = second.headers.read(historyInfo)
    expect(entries.map(({ index, reason, target }) => [index, reason, target])).toEqual([['1', 'SIP;cause=302', undefined], ['2', undefined, ['mp', '1']]])
    expect(String(entries[1]?.address.uri)).toBe('sip:bob@192.0.2.98')
  })

  it('§9.4: goes back in every response but 100', async () => {
    const { peer, calls } = world(history())
    const entries = ['<sip:a@x>;index=1', '<sip:b@x>;index=1.1;rc=1']
    peer.request('INVITE', '192.0.2.1', { body: SDP, headers: [['History-Info', entries]] })
    expect((await peer.nextResponse(180)).headers.getAll('History-Info')).toEqual(entries)
    await calls[0]?.reject(486)
    expect((await peer.nextResponse(486)).headers.getAll('History-Info')).toEqual(entries)
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    expect((await peer.nextResponse(180)).headers.has('History-Info')).toBe(false)
  })
})

describe('RFC 5621 multipart bodies', () => {
  const mixed = (...parts: readonly string[]): { readonly body: string; readonly contentType: string } => ({ body: `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`, contentType: 'multipart/mixed;boundary=b' })
  const OFFER = `Content-Type: application/sdp\r\n\r\n${SDP}`
  const LOCATION = 'Content-Type: application/pidf+xml\r\nContent-Disposition: render;handling=optional\r\n\r\n<p/>'

  it('an offer within one is taken, and the rest is not lost', async () => {
    const bodies = multipartBodies()
    const { peer, calls, remote, alice } = world(bodies)
    const types: (string | undefined)[] = []
    alice.on('incoming', (call) => types.push(call.session?.offer?.contentType))
    peer.request('INVITE', '192.0.2.1', { ...mixed(LOCATION, OFFER), headers: [['Subject', 'Fire']] })
    await peer.nextResponse(180)
    const invite = calls[0]?.invite
    expect(invite?.headers.get('Subject')).toBe('Fire')
    await calls[0]?.answer()
    expect(calls[0]?.invite).toBeUndefined()
    expect((await peer.nextResponse(200)).headers.get('Content-Type')).toBe('application/sdp')
    expect(remote()).toBe(SDP)
    expect(types).toEqual(['application/sdp'])
    expect(invite && bodies.of(invite)?.multipart?.parts.map(({ contentType }) => contentType.essence)).toEqual(['application/pidf+xml', 'application/sdp'])
  })

  it('an answer within one is taken', async () => {
    const { network, peer, dial, remote } = world(multipartBodies())
    const call = dial()
    peer.respond(await peer.nextRequest('INVITE'), 200, mixed(LOCATION, OFFER))
    expect((await network.run(call.answered)).answered).toBe(true)
    expect(remote()).toBe(SDP)
  })

  it.each([
    ['a part that must be understood and is not', mixed('Content-Type: application/isup\r\n\r\n1', OFFER)],
    ['no description at all', mixed(LOCATION)],
    ['one that cannot be read', { body: 'x', contentType: 'multipart/mixed' }],
  ])('415 for %s', async (_name, content) => {
    const { peer, calls } = world(multipartBodies())
    peer.request('INVITE', '192.0.2.1', content)
    expect((await peer.nextResponse(415)).headers.get('Accept')).toMatch(/^application\/sdp, multipart\/mixed/)
    expect(calls).toEqual([])
  })

  it('a part that the application reads is understood', async () => {
    const { peer, calls } = world(multipartBodies({ understands: ['application/isup'] }))
    peer.request('INVITE', '192.0.2.1', mixed('Content-Type: application/isup\r\n\r\n1', OFFER))
    await peer.nextResponse(180)
    expect(calls).toHaveLength(1)
  })

  it('CVE-2026-45705: a body that is nested without end, or has parts without number, is 415', async () => {
    const { peer } = world(multipartBodies())
    let deep = OFFER
    for (let level = 0; level < 12; level++) deep = `Content-Type: multipart/mixed;boundary=b${level}\r\n\r\n--b${level}\r\n${deep}\r\n--b${level}--`
    peer.request('INVITE', '192.0.2.1', mixed(deep))
    await peer.nextResponse(415)
    peer.request('INVITE', '192.0.2.1', mixed(...Array.from({ length: 100 }, () => LOCATION), OFFER))
    await peer.nextResponse(415)
  })
})

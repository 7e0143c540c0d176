import { describe, expect, it } from 'vitest'
import { createWorld } from './world.js'
import type { Phone, World } from './world.js'
import { proxyAuthenticate, wwwAuthenticate } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'

const finals = (phone: Phone, request: SipRequest): number[] => phone.statusesOf(request).filter((status) => status > 100)

/** Alice, and as many phones of bob as there are transports named; all in reach. */
async function ringing(options: Parameters<typeof createWorld>[0] = {}, transports: readonly ('UDP' | 'WS' | 'TCP')[] = ['UDP', 'WS']): Promise<{ world: World; alice: Phone; bobs: Phone[]; invite: SipRequest }> {
  const world = await createWorld(options)
  const alice = await world.phone('alice')
  const bobs: Phone[] = []
  for (const transport of transports) {
    const bob = await world.phone('bob', { transport })
    await bob.register()
    bobs.push(bob)
  }
  const invite = alice.request('INVITE', 'sip:bob@example.com')
  alice.send(invite)
  await world.pass()
  return { world, alice, bobs, invite }
}

/** Answers a CANCEL as a phone does: 200, and 487 to the INVITE. */
function obey(phone: Phone): void {
  phone.reply(phone.received('CANCEL'), 200)
  phone.reply(phone.received('INVITE'), 487)
}

describe('RFC 3261 §16.7 forking', () => {
  it('rings every phone at once; the loser is cancelled, ACKs stay on their hops', async () => {
    const { world, alice, bobs: [first, second], invite } = await ringing()
    first!.reply(first!.received('INVITE'), 180)
    second!.reply(second!.received('INVITE'), 180)
    await world.pass()
    second!.reply(second!.received('INVITE'), 200)
    await world.pass()
    expect(finals(alice, invite)).toEqual([180, 180, 200])
    expect(first!.received('CANCEL').via.branch).toBe(first!.received('INVITE').via.branch)
    obey(first!)
    await world.pass()
    expect(first!.received('ACK').cseq.sequence).toBe(invite.cseq.sequence)
    expect(second!.requests('CANCEL')).toEqual([])
    expect(second!.requests('ACK')).toEqual([])
    expect(finals(alice, invite)).toEqual([180, 180, 200])
  })

  it('forwards a 2xx of every fork', async () => {
    const { world, alice, bobs: [first, second], invite } = await ringing()
    first!.reply(first!.received('INVITE'), 200, [], 'one')
    second!.reply(second!.received('INVITE'), 200, [], 'two')
    await world.pass()
    expect(alice.responsesTo(invite).filter(({ statusCode }) => statusCode === 200).map(({ to }) => to.tag).sort()).toEqual(['one', 'two'])
  })

  it('forwards retransmissions of a 2xx (RFC 6026)', async () => {
    const { world, alice, bobs: [bob], invite } = await ringing({}, ['UDP'])
    for (let times = 0; times < 3; times += 1) {
      bob!.reply(bob!.received('INVITE'), 200)
      await world.pass(500)
    }
    expect(finals(alice, invite)).toEqual([200, 200, 200])
  })

  it('sends a CANCEL only after a provisional response (§9.1)', async () => {
    const { world, bobs: [first, second] } = await ringing()
    second!.reply(second!.received('INVITE'), 200)
    await world.pass()
    expect(first!.requests('CANCEL')).toEqual([])
    first!.reply(first!.received('INVITE'), 100)
    await world.pass()
    expect(first!.requests('CANCEL')).toHaveLength(1)
  })

  it.each<[string, readonly number[], number]>([
    ['busy beats offline', [480, 486], 486],
    ['any 6xx wins', [404, 603], 603],
    ['3xx before 4xx', [486, 302], 302],
    ['4xx before 5xx', [500, 486], 486],
    ['what helps to try again', [486, 415], 415],
    ['401 before 404', [404, 401], 401],
    ['503 alone becomes 500', [503, 503], 500],
    ['a 500 before a 503', [503, 502], 502],
    ['487 and 408 say least', [487, 404], 404],
  ])('best response: %s', async (_, statuses, best) => {
    const { world, alice, bobs, invite } = await ringing()
    for (const [index, bob] of bobs.entries()) {
      bob.reply(bob.received('INVITE'), statuses[index]!)
      await world.pass()
      if (bobs.some((other) => other.requests('CANCEL').length > 0)) break
    }
    await world.pass()
    for (const bob of bobs) if (bob.requests('CANCEL').length > 0) obey(bob)
    await world.pass()
    expect(finals(alice, invite)).toEqual([best])
  })

  it('a 603 cancels the others, and waits for them', async () => {
    const { world, alice, bobs: [first, second], invite } = await ringing()
    first!.reply(first!.received('INVITE'), 180)
    await world.pass()
    second!.reply(second!.received('INVITE'), 603)
    await world.pass()
    expect(finals(alice, invite)).toEqual([180])
    obey(first!)
    await world.pass()
    expect(finals(alice, invite)).toEqual([180, 603])
  })

  it('gathers the challenges of all branches (§16.7, 7)', async () => {
    const { world, alice, bobs: [first, second], invite } = await ringing()
    first!.reply(first!.received('INVITE'), 401, [['WWW-Authenticate', 'Digest realm="one", nonce="1"']])
    second!.reply(second!.received('INVITE'), 407, [['Proxy-Authenticate', 'Digest realm="two", nonce="2"']])
    await world.pass()
    const response = alice.responsesTo(invite).at(-1)!
    expect(response.headers.read(wwwAuthenticate).map(({ realm }) => realm)).toEqual(['one'])
    expect(response.headers.read(proxyAuthenticate).map(({ realm }) => realm)).toEqual(['two'])
  })

  it('asks other methods on every branch and answers once', async () => {
    const { world, alice, bobs } = await ringing()
    const message = alice.request('MESSAGE', 'sip:bob@example.com', { body: 'hi' })
    alice.send(message)
    await world.pass()
    for (const bob of bobs) bob.reply(bob.received('MESSAGE'), 200)
    await world.pass()
    expect(alice.statusesOf(message)).toEqual([200])
    expect(bobs[0]!.received('MESSAGE').recordRoute).toEqual([])
  })
})

describe('RFC 3261 §16.10 CANCEL from upstream', () => {
  it('is answered at once and goes to every ringing branch', async () => {
    const { world, alice, bobs, invite } = await ringing()
    for (const bob of bobs) bob.reply(bob.received('INVITE'), 180)
    await world.pass()
    const cancel = alice.request('CANCEL', 'sip:bob@example.com', { branch: invite.via.branch!, cseq: invite.cseq.sequence })
    expect((await alice.ask(cancel)).statusCode).toBe(200)
    for (const bob of bobs) obey(bob)
    await world.pass()
    expect(finals(alice, invite)).toEqual([180, 180, 487])
  })

  it('of nothing gets 481', async () => {
    const world = await createWorld()
    const alice = await world.phone('alice')
    expect((await alice.ask(alice.request('CANCEL', 'sip:bob@example.com'))).statusCode).toBe(481)
  })

  it('ends a branch that does not answer the CANCEL (§9.1)', async () => {
    const { world, alice, bobs: [bob], invite } = await ringing({}, ['UDP'])
    bob!.reply(bob!.received('INVITE'), 180)
    await world.pass()
    await alice.ask(alice.request('CANCEL', 'sip:bob@example.com', { branch: invite.via.branch!, cseq: invite.cseq.sequence }))
    await world.pass(31_000)
    expect(finals(alice, invite)).toEqual([180])
    await world.pass(2000)
    expect(finals(alice, invite)[1]).toBe(487)
  })

  it('before anything was decided: 487, and no phone rings', async () => {
    let release: (password: string) => void = () => undefined
    const world = await createWorld({ auth: { passwords: async () => new Promise<string>((resolve) => { release = resolve }) } })
    const alice = await world.phone('alice')
    const invite = alice.request('INVITE', 'sip:bob@example.com', { headers: [['Proxy-Authorization', 'Digest username="alice",realm="example.com",nonce="x",uri="sip:bob@example.com",response="y"']] })
    alice.send(invite)
    await world.pass()
    await alice.ask(alice.request('CANCEL', 'sip:bob@example.com', { branch: invite.via.branch!, cseq: invite.cseq.sequence }))
    release('late')
    await world.pass()
    expect(finals(alice, invite)).toEqual([487])
  })
})

describe('RFC 3261 §16.8 timer C, and silence', () => {
  it('cancels what rings for longer than timer C; 408 when even that is not answered', async () => {
    const { world, alice, bobs: [bob], invite } = await ringing({ timerC: 190_000 }, ['UDP'])
    bob!.reply(bob!.received('INVITE'), 180)
    await world.pass(100_000)
    bob!.reply(bob!.received('INVITE'), 180)
    await world.pass(189_000)
    expect(bob!.requests('CANCEL')).toEqual([])
    await world.pass(1500)
    expect(bob!.requests('CANCEL').length).toBeGreaterThan(0)
    await world.pass(32_000)
    expect(finals(alice, invite).slice(0, 3)).toEqual([180, 180, 408])
  })

  it('timer B: 408 to an INVITE nobody answers', async () => {
    const { world, alice, invite } = await ringing({}, ['UDP'])
    await world.pass(33_000)
    expect(finals(alice, invite)[0]).toBe(408)
  })

  it('RFC 4320: no 408 to other requests', async () => {
    const { world, alice } = await ringing({}, ['UDP'])
    const message = alice.request('MESSAGE', 'sip:bob@example.com')
    alice.send(message)
    await world.pass(70_000)
    expect(finals(alice, message)).toEqual([])
    await world.pass(70_000)
    expect(world.server.transactions).toBe(0)
  })

  it('a connection that breaks while ringing: 480', async () => {
    const { world, alice, bobs: [bob], invite } = await ringing({}, ['WS'])
    bob!.reply(bob!.received('INVITE'), 180)
    await world.pass()
    await bob!.close()
    expect(finals(alice, invite)).toEqual([180, 480])
  })

  it('an address where nobody listens: 480', async () => {
    const world = await createWorld()
    const [alice, bob] = [await world.phone('alice'), await world.phone('bob', { contact: 'sip:bob@192.0.2.250;transport=tcp' })]
    await bob.register()
    expect((await alice.ask(alice.request('INVITE', 'sip:bob@example.com'))).statusCode).toBe(480)
  })

  it('leaves nothing behind', async () => {
    const { world, alice, bobs } = await ringing()
    for (const bob of bobs) bob.reply(bob.received('INVITE'), 486)
    expect(world.server.pendingRequests).toBe(1)
    await world.pass(70_000)
    expect([world.server.transactions, world.server.pendingRequests]).toEqual([0, 0])
    expect(alice.inbox.length).toBeGreaterThan(0)
  })
})

describe('RFC 3261 §16.3 validation', () => {
  it.each<[string, string, Parameters<Phone['request']>[2], string, number]>([
    ['Max-Forwards 0', 'INVITE', { maxForwards: 0 }, 'sip:bob@example.com', 483],
    ['Proxy-Require', 'INVITE', { headers: [['Proxy-Require', 'foo, bar']] }, 'sip:bob@example.com', 420],
    ['tel URI', 'INVITE', {}, 'tel:+358-555-1234567', 416],
    ['unknown scheme', 'OPTIONS', {}, 'nobodyKnowsThisScheme:totallyopaque', 416],
    ['unknown user', 'INVITE', {}, 'sip:nobody@example.com', 404],
    ['user who is offline', 'MESSAGE', {}, 'sip:gone@example.com', 480],
    ['the server itself, OPTIONS', 'OPTIONS', {}, 'sip:example.com', 200],
    ['the server by its address', 'OPTIONS', {}, 'sip:192.0.2.100:5060', 200],
    ['the server itself, INVITE', 'INVITE', {}, 'sip:example.com', 405],
    ['unreadable Max-Forwards', 'INVITE', { maxForwards: undefined, headers: [['Max-Forwards', 'many']] }, 'sip:bob@example.com', 400],
    ['unreadable Route', 'INVITE', { headers: [['Route', '<<<']] }, 'sip:bob@example.com', 400],
    ['a method nobody knows, unknown user', 'NEWMETHOD', {}, 'sip:nobody@example.com', 404],
  ])('%s', async (_, method, options, uri, status) => {
    const world = await createWorld()
    const [alice, gone] = [await world.phone('alice'), await world.phone('gone')]
    await gone.register()
    await gone.register(0)
    const response = await alice.ask(alice.request(method, uri, options))
    expect(response.statusCode).toBe(status)
    if (status === 420) expect(response.unsupported).toEqual(['foo', 'bar'])
    if (status === 405 || status === 200) expect(response.allow).toContain('REGISTER')
    expect(world.errors).toEqual([])
  })

  it('adds Max-Forwards where there is none, and Max-Breadth (RFC 5393 §5.3.3)', async () => {
    const { world, alice, bobs } = await ringing()
    alice.send(alice.request('MESSAGE', 'sip:bob@example.com', { maxForwards: undefined, callId: 'other' }))
    await world.pass()
    expect(bobs[0]!.received('MESSAGE').maxForwards).toBe(70)
    expect(bobs[0]!.received('MESSAGE').headers.get('Max-Breadth')).toBe('30')
    expect((await alice.ask(alice.request('INVITE', 'sip:bob@example.com', { headers: [['Max-Breadth', '1']], callId: 'third' }))).statusCode).toBe(440)
  })

  it('passes on a Contact, Authorization or Date that it cannot read', async () => {
    const { world, alice, bobs: [bob] } = await ringing({}, ['UDP'])
    const request = alice.request('INVITE', 'sip:bob@example.com', { callId: 'odd', contact: false, headers: [['Contact', '<sip:'], ['Proxy-Authorization', '""'], ['Date', '?']] })
    alice.send(request)
    await world.pass()
    expect(bob!.received('INVITE').headers.get('Contact')).toBe('<sip:')
    expect(bob!.received('INVITE').headers.get('Proxy-Authorization')).toBe('""')
    expect(world.errors).toEqual([])
  })

  it('passes on what it does not understand, untouched and in order', async () => {
    const { world, alice, bobs: [bob] } = await ringing({}, ['UDP'])
    alice.send(alice.request('NEWMETHOD', 'sip:bob@example.com', { headers: [['X-odd', ' "a" ;;=b'], ['x-Odd', '2'], ['Date', 'yesterday'], ['Require', 'nobody-knows']] }))
    await world.pass()
    const arrived = bob!.received('NEWMETHOD')
    expect(arrived.headers.getAll('X-Odd')).toEqual(['"a" ;;=b', '2'])
    expect(arrived.headers.get('Date')).toBe('yesterday')
    // Its method may set up a dialog: the proxy stays on the path (§16.6, 4).
    expect(arrived.recordRoute.length).toBeGreaterThan(0)
  })
})

describe('RFC 5393 loops', () => {
  it('a contact that leads back here is found out: 482, at once', async () => {
    const world = await createWorld()
    const alice = await world.phone('alice')
    await alice.ask(alice.request('REGISTER', 'sip:example.com', { to: 'sip:alice@example.com', headers: [['Contact', '<sip:alice@192.0.2.100>']] }))
    const response = await alice.ask(alice.request('INVITE', 'sip:alice@example.com'))
    expect(response.statusCode).toBe(482)
    expect(world.server.counters.received).toBeLessThan(12)
  })

  it('two users who forward to each other: every fork ends', async () => {
    const world = await createWorld()
    const phones = [await world.phone('a'), await world.phone('b')]
    const contacts = [['Contact', '<sip:a@192.0.2.100>'], ['Contact', '<sip:b@192.0.2.100>']] as const
    for (const phone of phones) await phone.ask(phone.request('REGISTER', 'sip:example.com', { to: `sip:${phone.name}@example.com`, headers: contacts }))
    const response = await phones[0]!.ask(phones[0]!.request('INVITE', 'sip:a@example.com'))
    expect([482, 440]).toContain(response.statusCode)
    expect(world.server.counters.received).toBeLessThan(80)
  })
})

describe('toll fraud: no open relay', () => {
  it.each<[string, string, readonly (readonly [string, string])[]]>([
    ['another domain', 'sip:victim@elsewhere.org', []],
    ['another domain through our Route', 'sip:victim@elsewhere.org', [['Route', '<sip:example.com;lr>']]],
    ['Route stuffing', 'sip:bob@example.com', [['Route', '<sip:gateway.elsewhere.org;lr>']]],
    ['Route stuffing behind ours', 'sip:bob@example.com', [['Route', '<sip:example.com;lr>, <sip:gateway.elsewhere.org;lr>']]],
    ['maddr', 'sip:bob@example.com;maddr=203.0.113.9', []],
    ['a token nobody signed', 'sip:bob@example.com', [['Route', '<sip:n.00000000000000000000@example.com;lr>']]],
    ['a user part in our Route', 'sip:victim@elsewhere.org', [['Route', '<sip:carrier@192.0.2.100;lr>']]],
    ['a strict route to us with a token nobody signed', 'sip:n.00000000000000000000@example.com', [['Route', '<sip:victim@elsewhere.org>']]],
  ])('%s: 403', async (_, uri, headers) => {
    const world = await createWorld()
    const bob = await world.phone('bob')
    await bob.register()
    const alice = await world.phone('alice')
    for (const method of ['INVITE', 'MESSAGE', 'SUBSCRIBE']) {
      expect((await alice.ask(alice.request(method, uri, { headers, callId: method }))).statusCode).toBe(403)
    }
    expect(bob.requests()).toEqual([])
  })

  it('a Route that was signed for another call is worth nothing', async () => {
    const { world, alice, bobs: [bob], invite } = await ringing({}, ['WS'])
    bob!.reply(bob!.received('INVITE'), 200)
    await world.pass()
    const stolen = alice.inDialog('BYE', alice.responsesTo(invite).at(-1)!)
    stolen.headers.set('Call-ID', 'another')
    expect((await alice.ask(stolen)).statusCode).toBe(403)
  })

  it('an ACK leads nowhere without a signed Route', async () => {
    const { world, alice, bobs: [bob] } = await ringing({}, ['UDP'])
    alice.send(alice.request('ACK', 'sip:bob@example.com', { callId: 'x' }))
    alice.send(alice.request('ACK', bob!.contactUri, { callId: 'y', headers: [['Route', '<sip:example.com;lr>']] }))
    await world.pass()
    expect(bob!.requests('ACK')).toEqual([])
  })

  it('relays to domains that the owner allows, by list or by judgement', async () => {
    for (const relay of [['192.0.2.222'], ({ host }: { readonly host: string }) => host === '192.0.2.222'] as const) {
      const world = await createWorld({ relay })
      const [alice, other] = [await world.phone('alice'), await world.phone('carrier', { host: '192.0.2.222' })]
      alice.send(alice.request('MESSAGE', 'sip:+1555@192.0.2.222'))
      await world.pass()
      expect(String(other.received('MESSAGE').requestUri)).toBe('sip:+1555@192.0.2.222')
      alice.send(alice.request('MESSAGE', 'sip:+1555@elsewhere.org', { headers: [['Route', '<sip:192.0.2.222;lr>']] }))
      await world.pass()
      expect(String(other.received('MESSAGE').requestUri)).toBe('sip:+1555@elsewhere.org')
      expect((await alice.ask(alice.request('MESSAGE', 'sip:x@192.0.2.223'))).statusCode).toBe(403)
    }
  })

  it('a relay that cannot be reached: 500, the next hop\'s 503 is not ours (§16.9, §16.7, 6)', async () => {
    const world = await createWorld({ relay: ['192.0.2.223'] })
    const alice = await world.phone('alice')
    expect((await alice.ask(alice.request('INVITE', 'sip:x@192.0.2.223;transport=tcp'))).statusCode).toBe(500)
  })
})

describe('RFC 3261 §16.4, §16.6 routing', () => {
  it('speaks to a strict router in its form, and understands one', async () => {
    const world = await createWorld({ relay: ['192.0.2.222'] })
    const [alice, strict] = [await world.phone('alice'), await world.phone('strict', { host: '192.0.2.222' })]
    const invite = alice.request('INVITE', 'sip:dave@elsewhere.org', { headers: [['Route', '<sip:192.0.2.222>']] })
    alice.send(invite)
    await world.pass()
    const arrived = strict.received('INVITE')
    expect(String(arrived.requestUri)).toBe('sip:192.0.2.222')
    expect(arrived.route.map(String)).toEqual(['<sip:dave@elsewhere.org>'])

    // Its own request: our Record-Route value in the Request-URI, the target at the end of the Route.
    const bye = strict.request('BYE', String(arrived.recordRoute[0]?.uri), { to: String(arrived.from), callId: arrived.callId, headers: [['Route', `<${alice.contactUri}>`]] })
    strict.send(bye)
    await world.pass()
    expect(String(alice.received('BYE').requestUri)).toBe(alice.contactUri)
    expect(alice.received('BYE').route).toEqual([])
  })

  it('one Record-Route between equals, two to bridge (RFC 5658)', async () => {
    const same = await ringing({}, ['UDP'])
    expect(same.bobs[0]!.received('INVITE').recordRoute.map(({ uri }) => String(uri).replace(/sip:[^@]*/, 'sip:'))).toEqual(['sip:@192.0.2.100:5060;lr'])
    const bridged = await ringing({}, ['WS'])
    expect(bridged.bobs[0]!.received('INVITE').recordRoute.map(({ uri }) => String(uri).replace(/sip:[^@]*/, 'sip:'))).toEqual(['sip:@192.0.2.100:80;transport=ws;lr', 'sip:@192.0.2.100:5060;lr'])
    const none = await ringing({ recordRoute: false }, ['WS'])
    expect(none.bobs[0]!.received('INVITE').recordRoute).toEqual([])
  })

  it('in-dialog requests to a browser that is gone: 430 (RFC 5626 §5.3.1)', async () => {
    const { world, alice, bobs: [bob], invite } = await ringing({}, ['WS'])
    bob!.reply(bob!.received('INVITE'), 200)
    await world.pass()
    await bob!.close()
    expect((await alice.ask(alice.inDialog('BYE', alice.responsesTo(invite).at(-1)!))).statusCode).toBe(430)
  })

  it('a preloaded Route to the server is taken off', async () => {
    const { world, alice, bobs: [bob] } = await ringing({}, ['UDP'])
    for (const route of ['<sip:example.com;lr>', '<sip:192.0.2.100;lr>', '<sip:example.com;transport=ws;lr>, <sip:192.0.2.100:5060;lr>']) {
      alice.send(alice.request('MESSAGE', 'sip:bob@example.com', { headers: [['Route', route]] }))
      await world.pass()
      expect(bob!.received('MESSAGE').route).toEqual([])
    }
    expect(bob!.requests('MESSAGE')).toHaveLength(3)
  })

  it('a listener on every address learns which it has, and takes no other for its own', async () => {
    const { world, alice, bobs: [bob] } = await ringing({ listenHost: '0.0.0.0' }, ['UDP'])
    alice.send(alice.request('MESSAGE', 'sip:bob@192.0.2.100', { headers: [['Route', '<sip:192.0.2.100;lr>']] }))
    await world.pass()
    expect(bob!.received('MESSAGE').route).toEqual([])
    expect((await alice.ask(alice.request('OPTIONS', 'sip:192.0.2.101'))).statusCode).toBe(403)
    expect((await alice.ask(alice.request('MESSAGE', 'sip:bob@example.com', { headers: [['Route', '<sip:192.0.2.101;lr>']] }))).statusCode).toBe(403)
  })

  it('with any host ours, a Route by whatever name the client knows us', async () => {
    const world = await createWorld({ domains: '*' })
    const [alice, bob] = [await world.phone('alice'), await world.phone('bob')]
    await bob.register()
    alice.send(alice.request('MESSAGE', 'sip:bob@pbx.local', { headers: [['Route', '<sip:some.name:8080;transport=ws;lr>']] }))
    await world.pass()
    expect(bob.received('MESSAGE').route).toEqual([])
  })
})

describe('RFC 3261 §26.2.2 SIPS', () => {
  it('reaches secured flows only', async () => {
    const world = await createWorld()
    const [plain, secure] = [await world.phone('bob', { transport: 'WS' }), await world.phone('bob', { transport: 'WSS' })]
    await plain.register()
    await secure.register()
    const alice = await world.phone('alice', { transport: 'TLS' })
    const invite = alice.request('INVITE', 'sips:bob@example.com')
    alice.send(invite)
    await world.pass()
    expect(plain.requests('INVITE')).toEqual([])
    const arrived = secure.received('INVITE')
    expect(String(arrived.requestUri)).toMatch(/^sips:bob@/)
    expect(arrived.recordRoute.every(({ uri }) => uri.scheme === 'sips')).toBe(true)
  })

  it('480 when there is none', async () => {
    const world = await createWorld()
    const plain = await world.phone('bob')
    await plain.register()
    const alice = await world.phone('alice', { transport: 'TLS' })
    expect((await alice.ask(alice.request('INVITE', 'sips:bob@example.com'))).statusCode).toBe(480)
  })
})

import { computeHa1, DigestClient, md5, sha256 } from '@offhook/sip-auth'
import type { DigestCredentials } from '@offhook/sip-auth'
import { createToken } from '@offhook/sip-machine'
import { proxyAuthenticate, serializeMessage, wwwAuthenticate } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import type { AuthOptions } from '../src/index.js'
import { createWorld } from './world.js'
import type { Phone, World } from './world.js'

const users = new Map([['alice', 'wonder'], ['bob', 'builder'], ['al ice@home', 'odd']])
const auth: AuthOptions = { realm: 'example.com', passwords: (name) => users.get(name) }

async function start(options: Partial<AuthOptions> = {}): Promise<{ world: World; alice: Phone; bob: Phone }> {
  const world = await createWorld({ auth: { ...auth, ...options } })
  return { world, alice: await world.phone('alice'), bob: await world.phone('bob', { transport: 'WS' }) }
}

function clientOf(world: World, credentials: DigestCredentials): DigestClient {
  return new DigestClient({ credentials, random: world.random })
}

/** The request again, with an answer to the challenge. */
async function answering(world: World, request: SipRequest, response: SipResponse, credentials: DigestCredentials | DigestClient): Promise<SipRequest> {
  const client = credentials instanceof DigestClient ? credentials : clientOf(world, credentials)
  const outcome = await client.answer(request, response)
  if (!outcome.ok) throw new TypeError(outcome.error.code)
  const next = outcome.value
  next.headers.replaceFirst('Via', String(next.via).replace(/branch=[^;]*/, `branch=z9hG4bK${createToken(world.random)}`))
  next.headers.set('CSeq', `${request.cseq.sequence + 1} ${request.method}`)
  return next
}

/** Asks, answers the challenge, and returns what comes then. */
async function asUser(world: World, phone: Phone, request: SipRequest, credentials: DigestCredentials): Promise<SipResponse> {
  const challenge = await phone.ask(request)
  expect([401, 407]).toContain(challenge.statusCode)
  return phone.ask(await answering(world, request, challenge, credentials))
}

const registration = (phone: Phone, to = `sip:${phone.name}@example.com`): SipRequest =>
  phone.request('REGISTER', 'sip:example.com', { to, headers: [['Contact', `<${phone.contactUri}>`]] })
const secretOf = (name: string): DigestCredentials => ({ username: name, password: users.get(name) ?? '', realm: 'example.com' })

describe('RFC 3261 §22: every method has to prove itself (CVE-2021-41157, CVE-2021-37624)', () => {
  it.each(['INVITE', 'MESSAGE', 'SUBSCRIBE', 'OPTIONS', 'PUBLISH', 'REFER', 'INFO', 'NOTIFY', 'BYE', 'NEWMETHOD'])('%s: 407, then on its way', async (method) => {
    const { world, alice, bob } = await start()
    await asUser(world, bob, registration(bob), secretOf('bob'))
    const request = alice.request(method, 'sip:bob@example.com')
    const challenge = await alice.ask(request)
    expect(challenge.statusCode).toBe(407)
    expect(challenge.headers.read(proxyAuthenticate).map(({ algorithm }) => algorithm)).toEqual(['SHA-256', 'MD5'])
    expect(bob.requests(method)).toEqual([])
    alice.send(await answering(world, request, challenge, secretOf('alice')))
    await world.pass()
    const arrived = bob.received(method)
    // Our credentials end here: nobody behind sees them.
    expect(arrived.headers.has('Proxy-Authorization')).toBe(false)
  })

  it('REGISTER: 401, bound after the answer', async () => {
    const { world, bob } = await start()
    const challenge = await bob.ask(registration(bob))
    expect(challenge.statusCode).toBe(401)
    expect(challenge.headers.read(wwwAuthenticate)).toHaveLength(2)
    expect((await asUser(world, bob, registration(bob), secretOf('bob'))).statusCode).toBe(200)
    expect(world.server.registered()).toHaveLength(1)
  })

  it('an OPTIONS to the server itself needs none', async () => {
    const { alice } = await start()
    expect((await alice.ask(alice.request('OPTIONS', 'sip:example.com'))).statusCode).toBe(200)
  })

  it('not inside a dialog that was let in, and never for ACK and CANCEL (§22.1)', async () => {
    const { world, alice, bob } = await start()
    await asUser(world, bob, registration(bob), secretOf('bob'))
    const first = alice.request('INVITE', 'sip:bob@example.com')
    const invite = await answering(world, first, await alice.ask(first), secretOf('alice'))
    alice.send(invite)
    await world.pass()
    const arrived = bob.received('INVITE')
    bob.reply(arrived, 180)
    await world.pass()
    bob.reply(arrived, 200)
    await world.pass()
    const ok = alice.responsesTo(invite).at(-1)!
    alice.send(alice.inDialog('ACK', ok, { cseq: invite.cseq.sequence }))
    await world.pass()
    expect(bob.requests('ACK')).toHaveLength(1)
    bob.send(bob.inDialogAsCallee('BYE', arrived))
    await world.pass()
    expect(alice.requests('BYE')).toHaveLength(1)

    const second = alice.request('INVITE', 'sip:bob@example.com', { callId: 'second' })
    const again = await answering(world, second, await alice.ask(second), secretOf('alice'))
    alice.send(again)
    await world.pass()
    bob.reply(bob.received('INVITE'), 180)
    await world.pass()
    const cancel = alice.request('CANCEL', 'sip:bob@example.com', { branch: again.via.branch!, cseq: again.cseq.sequence, callId: 'second' })
    expect((await alice.ask(cancel)).statusCode).toBe(200)
    expect(bob.requests('CANCEL')).toHaveLength(1)
  })
})

describe('registration hijack and identity', () => {
  it.each<[string, string, string, number]>([
    ['alice as bob', 'alice', 'sip:bob@example.com', 403],
    ['alice as nobody', 'alice', 'sip:nobody@example.com', 403],
    ['alice in another domain', 'alice', 'sip:alice@elsewhere.org', 404],
    ['alice as herself', 'alice', 'sip:alice@example.com', 200],
    ['alice as herself, escaped', 'alice', 'sip:%61lice@EXAMPLE.COM', 200],
  ])('%s: REGISTER gets %s %s %i', async (_, user, to, status) => {
    const { world, alice } = await start()
    expect((await asUser(world, alice, registration(alice, to), secretOf(user))).statusCode).toBe(status)
    if (status !== 200) expect(world.server.registered()).toEqual([])
  })

  it.each<[string, string, number]>([
    ['bob\'s From', 'sip:bob@example.com', 403],
    ['a foreign From', 'sip:alice@elsewhere.org', 403],
    ['her own From', 'sip:alice@example.com', 480],
  ])('a MESSAGE from alice with %s', async (_, from, status) => {
    const { world, alice } = await start()
    const request = alice.request('MESSAGE', 'sip:bob@example.com', { from })
    expect((await asUser(world, alice, request, secretOf('alice'))).statusCode).toBe(status)
  })

  it('who owns what can be decided by the owner', async () => {
    const { world, alice } = await start({ owns: (username, addressOfRecord) => username === 'alice' && addressOfRecord === 'sip:sales@example.com' })
    expect((await asUser(world, alice, registration(alice, 'sip:sales@example.com'), secretOf('alice'))).statusCode).toBe(200)
    expect((await asUser(world, alice, registration(alice), secretOf('alice'))).statusCode).toBe(403)
  })

  it('a user name may be a whole address, or need escapes in one', async () => {
    const world = await createWorld({ auth: { ...auth, passwords: (name) => (name === 'bob@example.com' || name === 'a b' ? 'x' : undefined) } })
    const bob = await world.phone('bob')
    expect((await asUser(world, bob, registration(bob), { username: 'bob@example.com', password: 'x' })).statusCode).toBe(200)
    expect((await asUser(world, bob, registration(bob, 'sip:a%20b@example.com'), { username: 'a b', password: 'x' })).statusCode).toBe(200)
  })
})

describe('Digest brute force and enumeration: constant shape', () => {
  it('a wrong password and an unknown user get the same answer, again a challenge', async () => {
    const { world, alice } = await start()
    const shapes: string[] = []
    for (const username of ['alice', 'nobody']) {
      const response = await asUser(world, alice, registration(alice), { username, password: 'guess' })
      shapes.push(new TextDecoder().decode(serializeMessage(response)).replace(/nonce="[^"]*"|branch=[^;]*|tag=\S*|CSeq: \d+/g, ''))
    }
    expect(shapes[0]).toContain('401')
    expect(shapes[0]).not.toContain('stale')
    expect(shapes[1]).toBe(shapes[0])
  })

  it('without credentials, users who exist, who are online and who do not exist look alike', async () => {
    const { world, alice, bob } = await start()
    await asUser(world, bob, registration(bob), secretOf('bob'))
    const statuses: number[] = []
    for (const user of ['bob', 'alice', 'nobody']) statuses.push((await alice.ask(alice.request('MESSAGE', `sip:${user}@example.com`))).statusCode)
    expect(statuses).toEqual([407, 407, 407])
  })

  it('known but offline 480, unknown 404, once proven', async () => {
    const { world, alice } = await start()
    expect((await asUser(world, alice, alice.request('INVITE', 'sip:bob@example.com'), secretOf('alice'))).statusCode).toBe(480)
    expect((await asUser(world, alice, alice.request('INVITE', 'sip:nobody@example.com'), secretOf('alice'))).statusCode).toBe(404)
  })

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('user %s is nobody', async (name) => {
    const { world, alice } = await start()
    expect((await asUser(world, alice, alice.request('MESSAGE', `sip:${name}@example.com`), secretOf('alice'))).statusCode).toBe(404)
    expect((await asUser(world, alice, registration(alice, `sip:${name}@example.com`), { username: name, password: '' })).statusCode).toBe(401)
  })
})

describe('replay and downgrade', () => {
  it('what was sent once is not taken twice', async () => {
    const { world, alice } = await start()
    const request = registration(alice)
    const good = await answering(world, request, await alice.ask(request), secretOf('alice'))
    expect((await alice.ask(good)).statusCode).toBe(200)
    const replay = good.clone()
    replay.headers.replaceFirst('Via', String(good.via).replace(/branch=[^;]*/, 'branch=z9hG4bKreplay'))
    replay.headers.set('Contact', '<sip:evil@203.0.113.66>')
    const refused = await alice.ask(replay)
    expect(refused.statusCode).toBe(401)
    expect(refused.headers.read(wwwAuthenticate)[0]?.stale).toBe(true)
    expect(JSON.stringify(world.server.registered())).not.toContain('203.0.113.66')
  })

  it('nonces are used again with a higher count', async () => {
    const { world, alice } = await start()
    const client = clientOf(world, secretOf('alice'))
    const request = registration(alice)
    expect((await alice.ask(await answering(world, request, await alice.ask(request), client))).statusCode).toBe(200)
    for (let times = 0; times < 3; times += 1) {
      const refresh = client.authorize(alice.request('REGISTER', 'sip:example.com', { to: 'sip:alice@example.com', cseq: 10 + times, headers: [['Contact', `<${alice.contactUri}>`]] }))
      expect((await alice.ask(refresh)).statusCode).toBe(200)
    }
  })

  it('an old nonce is stale; the client gets a new one and is in', async () => {
    const { world, alice } = await start({ nonceLifetime: 10_000 })
    const client = clientOf(world, secretOf('alice'))
    const request = registration(alice)
    expect((await alice.ask(await answering(world, request, await alice.ask(request), client))).statusCode).toBe(200)
    await world.pass(20_000)
    const late = client.authorize(alice.request('REGISTER', 'sip:example.com', { to: 'sip:alice@example.com', cseq: 20, headers: [['Contact', `<${alice.contactUri}>`]] }))
    const stale = await alice.ask(late)
    expect(stale.headers.read(wwwAuthenticate)[0]?.stale).toBe(true)
    expect((await alice.ask(await answering(world, late, stale, client))).statusCode).toBe(200)
  })

  it('MD5 is refused where only SHA-256 is offered', async () => {
    const { world, alice } = await start({ algorithms: [sha256] })
    const request = registration(alice)
    const good = await answering(world, request, await alice.ask(request), secretOf('alice'))
    good.headers.set('Authorization', good.headers.get('Authorization')!.replace('SHA-256', 'MD5'))
    expect((await alice.ask(good)).statusCode).toBe(401)
  })

  it('stored hashes serve as well as passwords', async () => {
    const { world, alice } = await start({ algorithms: [md5], passwords: (name) => (name === 'alice' ? { ha1: computeHa1(md5, 'alice', 'example.com', 'wonder') } : undefined) })
    expect((await asUser(world, alice, registration(alice), secretOf('alice'))).statusCode).toBe(200)
  })

  it('credentials that cannot be read: 400', async () => {
    const { alice } = await start()
    const request = registration(alice)
    request.headers.set('Authorization', '""')
    expect((await alice.ask(request)).statusCode).toBe(400)
  })
})

describe('CVE-2021-41158: a callee cannot ask for the caller\'s digest in this server\'s name', () => {
  it('its challenge in our realm becomes a 403, one in its own realm passes', async () => {
    const { world, alice, bob } = await start()
    await asUser(world, bob, registration(bob), secretOf('bob'))
    const call = async (callId: string, realm: string): Promise<number> => {
      const first = alice.request('INVITE', 'sip:bob@example.com', { callId })
      const invite = await answering(world, first, await alice.ask(first), secretOf('alice'))
      alice.send(invite)
      await world.pass()
      bob.reply(bob.received('INVITE'), 407, [['Proxy-Authenticate', `Digest realm="${realm}", nonce="chosen", algorithm=MD5`]])
      await world.pass()
      return alice.statusesOf(invite).at(-1)!
    }
    expect(await call('one', 'example.com')).toBe(403)
    expect(await call('two', 'bob.example')).toBe(407)
  })
})

describe('callers from elsewhere', () => {
  it('are challenged unless the owner accepts them, and then reach our users only', async () => {
    const closed = await start()
    const stranger = { from: 'sip:carol@elsewhere.org' }
    expect((await closed.alice.ask(closed.alice.request('MESSAGE', 'sip:bob@example.com', stranger))).statusCode).toBe(407)
    const { world, alice, bob } = await start({ acceptForeignCallers: true })
    await asUser(world, bob, registration(bob), secretOf('bob'))
    alice.send(alice.request('MESSAGE', 'sip:bob@example.com', stranger))
    await world.pass()
    expect(bob.requests('MESSAGE')).toHaveLength(1)
    expect((await alice.ask(alice.request('MESSAGE', 'sip:x@third.org', stranger))).statusCode).toBe(407)
    expect((await alice.ask(alice.request('MESSAGE', 'sip:bob@example.com'))).statusCode).toBe(407)
    expect((await alice.ask(alice.request('REGISTER', 'sip:example.com', { to: 'sip:bob@example.com', ...stranger }))).statusCode).toBe(401)
  })

  it('accepted strangers are not relayed to allowed domains', async () => {
    const world = await createWorld({ auth: { ...auth, acceptForeignCallers: true }, relay: ['192.0.2.222'] })
    const [carol, carrier] = [await world.phone('carol'), await world.phone('carrier', { host: '192.0.2.222' })]
    const response = await carol.ask(carol.request('INVITE', 'sip:+1900@192.0.2.222', { from: 'sip:carol@elsewhere.org' }))
    expect(response.statusCode).toBe(407)
    expect(carrier.requests()).toEqual([])
  })
})

describe('admission', () => {
  it('the owner can turn requests away before anything is kept of them', async () => {
    const world = await createWorld({ admit: (request, flow) => (request.from.uri.scheme === 'sip' && flow.remote.host === '192.0.2.66' ? { statusCode: 503, headers: [['Retry-After', '600']] } : undefined) })
    const [evil, good] = [await world.phone('evil', { host: '192.0.2.66' }), await world.phone('good', { host: '192.0.2.67' })]
    const refused = await evil.ask(evil.request('REGISTER', 'sip:example.com', { to: 'sip:evil@example.com' }))
    expect([refused.statusCode, refused.retryAfter]).toEqual([503, 600])
    expect(world.server.transactions).toBe(0)
    expect((await good.register()).statusCode).toBe(200)
  })

  it('an admit that throws: 500, and the owner is told', async () => {
    const world = await createWorld({ admit: () => { throw new TypeError('oops') } })
    const alice = await world.phone('alice')
    expect((await alice.register()).statusCode).toBe(500)
    expect(world.errors).toHaveLength(1)
  })
})

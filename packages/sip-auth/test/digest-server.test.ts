import { createRequest, createResponse, serializeMessage } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { computeHa1, DigestClient, DigestError, DigestServer, md5, sha256, sha512256 } from '../src/index.js'
import type { CredentialsSource, DigestClientOptions, DigestServerOptions, DigestVerdict } from '../src/index.js'
import { seededRandom } from './test-random.js'

const bob = { username: 'bob', password: 'zanzibar' }

function server(options: Partial<DigestServerOptions> = {}): DigestServer {
  return new DigestServer({
    realm: 'biloxi.com', secret: new Uint8Array(32).fill(3), random: seededRandom(2),
    passwords: (username) => (username === 'bob' ? 'zanzibar' : undefined), ...options,
  })
}

function invite(uri = 'sip:carol@biloxi.com', method = 'INVITE'): SipRequest {
  return createRequest({
    method, requestUri: uri,
    headers: [['Via', 'SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKnashds7'], ['From', '<sip:bob@biloxi.com>;tag=456248'], ['To', '<sip:carol@biloxi.com>'], ['Call-ID', '8438'], ['CSeq', `1 ${method}`], ['Max-Forwards', '70']],
  })
}

function answerTo(checker: DigestServer, now: number, request: SipRequest, credentials: CredentialsSource = bob, options: Partial<DigestClientOptions> & { stale?: boolean } = {}): SipRequest {
  const response = createResponse(request, { statusCode: 401, toTag: 'x', headers: checker.challenge(now, options) })
  const outcome = new DigestClient({ credentials, random: seededRandom(3), ...options }).answer(request, response)
  if (outcome instanceof Promise || !outcome.ok) throw new TypeError('not answered')
  return outcome.value
}

function withAuthorization(request: SipRequest, change: (value: string) => string): SipRequest {
  const copy = request.clone()
  copy.headers.set('Authorization', change(request.headers.get('Authorization') ?? ''))
  return copy
}

const reasonOf = (verdict: DigestVerdict | Promise<DigestVerdict>): string => {
  if (verdict instanceof Promise) return 'later'
  return verdict.ok ? `ok ${verdict.username}` : `${verdict.reason} ${verdict.statusCode}${verdict.stale ? ' stale' : ''}`
}

describe('RFC 8760 §2.3 challenges', () => {
  it('offers SHA-256 before MD5, each with qop', () => {
    const headers = server().challenge(1000)
    expect(headers.map(([name]) => name)).toEqual(['WWW-Authenticate', 'WWW-Authenticate'])
    expect(headers[0]?.[1]).toMatch(/^Digest realm="biloxi\.com",nonce="[\w-]{32}",algorithm=SHA-256,qop="auth"$/)
    expect(headers[1]?.[1]).toContain('algorithm=MD5')
  })

  it('says Proxy-Authenticate and stale when told', () => {
    const [header] = server().challenge(0, { proxy: true, stale: true })
    expect(header?.[0]).toBe('Proxy-Authenticate')
    expect(header?.[1]).toContain(',stale=true')
  })

  it('never makes the same nonce twice', () => {
    const checker = server()
    const nonces = new Set(Array.from({ length: 1000 }, () => checker.challenge(5)[0]?.[1]))
    expect(nonces.size).toBe(1000)
  })

  it('amplification: a 401 is not more than 1.5 times an ordinary request', () => {
    const request = invite()
    const body = 'v=0\r\no=- 1 1 IN IP4 192.0.2.4\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'
    request.headers.append('Contact', '<sip:bob@192.0.2.4>')
    request.body = new TextEncoder().encode(body)
    const response = createResponse(request, { statusCode: 401, toTag: 'x'.repeat(20), headers: server().challenge(0) })
    expect(serializeMessage(response).length).toBeLessThanOrEqual(serializeMessage(request).length * 1.5)
  })
})

describe('RFC 7616 §3.4 what is let in', () => {
  it.each([
    ['SHA-256 first', {}, {}],
    ['MD5', { algorithms: [md5] }, {}],
    ['a client that knows only MD5', {}, { algorithms: [md5] }],
    ['SHA-512-256', { algorithms: [sha512256] }, { algorithms: [sha512256] }],
    ['auth-int', { qop: ['auth-int'] as const }, {}],
  ])('%s', (_, options, clientOptions) => {
    const checker = server(options)
    const request = invite()
    request.body = new TextEncoder().encode('body')
    expect(reasonOf(checker.verify(10, answerTo(checker, 0, request, bob, clientOptions)))).toBe('ok bob')
  })

  it('Proxy-Authorization, when asked as a proxy', () => {
    const checker = server()
    const request = invite()
    const response = createResponse(request, { statusCode: 407, toTag: 'x', headers: checker.challenge(0, { proxy: true }) })
    const outcome = new DigestClient({ credentials: bob, random: seededRandom(3) }).answer(request, response)
    if (outcome instanceof Promise || !outcome.ok) throw new TypeError('not answered')
    expect(reasonOf(checker.verify(1, outcome.value, { proxy: true }))).toBe('ok bob')
    expect(reasonOf(checker.verify(1, outcome.value))).toBe('missing 401')
  })

  it('a stored H(A1) per algorithm', () => {
    const ha1 = { 'MD5': computeHa1(md5, 'bob', 'biloxi.com', 'zanzibar'), 'SHA-256': computeHa1(sha256, 'bob', 'biloxi.com', 'zanzibar') }
    const checker = server({ passwords: () => ({ ha1 }) })
    expect(reasonOf(checker.verify(1, answerTo(checker, 0, invite())))).toBe('ok bob')
    expect(reasonOf(checker.verify(1, answerTo(checker, 0, invite(), bob, { algorithms: [md5] })))).toBe('ok bob')
  })

  it('CVE-2022-24754: an H(A1) of another algorithm\'s length lets nobody in', () => {
    const checker = server({ passwords: () => ({ ha1: computeHa1(md5, 'bob', 'biloxi.com', 'zanzibar') }) })
    expect(reasonOf(checker.verify(1, answerTo(checker, 0, invite())))).toBe('wrong-algorithm 401')
  })

  it('passwords that come later', async () => {
    const checker = server({ passwords: async (username) => (username === 'bob' ? 'zanzibar' : undefined) })
    expect(await checker.verify(1, answerTo(checker, 0, invite()))).toEqual({ ok: true, username: 'bob' })
  })

  it('RFC 2069 clients, once per nonce', () => {
    const checker = server({ algorithms: [md5] })
    const request = invite()
    const challenge = checker.challenge(0)[0]?.[1].replace(/,qop="auth"/, '') ?? ''
    const response = createResponse(request, { statusCode: 401, toTag: 'x', headers: [['WWW-Authenticate', challenge]] })
    const outcome = new DigestClient({ credentials: bob, random: seededRandom(3) }).answer(request, response)
    if (outcome instanceof Promise || !outcome.ok) throw new TypeError('not answered')
    expect(reasonOf(checker.verify(1, outcome.value))).toBe('ok bob')
    expect(reasonOf(checker.verify(2, outcome.value))).toBe('replayed 401 stale')
  })

  it('a digest-uri with other parameters, none with another user, host or port', () => {
    const checker = server()
    const signed = answerTo(checker, 0, invite('sip:carol@biloxi.com'))
    const moved = (uri: string): string => {
      const copy = signed.clone()
      copy.requestUri = invite(uri).requestUri
      return reasonOf(checker.verify(1, copy))
    }
    expect(moved('sip:dave@biloxi.com')).toBe('uri-mismatch 400')
    expect(moved('sip:carol@evil.example')).toBe('uri-mismatch 400')
    expect(moved('sip:carol@biloxi.com:5070')).toBe('uri-mismatch 400')
    expect(moved('tel:+1')).toBe('uri-mismatch 400')
    expect(moved('sip:carol@BILOXI.com:5060;transport=tcp')).toBe('ok bob')
  })

  it('a digest-uri that names the server without the user, as SIPp writes it', () => {
    const checker = server()
    const signed = answerTo(checker, 0, invite('sip:biloxi.com'))
    signed.requestUri = invite('sip:carol@biloxi.com').requestUri
    expect(reasonOf(checker.verify(1, signed))).toBe('ok bob')
  })
})

describe('Digest brute force and enumeration: constant shape', () => {
  it('an unknown user and a wrong password are answered alike', () => {
    const checker = server()
    const unknown = checker.verify(1, answerTo(checker, 0, invite(), { username: 'nobody', password: 'x' }))
    const wrong = checker.verify(1, answerTo(checker, 0, invite(), { username: 'bob', password: 'x' }))
    expect([reasonOf(unknown), reasonOf(wrong)]).toEqual(['unknown-user 401', 'wrong-password 401'])
    const visible = (verdict: typeof wrong): unknown => (verdict instanceof Promise || verdict.ok ? undefined : [verdict.statusCode, verdict.stale])
    expect(visible(unknown)).toEqual(visible(wrong))
  })

  it('an empty password does not match a user that does not exist', () => {
    const checker = server()
    expect(reasonOf(checker.verify(1, answerTo(checker, 0, invite(), { username: 'nobody', password: '' })))).toBe('unknown-user 401')
  })

  it.each(['__proto__', 'constructor', 'toString'])('user %s is nobody', (username) => {
    const users = new Map([['bob', 'zanzibar']])
    const checker = server({ passwords: (name) => users.get(name) })
    expect(reasonOf(checker.verify(1, answerTo(checker, 0, invite(), { username, password: 'x' })))).toBe('unknown-user 401')
  })

  it('a flood of challenges and wrong answers is remembered nowhere', () => {
    const checker = server()
    for (let index = 0; index < 1000; index += 1) void checker.verify(index, answerTo(checker, index, invite(), { username: 'bob', password: `guess ${index}` }))
    expect(checker.rememberedNonces).toBe(0)
  })
})

describe('Replay and nonce reuse', () => {
  it('accepts each nonce count once, and only upwards', () => {
    const checker = server()
    const request = invite()
    const client = new DigestClient({ credentials: bob, random: seededRandom(3) })
    const outcome = client.answer(request, createResponse(request, { statusCode: 401, toTag: 'x', headers: checker.challenge(0) }))
    if (outcome instanceof Promise || !outcome.ok) throw new TypeError('not answered')
    const [first, second, third] = [outcome.value, client.authorize(invite()), client.authorize(invite())]
    expect(reasonOf(checker.verify(1, first))).toBe('ok bob')
    expect(reasonOf(checker.verify(2, third))).toBe('ok bob')
    expect(reasonOf(checker.verify(3, third))).toBe('replayed 401 stale')
    expect(reasonOf(checker.verify(4, second))).toBe('replayed 401 stale')
    expect(reasonOf(checker.verify(4, client.authorize(invite())))).toBe('ok bob')
  })

  it('binds method, URI, body and nonce', () => {
    const checker = server({ qop: ['auth-int'] })
    const signed = answerTo(checker, 0, invite())
    const bye = signed.clone()
    bye.method = 'BYE'
    expect(reasonOf(checker.verify(1, bye))).toBe('wrong-password 401')
    const body = signed.clone()
    body.body = new TextEncoder().encode('other')
    expect(reasonOf(checker.verify(1, body))).toBe('wrong-password 401')
    expect(reasonOf(checker.verify(1, withAuthorization(signed, (text) => text.replace('nc=00000001', 'nc=00000002'))))).toBe('wrong-password 401')
    const other = checker.challenge(0)[0]?.[1].match(/nonce="([^"]+)"/)?.[1] ?? ''
    expect(reasonOf(checker.verify(1, withAuthorization(signed, (text) => text.replace(/nonce="[^"]+"/, `nonce="${other}"`))))).toBe('wrong-password 401')
  })

  it('calls an old nonce stale, and only when the password was right', () => {
    const checker = server({ nonceLifetime: 1000 })
    const signed = answerTo(checker, 0, invite())
    expect(reasonOf(checker.verify(1001, signed))).toBe('stale 401 stale')
    expect(reasonOf(checker.verify(1001, answerTo(checker, 0, invite(), { username: 'bob', password: 'x' })))).toBe('wrong-password 401')
    expect(reasonOf(checker.verify(1000, signed))).toBe('ok bob')
  })

  it('refuses nonces of another secret, realm, time or shape', () => {
    const checker = server()
    const foreign = server({ secret: new Uint8Array(32).fill(4) })
    expect(reasonOf(checker.verify(1, answerTo(foreign, 0, invite())))).toBe('forged-nonce 401 stale')
    expect(reasonOf(checker.verify(1, answerTo(checker, 2, invite())))).toBe('stale 401 stale')
    for (const nonce of ['x', '', 'A'.repeat(32), 'A'.repeat(100_000)]) {
      const request = invite()
      const response = createResponse(request, { statusCode: 401, toTag: 'x', headers: [['WWW-Authenticate', `Digest realm="biloxi.com",nonce="${nonce}",qop="auth"`]] })
      const outcome = new DigestClient({ credentials: bob, random: seededRandom(3) }).answer(request, response)
      if (outcome instanceof Promise || !outcome.ok) throw new TypeError('not answered')
      expect(reasonOf(checker.verify(1, outcome.value))).toMatch(/^(forged-nonce 401 stale|missing 401)$/)
    }
  })

  it('keeps a bounded number of nonces, and what is forgotten cannot be replayed', () => {
    const checker = server({ maxNonces: 10 })
    const old = answerTo(checker, 0, invite())
    expect(reasonOf(checker.verify(1, old))).toBe('ok bob')
    for (let index = 1; index <= 20; index += 1) void checker.verify(index, answerTo(checker, index, invite()))
    expect(checker.rememberedNonces).toBeLessThanOrEqual(10)
    expect(reasonOf(checker.verify(21, old))).toBe('replayed 401 stale')
    expect(reasonOf(checker.verify(21, answerTo(checker, 21, invite())))).toBe('ok bob')
  })

  it('forgets nonces that have expired', () => {
    const checker = server({ nonceLifetime: 1000 })
    for (let index = 0; index < 50; index += 1) void checker.verify(0, answerTo(checker, 0, invite()))
    expect(checker.rememberedNonces).toBe(50)
    void checker.verify(5000, answerTo(checker, 5000, invite()))
    expect(checker.rememberedNonces).toBe(1)
  })
})

describe('RFC 8760 §3 no downgrade', () => {
  it('refuses an algorithm and a qop that were not offered', () => {
    const checker = server({ algorithms: [sha256], qop: ['auth-int'] })
    const signed = answerTo(checker, 0, invite())
    expect(reasonOf(checker.verify(1, withAuthorization(signed, (text) => text.replace('algorithm=SHA-256', 'algorithm=MD5'))))).toBe('wrong-algorithm 401')
    expect(reasonOf(checker.verify(1, withAuthorization(signed, (text) => text.replace('algorithm=SHA-256, ', ''))))).toBe('wrong-algorithm 401')
    expect(reasonOf(checker.verify(1, withAuthorization(signed, (text) => text.replace('qop=auth-int', 'qop=auth'))))).toBe('wrong-algorithm 401')
  })
})

describe('credentials that cannot be read', () => {
  const checker = server()
  const signed = answerTo(checker, 0, invite())
  it.each<[string, (text: string) => string, string]>([
    ['none for this realm', (text) => text.replace('biloxi.com', 'other'), 'missing 401'],
    ['Basic', () => 'Basic Ym9iOng=', 'missing 401'],
    ['empty before the first challenge (RFC 8760 §2.7)', () => 'Digest username="bob", realm="biloxi.com", nonce="", uri="sip:biloxi.com", response=""', 'missing 401'],
    ['no username', (text) => text.replace('username="bob", ', ''), 'malformed 400'],
    ['no response', (text) => text.replace(/response="[^"]*", /, ''), 'malformed 400'],
    ['nc too long', (text) => text.replace('nc=00000001', 'nc=000000001'), 'malformed 400'],
    ['nc no hex', (text) => text.replace('nc=00000001', 'nc=0000000g'), 'malformed 400'],
    ['qop without cnonce', (text) => text.replace(/cnonce="[^"]*", /, ''), 'malformed 400'],
    ['no scheme', () => '""', 'malformed 400'],
  ])('%s', (_, change, reason) => {
    expect(reasonOf(checker.verify(1, withAuthorization(signed, change)))).toBe(reason)
  })
})

describe('misuse', () => {
  it.each([
    [{ secret: new Uint8Array(8) }, 'weak-secret'],
    [{ realm: '' }, 'bad-realm'],
    [{ realm: 'a"b' }, 'bad-realm'],
    [{ realm: 'a\r\nb' }, 'bad-realm'],
    [{ algorithms: [] }, 'no-algorithm'],
  ])('%j', (options, code) => {
    expect(() => server(options)).toThrow(expect.objectContaining({ name: 'DigestError', code }) as DigestError)
  })
})

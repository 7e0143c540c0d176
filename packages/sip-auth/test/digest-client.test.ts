import { authorization, createRequest, createResponse, parseMessage, proxyAuthorization, serializeMessage } from '@offhook/sip-parser'
import type { Result, SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { computeHa1, computeResponse, DigestClient, DigestError, md5, sha256, sha512256 } from '../src/index.js'
import type { AuthFailure, CredentialsSource, DigestAlgorithm, DigestCredentials } from '../src/index.js'
import { seededRandom } from './test-random.js'

const bob = { username: 'bob', password: 'zanzibar' }

function register(headers: readonly (readonly [string, string])[] = [], to = '<sip:bob@biloxi.com>'): SipRequest {
  return createRequest({
    method: 'REGISTER', requestUri: 'sip:biloxi.com',
    headers: [['Via', 'SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKnashds7'], ['From', '<sip:bob@biloxi.com>;tag=456248'], ['To', to], ['Call-ID', '843817637684230@998sdasdh09'], ['CSeq', '1826 REGISTER'], ...headers],
  })
}

function challenged(request: SipRequest, challenges: readonly string[], proxy: readonly string[] = [], statusCode = challenges.length > 0 ? 401 : 407): SipResponse {
  const response = createResponse(request, { statusCode, toTag: 'x' })
  for (const value of challenges) response.headers.append('WWW-Authenticate', value)
  for (const value of proxy) response.headers.append('Proxy-Authenticate', value)
  return response
}

function client(credentials: CredentialsSource = bob, algorithms?: readonly DigestAlgorithm[]): DigestClient {
  return new DigestClient({ credentials, random: seededRandom(1), ...(algorithms === undefined ? {} : { algorithms }) })
}

async function answered(outcome: Result<SipRequest, AuthFailure> | Promise<Result<SipRequest, AuthFailure>>): Promise<SipRequest> {
  const result = await outcome
  if (!result.ok) throw new TypeError(`not answered: ${result.error.code}`)
  // What a server sees: the bytes, read again.
  const parsed = parseMessage(serializeMessage(result.value))
  if (!parsed.ok || parsed.value.kind !== 'request') throw new TypeError('not a request')
  return parsed.value
}

async function failed(outcome: Result<SipRequest, AuthFailure> | Promise<Result<SipRequest, AuthFailure>>): Promise<string> {
  const result = await outcome
  return result.ok ? 'answered' : result.error.code
}

/** Checks a credentials value as a server would, for user bob. */
function isRight(request: SipRequest, field = authorization, at = 0): boolean {
  const { parameters } = request.headers.read(field)[at]!
  const value = (name: string): string => parameters.get(name) ?? ''
  const name = (parameters.get('algorithm') ?? 'MD5').replace(/-sess$/, '')
  const algorithm = [md5, sha256, sha512256].find((candidate) => candidate.name === name)!
  const qop = parameters.get('qop') as 'auth' | 'auth-int' | undefined
  return value('uri') === String(request.requestUri) && value('response') === computeResponse({
    algorithm, session: value('algorithm').endsWith('-sess'), ha1: computeHa1(algorithm, 'bob', value('realm'), 'zanzibar'),
    nonce: value('nonce'), method: request.method, uri: value('uri'), body: request.body, nonceCount: value('nc'), cnonce: value('cnonce'),
    ...(qop === undefined ? {} : { qop }),
  })
}

describe('RFC 3261 §22.2 answering a 401', () => {
  it('adds Authorization with everything the challenge asks for', async () => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, ['Digest realm="biloxi.com", qop="auth,auth-int", nonce="dcd98b", opaque="5ccc", algorithm=MD5'])))
    const text = copy.headers.get('Authorization')
    expect(text).toMatch(/^Digest username="bob", realm="biloxi\.com", nonce="dcd98b", uri="sip:biloxi\.com", response="[0-9a-f]{32}", algorithm=MD5, qop=auth, cnonce="[0-9a-f]{24}", nc=00000001, opaque="5ccc"$/)
    expect(isRight(copy)).toBe(true)
    expect(request.headers.has('Authorization')).toBe(false)
  })

  it('answers a 407 in Proxy-Authorization', async () => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, [], ['Digest realm="p", nonce="1", qop="auth"'])))
    expect(copy.headers.has('Authorization')).toBe(false)
    expect(isRight(copy, proxyAuthorization)).toBe(true)
  })

  it('answers 401 and 407 challenges of one response together', async () => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'], ['Digest realm="p", nonce="2", qop="auth"', 'Digest realm="q", nonce="3"'])))
    expect(copy.headers.read(authorization)).toHaveLength(1)
    expect(copy.headers.read(proxyAuthorization).map(({ parameters }) => parameters.get('realm'))).toEqual(['p', 'q'])
    expect(isRight(copy) && isRight(copy, proxyAuthorization) && isRight(copy, proxyAuthorization, 1)).toBe(true)
  })

  it.each(['qop=auth', 'qop="auth"', 'QOP = "AUTH"', 'qop="auth-conf, auth"'])('tolerates %s', async (qop) => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, [`Digest realm="a", nonce="1", ${qop}`])))
    expect(copy.headers.read(authorization)[0]?.parameters.get('qop')).toBe('auth')
    expect(isRight(copy)).toBe(true)
  })

  it('does without qop for a server of RFC 2069', async () => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, ['Digest realm="a", nonce="1"'])))
    expect(copy.headers.get('Authorization')).not.toMatch(/qop|nc=|cnonce/)
    expect(isRight(copy)).toBe(true)
  })

  it('hashes the body for auth-int', async () => {
    const request = register()
    request.body = new TextEncoder().encode('hello')
    const copy = await answered(client().answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth-int", algorithm=SHA-256'])))
    expect(copy.headers.read(authorization)[0]?.parameters.get('qop')).toBe('auth-int')
    expect(isRight(copy)).toBe(true)
  })

  it.each(['MD5-sess', 'SHA-256-sess'])('computes %s', async (algorithm) => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, [`Digest realm="a", nonce="1", qop="auth", algorithm=${algorithm}`])))
    expect(isRight(copy)).toBe(true)
  })

  it('hashes the user name where the server asks for that (RFC 7616 §3.4.4)', async () => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth", userhash=true'])))
    expect(copy.headers.read(authorization)[0]?.parameters.get('userhash')).toBe('true')
    expect(copy.headers.read(authorization)[0]?.parameters.get('username')).toMatch(/^[0-9a-f]{32}$/)
    expect(isRight(copy)).toBe(true)
  })

  it('quotes odd names and realms so that they are read back the same', async () => {
    const request = register()
    const odd = { username: 'b"o\\b \u00fc', password: 'x' }
    const copy = await answered(client(odd).answer(request, challenged(request, ['Digest realm="a \\"b\\"", nonce="1"'])))
    expect(copy.headers.read(authorization)[0]?.parameters.get('username')).toBe(odd.username)
    expect(copy.headers.read(authorization)[0]?.parameters.get('realm')).toBe('a "b"')
  })
})

describe('RFC 8760 §2.4 several challenges', () => {
  const both = ['Digest realm="a", nonce="1", qop="auth", algorithm=SHA-512-256', 'Digest realm="a", nonce="1", qop="auth", algorithm=SHA-256', 'Digest realm="a", nonce="1", qop="auth", algorithm=MD5']

  it('takes the topmost that it supports, once per realm', async () => {
    const request = register()
    expect((await answered(client().answer(request, challenged(request, both)))).headers.read(authorization).map(({ parameters }) => parameters.get('algorithm'))).toEqual(['SHA-256'])
    expect((await answered(client(bob, [md5]).answer(request, challenged(request, both)))).headers.read(authorization)[0]?.parameters.get('algorithm')).toBe('MD5')
    expect((await answered(client(bob, [sha512256]).answer(request, challenged(request, both)))).headers.read(authorization)[0]?.parameters.get('algorithm')).toBe('SHA-512-256')
  })

  it('takes the one that a given H(A1) fits', async () => {
    const request = register()
    const ha1 = computeHa1(md5, 'bob', 'a', 'zanzibar')
    const copy = await answered(client({ username: 'bob', ha1 }).answer(request, challenged(request, both)))
    expect(copy.headers.read(authorization)[0]?.parameters.get('algorithm')).toBe('MD5')
    expect(isRight(copy)).toBe(true)
    expect(await failed(client({ username: 'bob', ha1 }).answer(request, challenged(request, both.slice(0, 2))))).toBe('unsupported-algorithm')
  })

  it('ignores what it does not understand', async () => {
    const request = register()
    const copy = await answered(client().answer(request, challenged(request, ['Bearer realm="a"', 'Digest', 'Digest realm="a', 'Digest realm="a", nonce="1", algorithm=AKAv1-MD5', 'Digest realm="a", nonce="2", qop="auth-conf"', 'Digest realm="a", nonce="3", algorithm=MD5-sess', 'Digest realm="a", nonce="4"'])))
    expect(copy.headers.read(authorization)[0]?.parameters.get('nonce')).toBe('4')
  })

  it.each([
    ['no challenge', [], 'no-challenge'],
    ['Basic only (RFC 3261 §22)', ['Basic realm="a"'], 'unsupported-algorithm'],
    ['unknown algorithm', ['Digest realm="a", nonce="1", algorithm=SHA-1'], 'unsupported-algorithm'],
    ['no realm', ['Digest nonce="1"'], 'unsupported-algorithm'],
  ])('says why not: %s', async (_, challenges, code) => {
    const request = register()
    expect(await failed(client().answer(request, challenged(request, challenges, [], 401)))).toBe(code)
  })

  it('is not drawn into endless realms', async () => {
    const request = register()
    const many = Array.from({ length: 9 }, (_, index) => `Digest realm="r${index}", nonce="1"`)
    expect(await failed(client().answer(request, challenged(request, many)))).toBe('rejected')
  })
})

describe('RFC 3261 §22.1 credentials that were refused are not sent again', () => {
  it('gives up after one try', async () => {
    const request = register()
    const auth = client()
    const second = await answered(auth.answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    const outcome = await auth.answer(second, challenged(second, ['Digest realm="a", nonce="2", qop="auth"']))
    expect(outcome).toMatchObject({ ok: false, error: { code: 'rejected', realm: 'a', message: expect.stringContaining('wrong user name or password') as string } })
  })

  it('credentials without a nonce, before anybody asked, have tried nothing', async () => {
    const request = register()
    request.headers.append('Authorization', 'Digest username="alice", realm="a", nonce="", uri="sip:example.com", response=""')
    const second = await answered(client().answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    expect(second.headers.getAll('Authorization')).toEqual([expect.stringContaining('nonce="1"')])
  })

  it('retries a stale nonce once', async () => {
    const request = register()
    const auth = client()
    const second = await answered(auth.answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    const third = await answered(auth.answer(second, challenged(second, ['Digest realm="a", nonce="2", qop="auth", stale="TRUE"'])))
    expect(third.headers.read(authorization)).toHaveLength(1)
    expect(third.headers.read(authorization)[0]?.parameters.get('nonce')).toBe('2')
    expect(isRight(third)).toBe(true)
    expect(await failed(auth.answer(third, challenged(third, ['Digest realm="a", nonce="3", qop="auth", stale=true'])))).toBe('rejected')
  })

  it('takes "stale" with the same nonce for a refusal', async () => {
    const request = register()
    const auth = client()
    const second = await answered(auth.answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    expect(await failed(auth.answer(second, challenged(second, ['Digest realm="a", nonce="1", qop="auth", stale=true'])))).toBe('rejected')
  })

  it('answers a second proxy on the way and counts the first one\'s nonce up (RFC 3665 §3.3)', async () => {
    const request = register()
    const auth = client()
    const second = await answered(auth.answer(request, challenged(request, [], ['Digest realm="p1", nonce="1", qop="auth"'])))
    const third = await answered(auth.answer(second, challenged(second, [], ['Digest realm="p2", nonce="2", qop="auth"'])))
    expect(third.headers.read(proxyAuthorization).map(({ parameters }) => [parameters.get('realm'), parameters.get('nc')])).toEqual([['p1', '00000002'], ['p2', '00000001']])
    expect(isRight(third, proxyAuthorization) && isRight(third, proxyAuthorization, 1)).toBe(true)
  })

  it('a 407 followed by a 401 is no loop', async () => {
    const request = register()
    const auth = client()
    const second = await answered(auth.answer(request, challenged(request, [], ['Digest realm="a", nonce="1", qop="auth"'])))
    const third = await answered(auth.answer(second, challenged(second, ['Digest realm="a", nonce="2", qop="auth"'])))
    expect(isRight(third) && isRight(third, proxyAuthorization)).toBe(true)
  })
})

describe('RFC 7616 §3.6 nonces are used again', () => {
  it('puts credentials into the next request, the count going up', async () => {
    const request = register()
    const auth = client()
    expect(auth.authorize(request)).toBe(request)
    await answered(auth.answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    for (const count of ['00000002', '00000003']) {
      const next = auth.authorize(register())
      expect(next.headers.read(authorization)[0]?.parameters.get('nc')).toBe(count)
      expect(isRight(next)).toBe(true)
    }
    auth.forget()
    expect(auth.authorize(request)).toBe(request)
  })

  it('retries when a nonce that had worked is refused without "stale"', async () => {
    const request = register()
    const auth = client()
    await answered(auth.answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    const next = auth.authorize(register())
    const again = await answered(auth.answer(next, challenged(next, ['Digest realm="a", nonce="2", qop="auth"'])))
    expect(isRight(again)).toBe(true)
    expect(await failed(auth.answer(again, challenged(again, ['Digest realm="a", nonce="3", qop="auth"'])))).toBe('rejected')
    expect(auth.authorize(register()).headers.has('Authorization')).toBe(false)
  })

  it('keeps an addressee\'s nonce to its To, a proxy\'s to its call unless the realm was named (§22.2, §22.3)', async () => {
    const request = register()
    const other = createRequest({ method: 'MESSAGE', requestUri: 'sip:carol@chicago.com', headers: [['Via', 'SIP/2.0/UDP h;branch=z9hG4bK1'], ['From', '<sip:bob@biloxi.com>;tag=1'], ['To', '<sip:carol@chicago.com>'], ['Call-ID', 'another'], ['CSeq', '1 MESSAGE']] })
    const challenge = (): SipResponse => challenged(request, ['Digest realm="a", nonce="1", qop="auth"'], ['Digest realm="p", nonce="2", qop="auth"'])
    const loose = client()
    await answered(loose.answer(request, challenge()))
    expect(loose.authorize(other)).toBe(other)
    const strict = client([{ ...bob, realm: 'p' }, { ...bob, realm: 'a' }])
    await answered(strict.answer(request, challenge()))
    const next = strict.authorize(other)
    expect(next.headers.has('Authorization')).toBe(false)
    expect(next.headers.read(proxyAuthorization)[0]?.parameters.get('nc')).toBe('00000002')
  })

  it('keeps the credentials that somebody else put there', async () => {
    const request = register([['Authorization', 'Digest username="x", realm="other", nonce="9", uri="sip:biloxi.com", response="1"']])
    const copy = await answered(client().answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"'])))
    expect(copy.headers.read(authorization).map(({ parameters }) => parameters.get('realm'))).toEqual(['other', 'a'])
  })

  it('remembers a bounded number of nonces', async () => {
    const auth = client()
    for (let index = 0; index < 200; index += 1) {
      const request = register([], `<sip:user${index}@biloxi.com>`)
      await answered(auth.answer(request, challenged(request, [`Digest realm="a", nonce="${index}", qop="auth"`])))
    }
    expect(auth.authorize(register([], '<sip:user0@biloxi.com>')).headers.has('Authorization')).toBe(false)
    expect(auth.authorize(register([], '<sip:user199@biloxi.com>')).headers.has('Authorization')).toBe(true)
  })
})

describe('CVE-2021-41158: a digest is given to the realm and peer it is meant for, to nobody else', () => {
  const challenge = (request: SipRequest): SipResponse => challenged(request, ['Digest realm="evil", nonce="chosen", qop="auth"'])

  it('refuses a realm that is not the one given', async () => {
    const request = register()
    expect(await failed(client({ ...bob, realm: 'biloxi.com' }).answer(request, challenge(request)))).toBe('wrong-realm')
  })

  it('refuses an origin that is not the one given', async () => {
    const request = register()
    const bound = { ...bob, origin: 'biloxi.com' }
    expect(await failed(client(bound).answer(request, challenge(request), 'evil.example'))).toBe('wrong-realm')
    expect(await failed(client(bound).answer(request, challenge(request)))).toBe('wrong-realm')
    expect(await failed(client(bound).answer(request, challenge(request), 'biloxi.com'))).toBe('answered')
  })

  it('refuses what a function gives for another realm', async () => {
    const request = register()
    expect(await failed(client(() => ({ ...bob, realm: 'biloxi.com' })).answer(request, challenge(request)))).toBe('wrong-realm')
    expect(await failed(client(() => undefined).answer(request, challenge(request)))).toBe('no-credentials')
  })

  it('does not show one origin\'s nonce to another', async () => {
    const request = register()
    const auth = client()
    await answered(auth.answer(request, challenge(request), 'a.example'))
    expect(auth.authorize(request, 'b.example')).toBe(request)
    expect(auth.authorize(request, 'a.example').headers.has('Authorization')).toBe(true)
  })
})

describe('credentials', () => {
  it('come from a function, at once or later, that sees what is asked', async () => {
    const request = register()
    const seen: unknown[] = []
    const later = client(async (source): Promise<DigestCredentials> => {
      seen.push(source)
      return bob
    })
    expect(isRight(await answered(later.answer(request, challenged(request, ['Digest realm="a", nonce="1", qop="auth"']), 'here')))).toBe(true)
    expect(seen).toEqual([{ realm: 'a', proxy: false, origin: 'here' }])
  })

  it.each([
    [{ username: 'bob' }, 'no-secret'],
    [{ username: 'bob', ha1: 'abc' }, 'bad-ha1'],
    [{ username: 'bob', ha1: { 'SHA-256': 'f'.repeat(65) } }, 'bad-ha1'],
  ])('%j is the caller\'s mistake', (credentials, code) => {
    expect(() => client(credentials)).toThrow(expect.objectContaining({ name: 'DigestError', code }) as DigestError)
  })
})

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { computeHa1, computeResponse, DigestError, md5, sha256, sha512256, Signer } from '../src/index.js'
import { equalInConstantTime, selectHa1 } from '../src/digest.js'
import { findAlgorithm } from '../src/digest-algorithm.js'

const http = {
  session: false, nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', method: 'GET', uri: '/dir/index.html',
  qop: 'auth', nonceCount: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
} as const

describe('RFC 7616 §3.9.1 one password, two algorithms', () => {
  it.each([
    [md5, '8ca523f5e9506fed4657c9700eebdbec'],
    [sha256, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('$name', (algorithm, response) => {
    const ha1 = computeHa1(algorithm, 'Mufasa', 'http-auth@example.org', 'Circle of Life')
    expect(computeResponse({ ...http, algorithm, ha1 })).toBe(response)
  })
})

describe('RFC 7616 §3.9.2 SHA-512-256, non-ASCII name (figures as corrected by errata 4897)', () => {
  const username = 'J\u00e4s\u00f8n Doe'

  it('hashes the name in UTF-8', () => {
    const hashed = createHash('sha512-256').update(`${username}:api@example.org`).digest('hex')
    expect(hashed).toBe('793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b')
  })

  it('computes the response', () => {
    const ha1 = computeHa1(sha512256, username, 'api@example.org', 'Secret, or not?')
    expect(computeResponse({
      algorithm: sha512256, session: false, ha1, nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK', method: 'GET', uri: '/doe.json',
      qop: 'auth', nonceCount: '00000001', cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    })).toBe('3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5')
  })
})

describe('RFC 2617 §3.5 and RFC 2069 §2.4', () => {
  const known = { algorithm: md5, session: false, nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', method: 'GET', uri: '/dir/index.html' } as const

  it('qop auth', () => {
    const ha1 = computeHa1(md5, 'Mufasa', 'testrealm@host.com', 'Circle Of Life')
    expect(ha1).toBe('939e7578ed9e3c518a452acee763bce9')
    expect(computeResponse({ ...known, ha1, qop: 'auth', nonceCount: '00000001', cnonce: '0a4f113b' })).toBe('6629fae49393a05397450978507c4ef1')
  })

  it('no qop (response as corrected by errata 749)', () => {
    const ha1 = computeHa1(md5, 'Mufasa', 'testrealm@host.com', 'CircleOfLife')
    expect(computeResponse({ ...known, ha1 })).toBe('1949323746fe6a43ef61f9606e7febea')
  })
})

describe('RFC 7616 §3.4.2 and §3.4.3 against an independent hash', () => {
  const hash = (text: string): string => createHash('md5').update(text).digest('hex')
  const ha1 = hash('bob:biloxi.com:zanzibar')
  const sip = { algorithm: md5, ha1, nonce: 'n', method: 'REGISTER', uri: 'sip:biloxi.com', nonceCount: '0000000a', cnonce: 'c' } as const

  it('-sess binds the key to nonce and cnonce', () => {
    expect(computeResponse({ ...sip, session: true, qop: 'auth' })).toBe(hash(`${hash(`${ha1}:n:c`)}:n:0000000a:c:auth:${hash('REGISTER:sip:biloxi.com')}`))
  })

  it('auth-int covers the body', () => {
    const body = new TextEncoder().encode('v=0\r\n')
    expect(computeResponse({ ...sip, session: false, qop: 'auth-int', body }))
      .toBe(hash(`${ha1}:n:0000000a:c:auth-int:${hash(`REGISTER:sip:biloxi.com:${hash('v=0\r\n')}`)}`))
  })

  it('auth-int of no body is the hash of nothing (RFC 8760 §2.6, 7)', () => {
    expect(computeResponse({ ...sip, session: false, qop: 'auth-int' }))
      .toBe(hash(`${ha1}:n:0000000a:c:auth-int:${hash('REGISTER:sip:biloxi.com:d41d8cd98f00b204e9800998ecf8427e')}`))
  })
})

describe('algorithm parameter (RFC 7616 §3.3)', () => {
  const all = [sha256, md5]
  it.each([
    [undefined, 'MD5', false], ['', 'MD5', false], ['md5', 'MD5', false], ['MD5-sess', 'MD5', true], ['sha-256-SESS', 'SHA-256', true],
  ])('%s', (text, name, session) => {
    expect(findAlgorithm(text, all)).toMatchObject({ algorithm: { name }, session })
  })
  it.each(['SHA-1', 'SHA-512-256', '__proto__', 'constructor', 'MD5-sess-sess'])('%s is not known', (text) => {
    expect(findAlgorithm(text, all)).toBeUndefined()
  })
})

describe('CVE-2022-24754, CVE-2026-40892: H(A1) has the length of its algorithm or is not used', () => {
  it.each(['', 'abc', 'f'.repeat(31), 'f'.repeat(33), 'g'.repeat(32), 'f'.repeat(64), 'f'.repeat(100_000)])('%#', (text) => {
    expect(selectHa1(text, md5)).toBeUndefined()
  })
  it('takes the right one of several, in any case', () => {
    expect(selectHa1({ 'MD5': 'A'.repeat(32), 'SHA-256': 'b'.repeat(64) }, md5)).toBe('a'.repeat(32))
    expect(selectHa1({ 'MD5': 'a'.repeat(32) }, sha256)).toBeUndefined()
  })
})

describe('comparison', () => {
  it.each([['', '', true], ['a', 'a', true], ['a', 'b', false], ['a', '', false], ['', 'a', false], ['aa', 'a', false], ['a', 'aa', false]])('%j %j', (a, b, equal) => {
    expect(equalInConstantTime(a, b)).toBe(equal)
  })
})

describe('Signer', () => {
  const signer = new Signer(new Uint8Array(16).fill(7))
  it('knows its own signatures only', () => {
    const signature = signer.sign('flow 1')
    expect(signature).toMatch(/^[0-9a-f]{20}$/)
    expect(signer.verify('flow 1', signature)).toBe(true)
    expect(signer.verify('flow 2', signature)).toBe(false)
    expect(signer.verify('flow 1', '')).toBe(false)
    expect(new Signer(new Uint8Array(16).fill(8)).verify('flow 1', signature)).toBe(false)
  })
  it('wants a key of 16 bytes', () => {
    expect(() => new Signer(new Uint8Array(15))).toThrow(DigestError)
  })
})

// Our hashes against those of @noble/hashes, at every length around the borders of a block.
import { hmac } from '@noble/hashes/hmac.js'
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { toHex } from '../src/hash-blocks.js'
import { hashMd5 } from '../src/hash-md5.js'
import { hashSha256, hmacSha256 } from '../src/hash-sha256.js'

const encoder = new TextEncoder()
/** Octets that look random and are the same each time. */
const octets = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * index * 31 + index * 7 + length) >> 3)
const LENGTHS = [...Array.from({ length: 200 }, (_, length) => length), 1000, 65_535, 1_000_003]

describe('RFC 1321 MD5', () => {
  it('test suite of appendix A.5', () => {
    const digest = (text: string): string => toHex(hashMd5(encoder.encode(text)))
    expect(digest('')).toBe('d41d8cd98f00b204e9800998ecf8427e')
    expect(digest('message digest')).toBe('f96b697d7cb7938d525a2f31aaf161d0')
    expect(digest('12345678901234567890123456789012345678901234567890123456789012345678901234567890')).toBe('57edf4a22be3c955ac49da2e2107b67a')
  })

  it.each(LENGTHS)('%i octets', (length) => {
    expect(hashMd5(octets(length))).toEqual(md5(octets(length)))
  })
})

describe('RFC 6234 SHA-256', () => {
  it('tests of section 8.5', () => {
    const digest = (text: string): string => toHex(hashSha256(encoder.encode(text)))
    expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(digest('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe('248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1')
  })

  it.each(LENGTHS)('%i octets', (length) => {
    expect(hashSha256(octets(length))).toEqual(sha256(octets(length)))
  })
})

describe('RFC 2104 HMAC-SHA-256', () => {
  it('RFC 4231 §4.3', () => {
    expect(toHex(hmacSha256(encoder.encode('Jefe'), encoder.encode('what do ya want for nothing?')))).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
  })

  it.each([0, 1, 16, 63, 64, 65, 200])('a key of %i octets', (length) => {
    for (const size of [0, 1, 55, 56, 64, 300]) expect(hmacSha256(octets(length), octets(size))).toEqual(hmac(sha256, octets(length), octets(size)))
  })
})

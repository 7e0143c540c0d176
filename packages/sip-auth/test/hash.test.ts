import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashMd5 } from '../src/hash/md5.js'
import { hashSha256 } from '../src/hash/sha-256.js'
import { seededRandom } from './test-random.js'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('RFC 1321 §A.5 the MD5 test suite', () => {
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
  ])('%j', (text, digest) => expect(hashMd5(encode(text))).toBe(digest))
})

describe('FIPS 180-4 SHA-256, the examples of NIST', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('%j', (text, digest) => expect(hashSha256(encode(text))).toBe(digest))
})

describe('against an independent hash', () => {
  it.each([['md5', hashMd5], ['sha256', hashSha256]] as const)('%s of every length up to five blocks, and of a long body', (name, hash) => {
    const random = seededRandom(1321)
    for (const length of [...Array.from({ length: 321 }, (_, index) => index), 65_507]) {
      const octets = new Uint8Array(length)
      random.fill(octets)
      expect(hash(octets), `seed 1321, ${length} octets`).toBe(createHash(name).update(octets).digest('hex'))
    }
  })

  it('leaves the octets alone, wherever they lie', () => {
    const octets = encode('xxabcxx').subarray(2, 5)
    expect(hashSha256(octets)).toBe(createHash('sha256').update('abc').digest('hex'))
    expect(new TextDecoder().decode(octets)).toBe('abc')
  })
})

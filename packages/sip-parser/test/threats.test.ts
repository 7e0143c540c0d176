import { describe, expect, it } from 'vitest'
import { BuildError, createRequest, parseMessage, parseUri, serializeMessage, StreamFramer } from '../src/index.js'
import { bytesOf, optionsWith, parsed, refusal, textOf } from './samples.js'

/** What went wrong in other stacks' parsers, and what happens here. */
describe('threats', () => {
  const lengths = ['10, 20', '5,5', '+5', '-5', '5 5', '0x5', '5.0', '', '5;x', '４']
  it.each(lengths)('CVE-2026-45103 (OpenSIPS), message smuggling: Content-Length %j is refused, as datagram and as stream', (value) => {
    const text = optionsWith([`Content-Length: ${value}`], undefined, 'abcde')
    expect(refusal(text)).toMatchObject({ code: 'content-length', header: 'Content-Length' })
    expect(new StreamFramer().push(bytesOf(text))).toMatchObject([{ type: 'error', error: { code: 'content-length' } }])
  })
  it.each([2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 53, 2 ** 64 + 5])('CVE-2026-45103, CVE-2026-23457 (nf_conntrack_sip), truncated length: %d is not 5', (value) => {
    const text = optionsWith([`Content-Length: ${BigInt(value)}`], undefined, 'abcde')
    expect(refusal(text)).toMatchObject({ code: 'too-large', statusCode: 513 })
    expect(refusal(text, { limits: { maxBodyBytes: Infinity } })).toMatchObject({ code: 'body-length' })
    expect(new StreamFramer().push(bytesOf(text))).toMatchObject([{ type: 'error', error: { code: 'too-large' } }])
  })
  it('CVE-2026-45103: Content-Length twice, also in both forms and also when equal', () => {
    for (const lines of [['Content-Length: 5', 'Content-Length: 5'], ['l: 5', 'Content-Length: 0'], ['Content-Length: 0', 'CONTENT-LENGTH \t: 5']])
      expect(refusal(optionsWith(lines, undefined, 'abcde'))).toMatchObject({ code: 'duplicate-header', header: 'Content-Length' })
  })
  it('CVE-2026-45103: " 5 " is 5', () => {
    expect(textOf(parsed(optionsWith(['Content-Length:  5 \t'], undefined, 'abcdefgh')).body)).toBe('abcde')
  })
  it('sipgo 1.4.2, CRLF injection: built text never holds a second field', () => {
    for (const value of ['x\r\nEvil: y', 'x\nEvil: y', 'x\r\n\r\nINVITE sip:a@b SIP/2.0'])
      expect(() => createRequest({ method: 'INVITE', requestUri: 'sip:a@b', headers: [['Subject', value]] })).toThrow(BuildError)
  })
  it('CVE-2020-28361 (Kamailio), blanks before the colon: the same field for reading and for removing', () => {
    const message = parsed(optionsWith(['P-Asserted-Identity \t: <sip:evil@b>', 'p-asserted-identity : <sip:evil@c>']))
    expect(message.headers.getAll('P-Asserted-Identity')).toEqual(['<sip:evil@b>', '<sip:evil@c>'])
    message.headers.delete('P-Asserted-Identity')
    expect(textOf(serializeMessage(message)).toLowerCase()).not.toContain('evil')
  })
  it.each(['\u0001', '\u0008', '\u000b', '\u000c', '\u001f', '\u007f', '\u0080', '\u00a0'])('AST-2016-009 (Asterisk): Contact%j: is not Contact', (character) => {
    for (const name of [`Contact${character}`, `${character}Contact`, `Con${character}tact`]) expect(parseMessage(optionsWith([`${name}: <sip:evil@b>`])).ok).toBe(false)
  })
  it('CVE-2020-27507 (Kamailio), fields twice and a long tag', () => {
    const tag = 'a'.repeat(60_000)
    expect(parsed(optionsWith([`From: <sip:a@b>;tag=${tag}`])).from.tag).toBe(tag)
    expect(refusal(optionsWith([`From: <sip:a@b>;tag=${tag}`, 'From: <sip:a@b>'])).code).toBe('duplicate-header')
  })
  it('CVE-2018-8828 (Kamailio), empty branch and tag', () => {
    const message = parsed(optionsWith(['Via: SIP/2.0/UDP h;branch=;rport=', 'From: <sip:a@b>;tag=;=;;'], 'REGISTER sip:b SIP/2.0').replace('314159 OPTIONS', '1 REGISTER'))
    expect(message.via.branch).toBeUndefined()
    expect(message.via.rport).toBe('')
    expect(message.from.tag).toBeUndefined()
  })
  it('CVE-2016-2385 (Kamailio), size when written: a message that is read and written does not grow', () => {
    const text = optionsWith(['Content-Length: 3', ...Array.from({ length: 200 }, (_, i) => `x${i}:${i}`)], undefined, 'abc')
    expect(serializeMessage(parsed(text)).length).toBe(text.length)
    expect(serializeMessage(parsed(text.replaceAll('\r\n', '\n'))).length).toBe(text.length)
  })
  it.each(['0', '65536', '99999', '123456', '5060 1', '-1', '', '5060x', '00005060', '1e3'])('CVE-2026-106803 (Kamailio), ports are 1 to 65535 in five digits: not %j', (port) => {
    expect(parseUri(`sip:a@b:${port}`).ok).toBe(false)
    for (const line of [`Via: SIP/2.0/UDP h:${port}`, `From: <sip:a@b:${port}>`]) expect(parseMessage(optionsWith([line])).ok).toBe(false)
    expect(parsed(optionsWith([`Via: SIP/2.0/UDP h;rport=${port}`])).via.rport).toBe(port === '' ? '' : undefined)
  })
  it('GHSA-wxfg-3gwh-rhvx, GHSA-358f-935m-7p9c (OpenSIPS): what parses has every mandatory value', () => {
    for (const via of ['x', 'SIP/2.0/UDP', 'SIP/2.0/UDP ;branch=1', 'SIP/2.0/UDP h,', ',SIP/2.0/UDP h', ',', '']) {
      const result = parseMessage(optionsWith([`Via: ${via}`]))
      if (result.ok) expect(result.value.via.host).toBe('h')
    }
  })
  it('CVE-2008-3199 (reSIProcate), memory per byte: a message keeps its bytes once, and per field little more', () => {
    const text = optionsWith(Array.from({ length: 200 }, (_, i) => `X${i}: y`))
    const keep: unknown[] = []
    for (let i = 0; i < 200; i++) keep.push(parsed(bytesOf(text)))
    keep.length = 0
    const before = process.memoryUsage()
    for (let i = 0; i < 2000; i++) keep.push(parsed(bytesOf(text)))
    const after = process.memoryUsage()
    const used = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
    expect(keep).toHaveLength(2000)
    expect(used / (2000 * text.length)).toBeLessThan(40)
  })
  it('CVE-2017-9372 (PJSIP), CSeq: 2^31 and above, negative, and with a long method', () => {
    for (const cseq of ['2147483648 OPTIONS', '4294967296 OPTIONS', '18446744073709551617 OPTIONS', '-1 OPTIONS', '1', `1 ${'A'.repeat(5000)}`]) expect(parseMessage(optionsWith([`CSeq: ${cseq}`])).ok).toBe(false)
  })
  it('CVE-2018-7284 (Asterisk), 50 Accept fields parse, 257 fields do not', () => {
    expect(parseMessage(optionsWith(Array.from({ length: 50 }, () => 'Accept: a/b'))).ok).toBe(true)
    expect(refusal(optionsWith(Array.from({ length: 251 }, () => 'Accept: a/b'))).code).toBe('too-many-fields')
  })
  it('CVE-2026-116779 (FreeSWITCH), names of the peer are never keys: no prototype is touched', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf']
    const message = parsed(optionsWith([...names.map((name) => `${name}: polluted`), `To: <sip:a@b${names.map((name) => `;${name}=polluted`).join('')}>${names.map((name) => `;${name}=polluted`).join('')}`]))
    for (const name of names) {
      expect(message.headers.get(name)).toBe('polluted')
      expect(message.to.parameters.get(name)).toBe('polluted')
    }
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(parsed(optionsWith()).headers.get('constructor')).toBeUndefined()
  })
  it('a bare CR cannot hide a field from us and show it to the next hop', () => {
    expect(refusal(optionsWith(['Subject: x\rContact: <sip:evil@b>'])).code).toBe('control-character')
    expect(refusal(optionsWith(['Subject: x\r\rContact: <sip:evil@b>'])).code).toBe('control-character')
  })
})

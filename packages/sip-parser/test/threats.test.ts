import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { headerFields } from '../src/fields/index.js'
import { BuildError, createRequest, ParseError, parseMessage, parseUri, serializeMessage, StreamFramer } from '../src/index.js'
import { validateMessage } from '../src/lint/index.js'
import { parseMultipart } from '../src/multipart/index.js'
import { checkGrammar } from '../src/strict/index.js'
import { examples } from './fields/examples.js'
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
  it.each(['\u0001', '\u0008', '\u000b', '\u000c', '\u001f', '\u007f', '\u0080', '\u00a0'])('GHSA-4h4c-qgxg-p3qv, AST-2016-009 (Asterisk): Contact%j: is not Contact', (character) => {
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
  it('CVE-2026-116779: in every header field, as name, as parameter, as value', () => {
    const names = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'then']
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    for (const name of names) {
      for (const { field, text } of examples) {
        for (const value of [`${text};${name}=polluted`, name, `<sip:${name}@h;${name}=polluted?${name}=polluted>;${name}`]) {
          const result = parseMessage(optionsWith([`${field.name}: ${value}`, `${name}: polluted`]))
          if (!result.ok) continue
          expect(result.value.headers.getAll(name)).toEqual(['polluted'])
          expect(result.value.headers.has(`${name}x`)).toBe(false)
          checkGrammar(result.value)
          validateMessage(result.value)
          try {
            String(result.value.headers.read(field))
          } catch (error) {
            expect(error).toBeInstanceOf(ParseError)
          }
        }
      }
      const body = parseMultipart(bytesOf(`--${name}\r\n${name}: polluted\r\n\r\nx\r\n--${name}--\r\n`), `multipart/mixed;boundary="${name}";${name}=polluted`)
      expect(body.ok && body.value.parts[0]?.headers.get(name)).toBe('polluted')
    }
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
    expect(headerFields.some(({ name }) => names.includes(name))).toBe(false)
  })
})

/** Each threat of the list with its test here, or the package that it concerns. */
const places: Readonly<Record<string, string>> = {
  'CVE-2026-58268': 'stream-framer.test.ts', 'sipgo 1.4.2': 'threats.test.ts', 'CVE-2026-45103': 'threats.test.ts', 'CVE-2026-23457': 'threats.test.ts', 'CVE-2020-28361': 'threats.test.ts',
  'GHSA-4h4c-qgxg-p3qv': 'threats.test.ts', 'AST-2016-009': 'threats.test.ts', 'CVE-2020-27507': 'threats.test.ts', 'CVE-2018-8828': 'threats.test.ts', 'CVE-2016-2385': 'threats.test.ts', 'CVE-2026-106803': 'threats.test.ts',
  'GHSA-wxfg-3gwh-rhvx': 'threats.test.ts', 'GHSA-358f-935m-7p9c': 'threats.test.ts', 'CVE-2026-45705': 'multipart/parse-multipart.test.ts', 'CVE-2022-21723': 'multipart/parse-multipart.test.ts',
  'CVE-2026-110658': 'multipart/parse-multipart.test.ts', 'CVE-2026-41415': 'multipart/parse-multipart.test.ts', 'CVE-2008-3199': 'memory.test.ts', 'CVE-2017-9372': 'threats.test.ts', 'CVE-2018-7284': 'threats.test.ts',
  'CVE-2026-116779': 'threats.test.ts',
}
const elsewhere: readonly string[] = [
  // Frames of WebSockets, connections, TLS, transactions and dialogs, SDP, digests, DNS, STUN, media, what a server does by default.
  'CVE-2026-77322', 'CVE-2014-9374', 'CVE-2018-7286', 'CVE-2020-28327', 'CVE-2022-23608', 'CVE-2020-15260', 'CVE-2026-58040', 'CVE-2026-106069', 'CVE-2026-46334', 'CVE-2022-31003', 'CVE-2018-1000098', 'CVE-2017-11521',
  'CVE-2022-24754', 'CVE-2026-40892', 'CVE-2022-24793', 'CVE-2026-32945', 'CVE-2022-23537', 'CVE-2023-22741', 'CVE-2021-41145', 'CVE-2021-41157', 'CVE-2021-37624', 'CVE-2021-41158', 'CVE-2022-39269', 'CVE-2023-49786', 'CVE-2016-9938',
]

describe('the list of threats', () => {
  it.each(Object.entries(places))('%s is tested in %s', (threat, file) => {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    expect(text.slice(0, text.indexOf('const places')).includes(threat) || (!text.includes('const places') && text.includes(threat))).toBe(true)
  })
  const list = fileURLToPath(new URL('../../../../shared/reference/threats.md', import.meta.url))
  if (!existsSync(list)) console.warn('skipped: ../shared/reference/threats.md is not here, the list of threats is not compared')
  it.skipIf(!existsSync(list))('none of the list is forgotten', () => {
    const rows = Array.from(readFileSync(list, 'utf8').matchAll(/CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}/g), ([id]) => id)
    expect([...new Set(rows)].filter((id) => places[id] === undefined && !elsewhere.includes(id))).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOfRecord, BuildError, escapeParameter, parseUri, TelUri, unescape, uriEquals } from '../../src/index.js'
import { telUriOf } from './uri-of.js'

describe('RFC 3966 §3, §5', () => {
  it.each([
    ['tel:+1-201-555-0123', { number: '+1-201-555-0123', isGlobal: true, digits: '+12015550123', phoneContext: undefined }],
    ['tel:7042;phone-context=example.com', { number: '7042', isGlobal: false, digits: '7042', phoneContext: 'example.com' }],
    ['tel:863-1234;phone-context=+1-914-555', { digits: '8631234', phoneContext: '+1-914-555' }],
    ['TEL:+1(201)555.0123;ext=12-3', { digits: '+12015550123', extension: '12-3' }],
    ['tel:+1;isub=12%3A34', { isdnSubaddress: '12%3A34', extension: undefined }],
    ['tel:*21#;phone-context=h', { digits: '*21#' }], ['tel:aF;phone-context=h', { digits: 'aF' }], ['tel:911', { isGlobal: false, phoneContext: undefined }], ['tel:+1;lrn=1;npdi', { digits: '+1' }],
  ])('%s', (text, expected) => {
    const uri = telUriOf(text)
    expect(uri).toMatchObject(expected)
    expect(uri.toString()).toBe(text.replace(/^TEL/, 'tel'))
  })
  it.each(['tel:+', 'tel:-', 'tel:().-', 'tel:+()', 'tel:xyz', 'tel:1+2', 'tel:1 2', 'tel:1,2', 'tel:1@h', 'tel:1?x', 'tel:;ext=1', 'tel:1%32', 'tel:１', 'tel:+1\r\n', 'tel:+1;ext="1"'])('refuses %j', (text) => {
    expect(parseUri(text)).toMatchObject({ ok: false, error: { code: 'uri', section: 'RFC 3966 §3' } })
  })
})

describe('TelUri.of', () => {
  it('writes the parameters in the order of RFC 3966 §3, in lower case', () => {
    expect(TelUri.of('7042', [['Z', '1'], ['Phone-Context', 'example.com'], ['a', ''], ['ext', '5']]).toString()).toBe('tel:7042;ext=5;phone-context=example.com;a;z=1')
    expect(TelUri.of('+1-201', [['isub', escapeParameter('1;2')]]).toString()).toBe('tel:+1-201;isub=1%3B2')
  })
  it.each([
    ['a local number without context (§5.1.5)', '7042', []], ['letters in a global number (§5.1.3)', '+1a', []], ['a star in a global number', '+1*', []], ['ext and isub (§5.3)', '+1', [['ext', '1'], ['isub', '2']]],
    ['a parameter twice (§3)', '+1', [['a', '1'], ['A', '2']]], ['no digit', '+', []], ['separators alone', '-', [['phone-context', 'h']]], ['a line break', '+1\r\n', []], ['a blank', '+1 2', []],
    ['a line break in a parameter', '+1', [['ext', '1\r\n']]], ['a quote in a parameter', '+1', [['a', '"']]], ['a blank in a parameter', '+1', [['a', 'b c']]], ['another number in a parameter', '+1;x', []],
  ] as const)('refuses %s', (_, number, parameters) => expect(() => TelUri.of(number, parameters)).toThrow(BuildError))
  it('changes by copies', () => {
    const uri = telUriOf('tel:+1-201;ext=5;x=y')
    expect(uri.with({ number: '+44' }).toString()).toBe('tel:+44;ext=5;x=y')
    expect(uri.with({ parameters: uri.parameters.without('ext').with('cic', '+1-6789') }).toString()).toBe('tel:+1-201;cic=+1-6789;x=y')
    expect(() => telUriOf('tel:911').with({ number: '112' })).toThrow(BuildError)
    expect(unescape(telUriOf('tel:+1;isub=a%3Bb').isdnSubaddress ?? '')).toBe('a;b')
  })
  it('what is built reads back, and no order of parameters makes another number', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789-.()'), minLength: 1, maxLength: 15 }).filter((text) => /\d/.test(text))
    const name = fc.string({ unit: fc.constantFrom(...'abcxyz019-'), minLength: 1, maxLength: 5 }).filter((text) => !['ext', 'isub', 'phone-context'].includes(text))
    const value = fc.string({ unit: 'grapheme', maxLength: 6 }).map(escapeParameter)
    fc.assert(fc.property(digits, fc.boolean(), fc.option(digits, { nil: undefined }), fc.uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([key]) => key }), (number, global, extension, others) => {
      const list: [string, string][] = [...others, ...(extension === undefined ? [] : [['ext', extension] satisfies [string, string]]), ...(global ? [] : [['phone-context', 'example.com'] satisfies [string, string]])]
      const uri = TelUri.of(global ? `+${number}` : number, list)
      const again = telUriOf(uri.toString())
      expect(again.toString()).toBe(uri.toString())
      expect(new Map(again.parameters)).toEqual(new Map(list))
      expect(again).toMatchObject({ isGlobal: global, digits: (global ? '+' : '') + number.replaceAll(/\D/g, ''), extension })
      const shuffled = telUriOf(`tel:${uri.digits}${[...list].reverse().map(([key, text]) => `;${key.toUpperCase()}=${text}`).join('')}`)
      expect(uriEquals(shuffled, uri)).toBe(true)
      expect(addressOfRecord(shuffled)).toBe(addressOfRecord(uri))
    }), { numRuns: 200 })
  }, 60_000)
})

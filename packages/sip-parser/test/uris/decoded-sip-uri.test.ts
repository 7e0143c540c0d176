import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BuildError, decodeSipUri, encodeSipUri, escapeHeader, escapeParameter, escapePassword, escapeUser, unescape } from '../../src/index.js'
import { sipUriOf } from './uri-of.js'

describe('RFC 3261 §25.1: what each part of a URI can hold unescaped', () => {
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
  const alphanum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const unreserved = `${alphanum}-_.!~*'()`
  it.each([
    ['user', escapeUser, '&=+$,;?/'], ['password', escapePassword, '&=+$,'], ['parameter', escapeParameter, '[]/:&+$'], ['header', escapeHeader, '[]/?:+$'],
  ] as const)('%s', (_, escape, more) => {
    expect(ascii.filter((character) => escape(character) === character).sort().join('')).toBe(Array.from(unreserved + more).sort().join(''))
    for (const character of [...ascii, 'ü', '大', '🐟']) expect(unescape(escape(character))).toBe(character)
    expect(escape('\0 %"<>@ü')).toBe('%00%20%25%22%3C%3E%40%C3%BC')
  })
  it('unescape undoes once, and leaves what is no escape', () => {
    expect(unescape('%2541')).toBe('%41')
    expect(unescape('%4%zz%')).toBe('%4%zz%')
  })
})

describe('decodeSipUri', () => {
  it('tells the parts apart before it undoes their escapes', () => {
    expect(decodeSipUri(sipUriOf('sips:a%40b%3Bc:p%3aw@h:5061;x%3D=%3B;lr;q=%22?Subject=a%26b%3Dc&to=sip:bob%40biloxi.com&flag&body=%0D%0A'))).toEqual({
      scheme: 'sips', user: 'a@b;c', password: 'p:w', host: 'h', port: 5061,
      parameters: [['x=', ';'], ['lr', ''], ['q', '"']], headers: [['Subject', 'a&b=c'], ['to', 'sip:bob@biloxi.com'], ['flag', ''], ['body', '\r\n']],
    })
    expect(decodeSipUri(sipUriOf('sip:[::1]'))).toEqual({ scheme: 'sip', user: undefined, password: undefined, host: '[::1]', port: undefined, parameters: [], headers: [] })
    expect(decodeSipUri(sipUriOf('sip:a:@h?'))).toMatchObject({ password: '', headers: [] })
  })
  it('what came keeps its own spelling', () => {
    expect(sipUriOf('sip:%61:%70@h;%78=%79?%7A=%41').toString()).toBe('sip:%61:%70@h;%78=%79?%7A=%41')
  })
})

describe('encodeSipUri', () => {
  it('escapes each part as it needs', () => {
    expect(encodeSipUri({ user: 'a@b:c', password: 'p;w', host: 'h', port: 5070, parameters: [['method', 'INVITE'], ['x', 'a;b=c']], headers: [['Subject', 'a&b=c?'], ['body', 'größe\r\n']] }).toString())
      .toBe('sip:a%40b%3Ac:p%3Bw@h:5070;method=INVITE;x=a%3Bb%3Dc?Subject=a%26b%3Dc?&body=gr%C3%B6%C3%9Fe%0D%0A')
    expect(encodeSipUri({ scheme: 'sips', host: '[2001:db8::1]' }).toString()).toBe('sips:[2001:db8::1]')
  })
  it.each([{ host: '' }, { host: 'a b' }, { host: 'h/x' }, { host: 'h', port: 0 }, { host: 'h', port: 65_536 }, { host: 'h', user: '' }, { host: 'h', password: 'x' }, { host: 'h', parameters: [['', 'x']] as const }])('refuses %j', (parts) => {
    expect(() => encodeSipUri(parts)).toThrow(BuildError)
  })
  it('any text at all comes back as it was', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 })
    const name = text.filter((one) => one !== '')
    fc.assert(fc.property(name, fc.option(text, { nil: undefined }), fc.array(fc.tuple(name, text), { maxLength: 4 }), fc.array(fc.tuple(text, text), { maxLength: 4 }), (user, password, parameters, headers) => {
      const decoded = { scheme: 'sip' as const, user, password, host: 'h', port: undefined, parameters, headers }
      const uri = encodeSipUri(decoded)
      expect(decodeSipUri(uri)).toEqual(decoded)
      expect(decodeSipUri(sipUriOf(uri.toString()))).toEqual(decoded)
    }), { numRuns: 200 })
  }, 60_000)
})

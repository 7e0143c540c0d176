import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOfRecord, escapeUser, SipUri } from '../../src/index.js'
import { sipUriOf, uriOf } from './uri-of.js'

describe('RFC 3261 §10.3, 5: the canonical form', () => {
  it.each([
    ['sip:alice@example.com', 'sip:alice@example.com'],
    ['sips:%61lice:pw@EXAMPLE.com:5061;transport=tcp;user=phone?x=y', 'sip:alice@example.com'],
    // Escaped characters are converted to their unescaped form, where a URI can hold it.
    ['sip:%2B12015550123@h;user=phone', 'sip:+12015550123@h'], ['sip:a%3Bb%3fc%2Fd%26e%3D%24%2C@h', 'sip:a;b?c/d&e=$,@h'], ['sip:a%40b%3ac%25%20@h', 'sip:a%40b%3Ac%25%20@h'],
    ['sip:ü@h', 'sip:%C3%BC@h'], ['sip:%c3%bc@h', 'sip:%C3%BC@h'], ['sip:%fc@h', 'sip:%FC@h'], ['sip:u#1@h', 'sip:u%231@h'], ['sip:100%@h', 'sip:100%25@h'],
    ['sip:Alice@h', 'sip:Alice@h'], ['sip:H', 'sip:h'], ['sip:a@[2001:DB8:0:0::1]:5060', 'sip:a@[2001:db8::1]'],
    ['tel:+1-201-555-0123', 'tel:+12015550123'], ['tel:70-42;phone-context=Example.com', 'tel:7042;phone-context=example.com'], ['URN:Service:SOS', 'urn:service:sos'], ['pres:a%7eb@h', 'pres:a~b@h'],
  ])('%s', (text, expected) => {
    const canonical = addressOfRecord(uriOf(text))
    expect(canonical).toBe(expected)
    expect(addressOfRecord(uriOf(canonical))).toBe(canonical)
  })
  it('two users never become one, however they are written', () => {
    const user = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    const spelled = (text: string, all: boolean): string => (all ? Array.from(new TextEncoder().encode(text), (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('') : escapeUser(text))
    fc.assert(fc.property(user, user, fc.boolean(), fc.boolean(), (a, b, allA, allB) => {
      const key = (text: string, all: boolean): string => addressOfRecord(SipUri.of({ user: spelled(text, all), host: 'h' }))
      expect(key(a, allA) === key(b, allB)).toBe(a === b)
      expect(key(a, true)).toBe(key(a, false))
      expect(sipUriOf(key(a, allA)).decodedUser).toBe(a)
    }), { numRuns: 200 })
  }, 60_000)
})

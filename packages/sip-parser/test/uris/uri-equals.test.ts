import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalIpv6, escapeHeader, SipUri, uriEquals } from '../../src/index.js'
import { growth } from '../growth.js'
import { uriOf } from './uri-of.js'

const equal = (a: string, b: string): boolean => {
  const [left, right] = [uriOf(a), uriOf(b)]
  expect(uriEquals(left, left), `${a} is not itself`).toBe(true)
  expect(uriEquals(right, left), `${a} and ${b}, the other way round`).toBe(uriEquals(left, right))
  return uriEquals(left, right)
}
/** Rows of URIs that are all equivalent. */
const same = (rows: readonly (readonly string[])[]): void => {
  it.each(rows.flatMap((row) => row.slice(1).map((other) => [row[0] ?? '', other] as const)))('%s is %s', (a, b) => expect(equal(a, b)).toBe(true))
}
const different = (rows: readonly (readonly [string, string])[]): void => {
  it.each(rows)('%s is not %s', (a, b) => expect(equal(a, b)).toBe(false))
}

describe('RFC 3261 §19.1.4, the examples of the section', () => {
  same([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com', 'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com'],
    ['sip:alice@atlanta.com?subject=project%20x&priority=urgent', 'sip:alice@atlanta.com?priority=urgent&subject=project%20x'],
  ])
  different([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
  ])
})

describe('RFC 5954 §4.2, the examples of the section and RFC 5952 §4', () => {
  same([
    ['sip:bob@[::ffff:192.0.2.128]', 'sip:bob@[::ffff:c000:280]', 'sip:bob@[::FFFF:C000:0280]'],
    ['sip:bob@[2001:db8::9:1]', 'sip:bob@[2001:db8::9:01]', 'sip:bob@[2001:0DB8:0:0:0:0:9:1]', 'sip:bob@[2001:db8:0::0:9:1]'],
    ['sip:bob@[0:0:0:0:0:FFFF:129.144.52.38]', 'sip:bob@[::FFFF:129.144.52.38]'],
    ['sip:[::1]', 'sip:[0:0:0:0:0:0:0:1]'],
    ['sip:bob@h;maddr=[2001:db8::1]', 'sip:bob@h;maddr=[2001:db8:0::1]'],
  ])
  different([
    ['sip:bob@[2001:db8::9:1]', 'sip:bob@[2001:db8::9:10]'], ['sip:bob@[::1]', 'sip:bob@[::]'], ['sip:bob@[::192.0.2.1]', 'sip:bob@[::ffff:192.0.2.1]'],
    // An IPv4 address inside an IPv6 address is another address.
    ['sip:bob@[::ffff:192.0.2.128]', 'sip:bob@192.0.2.128'], ['sip:bob@[1::2::3]', 'sip:bob@[1::2:0:3]'],
  ])
  it.each([
    ['2001:0db8:0000:0000:0000:0000:0002:0001', '2001:db8::2:1'], ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'], ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'], ['0:0:0:0:0:0:0:0', '::'], ['1::', '1::'], ['1:0:0:0:0:0:0:0', '1::'], ['::FFFF:1.2.3.4', '::ffff:1.2.3.4'], ['::1.2.3.4', '::102:304'], ['ABCD:EF01::', 'abcd:ef01::'],
    ['1.2.3.4', '1.2.3.4'], ['', ''], [':', ':'], [':::', ':::'], ['1::2::3', '1::2::3'], ['12345::', '12345::'], ['::1.2.3.256', '::1.2.3.256'], ['::1.2.3', '::1.2.3'], ['1:2:3:4:5:6:7', '1:2:3:4:5:6:7'], ['x::', 'x::'],
    ['1'.repeat(100_000), '1'.repeat(100_000)],
  ])('canonicalIpv6(%.50j)', (address, expected) => expect(canonicalIpv6(address)).toBe(expected))
  it('every spelling of an address has one canonical spelling', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 }), fc.boolean(), fc.boolean(), (groups, long, upper) => {
      const whole = groups.map((group) => group.toString(16).padStart(long ? 4 : 1, '0')).join(':')
      const spelled = upper ? whole.toUpperCase() : whole
      const canonical = canonicalIpv6(spelled)
      // The URL of the platform knows the rule, too, but writes IPv4 in IPv6 as groups.
      if (!canonical.includes('.')) expect(`[${canonical}]`).toBe(new URL(`http://[${spelled}]/`).hostname)
      expect(canonicalIpv6(canonical)).toBe(canonical)
    }), { numRuns: 200 })
  }, 60_000)
})

describe('RFC 3261 §19.1.4, the rules one by one', () => {
  same([
    // Escapes of what is not reserved; of characters that cannot stand in a URI.
    ['sip:%41%6c%2D%5f%7E@h', 'sip:Al-_~@h'], ['sip:a%3bb@h', 'sip:a%3Bb@h'], ['sip:%c3%bc@h', 'sip:%C3%BC@h', 'sip:ü@h'], ['sip:a%23b@h', 'sip:a#b@h'], ['sip:a:%70w@h', 'sip:a:pw@h'],
    ['sip:a@h;p=%61', 'sip:a@h;P=A'], ['sip:a@h;lr', 'sip:a@h'], ['sip:a@h;p', 'sip:a@h;p='], ['sip:a@h;x=1;x=2', 'sip:a@h;x=1'], ['sips:a@H.', 'SIPS:a@h.'],
    // Names of header fields have two forms and no case; values have none unless said otherwise (§7.3.1).
    ['sip:h?Subject=A&t=sip:x%40h', 'sip:h?to=sip:x%40h&s=a'], ['sip:h?a=1&b=2&c=3', 'sip:h?c=3&a=1&b=2'], ['sip:h?x=%61', 'sip:h?x=a'],
    // From and To are equal by their URIs and tags (§20.20).
    ['sip:h?to=%22Bob%22%20%3Csip:b%40H%3E%3Btag=1', 'sip:h?to=%3Csip:b%40h%3E%3Btag=1%3Bx=y'], ['sip:h?from=sip:b%40h', 'sip:h?from=%3Csip:b%40h;p%3E'],
  ])
  different([
    ['sip:a@h', 'sips:a@h'], ['sip:a@h', 'sip:h'], ['sip:a:p@h', 'sip:a@h'], ['sip:a:@h', 'sip:a@h'], ['sip:a:p@h', 'sip:a:P@h'], ['sip:a@h', 'sip:A@h'], ['sip:a%3bb@h', 'sip:a;b@h'], ['sip:a%2Bb@h', 'sip:a+b@h'],
    ['sip:a@h;user=phone', 'sip:a@h'], ['sip:a@h;ttl=1', 'sip:a@h'], ['sip:a@h;method=INVITE', 'sip:a@h'], ['sip:a@h;maddr=h', 'sip:a@h'], ['sip:a@h;method=INVITE', 'sip:a@h;method=invite'],
    ['sip:a@h;x=1', 'sip:a@h;x=2'], ['sip:a@h;x', 'sip:a@h;x=1'], ['sip:h?x=1', 'sip:h?x=2'], ['sip:h?x=1', 'sip:h?x=1&x=1'], ['sip:h?x=1&x=2', 'sip:h?x=2&x=1'], ['sip:h?x=1', 'sip:h?y=1'],
    ['sip:h?Call-ID=a', 'sip:h?Call-ID=A'], ['sip:h?body=a', 'sip:h?body=A'], ['sip:h?subject=%22a%22', 'sip:h?subject=%22A%22'],
    ['sip:h?to=sip:a%40h', 'sip:h?to=sip:b%40h'], ['sip:h?to=%3Csip:b%40h%3E%3Btag=1', 'sip:h?to=%3Csip:b%40h%3E'], ['sip:h?to=%3Csip:b%40h%3E%3Btag=a', 'sip:h?to=%3Csip:b%40h%3E%3Btag=A'],
    ['sip:a@h:5060', 'sip:a@h:5061'], ['sip:a@192.0.2.1', 'sip:a@192.0.2.01'],
  ])
  it('names such as __proto__ are names', () => {
    expect(equal('sip:a@h;__proto__=1;constructor=2', 'sip:a@h;constructor=2')).toBe(true)
    expect(equal('sip:a@h;__proto__=1', 'sip:a@h;__proto__=2')).toBe(false)
    expect(equal('sip:h?__proto__=1', 'sip:h?constructor=1')).toBe(false)
  })
  it('the order of parameters and header fields and the spelling of escapes never matter', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 1, maxLength: 5 })
    const list = fc.uniqueArray(fc.tuple(word, word), { maxLength: 6, selector: ([name]) => name.toLowerCase() })
    const spelled = (text: string, every: number): string => Array.from(text, (character, at) => (at % every === 0 ? `%${character.charCodeAt(0).toString(16)}` : character)).join('')
    fc.assert(fc.property(word, list, list, fc.integer({ min: 1, max: 4 }), (user, parameters, headers, every) => {
      const query = (entries: readonly (readonly [string, string])[], step: number): string | undefined => entries.map(([name, value]) => `${name}=${spelled(value, step)}`).join('&') || undefined
      const a = SipUri.of({ user, host: 'example.com', parameters, headers: query(headers, 100) })
      const b = SipUri.of({ user: spelled(user, every), host: 'EXAMPLE.com', parameters: [...parameters].reverse().map(([name, value]) => [name.toUpperCase(), spelled(value, every)]), headers: query([...headers].reverse(), every) })
      expect(equal(a.toString(), b.toString())).toBe(true)
    }), { numRuns: 200 })
  }, 60_000)
})

describe('RFC 3966 §4', () => {
  same([
    ['tel:+1-201-555-0123', 'tel:+12015550123', 'TEL:+1(201)555.0123', 'tel:+1-201-555-0123'],
    ['tel:7042;phone-context=Example.com', 'tel:70-42;phone-context=example.COM'],
    ['tel:863-1234;phone-context=+1-914-555', 'tel:8631234;Phone-Context=+1914555'],
    ['tel:+1;ext=1-2;a=b;c', 'tel:+1;c;A=B;ext=12'], ['tel:a*#;phone-context=h', 'tel:A*#;phone-context=H'], ['tel:+1;isub=%61', 'tel:+1;isub=A'],
  ])
  different([
    ['tel:+1', 'tel:1'], ['tel:1', 'tel:1;phone-context=a'], ['tel:1;a=b', 'tel:1;a=c'], ['tel:1;phone-context=a', 'tel:1;phone-context=b'], ['tel:1;a', 'tel:1;b'], ['tel:1;ext=1', 'tel:1;ext=2'],
    ['tel:1;phone-context=+1', 'tel:1;phone-context=1'], ['tel:1;phone-context=a-b', 'tel:1;phone-context=ab'], ['tel:+1', 'sip:+1@h'], ['tel:+1', 'urn:nbn:1'],
  ])
})

describe('RFC 8141 §3, RFC 5031 §3, RFC 4122 §3', () => {
  same([
    ['urn:example:a123,z456', 'URN:example:a123,z456', 'urn:EXAMPLE:a123,z456', 'urn:example:a123,z456?+abc', 'urn:example:a123,z456?=xyz', 'urn:example:a123,z456#789', 'urn:example:a123,z456?+abc?=xyz#789'],
    ['urn:example:a123%2Cz456', 'URN:EXAMPLE:a123%2cz456'], ['urn:service:sos.fire', 'URN:Service:SOS.Fire'], ['urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6'],
  ])
  different([
    ['urn:example:a123,z456', 'urn:example:A123,z456'], ['urn:example:a123,z456', 'urn:example:a123%2Cz456'], ['urn:example:a', 'urn:example:a/b'], ['urn:service:sos', 'urn:service:sos.fire'], ['urn:a1:x', 'urn:a2:x'], ['urn:x', 'urn:X'],
  ])
})

describe('other schemes', () => {
  same([['http://example.com/a%7eb', 'HTTP://example.com/a~b'], ['cid:a%3Fb@h', 'CID:a%3fb@h'], ['isbn:1', 'ISBN:1']])
  different([['http://h/A', 'http://h/a'], ['http://h', 'https://h'], ['mailto:a@h', 'mailto:b@h'], ['x:1', 'sip:1']])
})

describe('twice the size takes about twice the time', () => {
  const shapes: Readonly<Record<string, (size: number) => string>> = {
    'parameters of many names': (size) => `sip:a@h${Array.from({ length: size / 10 }, (_, at) => `;p${at}=1`).join('')}`,
    'parameters of one name': (size) => `sip:a@h${';p=1'.repeat(size / 4)}`,
    'header fields of many names': (size) => `sip:a@h?${Array.from({ length: size / 10 }, (_, at) => `p${at}=1`).join('&')}`,
    'header fields of one name': (size) => `sip:a@h?${'p=1&'.repeat(size / 4)}`,
    'ampersands': (size) => `sip:a@h?${'&'.repeat(size)}`,
    'escapes': (size) => `sip:${'%41'.repeat(size / 3)}@h`,
    'open escapes': (size) => `sip:${'%'.repeat(size)}@h`,
    'addresses in addresses': (size) => {
      let uri = 'sip:a@h'
      while (uri.length < size) uri = `sip:a@h?to=${escapeHeader(uri)}`
      return uri
    },
    'an open quote': (size) => `sip:a@h?to=${'%22%5C'.repeat(size / 6)}`,
    'dots and colons': (size) => `sip:[${'1:.'.repeat(size / 3)}]`,
    'digits in brackets': (size) => `sip:[${'1'.repeat(size)}:]`,
    'parameters of tel': (size) => `tel:1${Array.from({ length: size / 10 }, (_, at) => `;p${at}=1`).join('')}`,
    'separators of tel': (size) => `tel:1${'-.()'.repeat(size / 4)}`,
    'URN components': (size) => `urn:example:a${'?+?='.repeat(size / 4)}`,
    'an authority': (size) => `http://${'@:'.repeat(size / 2)}`,
  }
  it.each(Object.entries(shapes))('%s', (_, shape) => {
    expect(growth((size) => {
      const [a, b] = [uriOf(shape(size)), uriOf(shape(size).replace(':a@', ':%61@'))]
      return () => uriEquals(a, b)
    }, 60_000)).toBeLessThan(3.2)
  }, 120_000)
})

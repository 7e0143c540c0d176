import { describe, expect, it } from 'vitest'
import { canonicalHost, defaultPort, endpointText, hostText, isIpLiteral, sameHost } from '../src/index.js'

describe('RFC 5952 §4: one spelling for each address', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['192.0.2.1', '192.0.2.1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['1::', '1::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    // What is no address stays what it is.
    ['1::2::3', '1::2::3'],
    ['12345::', '12345::'],
    ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9'],
  ])('%s is %s', (text, canonical) => expect(canonicalHost(text)).toBe(canonical))

  it('compares hosts in any spelling', () => {
    expect(sameHost('[::1]', '0:0:0:0:0:0:0:1')).toBe(true)
    expect(sameHost('::ffff:127.0.0.1', '127.0.0.1')).toBe(true)
    expect(sameHost('example.com', 'EXAMPLE.com')).toBe(true)
    expect(sameHost('127.0.0.1', '127.0.0.10')).toBe(false)
  })

  it('writes IPv6 in brackets and without its zone', () => {
    expect(hostText('fe80::1%eth0')).toBe('[fe80::1]')
    expect(hostText('[::1]')).toBe('[::1]')
    expect(endpointText({ host: '::1', port: 5060 })).toBe('[::1]:5060')
    expect(endpointText({ host: '192.0.2.1', port: 5060 })).toBe('192.0.2.1:5060')
  })

  it('tells numbers from names', () => {
    expect(['192.0.2.1', '::1', '[::1]'].map(isIpLiteral)).toEqual([true, true, true])
    expect(['192.0.2.256', '1.2.3', 'a.b.c.d', 'localhost'].map(isIpLiteral)).toEqual([false, false, false, false])
  })

  it('knows the default ports (RFC 3261 §18.1.1, RFC 7118 §5.4)', () => {
    expect((['UDP', 'TCP', 'TLS', 'WS', 'WSS'] as const).map(defaultPort)).toEqual([5060, 5060, 5061, 80, 443])
  })
})

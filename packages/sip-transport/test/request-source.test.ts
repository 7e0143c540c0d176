import { describe, expect, it } from 'vitest'
import { stampSource } from '../src/request-source.js'
import { request } from './support/messages.js'

describe('RFC 3261 §18.2.1, RFC 3581 §4: where a request came from', () => {
  it.each([
    ['the host is the source: nothing to add', 'SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK1'],
    ['another port is no other address', 'SIP/2.0/UDP 192.0.2.4:5061;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP 192.0.2.4:5061;branch=z9hG4bK1'],
    ['a name gets received', 'SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bK1;received=192.0.2.4'],
    ['another address gets received', 'SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1;received=192.0.2.4'],
    ['rport gets both, though the address is right', 'SIP/2.0/UDP 192.0.2.4;rport;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP 192.0.2.4;rport=49170;branch=z9hG4bK1;received=192.0.2.4'],
    ['rport that the sender filled in is not believed', 'SIP/2.0/UDP 192.0.2.4;rport=1;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP 192.0.2.4;rport=49170;branch=z9hG4bK1;received=192.0.2.4'],
    ['received that the sender wrote is not believed', 'SIP/2.0/UDP pc;received=203.0.113.9;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP pc;received=192.0.2.4;branch=z9hG4bK1'],
    ['received that the sender wrote goes, where none is due', 'SIP/2.0/UDP 192.0.2.4;received=203.0.113.9;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK1'],
    ['IPv6 in another spelling is the same', 'SIP/2.0/UDP [2001:DB8:0::1]:5060;branch=z9hG4bK1', '2001:db8::1', 'SIP/2.0/UDP [2001:DB8:0::1]:5060;branch=z9hG4bK1'],
    ['IPv6 stands in received without brackets', 'SIP/2.0/UDP [2001:db8::2];rport;branch=z9hG4bK1', '2001:db8::1', 'SIP/2.0/UDP [2001:db8::2];rport=49170;branch=z9hG4bK1;received=2001:db8::1'],
    ['IPv4 through an IPv6 socket is IPv4', 'SIP/2.0/UDP pc;branch=z9hG4bK1', '::ffff:192.0.2.4', 'SIP/2.0/UDP pc;branch=z9hG4bK1;received=192.0.2.4'],
    ['a link-local zone is nobody else’s business', 'SIP/2.0/UDP pc;branch=z9hG4bK1', 'fe80::1%eth0', 'SIP/2.0/UDP pc;branch=z9hG4bK1;received=fe80::1'],
    ['a browser’s name gets received', 'SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1', '192.0.2.4', 'SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1;received=192.0.2.4'],
  ])('%s', (_title, via, host, stamped) => {
    const message = request(via)
    stampSource(message, { host, port: 49_170 })
    expect(message.headers.get('Via')).toBe(stamped)
  })

  it('touches the first value of a comma list only', () => {
    const message = request('SIP/2.0/UDP pc;branch=z9hG4bK1, SIP/2.0/UDP other;branch=z9hG4bK2')
    stampSource(message, { host: '192.0.2.4', port: 5060 })
    expect(message.vias.map(String)).toEqual(['SIP/2.0/UDP pc;branch=z9hG4bK1;received=192.0.2.4', 'SIP/2.0/UDP other;branch=z9hG4bK2'])
  })
})

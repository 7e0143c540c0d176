import { describe, expect, it } from 'vitest'
import { isHostAddress, orderAddresses } from '../src/address-order.js'

/** Source addresses by the first octets of where they are used; nothing leads elsewhere. */
const towards = (sources: Record<string, string>) => (address: string): string | undefined =>
  Object.entries(sources).find(([prefix]) => address.startsWith(prefix))?.[1]

describe('RFC 6724 §6: the order of the addresses of one host (RFC 7984 §4)', () => {
  it.each([
    ['rule 1: no IPv6 here', { '192.': '192.0.2.100' }, ['2001:db8::1', '192.0.2.1'], ['192.0.2.1', '2001:db8::1']],
    ['rule 6: IPv6 before IPv4 where both lead there', { '2001:': '2001:db8::100', '192.': '192.0.2.100' }, ['192.0.2.1', '2001:db8::1'], ['2001:db8::1', '192.0.2.1']],
    ['rule 5: a unique local address from a global one comes after IPv4', { 'fd00:': '2001:db8::100', '192.': '192.0.2.100' }, ['fd00::1', '192.0.2.1'], ['192.0.2.1', 'fd00::1']],
    ['rule 5: 6to4 from a native address comes after IPv4', { '2002:': '2001:db8::100', '192.': '192.0.2.100' }, ['2002:c000:201::1', '192.0.2.1'], ['192.0.2.1', '2002:c000:201::1']],
    ['rule 6: Teredo comes after IPv4', { '2001:0:': '2001:0:100::1', '192.': '192.0.2.100' }, ['2001:0:200::1', '192.0.2.1'], ['192.0.2.1', '2001:0:200::1']],
    ['rule 2: scopes that match', { '2001:': 'fe80::1', '192.': '192.0.2.100' }, ['2001:db8::1', '192.0.2.1'], ['192.0.2.1', '2001:db8::1']],
    ['rule 8: the smaller scope', { 'fe80:': 'fe80::100', '2001:': '2001:db8::100' }, ['2001:db8::1', 'fe80::1'], ['fe80::1', '2001:db8::1']],
    ['rule 10: what is equal stays as DNS has it', { '192.': '192.0.2.100' }, ['192.0.2.3', '192.0.2.1', '192.0.2.2'], ['192.0.2.3', '192.0.2.1', '192.0.2.2']],
  ])('%s', (_name, sources: Record<string, string>, addresses, ordered) => {
    expect(orderAddresses(addresses, towards(sources))).toEqual(ordered)
  })

  it.each(['', '.', '0.0.0.0', '0.1.2.3', '::', '224.0.0.251', '239.255.255.250', '255.255.255.255', 'ff02::fb', 'host', '1.2.3', ':::', '::ffff:300.1.1.1'])('leaves out what is no address of one host: %s', (address) => {
    expect(isHostAddress(address)).toBe(false)
  })

  it.each(['127.0.0.1', '::1', '10.0.0.1', '2001:db8::1', 'fe80::1', '::ffff:192.0.2.1'])('keeps %s', (address) => {
    expect(isHostAddress(address)).toBe(true)
  })
})

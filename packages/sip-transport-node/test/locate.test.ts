import { seededRandom } from '@offhook/sip-machine/testing'
import { describe, expect, it } from 'vitest'
import { locate } from '../src/index.js'
import type { LocateOptions } from '../src/index.js'
import { briefly, fakeResolver, sipUri } from './support/zone.js'
import type { Zone } from './support/zone.js'

const zone: Zone = {
  addresses: {
    'example.com': ['192.0.2.80', '2001:db8::80'], 'a.example.com': ['192.0.2.1'], 'b.example.com': ['192.0.2.2', '2001:db8::2'], localhost: ['127.0.0.1', '::1'],
    'gone.example': ['192.0.2.66'], 'odd.example': ['0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255', 'x', '', '192.0.2.3'],
  },
  services: {
    '_sip._udp.example.com': [[10, 0, 5060, 'b.example.com'], [5, 0, 5066, 'a.example.com']],
    '_sip._tcp.example.com': [[0, 0, 5070, 'b.example.com']],
    '_sips._tcp.example.com': [[0, 0, 5071, 'a.example.com']],
    '_sip._udp.gone.example': [[0, 0, 0, '.']],
    '_sip._udp.partly.example': [[0, 0, 5060, 'nowhere.example'], [1, 0, 5060, '.'], [2, 0, 0, 'a.example.com'], [3, 0, 5062, '192.0.2.62'], [4, 0, 5063, 'a.example.com']],
  },
}

const located = async (text: string, changes: Zone = {}, options: LocateOptions = {}): Promise<string[]> =>
  briefly(await locate(sipUri(text), { resolver: fakeResolver({ ...zone, ...changes }).resolver, random: seededRandom(1), ...options }))

describe('RFC 3263 §4.1 and §4.2: transport, port and address', () => {
  it.each([
    // Numeric: as it stands; UDP for a SIP URI, TLS for a SIPS URI; the port of the transport.
    ['sip:192.0.2.9', ['UDP 192.0.2.9 5060']],
    ['sip:192.0.2.9:5080', ['UDP 192.0.2.9 5080']],
    ['sip:192.0.2.9;transport=tcp', ['TCP 192.0.2.9 5060']],
    ['sip:192.0.2.9:5080;transport=tcp', ['TCP 192.0.2.9 5080']],
    ['sip:192.0.2.9;transport=tls', ['TLS 192.0.2.9 5061']],
    ['sip:192.0.2.9;transport=TCP', ['TCP 192.0.2.9 5060']],
    ['sips:192.0.2.9', ['TLS 192.0.2.9 5061']],
    ['sips:192.0.2.9:5099', ['TLS 192.0.2.9 5099']],
    ['sips:[2001:db8::9]', ['TLS 2001:db8::9 5061']],
    ['sips:192.0.2.9;transport=tcp', ['TLS 192.0.2.9 5061']],
    ['sip:192.0.2.9;transport=ws', ['WS 192.0.2.9 80']],
    ['sips:192.0.2.9;transport=ws', ['WSS 192.0.2.9 443']],
    // A name with a port: addresses only, even for port 5060.
    ['sip:example.com:5060', ['UDP 192.0.2.80 5060', 'UDP 2001:db8::80 5060']],
    ['sip:example.com:5060;transport=tcp', ['TCP 192.0.2.80|2001:db8::80 5060']],
    ['sips:example.com:5099', ['TLS 192.0.2.80|2001:db8::80 5099']],
    // A transport and no port: SRV of that transport, no NAPTR.
    ['sip:example.com;transport=udp', ['UDP 192.0.2.1 5066', 'UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060']],
    ['sip:example.com;transport=tcp', ['TCP 192.0.2.2|2001:db8::2 5070']],
    ['sip:example.com;transport=tls', ['TLS 192.0.2.1 5071']],
    ['sips:example.com;transport=tcp', ['TLS 192.0.2.1 5071']],
    // No SRV: addresses, at the default port of the transport.
    ['sip:example.com;transport=ws', ['WS 192.0.2.80|2001:db8::80 80']],
    ['sips:example.com;transport=ws', ['WSS 192.0.2.80|2001:db8::80 443']],
    ['sip:b.example.com', ['UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060']],
    ['sips:b.example.com', ['TLS 192.0.2.2|2001:db8::2 5061']],
    // Neither, and no NAPTR: SRV of each transport, `_sip` for SIP, `_sips` for SIPS.
    ['sip:example.com', ['UDP 192.0.2.1 5066', 'UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060', 'TCP 192.0.2.2|2001:db8::2 5070']],
    ['sips:example.com', ['TLS 192.0.2.1 5071']],
    // `maddr` is the TARGET.
    ['sip:example.com;maddr=192.0.2.7', ['UDP 192.0.2.7 5060']],
    ['sip:192.0.2.9;maddr=b.example.com', ['UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060']],
  ])('%s', async (text, targets) => expect(await located(text)).toEqual(targets))

  it('asks no more than it has to', async () => {
    for (const [text, questions] of [
      ['sip:192.0.2.9', []],
      ['sip:example.com:5060', ['address example.com']],
      ['sip:example.com;transport=tcp', ['SRV _sip._tcp.example.com', 'address b.example.com']],
      ['sip:localhost', ['address localhost']],
      ['sip:printer.local', ['address printer.local']],
      ['sip:x.invalid', []],
      ['sip:b.example.com', ['NAPTR b.example.com', 'SRV _sip._udp.b.example.com', 'SRV _sip._tcp.b.example.com', 'address b.example.com']],
    ] as const) {
      const { resolver, asked } = fakeResolver(zone)
      await locate(sipUri(text), { resolver }).catch(() => undefined)
      expect(asked, text).toEqual(questions)
    }
  })

  it('names the domain of the URI for the certificate, not the host of a record (RFC 5922 §4)', async () => {
    const targets = await locate(sipUri('sips:alice@example.com'), { resolver: fakeResolver(zone).resolver })
    expect(targets.map(({ serverName }) => serverName)).toEqual(['example.com'])
  })

  it('never leads a SIPS URI to UDP or TCP ("TLS reuse/hostname confusion, SIPS downgrade")', async () => {
    await expect(located('sips:example.com;transport=udp')).rejects.toMatchObject({ code: 'no-adapter' })
    await expect(located('sip:example.com;transport=sctp')).rejects.toMatchObject({ code: 'no-adapter' })
    const pointers: Zone['pointers'] = { 'example.com': [[1, 1, 's', 'SIP+D2U', '', '_sip._udp.example.com'], [1, 1, 's', 'SIP+D2T', '', '_sip._tcp.example.com'], [1, 1, 's', 'SIPS+D2U', '', '_sips._udp.example.com']] }
    expect(await located('sips:example.com', { pointers })).toEqual(['TLS 192.0.2.1 5071'])
    expect(await located('sips:example.com', { pointers, services: {} })).toEqual(['TLS 192.0.2.80|2001:db8::80 5061'])
    expect(await located('sips:example.com', { broken: ['example.com'], services: {} }).catch((error: unknown) => error)).toMatchObject({ code: 'timed-out' })
  })
})

describe('RFC 3263 §4.1: NAPTR', () => {
  const record = (order: number, preference: number, service: string, replacement: string, flags = 's', regexp = ''): [number, number, string, string, string, string] => [order, preference, flags, service, regexp, replacement]
  const [tls, tcp, udp] = ['_sips._tcp.example.com', '_sip._tcp.example.com', '_sip._udp.example.com']
  const toTls = ['TLS 192.0.2.1 5071']
  const toTcp = ['TCP 192.0.2.2|2001:db8::2 5070']
  const toUdp = ['UDP 192.0.2.1 5066', 'UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060']
  it.each([
    ['the lowest order decides', [record(90, 50, 'SIP+D2T', tcp), record(100, 50, 'SIP+D2U', udp), record(50, 50, 'SIPS+D2T', tls)], {}, toTls],
    ['of what can be used', [record(50, 50, 'SIPS+D2T', tls), record(90, 50, 'SIP+D2T', tcp), record(100, 50, 'SIP+D2U', udp)], { transports: ['UDP', 'TCP'] }, toTcp],
    ['and nothing of a higher order is used once one matches', [record(10, 9, 'SIP+D2U', udp), record(20, 1, 'SIP+D2T', tcp)], {}, toUdp],
    ['within an order by preference, all of them', [record(10, 20, 'SIP+D2U', udp), record(10, 10, 'SIP+D2T', tcp)], {}, [...toTcp, ...toUdp]],
    ['services in any case', [record(10, 10, 'sip+d2t', tcp, 'S')], {}, toTcp],
    ['not those of unknown transports', [record(1, 1, 'SIP+D2S', '_sip._sctp.example.com'), record(2, 1, '__proto__', 'x'), record(3, 1, 'constructor', 'x'), record(4, 1, 'E2U+sip', 'x'), record(5, 1, 'SIP+D2T', tcp)], {}, toTcp],
    ['not those with another flag than s', [record(1, 1, 'SIP+D2U', udp, 'u'), record(1, 1, 'SIP+D2U', udp, 'a'), record(2, 1, 'SIP+D2T', tcp)], {}, toTcp],
    ['not those that lead on, so that they cannot lead around in circles', [record(1, 1, 'SIP+D2U', 'example.com', ''), record(2, 1, 'SIP+D2T', tcp)], {}, toTcp],
    ['not those with a rewriting rule', [record(1, 1, 'SIP+D2U', udp, 's', '!^.*$!sip:evil@example.net!'), record(1, 1, 'SIP+D2U', '', 's', '(a+)+$'), record(2, 1, 'SIP+D2T', tcp)], {}, toTcp],
    ['in any domain', [record(1, 1, 'SIP+D2T', '_sip._tcp.provider.example')], {}, ['TCP 192.0.2.9 5090']],
    ['one that leads to itself has no services, and the addresses are left', [record(1, 1, 'SIP+D2T', 'example.com')], {}, ['UDP 192.0.2.80 5060', 'UDP 2001:db8::80 5060']],
    ['WebSockets for those who can (RFC 7118 §6)', [record(1, 1, 'SIPS+D2W', '_sips._ws.example.com')], { transports: ['WSS'] }, ['WSS 192.0.2.1 8443']],
  ] as const)('%s', async (_name, records, options, targets) => {
    const services: Zone['services'] = { ...zone.services, '_sip._tcp.provider.example': [[0, 0, 5090, '192.0.2.9']], '_sips._ws.example.com': [[0, 0, 8443, 'a.example.com']] }
    expect(await located('sip:example.com', { services, pointers: { 'example.com': records.map((fields) => [...fields]) } }, options)).toEqual(targets)
  })

  it('goes on with SRV where DNS cannot be asked for NAPTR, and with addresses where it cannot be asked for either', async () => {
    const services: Zone['services'] = { '_sip._udp.example.com': [[0, 0, 5066, 'a.example.com']] }
    const { resolver } = fakeResolver({ ...zone, services })
    const deaf = { ...resolver, pointers: () => Promise.reject(new TypeError('no answer')) }
    expect(briefly(await locate(sipUri('sip:example.com'), { resolver: deaf }))).toEqual(['UDP 192.0.2.1 5066'])
    const deafer = { ...deaf, services: () => Promise.reject(new TypeError('no answer')) }
    expect(briefly(await locate(sipUri('sip:example.com'), { resolver: deafer }))).toEqual(['UDP 192.0.2.80 5060', 'UDP 2001:db8::80 5060'])
  })
})

describe('RFC 2782: SRV', () => {
  it('a single record for the root says that there is no service: addresses are not tried', async () => {
    await expect(located('sip:gone.example;transport=udp')).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('has no SIP over UDP') as string })
    await expect(located('sip:gone.example')).rejects.toMatchObject({ code: 'unreachable' })
    expect(await located('sip:gone.example;transport=tcp')).toEqual(['TCP 192.0.2.66 5060'])
  })

  it('passes over records that lead nowhere, and takes numeric targets, which some domains have', async () => {
    expect(await located('sip:partly.example')).toEqual(['UDP 192.0.2.62 5062', 'UDP 192.0.2.1 5063'])
    expect(await located('sip:partly.example', { broken: ['a.example.com'] })).toEqual(['UDP 192.0.2.62 5062'])
  })

  it('never mixes the addresses of two records (RFC 7984 §4)', async () => {
    const hosts: Zone = {
      addresses: { 'sip-1.example.com': ['2001:db8:58:c02::face', '192.0.2.45'], 'sip-2.example.com': ['2001:db8:58:c02::dead', '192.0.2.75'] },
      services: { '_sip._udp.example.com': [[10, 1, 5060, 'sip-1.example.com'], [20, 1, 5060, 'sip-2.example.com']] },
    }
    expect(await located('sip:example.com;transport=udp', hosts)).toEqual(['UDP 2001:db8:58:c02::face 5060', 'UDP 192.0.2.45 5060', 'UDP 2001:db8:58:c02::dead 5060', 'UDP 192.0.2.75 5060'])
    expect(await located('sip:example.com;transport=udp', hosts, { families: [4, 6] })).toEqual(['UDP 192.0.2.45 5060', 'UDP 2001:db8:58:c02::face 5060', 'UDP 192.0.2.75 5060', 'UDP 2001:db8:58:c02::dead 5060'])
    expect(await located('sip:example.com;transport=udp', hosts, { families: [4] })).toEqual(['UDP 192.0.2.45 5060', 'UDP 192.0.2.75 5060'])
    await expect(located('sip:[2001:db8::1]', {}, { families: [4] })).resolves.toHaveLength(1)
  })
})

describe('what hostile or broken zones get', () => {
  it('a bounded search and a bounded list, however many records there are', async () => {
    const many = Array.from({ length: 600 }, (_, index): [number, number, number, string] => [index % 7, index, 5060, `h${index}.example`])
    const addresses = Object.fromEntries(many.map(([, , , host], index) => [host, Array.from({ length: 40 }, (_, at) => `10.${index >> 8}.${index & 255}.${at + 1}`)]))
    const pointers: Zone['pointers'] = { 'example.com': Array.from({ length: 5000 }, (_, index) => [index, index, 's', 'SIP+D2X', '', 'x']) }
    const { resolver, asked } = fakeResolver({ addresses, pointers, services: { '_sip._udp.example.com': many, '_sip._tcp.example.com': many } })
    const targets = await locate(sipUri('sip:example.com'), { resolver })
    expect(targets.length).toBeLessThanOrEqual(48)
    expect(asked.length).toBeLessThanOrEqual(1 + 2 + 16)
  })

  it('no target that is not the address of one host', async () => {
    expect(await located('sip:odd.example:5060')).toEqual(['UDP 192.0.2.3 5060'])
  })

  it('a code and the reason when a name leads nowhere, when DNS does not answer, and for names that cannot exist', async () => {
    await expect(located('sip:nowhere.example')).rejects.toMatchObject({ code: 'unreachable' })
    await expect(located('sip:example.com:5060', { broken: ['example.com'] })).rejects.toMatchObject({ code: 'timed-out', cause: { code: 'ETIMEOUT' } })
    await expect(located('sip:abc.invalid')).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('uses the hosts file of this machine unless told otherwise', async () => {
    expect((await locate(sipUri('sip:localhost:5060'))).map(({ host }) => host)).toContain('127.0.0.1')
  })
})

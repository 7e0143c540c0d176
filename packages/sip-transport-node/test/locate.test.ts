import { parseUri } from '@offhook/sip-parser'
import type { SipUri } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { locate } from '../src/index.js'
import type { LocateOptions, Resolver } from '../src/index.js'

const uri = (text: string): SipUri => {
  const result = parseUri(text)
  if (!result.ok || !('host' in result.value)) throw new TypeError(text)
  return result.value
}

/** Knows what it is told, and writes down what it was asked. */
function resolverOf(zone: { addresses?: Record<string, string[]>; services?: Record<string, [number, number, number, string][]>; pointers?: Record<string, [number, number, string, string][]> }) {
  const asked: string[] = []
  const from = <Value>(records: Record<string, Value[]> | undefined, name: string): Value[] => {
    asked.push(name)
    return records !== undefined && Object.hasOwn(records, name) ? (records[name] ?? []) : []
  }
  const resolver: Resolver = {
    addresses: (host) => Promise.resolve(from(zone.addresses, host)),
    services: (name) => Promise.resolve(from(zone.services, name).map(([priority, weight, port, target]) => ({ priority, weight, port, name: target }))),
    pointers: (domain) => Promise.resolve(from(zone.pointers, domain).map(([order, preference, service, replacement]) => ({ order, preference, service, replacement }))),
  }
  return { resolver, asked }
}

const zone = {
  addresses: { 'example.com': ['192.0.2.80', '2001:db8::80'], 'a.example.com': ['192.0.2.1'], 'b.example.com': ['192.0.2.2', '2001:db8::2'], localhost: ['127.0.0.1', '::1'] },
  services: {
    '_sip._udp.example.com': [[10, 0, 5060, 'b.example.com'], [5, 0, 5066, 'a.example.com']],
    '_sip._tcp.example.com': [[0, 0, 5070, 'a.example.com']],
    '_sips._tcp.example.com': [[0, 0, 5071, 'a.example.com']],
    '_sip._udp.gone.example': [[0, 0, 0, '.']],
  } as Record<string, [number, number, number, string][]>,
}
const named = async (text: string, more: typeof zone & { pointers?: Record<string, [number, number, string, string][]> } = zone, options: LocateOptions = {}): Promise<string[]> =>
  (await locate(uri(text), { resolver: resolverOf(more).resolver, ...options })).map(({ transport, host, port }) => `${transport} ${host} ${port}`)

describe('RFC 3263 §4: where a URI leads', () => {
  it.each([
    ['sip:192.0.2.9', ['UDP 192.0.2.9 5060']],
    ['sip:192.0.2.9:5080;transport=tcp', ['TCP 192.0.2.9 5080']],
    ['sips:[2001:db8::9]', ['TLS 2001:db8::9 5061']],
    ['sips:192.0.2.9;transport=tcp', ['TLS 192.0.2.9 5061']],
    ['sip:example.com:5060', ['UDP 192.0.2.80 5060', 'UDP 2001:db8::80 5060']],
    ['sips:example.com:5099', ['TLS 192.0.2.80 5099', 'TLS 2001:db8::80 5099']],
    ['sip:example.com;transport=udp', ['UDP 192.0.2.1 5066', 'UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060']],
    ['sip:example.com;transport=tcp', ['TCP 192.0.2.1 5070']],
    ['sip:example.com;transport=tls', ['TLS 192.0.2.1 5071']],
    ['sip:example.com;transport=ws', ['WS 192.0.2.80 80', 'WS 2001:db8::80 80']],
    ['sips:example.com;transport=ws', ['WSS 192.0.2.80 443', 'WSS 2001:db8::80 443']],
    ['sip:example.com', ['UDP 192.0.2.1 5066', 'UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060', 'TCP 192.0.2.1 5070']],
    ['sips:example.com', ['TLS 192.0.2.1 5071']],
    ['sip:example.com;maddr=192.0.2.7', ['UDP 192.0.2.7 5060']],
    ['sip:b.example.com', ['UDP 192.0.2.2 5060', 'UDP 2001:db8::2 5060']],
  ])('%s', async (text, targets) => expect(await named(text)).toEqual(targets))

  it('follows NAPTR by order, then preference, to what can be used (§4.1)', async () => {
    const pointers: Record<string, [number, number, string, string][]> = {
      'example.com': [[90, 50, 'SIP+D2T', '_sip._tcp.example.com'], [100, 50, 'SIP+D2U', '_sip._udp.example.com'], [50, 50, 'SIPS+D2T', '_sips._tcp.example.com'], [10, 1, 'SIP+D2S', '_sip._sctp.example.com'], [1, 1, '__proto__', 'x']],
    }
    expect((await named('sip:example.com', { ...zone, pointers }))[0]).toBe('TLS 192.0.2.1 5071')
    expect((await named('sip:example.com', { ...zone, pointers }, { transports: ['UDP', 'TCP'] }))[0]).toBe('TCP 192.0.2.1 5070')
    expect(await named('sips:example.com', { ...zone, pointers })).toEqual(['TLS 192.0.2.1 5071'])
  })

  it('never leads a SIPS URI to what is not secured', async () => {
    await expect(named('sips:example.com;transport=udp')).rejects.toMatchObject({ code: 'no-adapter' })
    const pointers: Record<string, [number, number, string, string][]> = { 'example.com': [[1, 1, 'SIP+D2U', '_sip._udp.example.com']] }
    for (const target of await named('sips:example.com', { ...zone, pointers })) expect(target).toMatch(/^TLS /)
  })

  it('names the domain of the URI for the certificate, not the host of a record (RFC 5922 §4)', async () => {
    const targets = await locate(uri('sips:alice@example.com'), { resolver: resolverOf(zone).resolver })
    expect(targets.map(({ serverName }) => serverName)).toEqual(['example.com'])
  })

  it('does not ask DNS for services of names that DNS does not have', async () => {
    for (const [text, host] of [['sip:localhost', 'localhost'], ['sip:printer.local', 'printer.local']] as const) {
      const { resolver, asked } = resolverOf(zone)
      await locate(uri(text), { resolver }).catch(() => undefined)
      expect(asked).toEqual([host])
    }
  })

  it('says so when it leads nowhere: no address, or a service that is decidedly not there', async () => {
    await expect(named('sip:nowhere.example')).rejects.toMatchObject({ code: 'unreachable' })
    await expect(named('sip:gone.example;transport=udp')).rejects.toMatchObject({ code: 'unreachable' })
    const broken: Resolver = { ...resolverOf(zone).resolver, addresses: () => Promise.reject(Object.assign(new TypeError('queryA ETIMEOUT'), { code: 'ETIMEOUT' })) }
    await expect(locate(uri('sip:example.com:5060'), { resolver: broken })).rejects.toMatchObject({ code: 'timed-out' })
  })

  it('takes the addresses when DNS cannot be asked for services', async () => {
    const resolver: Resolver = { ...resolverOf(zone).resolver, pointers: () => Promise.reject(new TypeError('no server')) }
    expect((await locate(uri('sip:example.com'), { resolver })).map(({ host, port }) => `${host} ${port}`)).toEqual(['192.0.2.80 5060', '2001:db8::80 5060'])
  })

  it('uses the hosts file of this machine unless told otherwise', async () => {
    expect((await locate(uri('sip:localhost:5060'))).map(({ host }) => host)).toContain('127.0.0.1')
  })
})

describe('RFC 2782: records of one priority', () => {
  it('come in an order that follows their weights', async () => {
    const services: Record<string, [number, number, number, string][]> = { '_sip._tcp.w.example': [[1, 10, 1, '192.0.2.1'], [1, 30, 2, '192.0.2.2'], [1, 60, 3, '192.0.2.3'], [2, 100, 4, '192.0.2.4'], [1, 0, 5, '192.0.2.5']] }
    const counts = new Map<string, number>()
    for (let draw = 0; draw < 1000; draw++) {
      const ordered = await named('sip:w.example;transport=tcp', { ...zone, services }, { random: () => draw / 1000 })
      expect(ordered).toHaveLength(5)
      expect(ordered[4]).toBe('TCP 192.0.2.4 4')
      const first = ordered[0] ?? ''
      counts.set(first, (counts.get(first) ?? 0) + 1)
    }
    expect(counts.get('TCP 192.0.2.3 3')).toBeGreaterThan(550)
    expect(counts.get('TCP 192.0.2.2 2')).toBeGreaterThan(250)
    expect(counts.get('TCP 192.0.2.1 1')).toBeGreaterThan(80)
  })
})

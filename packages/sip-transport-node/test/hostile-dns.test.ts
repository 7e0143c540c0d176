// CVE-2022-24793, CVE-2026-32945 (PJSIP, DNS response parser): the parser is c-ares; what it lets through must not hurt either.
import { randomInteger } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { TransportError } from '@offhook/sip-transport'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isHostAddress } from '../src/address-order.js'
import { dnsResolver, locate } from '../src/index.js'
import { DnsResponder, nameBytes, naptrData, respond, srvData } from './support/dns-responder.js'
import type { DnsQuery, DnsRecord } from './support/dns-responder.js'
import { briefly, sipUri } from './support/zone.js'

const [A, CNAME, AAAA, SRV, NAPTR] = [1, 5, 28, 33, 35]
const address = (octets: string): Buffer => Buffer.from(octets.split('.').map(Number))

/** What an honest server says about `example.com`. */
function honest({ name, type }: DnsQuery): DnsRecord[] {
  if (type === NAPTR && name === 'example.com') return [{ type, data: naptrData(10, 10, ['s', 'SIP+D2U', ''], nameBytes('_sip._udp.example.com')) }]
  if (type === SRV && name.startsWith('_sip._udp.')) return [{ type, data: srvData(1, 1, 5060, nameBytes('a.example.com')) }, { type, data: srvData(2, 1, 5062, nameBytes('b.example.com')) }]
  if (type === A && name !== 'example.com') return [{ type, data: address('192.0.2.1') }]
  return []
}

describe('hostile DNS (CVE-2022-24793, CVE-2026-32945)', { timeout: 60_000 }, () => {
  const dns = new DnsResponder()
  beforeAll(() => dns.start())
  afterAll(() => dns.stop())
  beforeEach(() => {
    dns.queries.length = 0
    dns.answer = (query) => [respond(query, honest(query))]
  })

  /** Answers that come are waited for, however busy the machine is: without one of NAPTR, SRV is asked for every transport. */
  const PATIENCE = 5_000
  const search = (timeout = PATIENCE): Promise<string[]> =>
    locate(sipUri('sip:example.com'), { resolver: dnsResolver({ servers: [dns.server], timeout, tries: 1 }), random: seededRandom(1) }).then(briefly)
  /** Nothing but targets or an error of ours comes out. */
  const outcome = (timeout = 60): Promise<string[] | string> => search(timeout).catch((error: unknown) => {
    if (!(error instanceof TransportError)) throw error
    return error.code
  })
  const GOOD = ['UDP 192.0.2.1 5060', 'UDP 192.0.2.1 5062']

  it('an honest answer is understood', async () => {
    expect(await search()).toEqual(GOOD)
  })

  it.each<[string, (query: DnsQuery) => readonly Buffer[], string[]]>([
    ['silence', () => [], ['timed-out']],
    ['no octet at all', () => [Buffer.alloc(0)], ['timed-out']],
    ['another transaction', (query) => [respond({ ...query, id: query.id ^ 1 }, honest(query))], ['timed-out']],
    ['another question', (query) => [respond({ ...query, question: Buffer.concat([nameBytes('evil.example'), Buffer.from([0, query.type, 0, 1])]) }, honest(query))], ['timed-out', 'unreachable']],
    ['no server (SERVFAIL)', (query) => [respond(query, [], { flags: 0x8182 })], ['unreachable']],
    ['not implemented (NOTIMP)', (query) => [respond(query, [], { flags: 0x8184 })], ['unreachable']],
    ['refused', (query) => [respond(query, [], { flags: 0x8185 })], ['unreachable']],
    ['no such name (NXDOMAIN)', (query) => [respond(query, [], { flags: 0x8183 })], ['unreachable']],
    ['cut short, and nobody there on TCP', (query) => [respond(query, [], { flags: 0x8380 })], ['unreachable', 'timed-out']],
    ['a header alone', (query) => [respond({ ...query, question: Buffer.alloc(0) }, [])], ['timed-out', 'unreachable']],
    ['65,535 records that are not there', (query) => [respond(query, honest(query), { count: 65_535 })], ['unreachable', 'timed-out']],
    ['a record longer than the message', (query) => [respond(query, honest(query).map((record) => ({ ...record, length: 60_000 })))], ['unreachable', 'timed-out']],
    ['a record shorter than its data', (query) => [respond(query, honest(query).map((record) => ({ ...record, length: 1 })))], ['unreachable', 'timed-out']],
    ['a name that points to itself', (query) => [respond(query, [{ name: Buffer.from([0xc0, 12 + query.question.length]), type: query.type, data: Buffer.alloc(4) }])], ['unreachable', 'timed-out']],
    ['a name that points beyond the end', (query) => [respond(query, [{ name: Buffer.from([0xff, 0xff]), type: query.type, data: Buffer.alloc(4) }])], ['unreachable', 'timed-out']],
    ['labels of reserved kinds', (query) => [respond(query, [{ name: Buffer.from([0x80, 1, 0]), type: query.type, data: Buffer.alloc(4) }])], ['unreachable', 'timed-out']],
    ['a target that points to itself', (query) => [respond(query, [{ type: query.type, data: srvData(1, 1, 5060, Buffer.from([0xc0, 12 + query.question.length + 18])) }])], ['unreachable', 'timed-out']],
    ['strings longer than their record', (query) => [respond(query, [{ type: query.type, data: Buffer.from([0, 1, 0, 1, 255, 115]) }])], ['unreachable', 'timed-out']],
    ['records of other types', (query) => [respond(query, [{ type: 16, data: Buffer.from([3, 97, 98, 99]) }])], ['unreachable', 'timed-out']],
  ])('%s: an error with a code, soon', async (_name, answer, codes) => {
    dns.answer = answer
    const started = performance.now()
    expect(codes).toContain(await outcome())
    expect(performance.now() - started).toBeLessThan(3_000)
    dns.answer = (query) => [respond(query, honest(query))]
    expect(await search()).toEqual(GOOD)
  })

  it('aliases that lead around in circles, or on and on, end', async () => {
    const alias = (from: string, to: string): DnsRecord => ({ name: nameBytes(from), type: CNAME, data: nameBytes(to) })
    for (const records of [[alias('example.com', 'b.example'), alias('b.example', 'example.com')], Array.from({ length: 300 }, (_, index) => alias(`n${index}.example`, `n${index + 1}.example`))]) {
      dns.answer = (query) => [respond(query, records)]
      expect(await outcome()).toEqual(expect.stringMatching(/^(unreachable|timed-out)$/))
      expect(dns.queries.length).toBeLessThan(20)
      dns.queries.length = 0
    }
  })

  it('addresses that are none of a host, and ports that are none, are not used', async () => {
    dns.answer = (query) => {
      if (query.type === SRV) return [respond(query, [{ type: SRV, data: srvData(1, 1, 0, nameBytes('a.example.com')) }, { type: SRV, data: srvData(2, 1, 5060, nameBytes('b.example.com')) }])]
      if (query.type === A) return [respond(query, ['0.0.0.0', '224.0.0.1', '255.255.255.255', '192.0.2.9'].map((text) => ({ type: A, data: address(text) })))]
      if (query.type === AAAA) return [respond(query, [Buffer.alloc(16), Buffer.from('ff020000000000000000000000000001', 'hex')].map((data) => ({ type: AAAA, data })))]
      return [respond(query, honest(query))]
    }
    expect(await search()).toEqual(['UDP 192.0.2.9 5060'])
  })

  it('names with odd octets lead nowhere, and no further', async () => {
    const odd = Buffer.concat([Buffer.from([9]), Buffer.from('a b\0\r\n%;@'), Buffer.from([0])])
    dns.answer = (query) => (query.type === SRV ? [respond(query, [{ type: SRV, data: srvData(1, 1, 5060, odd) }])] : [respond(query, query.type === NAPTR ? honest(query) : [])])
    expect(await outcome(PATIENCE)).toBe('unreachable')
    for (const { name } of dns.queries) expect(name).toMatch(/^[\w.-]+$/)
  })

  it('a thousand records cost no more than the first', async () => {
    dns.answer = (query) => {
      if (query.type === SRV) return [respond(query, Array.from({ length: 1_000 }, (_, index) => ({ type: SRV, data: srvData(index, 1, 5060, nameBytes(`h${index}.x`)) })))]
      if (query.type === A) return [respond(query, Array.from({ length: 1_000 }, (_, index) => ({ type: A, data: Buffer.from([10, 0, index >> 8, index & 255]) })))]
      return [respond(query, honest(query))]
    }
    expect((await search(500)).length).toBeLessThanOrEqual(48)
    // Different questions: one that found a busy machine may be put again, and unless NAPTR is answered in time, SRV is asked for each transport.
    const asked = (...types: readonly number[]): string[] => [...new Set(dns.queries.filter(({ type }) => types.includes(type)).map(({ name, type }) => `${type} ${name}`))]
    expect(asked(NAPTR)).toEqual([`${NAPTR} example.com`])
    expect(asked(SRV)).toContain(`${SRV} _sip._udp.example.com`)
    expect(asked(SRV).length).toBeLessThanOrEqual(3)
    expect(asked(A, AAAA).length).toBeLessThanOrEqual(2 * 16)
  })

  it('1,500 damaged answers: targets that could be, or an error of ours; nothing thrown past us', async () => {
    const seed = Number(process.env['OFFHOOK_SEED'] ?? 20_261_124)
    const random = seededRandom(seed)
    const damage = (bytes: Buffer, from: number): Buffer => {
      const copy = Buffer.from(bytes)
      for (let times = randomInteger(random, 0, 4); times > 0; times--) copy[randomInteger(random, from, copy.length)] = randomInteger(random, 0, 256)
      return randomInteger(random, 0, 8) === 0 ? copy.subarray(0, randomInteger(random, from, copy.length)) : copy
    }
    // The id stays, and mostly the question, so that the answer is looked at.
    dns.answer = (query) => {
      const records = honest(query)
      const answer = respond(query, records)
      const from = records.length === 0 || randomInteger(random, 0, 2) === 0 ? 2 : 12 + query.question.length
      return [damage(answer, from), answer].slice(0, 1 + randomInteger(random, 0, 2))
    }
    const resolver = dnsResolver({ servers: [dns.server], timeout: 20, tries: 1 })
    const seen = new Set<string>()
    for (let round = 0; round < 60; round++) {
      await Promise.all(Array.from({ length: 25 }, async () => {
        const targets = await locate(sipUri('sip:example.com'), { resolver, random }).catch((error: unknown) => {
          expect(error, `seed ${seed}`).toBeInstanceOf(TransportError)
          return []
        })
        seen.add(targets.length > 0 ? 'found' : 'nothing')
        for (const { host, port } of targets) {
          expect(isHostAddress(host), `seed ${seed}: ${host}`).toBe(true)
          expect(port).toBeGreaterThan(0)
          expect(port).toBeLessThan(65_536)
        }
      }))
    }
    expect(seen).toEqual(new Set(['found', 'nothing']))
    dns.answer = (query) => [respond(query, honest(query))]
    expect(await search()).toEqual(GOOD)
  })
})

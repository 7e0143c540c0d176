import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import type { Target } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { createLocate } from '../src/index.js'
import type { CreateLocateOptions } from '../src/index.js'
import { briefly, fakeResolver, sipUri } from './support/zone.js'
import type { Zone } from './support/zone.js'

function world(zone: Zone, options: CreateLocateOptions = {}) {
  const clock = new VirtualClock()
  const { resolver, asked } = fakeResolver(zone)
  const find = createLocate({ resolver, clock, random: seededRandom(7), ...options })
  return { clock, asked, zone, find, locate: async (text: string): Promise<string[]> => briefly(await find(sipUri(text))) }
}
const target = (host: string, port = 5060): Target => ({ transport: 'UDP', host, port, serverName: 'example.com' })

describe('the cache of answers', () => {
  it('asks again when the TTL is over, not before', async () => {
    const { locate, asked, clock, zone } = world({ addresses: { 'example.com': ['192.0.2.1'] }, ttl: 20 })
    expect(await locate('sip:example.com:5060')).toEqual(['UDP 192.0.2.1 5060'])
    zone.addresses = { 'example.com': ['192.0.2.2'] }
    clock.advance(19_999)
    expect(await locate('sip:EXAMPLE.com:5060')).toEqual(['UDP 192.0.2.1 5060'])
    expect(asked).toHaveLength(1)
    clock.advance(1)
    expect(await locate('sip:example.com:5060')).toEqual(['UDP 192.0.2.2 5060'])
    expect(asked).toHaveLength(2)
  })

  it('believes no TTL for longer than an hour, none at all when it is 0, and 60 s when nobody says', async () => {
    for (const [ttl, holds] of [[4_000_000, 3600], [0, 0], [undefined, 60]] as const) {
      const { locate, asked, clock } = world({ addresses: { 'example.com': ['192.0.2.1'] }, ...(ttl !== undefined && { ttl }) })
      await locate('sip:example.com:5060')
      clock.advance(Math.max(0, holds * 1000 - 1))
      await locate('sip:example.com:5060')
      expect(asked).toHaveLength(holds === 0 ? 2 : 1)
      clock.advance(1)
      await locate('sip:example.com:5060')
      expect(asked).toHaveLength(holds === 0 ? 3 : 2)
    }
  })

  it('remembers for 30 s that there is nothing, and for 5 s that there was no answer', async () => {
    for (const [zone, holds] of [[{ broken: [] }, 30], [{ broken: ['example.com'] }, 5]] as [Zone, number][]) {
      const { locate, asked, clock } = world(zone)
      for (const [wait, questions] of [[0, 1], [holds * 1000 - 1, 1], [1, 2]] as const) {
        clock.advance(wait)
        await expect(locate('sip:example.com:5060')).rejects.toBeInstanceOf(Error)
        expect(asked).toHaveLength(questions)
      }
    }
  })

  it('asks once for all who ask at the same time', async () => {
    const { locate, asked } = world({ addresses: { 'example.com': ['192.0.2.1'] } })
    await Promise.all(Array.from({ length: 100 }, () => locate('sip:example.com')))
    expect(asked).toHaveLength(4)
  })

  it('keeps a bounded number of answers, the latest used ones', async () => {
    const { locate, asked } = world({ addresses: { 'keep.example': ['192.0.2.1'] } }, { cache: { maxAnswers: 10 } })
    await locate('sip:keep.example:5060')
    for (let index = 0; index < 50; index++) {
      await locate(`sip:h${index}.example:5060`).catch(() => undefined)
      await locate('sip:keep.example:5060')
    }
    expect(asked.filter((question) => question.includes('keep'))).toHaveLength(1)
    await locate('sip:h0.example:5060').catch(() => undefined)
    expect(asked.filter((question) => question.endsWith(' h0.example'))).toHaveLength(2)
  })
})

describe('RFC 3263 §4.3: targets that failed', () => {
  const zone: Zone = { services: { '_sip._udp.example.com': [[1, 0, 5060, '192.0.2.1'], [2, 0, 5060, '192.0.2.2']] } }

  it('come last for a while, and first again afterwards', async () => {
    const { locate, find, clock } = world(zone)
    expect(await locate('sip:example.com')).toEqual(['UDP 192.0.2.1 5060', 'UDP 192.0.2.2 5060'])
    find.failed?.(target('192.0.2.1'))
    expect(await locate('sip:example.com')).toEqual(['UDP 192.0.2.2 5060', 'UDP 192.0.2.1 5060'])
    clock.advance(10_000)
    expect(await locate('sip:example.com')).toEqual(['UDP 192.0.2.1 5060', 'UDP 192.0.2.2 5060'])
  })

  it('are left alone for as long as Retry-After says', async () => {
    const { locate, find, clock } = world(zone)
    find.failed?.(target('192.0.2.1'), 120_000)
    clock.advance(119_999)
    expect((await locate('sip:example.com'))[0]).toBe('UDP 192.0.2.2 5060')
    clock.advance(1)
    expect((await locate('sip:example.com'))[0]).toBe('UDP 192.0.2.1 5060')
  })
})

describe('steady: one draw for as long as DNS names the same servers', () => {
  const services = { '_sip._udp.example.com': Array.from({ length: 6 }, (_, index): [number, number, number, string] => [1, 10, 5060, `192.0.2.${index + 1}`]) }

  it('gives a telephone the same order each time, and a proxy a new one', async () => {
    for (const steady of [true, false]) {
      const { locate, clock } = world({ services, ttl: 1 }, { steady })
      const orders = new Set<string>()
      for (let time = 0; time < 20; time++) {
        orders.add((await locate('sip:example.com')).join())
        clock.advance(5_000)
      }
      expect(orders.size === 1).toBe(steady)
    }
  })

  it('draws again when there are others', async () => {
    const { locate, zone, clock } = world({ services, ttl: 1 }, { steady: true })
    const first = await locate('sip:example.com')
    zone.services = { '_sip._udp.example.com': [[1, 10, 5060, '192.0.2.99']] }
    clock.advance(2_000)
    expect(await locate('sip:example.com')).not.toEqual(first)
  })

  it('does not follow the rotation of addresses', async () => {
    const { locate, zone, clock } = world({ addresses: { 'example.com': ['192.0.2.1', '192.0.2.2'] }, ttl: 1 }, { steady: true })
    const first = await locate('sip:example.com:5060')
    zone.addresses = { 'example.com': ['192.0.2.2', '192.0.2.1'] }
    clock.advance(2_000)
    expect(await locate('sip:example.com:5060')).toEqual(first)
  })
})

describe('RFC 3263 §7: a domain whose secured services vanish', () => {
  it('is told', async () => {
    const told: string[] = []
    const { locate, zone, clock } = world({ addresses: { 'example.com': ['192.0.2.1'] }, pointers: { 'example.com': [[1, 1, 's', 'SIPS+D2T', '', '_sips._tcp.example.com']] }, ttl: 1 }, { downgraded: (domain) => told.push(domain) })
    await locate('sip:example.com')
    expect(told).toEqual([])
    zone.pointers = { 'example.com': [[1, 1, 's', 'SIP+D2U', '', '_sip._udp.example.com']] }
    clock.advance(2_000)
    await locate('sip:example.com')
    expect(told).toEqual(['example.com'])
  })
})

import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import { parseUri } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { Blocklist, orderServices, withFailover } from '../src/index.js'
import type { Locate, Target } from '../src/index.js'

const target = (host: string, port = 5060): Target => ({ transport: 'TCP', host, port })
const [a, b, c] = [target('192.0.2.1'), target('192.0.2.2'), target('192.0.2.3')]

describe('RFC 3263 §4.3: targets that failed', () => {
  it('are avoided for a time that doubles with each failure in a row, half of it by chance, up to a limit', () => {
    const seed = 11
    const list = new Blocklist({ random: seededRandom(seed), firstPause: 1_000, longestPause: 8_000 })
    let now = 0
    for (const whole of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      list.add(a, now)
      const pause = list.until(a, now) - now
      expect(pause, `seed ${seed}`).toBeGreaterThanOrEqual(whole / 2)
      expect(pause, `seed ${seed}`).toBeLessThanOrEqual(whole)
      now += pause
      expect(list.until(a, now)).toBe(-Infinity)
    }
    // As long again in peace: forgotten.
    now += 8_000
    list.add(a, now)
    expect(list.until(a, now) - now).toBeLessThanOrEqual(1_000)
  })

  it('two phones do not come back at the same time', () => {
    const ends = Array.from({ length: 50 }, (_, seed) => {
      const list = new Blocklist({ random: seededRandom(seed) })
      list.add(a, 0)
      return list.until(a, 0)
    })
    expect(new Set(ends).size).toBeGreaterThan(45)
    expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(3_000)
  })

  it('that fail many requests at once failed once', () => {
    const list = new Blocklist({ random: seededRandom(1), firstPause: 1_000 })
    for (let time = 0; time < 100; time++) list.add(a, 0)
    expect(list.until(a, 0)).toBeLessThanOrEqual(1_000)
  })

  it('are left alone for as long as they ask, within reason (503 with Retry-After)', () => {
    const list = new Blocklist({ random: seededRandom(1) })
    list.add(a, 0, 30_000)
    expect(list.until(a, 0)).toBe(30_000)
    list.add(a, 1_000, 60_000)
    expect(list.until(a, 1_000)).toBe(61_000)
    list.add(a, 2_000, 1_000)
    expect(list.until(a, 2_000)).toBe(61_000)
    list.add(b, 0, 1e15)
    expect(list.until(b, 0)).toBe(3_600_000)
    list.add(c, 0, 0)
    expect(list.until(c, 0)).toBe(-Infinity)
  })

  it('come last, soonest free first, and the others keep their order', () => {
    const list = new Blocklist({ random: seededRandom(1) })
    expect(list.order([a, b, c], 0)).toEqual([a, b, c])
    list.add(a, 0, 9_000)
    expect(list.order([a, b, c], 0)).toEqual([b, c, a])
    list.add(b, 0, 5_000)
    expect(list.order([a, b, c], 0)).toEqual([c, b, a])
    list.add(c, 0, 7_000)
    expect(list.order([a, b, c], 0)).toEqual([b, c, a])
    expect(list.order([a, b, c], 5_000)).toEqual([b, c, a])
    expect(list.order([a, b, c], 9_000)).toEqual([a, b, c])
  })

  it('are told apart by transport, address in any spelling, port, name and path', () => {
    const list = new Blocklist({ random: seededRandom(1) })
    const one: Target = { transport: 'WSS', host: '2001:DB8:0::1', port: 443, serverName: 'Example.com', path: '/a' }
    list.add(one, 0)
    expect(list.until({ ...one, host: '2001:db8::1', serverName: 'example.com' }, 0)).toBeGreaterThan(0)
    for (const other of [{ transport: 'WS' }, { host: '2001:db8::2' }, { port: 444 }, { serverName: 'example.org' }, { path: '/b' }] as const) {
      expect(list.until({ ...one, ...other }, 0)).toBe(-Infinity)
    }
  })

  it('are remembered in a bounded number, the latest', () => {
    const list = new Blocklist({ random: seededRandom(1), maxTargets: 100 })
    for (let index = 0; index < 5_000; index++) list.add(target(`10.0.${index >> 8}.${index & 255}`), 0)
    expect(list.size).toBe(100)
    expect(list.until(target(`10.0.${4999 >> 8}.${4999 & 255}`), 0)).toBeGreaterThan(0)
  })
})

describe('withFailover', () => {
  it('puts what failed behind what did not, for its time, and hands the news on', async () => {
    const clock = new VirtualClock()
    const told: unknown[] = []
    const inner: Locate = Object.assign(() => Promise.resolve([a, b]), { failed: (...news: unknown[]) => told.push(news) })
    const locate = withFailover(inner, { clock, random: seededRandom(1) })
    const uri = parseUri('sip:example.com')
    if (!uri.ok || !('host' in uri.value)) throw new TypeError('no URI')
    locate.failed?.(a, 2_000)
    expect(told).toEqual([[a, 2_000]])
    expect(await locate(uri.value)).toEqual([b, a])
    clock.advance(2_000)
    expect(await locate(uri.value)).toEqual([a, b])
  })
})

describe('RFC 2782: the order of servers', () => {
  const server = (name: string, priority: number, weight: number): { name: string; priority: number; weight: number } => ({ name, priority, weight })

  it.each([1, 2, 3])('follows the weights within a priority, and priorities always (seed %i)', (seed) => {
    const random = seededRandom(seed)
    const servers = [server('low', 20, 65_535), server('ten', 10, 10), server('thirty', 10, 30), server('sixty', 10, 60), server('zero', 10, 0)]
    const draws = 5_000
    const first = new Map<string, number>()
    const second = new Map<string, number>()
    for (let draw = 0; draw < draws; draw++) {
      const ordered = orderServices(servers, random)
      expect(ordered).toHaveLength(5)
      expect(ordered[4]?.name).toBe('low')
      const names = ordered.map(({ name }) => name)
      first.set(names[0] ?? '', (first.get(names[0] ?? '') ?? 0) + 1)
      if (names[0] === 'sixty') second.set(names[1] ?? '', (second.get(names[1] ?? '') ?? 0) + 1)
    }
    // Of the numbers 0 to 100, one is for the weightless, and as many as they weigh for the others. Four standard deviations.
    for (const [name, share] of [['zero', 1 / 101], ['ten', 10 / 101], ['thirty', 30 / 101], ['sixty', 60 / 101]] as const) {
      expect(Math.abs((first.get(name) ?? 0) - draws * share), name).toBeLessThan(4 * Math.sqrt(draws * share * (1 - share)))
    }
    const rest = first.get('sixty') ?? 0
    expect(Math.abs((second.get('thirty') ?? 0) - rest * (30 / 41))).toBeLessThan(4 * Math.sqrt(rest * (30 / 41) * (11 / 41)))
  })

  it('leaves it to chance where nothing weighs anything', () => {
    const random = seededRandom(5)
    const firsts = new Set(Array.from({ length: 200 }, () => orderServices([server('a', 0, 0), server('b', 0, 0), server('c', 0, 0)], random)[0]?.name))
    expect(firsts).toEqual(new Set(['a', 'b', 'c']))
  })

  it('takes none, one, and the greatest weights', () => {
    const random = seededRandom(5)
    expect(orderServices([], random)).toEqual([])
    expect(orderServices([server('a', 65_535, 65_535)], random)).toHaveLength(1)
    expect(orderServices(Array.from({ length: 64 }, (_, index) => server(String(index), 1, 65_535)), random)).toHaveLength(64)
  })
})

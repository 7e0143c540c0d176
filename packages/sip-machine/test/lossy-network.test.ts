import { describe, expect, it } from 'vitest'
import { LossyNetwork, seededRandom, VirtualClock } from '../src/testing/index.js'
import type { LossyNetworkOptions } from '../src/testing/index.js'

/** Sends `count` numbered datagrams, one a millisecond, and returns the numbers that came, with the octets. */
function traffic(options: Partial<LossyNetworkOptions>, count = 10_000, seed = 1): { received: number[]; network: LossyNetwork; at: number[] } {
  const clock = new VirtualClock()
  const network = new LossyNetwork({ clock, random: seededRandom(seed), ...options })
  const received: number[] = []
  const at: number[] = []
  network.attach('b', (bytes, from) => {
    expect(from).toBe('a')
    received.push(new DataView(bytes.buffer).getUint32(0))
    at.push(clock.now())
  })
  const a = network.attach('a', () => expect.unreachable())
  const bytes = new Uint8Array(4)
  for (let index = 0; index < count; index++) {
    new DataView(bytes.buffer).setUint32(0, index)
    a.send(bytes, 'b')
    clock.advance(1)
  }
  clock.run()
  return { received, network, at }
}

const numbers = Array.from({ length: 10_000 }, (_, index) => index)
const near = (value: number, expected: number): boolean => Math.abs(value - expected) < 200

describe('LossyNetwork', () => {
  it('without faults delivers everything once, in order, within the delay range', () => {
    const { received, at, network } = traffic({ delay: [5, 50] })
    expect(received).toEqual(numbers)
    expect(at.every((instant, index) => instant >= index + 5 && instant <= index + 50)).toBe(true)
    expect(network.stats).toMatchObject({ sent: 10_000, delivered: 10_000, lost: 0 })
  })

  it('loses', () => {
    const { received, network } = traffic({ loss: 0.2 })
    expect(near(received.length, 8000)).toBe(true)
    expect(network.stats.lost + received.length).toBe(10_000)
    expect(traffic({ loss: 1 }, 10).received).toEqual([])
  })

  it('duplicates', () => {
    const { received, network } = traffic({ duplicate: 0.1, delay: [0, 10] })
    expect(near(received.length, 11_000)).toBe(true)
    expect(new Set(received).size).toBe(10_000)
    expect(network.stats.duplicated).toBe(received.length - 10_000)
  })

  it('reorders', () => {
    const { received, network } = traffic({ reorder: 0.1, delay: [1, 20] })
    expect(received).not.toEqual(numbers)
    expect([...received].sort((a, b) => a - b)).toEqual(numbers)
    expect(near(network.stats.reordered, 1000)).toBe(true)
  })

  it('corrupts single octets, of its own copies only', () => {
    const { received, network } = traffic({ corrupt: 0.5 })
    const intact = received.filter((value, index) => value === index).length
    expect(intact).toBe(10_000 - network.stats.corrupted)
    expect(near(intact, 5000)).toBe(true)
  })

  it('drops what exceeds the MTU', () => {
    expect(traffic({ mtu: 3 }, 10).network.stats).toMatchObject({ sent: 10, oversized: 10, delivered: 0 })
    expect(traffic({ mtu: 4 }, 10).received).toHaveLength(10)
  })

  it('is the same network for the same seed, another for another', () => {
    const faults = { loss: 0.2, duplicate: 0.1, reorder: 0.1, delay: [1, 100] } as const
    const first = traffic(faults, 1000, 42)
    expect(traffic(faults, 1000, 42)).toMatchObject({ received: first.received, at: first.at })
    expect(traffic(faults, 1000, 43).received).not.toEqual(first.received)
  })

  it('partitions and heals, and knows who is there', () => {
    const clock = new VirtualClock()
    const network = new LossyNetwork({ clock, random: seededRandom(1), delay: [10, 10] })
    const log: string[] = []
    const a = network.attach('a', (_bytes, from) => log.push(`a from ${from}`))
    const b = network.attach('b', (_bytes, from) => log.push(`b from ${from}`))
    expect(() => network.attach('a', () => undefined)).toThrow(expect.objectContaining({ code: 'address-taken' }))
    const exchange = (): void => {
      a.send(Uint8Array.of(1), 'b')
      b.send(Uint8Array.of(1), 'a')
      clock.run()
    }
    exchange()
    network.partition('a', 'b')
    exchange()
    network.heal('b', 'a')
    exchange()
    network.partition('b', 'a')
    network.heal()
    exchange()
    expect(log).toHaveLength(6)
    a.send(Uint8Array.of(1), 'b')
    b.detach()
    b.send(Uint8Array.of(1), 'a')
    clock.run()
    expect(log).toHaveLength(6)
    network.attach('b', () => undefined).detach()
    expect(network.stats).toMatchObject({ sent: 9, delivered: 6, unreachable: 3 })
  })

  it('isolates one address from all others', () => {
    const clock = new VirtualClock()
    const network = new LossyNetwork({ clock, random: seededRandom(1) })
    const log: string[] = []
    const [a, b, c] = ['a', 'b', 'c'].map((name) => network.attach(name, (_bytes, from) => log.push(`${from} > ${name}`)))
    const exchange = (): string[] => {
      log.length = 0
      for (const [port, to] of [[a, 'b'], [b, 'a'], [a, 'c'], [c, 'b']] as const) port?.send(Uint8Array.of(1), to)
      clock.run()
      return log
    }
    network.partition('a')
    expect(exchange()).toEqual(['c > b'])
    network.heal('b')
    network.heal('a', 'b')
    expect(exchange()).toEqual(['c > b'])
    network.heal('a')
    expect(exchange()).toHaveLength(4)
    network.partition('a')
    network.heal()
    expect(exchange()).toHaveLength(4)
  })

  it.each([{ loss: 1.1 }, { reorder: -0.1 }, { duplicate: NaN }, { delay: [5, 1] as const }, { delay: [-1, 1] as const }])('refuses %j', (options) => {
    expect(() => new LossyNetwork({ clock: new VirtualClock(), random: seededRandom(1), ...options })).toThrow(expect.objectContaining({ code: 'not-a-probability' }))
  })
})

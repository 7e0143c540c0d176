import { describe, expect, it } from 'vitest'
import { createHostRandom, hostRandom } from '../src/host/index.js'
import { createToken, MachineError, randomFraction, randomInteger } from '../src/index.js'
import type { RandomSource } from '../src/index.js'
import { seededRandom } from '../src/testing/index.js'

const sources: readonly (readonly [string, () => RandomSource])[] = [['host', createHostRandom], ['seeded', () => seededRandom(7)]]

describe.each(sources)('createToken on the %s source', (_name, create) => {
  it('gives RFC 3261 tokens in lower case that carry the bits asked for', () => {
    const random = create()
    for (const bits of [64, 80, 96, 128, 256]) {
      const token = createToken(random, bits)
      expect(token).toMatch(/^[0-9a-v]+$/)
      expect(token.length * 5).toBeGreaterThanOrEqual(bits)
    }
    expect(createToken(random)).toHaveLength(20)
  })

  it('does not repeat, and uses every character at every place alike', () => {
    const random = create()
    const counts = Array.from({ length: 20 }, () => new Map<string, number>())
    const tokens = new Set<string>()
    for (let round = 0; round < 32_000; round++) {
      const token = createToken(random)
      tokens.add(token)
      counts.forEach((count, place) => count.set(token.charAt(place), (count.get(token.charAt(place)) ?? 0) + 1))
    }
    expect(tokens.size).toBe(32_000)
    for (const count of counts) {
      expect(count.size).toBe(32)
      // 1000 expected each; a fair source leaves 800 to 1200 once in 10^9 runs.
      for (const times of count.values()) expect(Math.abs(times - 1000)).toBeLessThan(200)
    }
  })
})

describe('createToken', () => {
  it.each([63, 0, -1, NaN])('refuses %s bits', (bits) => {
    expect(() => createToken(hostRandom, bits)).toThrow(expect.objectContaining({ code: 'too-few-bits', name: 'MachineError' }))
  })
})

describe('random numbers', () => {
  it('whole numbers stay in their range and reach all of it', () => {
    const random = seededRandom(11)
    const seen = new Map<number, number>()
    for (let round = 0; round < 30_000; round++) {
      const value = randomInteger(random, -1, 2)
      seen.set(value, (seen.get(value) ?? 0) + 1)
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([-1, 0, 1])
    for (const times of seen.values()) expect(Math.abs(times - 10_000)).toBeLessThan(500)
    expect(randomInteger(random, 5, 6)).toBe(5)
    expect(randomInteger(random, 0, 2 ** 32)).toBeLessThan(2 ** 32)
  })

  it('drops draws that would favour small numbers', () => {
    // 2^32 mod 3 is 1, so 0xffffffff has to be drawn again.
    const draws = [0xff, 0x00]
    const random: RandomSource = { fill: (bytes) => bytes.fill(draws.shift() ?? 0x01) }
    expect(randomInteger(random, 0, 3)).toBe(0)
    expect(draws).toEqual([])
  })

  it.each([[0, 0], [3, 2], [0, 2 ** 33], [0.5, 2], [0, NaN], [0, Infinity]])('refuse the range %s to %s', (low, high) => {
    expect(() => randomInteger(hostRandom, low, high)).toThrow(MachineError)
  })

  it('fractions lie from 0 to below 1', () => {
    const random = seededRandom(5)
    let sum = 0
    for (let round = 0; round < 10_000; round++) {
      const value = randomFraction(random)
      expect(value >= 0 && value < 1).toBe(true)
      sum += value
    }
    expect(sum / 10_000).toBeCloseTo(0.5, 1)
    expect(randomFraction({ fill: (bytes) => bytes.fill(0xff) })).toBeLessThan(1)
    expect(randomFraction({ fill: (bytes) => bytes.fill(0) })).toBe(0)
  })
})

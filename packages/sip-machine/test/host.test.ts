import { afterEach, describe, expect, it, vi } from 'vitest'
import { createHostClock, createHostRandom, hostClock, hostRandom } from '../src/host/index.js'

describe('the host clock', () => {
  afterEach(() => void vi.useRealTimers())

  it('wakes at the instant, not before, and not when cancelled', async () => {
    const at = hostClock.now() + 5
    const cancelled: string[] = []
    const cancel = hostClock.schedule(at - 1, () => cancelled.push('woken'))
    cancel()
    cancel()
    const woken = await new Promise<number>((resolve) => hostClock.schedule(at, () => resolve(hostClock.now())))
    expect(woken).toBeGreaterThanOrEqual(at)
    expect(cancelled).toEqual([])
  })

  it('wakes soon, but not at once, for an instant that has passed', async () => {
    let woken = false
    await new Promise<void>((resolve) => {
      hostClock.schedule(hostClock.now() - 1000, () => {
        woken = true
        resolve()
      })
      expect(woken).toBe(false)
    })
    expect(woken).toBe(true)
  })

  it('reaches further than the 2^31 ms of a host timer', () => {
    vi.useFakeTimers()
    const clock = createHostClock()
    const month = 31 * 24 * 3_600_000
    const start = clock.now()
    let woken: number | undefined
    clock.schedule(start + month, () => {
      woken = clock.now()
    })
    vi.advanceTimersByTime(month - 1)
    expect(woken).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(woken).toBe(start + month)
    const cancel = clock.schedule(clock.now() + month, () => expect.unreachable())
    vi.advanceTimersByTime(0x7fff_ffff)
    cancel()
    expect(vi.getTimerCount()).toBe(0)
    clock.schedule(Infinity, () => expect.unreachable())()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets the process end when told so', () => {
    vi.useFakeTimers()
    const cancel = createHostClock({ keepAlive: false }).schedule(1e6, () => undefined)
    expect(vi.getTimerCount()).toBe(1)
    cancel()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the host random source', () => {
  it('fills every octet of any length, never alike', () => {
    const random = createHostRandom()
    for (const length of [0, 1, 20, 4095, 4097, 200_000]) {
      const first = new Uint8Array(length)
      const second = new Uint8Array(length)
      random.fill(first)
      random.fill(second)
      if (length >= 20) {
        expect(first).not.toEqual(second)
        expect(first.subarray(-20).some((octet) => octet !== 0)).toBe(true)
      }
    }
    const seen = new Set<number>()
    const octets = new Uint8Array(10_000)
    hostRandom.fill(octets)
    for (const octet of octets) seen.add(octet)
    expect(seen.size).toBe(256)
  })
})

import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../src/testing/index.js'

describe('VirtualClock', () => {
  it('steps from alarm to alarm: a doubling timer rings at each of its instants', () => {
    const clock = new VirtualClock()
    const rings: number[] = []
    const ring = (interval: number) => (): void => {
      rings.push(clock.now())
      clock.schedule(clock.now() + 2 * interval, ring(2 * interval))
    }
    clock.schedule(500, ring(500))
    clock.advance(32_000)
    expect(rings).toEqual([500, 1500, 3500, 7500, 15_500, 31_500])
    expect(clock.now()).toBe(32_000)
    expect(clock.next).toBe(63_500)
  })

  it('rings alarms of one instant in the order they were set, past ones at once, cancelled ones never', () => {
    const clock = new VirtualClock(1000)
    const log: string[] = []
    clock.schedule(1010, () => log.push('a'))
    clock.schedule(1010, () => log.push('b'))
    const cancel = clock.schedule(1010, () => log.push('never'))
    clock.schedule(1, () => log.push(`past at ${clock.now()}`))
    clock.schedule(Infinity, () => log.push('never'))
    cancel()
    cancel()
    expect(clock.pending).toBe(3)
    clock.run()
    expect(log).toEqual(['past at 1000', 'a', 'b'])
    expect(clock.now()).toBe(1010)
    expect(clock.pending).toBe(0)
  })

  it('refuses what is not time, and to be advanced out of its own alarms', () => {
    const clock = new VirtualClock()
    expect(() => clock.schedule(NaN, () => undefined)).toThrow(expect.objectContaining({ code: 'not-an-instant' }))
    expect(() => clock.advance(-1)).toThrow(expect.objectContaining({ code: 'not-an-instant' }))
    clock.schedule(1, () => clock.advance(1))
    expect(() => clock.run()).toThrow(expect.objectContaining({ code: 're-entered' }))
    clock.advance(1)
    expect(clock.now()).toBe(2)
  })

  it('settles promises between alarms', async () => {
    const clock = new VirtualClock()
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.schedule(clock.now() + ms, resolve))
    const log: number[] = []
    const work = (async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(10)
        log.push(clock.now())
      }
      return 'done'
    })()
    await clock.advanceAsync(25)
    expect(log).toEqual([10, 20])
    expect(await clock.runUntil(work)).toBe('done')
    expect(clock.now()).toBe(30)
  })

  it('says when a promise waits for nothing, or too long, and hands on a rejection', async () => {
    const clock = new VirtualClock()
    await expect(clock.runUntil(new Promise(() => undefined))).rejects.toMatchObject({ code: 'never-idle' })
    clock.schedule(5000, () => undefined)
    await expect(clock.runUntil(new Promise(() => undefined), 1000)).rejects.toMatchObject({ code: 'never-idle' })
    await expect(clock.runUntil(Promise.reject(new RangeError('no')))).rejects.toThrow('no')
  })
})

import { describe, expect, it } from 'vitest'
import { RunQueue } from '../src/index.js'

describe('RunQueue', () => {
  it('runs a task at once, and those handed in meanwhile behind it, in order', () => {
    const queue = new RunQueue()
    const log: string[] = []
    queue.run(() => {
      queue.run(() => {
        log.push('b')
        queue.run(() => log.push('d'))
      })
      queue.run(() => log.push('c'))
      log.push('a')
      expect(queue.running).toBe(true)
    })
    expect(log).toEqual(['a', 'b', 'c', 'd'])
    expect(queue.running).toBe(false)
  })

  it('runs what stands behind a task that throws, then throws', () => {
    const queue = new RunQueue()
    const log: string[] = []
    const broken = new RangeError('broken')
    expect(() => queue.run(() => {
      queue.run(() => log.push('next'))
      throw broken
    })).toThrow(broken)
    expect(log).toEqual(['next'])
    expect(() => queue.run(() => {
      queue.run(() => { throw new RangeError('second') })
      throw broken
    })).toThrow(AggregateError)
    queue.run(() => log.push('still works'))
    expect(log).toEqual(['next', 'still works'])
  })
})

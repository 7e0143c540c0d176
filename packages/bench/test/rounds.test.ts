import { expect, it } from 'vitest'
import type { Contender } from '../src/contender.ts'
import { measure, median, ratio } from '../src/rounds.ts'

/** Takes so many µs an operation. */
function contender(system: string, micros: number, log: string[]): Contender {
  return {
    system,
    run: (count) => {
      log.push(`${system} ${count}`)
      return Promise.resolve(count * micros)
    },
    stop: () => log.push(`${system} stops`),
  }
}

it('lets the systems take turns, each with as many operations as fill a share', async () => {
  const log: string[] = []
  const [one, other] = await measure([contender('one', 10, log), contender('other', 20, log)], { rounds: 2, share: 1, warmUp: 5 })
  expect(log.slice(-6)).toEqual(['one 100', 'other 50', 'one 100', 'other 50', 'one stops', 'other stops'])
  expect([one?.micros, other?.micros]).toEqual([10, 20])
  expect(one !== undefined && other !== undefined ? ratio(one, other) : undefined).toBe(2)
})

it('stops every system when one fails', async () => {
  const log: string[] = []
  const broken: Contender = { ...contender('broken', 1, log), run: () => Promise.reject(new RangeError('broken')) }
  await expect(measure([contender('one', 1000, log), broken])).rejects.toThrow('broken')
  expect(log.slice(-2)).toEqual(['one stops', 'broken stops'])
})

it('takes the mean of the two in the middle for an even number of values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

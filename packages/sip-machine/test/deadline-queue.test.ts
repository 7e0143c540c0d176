import { describe, expect, it } from 'vitest'
import { DeadlineQueue, placesInItems, randomInteger } from '../src/index.js'
import type { Placed as Item } from '../src/index.js'
import { seededRandom } from '../src/testing/index.js'

describe('DeadlineQueue', () => {
  it('gives items by deadline, and those of one deadline as they were scheduled', () => {
    const queue = new DeadlineQueue<string>()
    expect(queue.next).toBe(Infinity)
    queue.schedule('late', 20)
    queue.schedule('first', 10)
    queue.schedule('second', 10)
    queue.schedule('never', Infinity)
    expect(queue.size).toBe(3)
    expect(queue.takeDue(9)).toBeUndefined()
    expect([queue.takeDue(15), queue.takeDue(15), queue.takeDue(15)]).toEqual(['first', 'second', undefined])
    expect(queue.next).toBe(20)
    queue.schedule('late', 5)
    expect(queue.next).toBe(5)
    queue.schedule('late', Infinity)
    queue.remove('late')
    expect(queue.size).toBe(0)
    expect(queue.next).toBe(Infinity)
  })

  it.each([
    ['in a Map', () => new DeadlineQueue<Item>()],
    ['in the items', () => new DeadlineQueue<Item>(placesInItems())],
  ])('behaves as a sorted list does, whatever is added, moved and removed: places %s', (_title, create) => {
    const seed = 20_260_802
    const random = seededRandom(seed)
    const queue = create()
    const items = Array.from({ length: 400 }, (): Item => ({ deadlinePlace: undefined }))
    const model = new Map<Item, { at: number; order: number }>()
    let order = 0
    for (let step = 0; step < 20_000; step++) {
      const item = items[randomInteger(random, 0, 400)] ?? expect.unreachable()
      const at = randomInteger(random, 0, 1000)
      const choice = randomInteger(random, 0, 10)
      if (choice < 6) {
        queue.schedule(item, at)
        if (model.get(item)?.at !== at) model.set(item, { at, order: order++ })
      } else if (choice < 8) {
        queue.remove(item)
        model.delete(item)
      } else {
        const [first] = [...model].sort(([, a], [, b]) => a.at - b.at || a.order - b.order)
        const due = first !== undefined && first[1].at <= at ? first[0] : undefined
        expect(queue.next, `seed ${seed}, step ${step}`).toBe(first?.[1].at ?? Infinity)
        expect(queue.takeDue(at), `seed ${seed}, step ${step}`).toBe(due)
        if (due !== undefined) model.delete(due)
      }
      expect(queue.size).toBe(model.size)
    }
  })

  it('holds a hundred thousand items without slowing down by their number', () => {
    const random = seededRandom(3)
    const comparisonsPerStep = (size: number): number => {
      const queue = new DeadlineQueue<object>()
      let read = 0
      const items = Array.from({ length: size }, () => ({}))
      for (const item of items) queue.schedule(item, randomInteger(random, 0, 1_000_000))
      // Deadlines are read through valueOf, so that comparisons count themselves.
      const counted = (at: number): number => ({ valueOf: () => (read++, at) }) as unknown as number
      for (const item of items.slice(0, 200)) queue.schedule(item, counted(randomInteger(random, 0, 1_000_000)))
      return read / 200
    }
    expect(comparisonsPerStep(100_000)).toBeLessThan(4 * comparisonsPerStep(100) + 60)
  })
})

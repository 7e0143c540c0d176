import type { Instant } from './machine.js'

interface Entry<T> {
  readonly item: T
  at: Instant
  /** Breaks ties: what was scheduled first comes first. */
  order: number
  index: number
}

/** Children of a heap node: four make the heap flat, and a deadline far ahead is put in place with few comparisons. */
const FAN_OUT = 4

/**
 * The deadlines of many machines under one alarm: a heap that knows where each item stands.
 *
 * Adding, moving and removing cost O(log n); the earliest deadline costs O(1). Items compare by identity, as in a `Map`.
 */
export class DeadlineQueue<T> {
  readonly #entries = new Map<T, Entry<T>>()
  readonly #heap: Entry<T>[] = []
  #scheduled = 0

  /** How many items wait. */
  get size(): number {
    return this.#heap.length
  }

  /** The earliest deadline; `Infinity` when nothing waits. */
  get next(): Instant {
    return this.#heap[0]?.at ?? Infinity
  }

  /** Puts the item at `at`, wherever it stood before; `Infinity` removes it. */
  schedule(item: T, at: Instant): void {
    if (at === Infinity) return this.remove(item)
    let entry = this.#entries.get(item)
    if (entry?.at === at) return
    if (entry === undefined) this.#entries.set(item, (entry = { item, at, order: 0, index: this.#heap.length }))
    entry.at = at
    entry.order = this.#scheduled++
    this.#place(entry, entry.index)
  }

  /** Takes the item out; harmless when it does not wait. */
  remove(item: T): void {
    const entry = this.#entries.get(item)
    if (entry === undefined) return
    this.#entries.delete(item)
    const last = this.#heap.pop()
    if (last !== undefined && last !== entry) this.#place(last, entry.index)
  }

  /** Removes and returns the item with the earliest deadline if that is due at `now`. */
  takeDue(now: Instant): T | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.at > now) return undefined
    this.remove(first.item)
    return first.item
  }

  /** Puts the entry into the free node `index`, or above or below it, where its deadline belongs. */
  #place(entry: Entry<T>, index: number): void {
    let free = index
    while (free > 0) {
      const above = (free - 1) >> 2
      const parent = this.#heap[above]
      if (parent === undefined || !isBefore(entry, parent)) break
      this.#put(parent, free)
      free = above
    }
    for (;;) {
      let least = entry
      for (let child = FAN_OUT * free + 1; child <= FAN_OUT * (free + 1); child++) {
        const candidate = this.#heap[child]
        if (candidate !== undefined && isBefore(candidate, least)) least = candidate
      }
      if (least === entry) break
      const below = least.index
      this.#put(least, free)
      free = below
    }
    this.#put(entry, free)
  }

  #put(entry: Entry<T>, index: number): void {
    this.#heap[index] = entry
    entry.index = index
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return (a.at - b.at || a.order - b.order) < 0
}

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
    const entry = this.#entries.get(item)
    if (at === Infinity) {
      if (entry !== undefined) this.#delete(entry)
    } else if (entry === undefined) {
      const added: Entry<T> = { item, at, order: this.#scheduled++, index: this.#heap.length }
      this.#entries.set(item, added)
      this.#heap.push(added)
      this.#rise(added)
    } else if (entry.at !== at) {
      const earlier = at < entry.at
      entry.at = at
      entry.order = this.#scheduled++
      if (earlier) this.#rise(entry)
      else this.#sink(entry)
    }
  }

  /** Takes the item out; harmless when it does not wait. */
  remove(item: T): void {
    const entry = this.#entries.get(item)
    if (entry !== undefined) this.#delete(entry)
  }

  /** Removes and returns the item with the earliest deadline if that is due at `now`. */
  takeDue(now: Instant): T | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.at > now) return undefined
    this.#delete(first)
    return first.item
  }

  #delete(entry: Entry<T>): void {
    this.#entries.delete(entry.item)
    const last = this.#heap.pop()
    if (last === undefined || last === entry) return
    last.index = entry.index
    this.#heap[last.index] = last
    this.#rise(last)
    this.#sink(last)
  }

  #rise(entry: Entry<T>): void {
    const heap = this.#heap
    let index = entry.index
    while (index > 0) {
      const parentIndex = (index - 1) >> 2
      const parent = heap[parentIndex]
      if (parent === undefined || !isBefore(entry, parent)) break
      heap[index] = parent
      parent.index = index
      index = parentIndex
    }
    heap[index] = entry
    entry.index = index
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap
    let index = entry.index
    for (;;) {
      const first = index * FAN_OUT + 1
      let least = entry
      for (let child = first; child < first + FAN_OUT; child++) {
        const candidate = heap[child]
        if (candidate === undefined) break
        if (isBefore(candidate, least)) least = candidate
      }
      if (least === entry) break
      const freed = least.index
      heap[index] = least
      least.index = index
      index = freed
    }
    heap[index] = entry
    entry.index = index
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

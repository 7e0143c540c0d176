import type { Instant } from './machine.js'

/** Where an item stands in a {@link DeadlineQueue}, which alone reads it. */
export interface DeadlinePlace {
  at: Instant
  /** Breaks ties: what was scheduled first comes first. */
  order: number
  index: number
}

interface Entry<T> extends DeadlinePlace {
  readonly item: T
}

/** Where a {@link DeadlineQueue} keeps the places of its items. A `Map` is one. */
export interface DeadlinePlaces<T> {
  readonly get: (item: T) => DeadlinePlace | undefined
  readonly set: (item: T, place: DeadlinePlace) => unknown
  readonly delete: (item: T) => unknown
}

/** An item that stands in one queue at most and knows its place there, so that nothing has to be looked up. */
export interface Placed {
  deadlinePlace: DeadlinePlace | undefined
}

/** The places of items that know them. */
export function placesInItems<T extends Placed>(): DeadlinePlaces<T> {
  return {
    get: (item) => item.deadlinePlace,
    set: (item, place) => (item.deadlinePlace = place),
    delete: (item) => (item.deadlinePlace = undefined),
  }
}

/** Children of a heap node: four make the heap flat, and a deadline far ahead is put in place with few comparisons. */
const FAN_OUT = 4

/**
 * The deadlines of many machines under one alarm: a heap that knows where each item stands.
 *
 * Adding, moving and removing cost O(log n); the earliest deadline costs O(1). Items compare by identity, as in a `Map`.
 */
export class DeadlineQueue<T> {
  readonly #places: DeadlinePlaces<T>
  readonly #heap: Entry<T>[] = []
  #scheduled = 0

  constructor(places: DeadlinePlaces<T> = new Map()) {
    this.#places = places
  }

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
    let entry = this.#entryOf(item)
    if (entry?.at === at) return
    if (entry === undefined) {
      entry = { item, at, order: 0, index: this.#heap.length }
      this.#places.set(item, entry)
    }
    entry.at = at
    entry.order = this.#scheduled++
    this.#place(entry, entry.index)
  }

  /** Takes the item out; harmless when it does not wait. */
  remove(item: T): void {
    const entry = this.#entryOf(item)
    if (entry === undefined) return
    this.#places.delete(item)
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

  #entryOf(item: T): Entry<T> | undefined {
    return this.#places.get(item) as Entry<T> | undefined
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

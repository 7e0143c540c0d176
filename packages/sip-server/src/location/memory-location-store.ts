import type { Binding } from './binding.js'
import type { LocationStore } from './location-store.js'

/** Bindings in this process's memory, bounded. The longest offline address is forgotten first. */
export class MemoryLocationStore implements LocationStore {
  readonly #bindings = new Map<string, readonly Binding[]>()
  readonly #offline = new Set<string>()
  readonly #maxAddresses: number

  /** @param options.maxAddresses how many addresses-of-record are kept, 100,000 when absent */
  constructor(options: { readonly maxAddresses?: number } = {}) {
    this.#maxAddresses = options.maxAddresses ?? 100_000
  }

  /** How many addresses-of-record are kept, offline ones included. */
  get size(): number {
    return this.#bindings.size + this.#offline.size
  }

  bindings(addressOfRecord: string): readonly Binding[] {
    return this.#bindings.get(addressOfRecord) ?? []
  }

  knows(addressOfRecord: string): boolean {
    return this.#bindings.has(addressOfRecord) || this.#offline.has(addressOfRecord)
  }

  update(addressOfRecord: string, change: (current: readonly Binding[]) => readonly Binding[] | undefined): boolean {
    const next = change(this.bindings(addressOfRecord))
    if (next === undefined) return true
    if (next.length > 0 && !this.knows(addressOfRecord) && !this.#makeRoom()) return false
    if (next.length > 0) {
      this.#bindings.set(addressOfRecord, next)
      this.#offline.delete(addressOfRecord)
    } else if (this.#bindings.delete(addressOfRecord)) {
      this.#offline.add(addressOfRecord)
    }
    return true
  }

  #makeRoom(): boolean {
    if (this.size < this.#maxAddresses) return true
    const oldest = this.#offline.values().next()
    return oldest.done !== true && this.#offline.delete(oldest.value)
  }
}

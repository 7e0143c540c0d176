/** Typed listeners of named events. */
export class Listeners<Events extends { [Name in keyof Events]: readonly unknown[] }> {
  readonly #byName = new Map<keyof Events, Set<(...values: never) => void>>()

  /** Adds a listener; the function returned takes it away again. */
  on<Name extends keyof Events>(name: Name, listener: (...values: Events[Name]) => void): () => void {
    const added = (...values: Events[Name]): void => listener(...values)
    const set = this.#byName.get(name) ?? new Set()
    this.#byName.set(name, set.add(added))
    return () => {
      set.delete(added)
      if (set.size === 0 && this.#byName.get(name) === set) this.#byName.delete(name)
    }
  }

  has(name: keyof Events): boolean {
    return this.#byName.has(name)
  }

  /** Calls every listener. What one throws is reported by the host as unhandled and disturbs nobody else. */
  emit<Name extends keyof Events>(name: Name, ...values: Events[Name]): void {
    const set = this.#byName.get(name)
    if (set === undefined) return
    for (const listener of [...set]) {
      try {
        (listener as (...values: Events[Name]) => void)(...values)
      } catch (error) {
        void Promise.reject(error instanceof Error ? error : new AggregateError([error], 'A listener threw.'))
      }
    }
  }

  clear(): void {
    this.#byName.clear()
  }
}

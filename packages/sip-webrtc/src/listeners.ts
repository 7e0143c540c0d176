/** Who listens to what. `Events` names the events and what their listeners get. */
export class Listeners<Events extends { readonly [Name in keyof Events]: readonly unknown[] }> {
  readonly #listeners = new Set<{ readonly name: keyof Events; readonly listener: (...values: never) => void }>()

  /** Listens; the function returned stops that. */
  on<Name extends keyof Events>(name: Name, listener: (...values: Events[Name]) => void): () => void {
    const entry = { name, listener }
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  emit<Name extends keyof Events>(name: Name, ...values: Events[Name]): void {
    for (const entry of [...this.#listeners]) if (entry.name === name) (entry.listener as (...values: Events[Name]) => void)(...values)
  }

  clear(): void {
    this.#listeners.clear()
  }
}

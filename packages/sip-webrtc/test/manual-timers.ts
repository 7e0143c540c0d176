import type { Timers } from '../src/platform.js'

/** Time that stands still until it is moved. */
export class ManualTimers implements Timers {
  #now = 0
  readonly #due = new Set<{ readonly at: number; readonly listener: () => void }>()

  now(): number {
    return this.#now
  }

  after(delay: number, listener: () => void): () => void {
    const entry = { at: this.#now + delay, listener }
    this.#due.add(entry)
    return () => this.#due.delete(entry)
  }

  /** Timers not yet fired or taken back. */
  get waiting(): number {
    return this.#due.size
  }

  async advance(to: number): Promise<void> {
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#due.delete(next)
      this.#now = next.at
      next.listener()
      await settled()
    }
    this.#now = to
    await settled()
  }
}

/** Promises that are due have had their turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

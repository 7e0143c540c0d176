/** What was known last, by key, and no more of it than a limit: the oldest goes first. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): Value | undefined {
    return this.#values.get(key)
  }

  /** Sets a value, which is then the newest. */
  set(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size <= this.#limit) return
    const [oldest] = this.#values.keys()
    if (oldest !== undefined) this.#values.delete(oldest)
  }

  /** Forgets a value. @returns what it was */
  take(key: string): Value | undefined {
    const value = this.#values.get(key)
    this.#values.delete(key)
    return value
  }
}

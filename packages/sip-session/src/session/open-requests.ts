import type { OpenRequest } from './usage-types.js'

/** The peer's requests that wait for an answer. Most of the time there is none, and nothing is kept. */
export class OpenRequests {
  #requests: readonly OpenRequest[] = []

  get size(): number {
    return this.#requests.length
  }

  has(method: string): boolean {
    return this.#requests.some(({ request }) => request.method === method)
  }

  find(key: string): OpenRequest | undefined {
    return this.#requests.find((open) => open.key === key)
  }

  add(open: OpenRequest): void {
    this.#requests = [...this.#requests, open]
  }

  close(open: OpenRequest): void {
    this.#requests = this.#requests.filter((other) => other !== open)
  }

  /** Forgets all but those of one method. @returns what is forgotten */
  keep(method: string): readonly OpenRequest[] {
    const all = this.#requests
    this.#requests = all.filter(({ request }) => request.method === method)
    return all.filter(({ request }) => request.method !== method)
  }
}

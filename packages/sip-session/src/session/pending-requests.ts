/** A request that waits for its final response; `key` names its transaction. */
export interface PendingRequest {
  readonly key: string
  readonly method: string
}

const NONE: readonly never[] = []

/** The requests of one side that wait for their final response. Most of the time there is none, and nothing is kept. */
export class PendingRequests<Request extends PendingRequest> {
  #requests: readonly Request[] = NONE

  get size(): number {
    return this.#requests.length
  }

  has(method: string): boolean {
    return this.ofMethod(method) !== undefined
  }

  /** The oldest of a method. */
  ofMethod(method: string): Request | undefined {
    return this.#requests.find((request) => request.method === method)
  }

  find(key: string): Request | undefined {
    return this.#requests.find((request) => request.key === key)
  }

  add(request: Request): void {
    this.#requests = [...this.#requests, request]
  }

  /** Forgets one. @returns what it was */
  take(key: string): Request | undefined {
    const taken = this.find(key)
    if (taken !== undefined) this.#requests = this.size > 1 ? this.#requests.filter((request) => request !== taken) : NONE
    return taken
  }

  /** Forgets all but those of one method. @returns what is forgotten */
  keep(method: string): readonly Request[] {
    const all = this.#requests
    if (all.length === 0) return NONE
    this.#requests = all.filter((request) => request.method === method)
    return all.filter((request) => request.method !== method)
  }
}

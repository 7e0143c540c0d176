import type { Clock, Instant } from '@offhook/sip-machine'
import type { Endpoint, TransportName } from '../adapter.js'
import { endpointText } from '../host.js'
import { TransportError } from '../transport-error.js'

/** Lowest port given out where 0 was asked for (RFC 6335 §6). */
const FIRST_EPHEMERAL_PORT = 49_152

/** What is bound to addresses, and the order in which things happen: first in, first out, never within the call that caused them. */
export class MemoryFabric<Bound> {
  readonly #clock: Clock | undefined
  readonly #latency: number
  readonly #bound = new Map<string, Bound>()
  readonly #tasks: { readonly at: Instant; readonly run: () => void }[] = []
  #lastPort = FIRST_EPHEMERAL_PORT - 1

  /** @param latency In milliseconds of `clock`; without a clock things happen in the next microtask. */
  constructor(clock: Clock | undefined, latency: number) {
    this.#clock = clock
    this.#latency = latency
  }

  /**
   * Binds to an address of `host`; port 0 takes a free one.
   *
   * @throws {TransportError} `address-in-use`, or `bad-address` when it is not an address of `host`.
   */
  bind(transport: TransportName, host: string, at: Endpoint, bound: (local: Endpoint) => Bound): Bound {
    if (!isWildcard(at.host) && at.host !== host) throw new TransportError('bad-address', `${at.host} is not an address of ${host}.`)
    const local = { host, port: at.port === 0 ? this.freePort(transport, host) : at.port }
    const key = `${transport} ${endpointText(local)}`
    if (this.#bound.has(key)) throw new TransportError('address-in-use', `${endpointText(local)} is in use.`)
    const value = bound(local)
    this.#bound.set(key, value)
    return value
  }

  find(transport: TransportName, at: Endpoint): Bound | undefined {
    return this.#bound.get(`${transport} ${endpointText(at)}`)
  }

  release(transport: TransportName, local: Endpoint): void {
    this.#bound.delete(`${transport} ${endpointText(local)}`)
  }

  freePort(transport: TransportName, host: string): number {
    do {
      this.#lastPort = this.#lastPort >= 65_535 ? FIRST_EPHEMERAL_PORT : this.#lastPort + 1
    } while (this.find(transport, { host, port: this.#lastPort }) !== undefined)
    return this.#lastPort
  }

  /** Runs the task after everything that was handed in before it. */
  later(run: () => void): void {
    this.#tasks.push({ at: (this.#clock?.now() ?? 0) + this.#latency, run })
    if (this.#tasks.length === 1) this.#arm()
  }

  #arm(): void {
    const first = this.#tasks[0]
    if (first === undefined) return
    if (this.#clock === undefined) void Promise.resolve().then(() => this.#drain())
    else this.#clock.schedule(first.at, () => this.#drain())
  }

  #drain(): void {
    const now = this.#clock?.now() ?? 0
    let done = 0
    try {
      for (let task = this.#tasks[0]; task !== undefined && task.at <= now; task = this.#tasks[done]) {
        done++
        task.run()
      }
    } finally {
      this.#tasks.splice(0, done)
      this.#arm()
    }
  }
}

function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::'
}

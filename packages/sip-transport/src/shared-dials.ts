import type { Flow } from './adapter.js'
import { TransportError } from './transport-error.js'

interface Dial {
  readonly controller: AbortController
  readonly result: Promise<Flow>
  waiting: number
}

/** One dial at a time to each target: those who ask while it is under way share it. It is given up when all of them have. */
export class SharedDials {
  readonly #dials = new Map<string, Dial>()

  /** Joins the dial under way for `key`, or starts it. Rejects with `aborted` as soon as `signal` says so. */
  join(key: string, start: (signal: AbortSignal) => Promise<Flow>, signal?: AbortSignal): Promise<Flow> {
    if (signal?.aborted === true) return Promise.reject(aborted(signal))
    const dial = this.#dials.get(key) ?? this.#start(key, start)
    dial.waiting++
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        if (signal === undefined) return
        reject(aborted(signal))
        dial.waiting--
        if (dial.waiting > 0) return
        this.#forget(key, dial)
        dial.controller.abort()
      }
      const done = (): void => signal?.removeEventListener('abort', giveUp)
      signal?.addEventListener('abort', giveUp, { once: true })
      dial.result.then(
        (flow) => { done(); resolve(flow) },
        (error: unknown) => { done(); reject(asTransportError(error)) },
      )
    })
  }

  /** Gives up every dial. */
  abort(): void {
    for (const [key, dial] of [...this.#dials]) {
      this.#forget(key, dial)
      dial.controller.abort()
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Flow>): Dial {
    const controller = new AbortController()
    const dial: Dial = { controller, result: start(controller.signal), waiting: 0 }
    this.#dials.set(key, dial)
    const forget = (): void => this.#forget(key, dial)
    dial.result.then(forget, forget)
    return dial
  }

  #forget(key: string, dial: Dial): void {
    if (this.#dials.get(key) === dial) this.#dials.delete(key)
  }
}

function aborted(signal: AbortSignal): TransportError {
  return new TransportError('aborted', 'The connection attempt was given up.', signal.reason)
}

function asTransportError(error: unknown): TransportError {
  return error instanceof TransportError ? error : new TransportError('unreachable', 'The connection attempt failed.', error)
}

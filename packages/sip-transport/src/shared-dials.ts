import type { Flow } from './adapter.js'
import { TransportError, asTransportError } from './transport-error.js'

interface Dial {
  readonly controller: AbortController
  readonly flow: Promise<Flow>
  waiting: number
}

/** One dial at a time to each target: those who ask while it is under way share it. It is given up when all of them have. */
export class SharedDials {
  readonly #dials = new Map<string, Dial>()

  /** Joins the dial under way for `key`, or starts it. Rejects with `aborted` as soon as `signal` says so. */
  join(key: string, start: (signal: AbortSignal) => Promise<Flow>, signal?: AbortSignal): Promise<Flow> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => reject(new TransportError('aborted', 'The dial was given up.', signal?.reason))
      if (signal?.aborted === true) return aborted()
      const dial = this.#dials.get(key) ?? this.#start(key, start)
      const giveUp = (): void => {
        aborted()
        if (--dial.waiting > 0) return
        this.#forget(key, dial)
        dial.controller.abort()
      }
      dial.waiting++
      signal?.addEventListener('abort', giveUp, { once: true })
      const failed = (reason: unknown): void => reject(asTransportError(reason))
      void dial.flow.then(resolve, failed).then(() => signal?.removeEventListener('abort', giveUp))
    })
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Flow>): Dial {
    const controller = new AbortController()
    const dial: Dial = { controller, flow: start(controller.signal), waiting: 0 }
    const forget = (): void => this.#forget(key, dial)
    this.#dials.set(key, dial)
    dial.flow.then(forget, forget)
    return dial
  }

  #forget(key: string, dial: Dial): void {
    if (this.#dials.get(key) === dial) this.#dials.delete(key)
  }
}

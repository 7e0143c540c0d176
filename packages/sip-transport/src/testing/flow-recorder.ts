import type { Flow, FlowReceiver } from '../adapter.js'
import type { TransportError } from '../transport-error.js'

/** What a flow went through, as its receiver was told. */
export interface FlowLog {
  readonly flow: Flow
  opened: number
  closed: number
  error: TransportError | undefined
  readonly received: Uint8Array[]
  /** `opened`, `received`, `closed`, in order. */
  readonly order: string[]
}

/** A receiver that writes everything down and lets a test wait for what it wants to see. */
export class FlowRecorder implements FlowReceiver {
  /** One for each flow that was heard of, in the order of their first event. */
  readonly logs: FlowLog[] = []
  readonly #waiting = new Set<() => void>()

  opened(flow: Flow): void {
    const log = this.of(flow)
    log.opened++
    log.order.push('opened')
    this.#changed()
  }

  received(flow: Flow, bytes: Uint8Array): void {
    const log = this.of(flow)
    const copy = new Uint8Array(bytes.length)
    copy.set(bytes)
    log.received.push(copy)
    log.order.push('received')
    this.#changed()
  }

  closed(flow: Flow, error?: TransportError): void {
    const log = this.of(flow)
    log.closed++
    log.error ??= error
    log.order.push('closed')
    this.#changed()
  }

  /** The log of a flow, empty when nothing was heard of it. */
  of(flow: Flow): FlowLog {
    let log = this.logs.find((candidate) => candidate.flow === flow)
    if (log === undefined) {
      log = { flow, opened: 0, closed: 0, error: undefined, received: [], order: [] }
      this.logs.push(log)
    }
    return log
  }

  /** All that came on a flow, as UTF-8. */
  text(flow: Flow): string {
    return this.of(flow).received.map((bytes) => new TextDecoder().decode(bytes)).join('')
  }

  /** Waits until `seen` gives something, looked at whenever something happens. */
  until<Value>(seen: () => Value | undefined | false): Promise<Value> {
    return new Promise((resolve) => {
      const look = (): void => {
        const value = seen()
        if (value === undefined || value === false) return
        this.#waiting.delete(look)
        resolve(value)
      }
      this.#waiting.add(look)
      look()
    })
  }

  #changed(): void {
    for (const look of [...this.#waiting]) look()
  }
}

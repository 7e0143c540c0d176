import type { Flow, FlowReceiver, TransportError } from '@offhook/sip-transport'

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
export class Recorder implements FlowReceiver {
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
    log.received.push(bytes.slice())
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

  of(flow: Flow): FlowLog {
    let log = this.logs.find((candidate) => candidate.flow === flow)
    if (log === undefined) {
      log = { flow, opened: 0, closed: 0, error: undefined, received: [], order: [] }
      this.logs.push(log)
    }
    return log
  }

  text(flow: Flow): string {
    return this.of(flow).received.map((bytes) => new TextDecoder().decode(bytes)).join('')
  }

  /** Waits until `seen` gives something. */
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

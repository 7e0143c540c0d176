import { endpointText } from '@offhook/sip-transport'
import type { Endpoint, Flow, FlowReceiver, Listener, TransportError } from '@offhook/sip-transport'
import { isIP } from 'node:net'
import { isWildcard, sentByOf } from './addresses.js'
import type { ConnectionCap } from './connection-cap.js'

/** The connections and listeners of one adapter: tells the layer of each opening once and of each closing once. */
export class FlowSet {
  readonly #receiver: FlowReceiver
  readonly #flows = new Set<Flow>()
  readonly #listeners = new Set<Listener>()

  constructor(receiver: FlowReceiver) {
    this.#receiver = receiver
  }

  opened(flow: Flow): void {
    this.#flows.add(flow)
    this.#receiver.opened(flow)
  }

  received(flow: Flow, bytes: Uint8Array): void {
    if (this.#flows.has(flow)) this.#receiver.received(flow, bytes)
  }

  closed(flow: Flow, error?: TransportError): void {
    if (this.#flows.delete(flow)) this.#receiver.closed(flow, error)
  }

  /** Keeps a listener until it is closed. */
  listening(transport: Listener['transport'], local: Endpoint, close: () => Promise<void>): Listener {
    const listener: Listener = {
      transport,
      local,
      close: async () => {
        if (this.#listeners.delete(listener)) await close()
      },
    }
    this.#listeners.add(listener)
    return listener
  }

  /** What a connection of ours from `local` puts into its Via: a listener that is reached there, else its own address. */
  sentBy(local: Endpoint): string {
    for (const { local: at } of this.#listeners) {
      const sameAddress = isWildcard(at.host) ? isIP(at.host) === isIP(local.host) : at.host === local.host
      if (sameAddress) return sentByOf(at, local.host)
    }
    return endpointText(local)
  }

  /** Ends every listener; connections go on. */
  async stopAccepting(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()))
  }

  /** Ends every listener and every connection, and at once those that `cap` let in and that never stood. */
  async close(cap: ConnectionCap): Promise<void> {
    const closing = this.stopAccepting()
    cap.destroyHandshakes()
    for (const flow of [...this.#flows]) flow.close()
    await closing
  }
}

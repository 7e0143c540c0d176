import { StreamFramer } from '@offhook/sip-parser'
import type { Adapter, Endpoint, Flow, FlowReceiver, Listener, ResponseRouting, Target, TransportName } from '../adapter.js'
import { endpointText } from '../host.js'
import { connectionResponseRouting } from '../response-routing.js'
import { TransportError } from '../transport-error.js'
import { attempt } from './attempt.js'
import type { MemoryFabric } from './memory-fabric.js'

/** Takes a connection and returns the accepting end. */
export type Accept = (dialled: MemoryFlow) => MemoryFlow

interface Ends {
  readonly transport: TransportName
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly sentBy: string
  readonly direction: 'inbound' | 'outbound'
}

/** One end of a connection within the process. */
export class MemoryFlow implements Flow {
  readonly reliable = true
  readonly transport: TransportName
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly sentBy: string
  readonly direction: 'inbound' | 'outbound'
  peer: MemoryFlow | undefined
  readonly #adapter: MemoryConnectionAdapter
  #open = true

  constructor(adapter: MemoryConnectionAdapter, ends: Ends) {
    this.#adapter = adapter
    this.transport = ends.transport
    this.local = ends.local
    this.remote = ends.remote
    this.sentBy = ends.sentBy
    this.direction = ends.direction
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#adapter.fabric.later(() => this.peer?.arrive(bytes))
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#adapter.fabric.later(() => {
      this.#adapter.ended(this)
      this.peer?.close()
    })
  }

  arrive(bytes: Uint8Array): void {
    if (this.#open) this.#adapter.receiver.received(this, bytes)
  }
}

/** TCP, TLS, WS and WSS within one process: every frame or write arrives whole and in order. */
export class MemoryConnectionAdapter implements Adapter {
  readonly transport: TransportName
  readonly framing: Adapter['framing']
  readonly responseRouting: ResponseRouting = connectionResponseRouting
  readonly fabric: MemoryFabric<Accept>
  readonly receiver: FlowReceiver
  readonly #host: string
  readonly #listeners = new Set<Listener>()
  readonly #flows = new Set<MemoryFlow>()

  constructor(fabric: MemoryFabric<Accept>, receiver: FlowReceiver, transport: TransportName, host: string) {
    this.fabric = fabric
    this.receiver = receiver
    this.transport = transport
    this.framing = transport === 'WS' || transport === 'WSS' ? 'message' : StreamFramer
    this.#host = host
  }

  connect(target: Target, signal?: AbortSignal): Promise<Flow> {
    const { transport, fabric } = this
    return new Promise((resolve, reject) => {
      const aborted = (): void => reject(new TransportError('aborted', 'The connection attempt was given up.', signal?.reason))
      if (signal?.aborted === true) {
        aborted()
        return
      }
      signal?.addEventListener('abort', aborted, { once: true })
      fabric.later(() => {
        signal?.removeEventListener('abort', aborted)
        if (signal?.aborted === true) return
        const accept = fabric.find(transport, target)
        if (accept === undefined) {
          reject(new TransportError('refused', `Nobody listens on ${endpointText(target)}.`))
          return
        }
        const local = { host: this.#host, port: fabric.freePort(transport, this.#host) }
        const flow = this.#open({ transport, local, remote: { host: target.host, port: target.port }, direction: 'outbound', sentBy: this.#sentBy(local) })
        flow.peer = accept(flow)
        this.receiver.opened(flow)
        resolve(flow)
      })
    })
  }

  listen(at: Endpoint): Promise<Listener> {
    const { transport, fabric } = this
    return attempt(() => {
      let listener: Listener | undefined
      fabric.bind(transport, this.#host, at, (local) => {
        listener = this.#listener(local)
        return (dialled) => this.#accept(dialled, local)
      })
      if (listener === undefined) throw new TransportError('bad-address', 'The listener was not bound.')
      this.#listeners.add(listener)
      return listener
    })
  }

  async stopAccepting(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()))
  }

  async close(): Promise<void> {
    await this.stopAccepting()
    for (const flow of [...this.#flows]) flow.close()
  }

  ended(flow: MemoryFlow): void {
    if (this.#flows.delete(flow)) this.receiver.closed(flow)
  }

  #accept(dialled: MemoryFlow, local: Endpoint): MemoryFlow {
    const flow = this.#open({ transport: this.transport, local, remote: dialled.local, direction: 'inbound', sentBy: endpointText(local) })
    flow.peer = dialled
    this.receiver.opened(flow)
    return flow
  }

  #open(ends: Ends): MemoryFlow {
    const flow = new MemoryFlow(this, ends)
    this.#flows.add(flow)
    return flow
  }

  #listener(local: Endpoint): Listener {
    const listener: Listener = {
      transport: this.transport,
      local,
      close: () => {
        if (this.#listeners.delete(listener)) this.fabric.release(this.transport, local)
        return Promise.resolve()
      },
    }
    return listener
  }

  #sentBy(local: Endpoint): string {
    for (const listener of this.#listeners) return endpointText(listener.local)
    return endpointText(local)
  }
}

import type { Adapter, Endpoint, Flow, FlowReceiver, Listener, ResponseRouting, Target } from '../adapter.js'
import { endpointText } from '../host.js'
import { datagramResponseRouting } from '../response-routing.js'
import { MAX_REQUEST_BYTES } from '../limits.js'
import { answerBinding } from '../stun/answer-binding.js'
import { TransportError } from '../transport-error.js'
import { attempt } from './attempt.js'
import type { MemoryFabric } from './memory-fabric.js'

/** A datagram network to put beneath UDP; `LossyNetwork` of `@offhook/sip-machine/testing` is one. */
export interface DatagramNetwork {
  attach(address: string, receive: (bytes: Uint8Array, from: string) => void): { send(bytes: Uint8Array, to: string): void; detach(): void }
}

/** Delivers every datagram once and in order. */
export class FabricDatagrams implements DatagramNetwork {
  readonly #fabric: MemoryFabric<unknown>
  readonly #receivers = new Map<string, (bytes: Uint8Array, from: string) => void>()

  constructor(fabric: MemoryFabric<unknown>) {
    this.#fabric = fabric
  }

  attach(address: string, receive: (bytes: Uint8Array, from: string) => void): { send(bytes: Uint8Array, to: string): void; detach(): void } {
    this.#receivers.set(address, receive)
    return {
      send: (bytes, to) => this.#fabric.later(() => this.#receivers.get(to)?.(bytes, address)),
      detach: () => {
        if (this.#receivers.get(address) === receive) this.#receivers.delete(address)
      },
    }
  }
}

class MemorySocket {
  readonly local: Endpoint
  readonly #flows = new Map<string, MemoryDatagramFlow>()
  readonly #receiver: FlowReceiver
  readonly #port: { send(bytes: Uint8Array, to: string): void; detach(): void }

  constructor(local: Endpoint, receiver: FlowReceiver, network: DatagramNetwork) {
    this.local = local
    this.#receiver = receiver
    this.#port = network.attach(endpointText(local), (bytes, from) => this.#heard(bytes, endpointOf(from)))
  }

  flow(remote: Endpoint, direction: 'inbound' | 'outbound'): MemoryDatagramFlow {
    const key = endpointText(remote)
    let flow = this.#flows.get(key)
    if (flow === undefined) {
      flow = new MemoryDatagramFlow(this, remote, direction)
      this.#flows.set(key, flow)
    }
    return flow
  }

  send(bytes: Uint8Array, remote: Endpoint): void {
    this.#port.send(bytes, endpointText(remote))
  }

  #heard(bytes: Uint8Array, from: Endpoint): void {
    const answer = answerBinding(bytes, from)
    if (answer === undefined) this.#receiver.received(this.flow(from, 'inbound'), bytes)
    else this.send(answer, from)
  }

  ended(flow: MemoryDatagramFlow): void {
    if (this.#flows.delete(endpointText(flow.remote))) this.#receiver.closed(flow)
  }

  close(): void {
    this.#port.detach()
    for (const flow of [...this.#flows.values()]) flow.close()
  }
}

class MemoryDatagramFlow implements Flow {
  readonly transport = 'UDP'
  readonly reliable = false
  readonly maxRequestBytes = MAX_REQUEST_BYTES
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly sentBy: string
  readonly direction: 'inbound' | 'outbound'
  readonly #socket: MemorySocket
  #open = true

  constructor(socket: MemorySocket, remote: Endpoint, direction: 'inbound' | 'outbound') {
    this.#socket = socket
    this.local = socket.local
    this.remote = remote
    this.sentBy = endpointText(socket.local)
    this.direction = direction
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#socket.send(bytes, this.remote)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#socket.ended(this)
  }
}

/** UDP within one process. */
export class MemoryDatagramAdapter implements Adapter {
  readonly transport = 'UDP'
  readonly framing = 'datagram'
  readonly responseRouting: ResponseRouting = datagramResponseRouting
  readonly #fabric: MemoryFabric<unknown>
  readonly #network: DatagramNetwork
  readonly #receiver: FlowReceiver
  readonly #host: string
  readonly #sockets = new Set<MemorySocket>()

  constructor(fabric: MemoryFabric<unknown>, network: DatagramNetwork, receiver: FlowReceiver, host: string) {
    this.#fabric = fabric
    this.#network = network
    this.#receiver = receiver
    this.#host = host
  }

  connect(target: Target, signal?: AbortSignal): Promise<Flow> {
    return attempt(() => {
      if (signal?.aborted === true) throw new TransportError('aborted', 'The connection attempt was given up.', signal.reason)
      const socket = this.#socketAt(target.local) ?? this.#socketAt(undefined) ?? this.#bind({ host: this.#host, port: 0 })
      return socket.flow({ host: target.host, port: target.port }, 'outbound')
    })
  }

  listen(at: Endpoint): Promise<Listener> {
    return attempt(() => {
      const socket = this.#bind(at)
      return { transport: 'UDP', local: socket.local, close: () => attempt(() => { this.#release(socket) }) }
    })
  }

  close(): Promise<void> {
    for (const socket of [...this.#sockets]) this.#release(socket)
    return Promise.resolve()
  }

  #bind(at: Endpoint): MemorySocket {
    let socket: MemorySocket | undefined
    this.#fabric.bind('UDP', this.#host, at, (local) => (socket = new MemorySocket(local, this.#receiver, this.#network)))
    if (socket === undefined) throw new TransportError('bad-address', 'The socket was not bound.')
    this.#sockets.add(socket)
    return socket
  }

  #socketAt(local: Endpoint | undefined): MemorySocket | undefined {
    for (const socket of this.#sockets) if (local === undefined || socket.local.port === local.port) return socket
    return undefined
  }

  #release(socket: MemorySocket): void {
    if (!this.#sockets.delete(socket)) return
    this.#fabric.release('UDP', socket.local)
    socket.close()
  }
}

function endpointOf(text: string): Endpoint {
  const colon = text.lastIndexOf(':')
  const host = text.slice(0, colon)
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port: Number(text.slice(colon + 1)) }
}

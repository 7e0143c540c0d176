import type { Socket } from 'node:net'
import { TransportError, endpointText } from '@offhook/sip-transport'
import type { Endpoint, Flow, TransportName } from '@offhook/sip-transport'
import { endpointOf } from './addresses.js'
import { LINGER } from './connection-limits.js'
import type { FlowSet } from './flow-set.js'
import { toTransportError } from './platform-error.js'
import { SendPressure } from './send-pressure.js'

/** What a {@link SocketFlow} is besides its socket. */
export interface SocketFlowOptions {
  readonly transport: TransportName
  readonly direction: 'inbound' | 'outbound'
  readonly flows: FlowSet
  readonly maxQueuedBytes: number | undefined
  /** What the peer's certificate proves, where it was asked for one. */
  readonly identities?: readonly string[] | undefined
  /** Whether this side can prove its name, so that the peer may send its requests this way, too. */
  readonly proven?: boolean
}

/** A TCP or TLS connection that stands. */
export class SocketFlow implements Flow {
  readonly reliable = true
  readonly transport: TransportName
  readonly direction: 'inbound' | 'outbound'
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly sentBy: string
  readonly identities?: readonly string[]
  readonly aliased: boolean
  readonly #socket: Socket
  readonly #flows: FlowSet
  readonly #pressure: SendPressure
  #error: TransportError | undefined
  #closing = false
  #gathering = false

  constructor(socket: Socket, options: SocketFlowOptions) {
    this.#socket = socket
    this.#flows = options.flows
    this.transport = options.transport
    this.direction = options.direction
    this.local = endpointOf(socket.localAddress, socket.localPort)
    this.remote = endpointOf(socket.remoteAddress, socket.remotePort)
    this.sentBy = options.flows.sentBy(this.local)
    this.aliased = options.proven === true && options.direction === 'outbound' && this.sentBy !== endpointText(this.local)
    if (options.identities !== undefined) this.identities = options.identities
    this.#pressure = new SendPressure({
      waiting: () => socket.writableLength,
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      onceDrained: (drained) => socket.once('drain', drained),
      cut: (reason) => this.#cut(reason),
    }, options.maxQueuedBytes)
  }

  /** Tells the layer, and lets octets come in. */
  start(): void {
    const socket = this.#socket
    socket.setNoDelay(true)
    socket.on('error', (error) => {
      this.#error ??= toTransportError(error, 'The connection broke', 'closed')
    })
    socket.on('close', () => {
      this.#pressure.end()
      this.#flows.closed(this, this.#error)
    })
    this.#flows.opened(this)
    socket.on('data', (bytes: Uint8Array) => this.#flows.received(this, bytes))
  }

  send(bytes: Uint8Array): void {
    const socket = this.#socket
    if (this.#closing || socket.destroyed || !socket.writable) return
    this.#gather()
    socket.write(bytes)
    this.#pressure.sent()
  }

  close(): void {
    if (this.#closing || this.#socket.destroyed) return
    this.#closing = true
    this.#socket.destroySoon()
    const cut = setTimeout(() => this.#socket.destroy(), LINGER).unref()
    this.#socket.once('close', () => clearTimeout(cut))
  }

  /** What is sent in one turn of the event loop goes to the system at once. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    this.#socket.cork()
    process.nextTick(() => {
      this.#gathering = false
      this.#socket.uncork()
    })
  }

  #cut(reason: string): void {
    this.#error ??= new TransportError('closed', reason)
    this.#socket.destroy()
  }
}

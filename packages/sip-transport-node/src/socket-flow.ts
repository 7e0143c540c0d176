import type { Socket } from 'node:net'
import { TransportError } from '@offhook/sip-transport'
import type { Endpoint, Flow, TransportName } from '@offhook/sip-transport'
import { endpointOf } from './addresses.js'
import { DEFAULT_QUEUED_BYTES, LINGER } from './connection-limits.js'
import type { FlowSet } from './flow-set.js'
import { toTransportError } from './platform-error.js'

/** What a {@link SocketFlow} is besides its socket. */
export interface SocketFlowOptions {
  readonly transport: TransportName
  readonly direction: 'inbound' | 'outbound'
  readonly flows: FlowSet
  readonly maxQueuedBytes: number | undefined
}

/** A TCP or TLS connection that stands. */
export class SocketFlow implements Flow {
  readonly reliable = true
  readonly transport: TransportName
  readonly direction: 'inbound' | 'outbound'
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly sentBy: string
  readonly #socket: Socket
  readonly #flows: FlowSet
  readonly #maxQueuedBytes: number
  #error: TransportError | undefined
  #closing = false

  constructor(socket: Socket, options: SocketFlowOptions) {
    this.#socket = socket
    this.#flows = options.flows
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_QUEUED_BYTES
    this.transport = options.transport
    this.direction = options.direction
    this.local = endpointOf(socket.localAddress, socket.localPort)
    this.remote = endpointOf(socket.remoteAddress, socket.remotePort)
    this.sentBy = options.flows.sentBy(this.local)
  }

  /** Tells the layer, and lets octets come in. */
  start(): void {
    const socket = this.#socket
    socket.setNoDelay(true)
    socket.on('error', (error) => {
      this.#error ??= toTransportError(error, 'The connection broke', 'closed')
    })
    socket.on('close', () => this.#flows.closed(this, this.#error))
    this.#flows.opened(this)
    socket.on('data', (bytes: Uint8Array) => this.#flows.received(this, bytes))
  }

  send(bytes: Uint8Array): void {
    const socket = this.#socket
    if (this.#closing || socket.destroyed || !socket.writable) return
    socket.write(bytes)
    if (socket.writableLength > this.#maxQueuedBytes) {
      this.#error ??= new TransportError('closed', `The peer left ${socket.writableLength} bytes unread.`)
      socket.destroy()
    }
  }

  close(): void {
    if (this.#closing || this.#socket.destroyed) return
    this.#closing = true
    this.#socket.destroySoon()
    const cut = setTimeout(() => this.#socket.destroy(), LINGER).unref()
    this.#socket.once('close', () => clearTimeout(cut))
  }
}

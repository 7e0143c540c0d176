import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import { TransportError } from '@offhook/sip-transport'
import type { Endpoint, Flow } from '@offhook/sip-transport'
import type { RawData, WebSocket } from 'ws'
import { endpointOf } from './addresses.js'
import { LINGER } from './connection-limits.js'
import type { FlowSet } from './flow-set.js'
import { toTransportError } from './platform-error.js'
import { SendPressure } from './send-pressure.js'

/** What a {@link FrameFlow} is besides its WebSocket. */
export interface FrameFlowOptions {
  readonly transport: 'WS' | 'WSS'
  readonly direction: 'inbound' | 'outbound'
  readonly socket: Socket
  readonly flows: FlowSet
  readonly maxQueuedBytes: number | undefined
  readonly origin?: string | undefined
  /** Where the peer is, when that is told by a reverse proxy. */
  readonly remote?: Endpoint | undefined
  /** What the peer's certificate proves, where it was asked for one. */
  readonly identities?: readonly string[] | undefined
}

/** A WebSocket that stands: one SIP message a frame, text or binary (RFC 7118 §5). */
export class FrameFlow implements Flow {
  readonly reliable = true
  readonly transport: 'WS' | 'WSS'
  readonly direction: 'inbound' | 'outbound'
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly sentBy: string
  readonly origin?: string
  readonly identities?: readonly string[]
  readonly #webSocket: WebSocket
  readonly #flows: FlowSet
  readonly #pressure: SendPressure
  #error: TransportError | undefined
  #closing = false

  constructor(webSocket: WebSocket, options: FrameFlowOptions) {
    this.#webSocket = webSocket
    this.#flows = options.flows
    this.transport = options.transport
    this.direction = options.direction
    this.local = endpointOf(options.socket.localAddress, options.socket.localPort)
    this.remote = options.remote ?? endpointOf(options.socket.remoteAddress, options.socket.remotePort)
    this.sentBy = options.flows.sentBy(this.local)
    if (options.origin !== undefined) this.origin = options.origin
    if (options.identities !== undefined) this.identities = options.identities
    this.#pressure = new SendPressure({
      waiting: () => webSocket.bufferedAmount,
      pause: () => webSocket.pause(),
      resume: () => webSocket.resume(),
      onceDrained: (drained) => options.socket.once('drain', drained),
      cut: (reason) => this.#drop(reason),
    }, options.maxQueuedBytes)
  }

  /** Tells the layer, and lets frames come in. */
  start(): void {
    const webSocket = this.#webSocket
    webSocket.on('error', (error) => {
      this.#error ??= toTransportError(error, 'The WebSocket broke', 'closed')
      this.#cut()
    })
    webSocket.on('close', () => {
      this.#pressure.end()
      this.#flows.closed(this, this.#error)
    })
    this.#flows.opened(this)
    webSocket.on('message', (bytes) => this.#flows.received(this, octetsOf(bytes)))
  }

  send(bytes: Uint8Array): void {
    const webSocket = this.#webSocket
    if (this.#closing || webSocket.readyState !== webSocket.OPEN) return
    // Text where it is text, since some clients read nothing else.
    webSocket.send(bytes, { binary: !isUtf8(bytes) })
    this.#pressure.sent()
  }

  close(): void {
    if (this.#closing || this.#webSocket.readyState === this.#webSocket.CLOSED) return
    this.#closing = true
    this.#webSocket.close(1000)
    this.#cut()
  }

  #drop(reason: string): void {
    this.#error ??= new TransportError('closed', reason)
    this.#webSocket.terminate()
  }

  /** A peer that does not agree to the closing is not waited for. */
  #cut(): void {
    const cut = setTimeout(() => this.#webSocket.terminate(), LINGER).unref()
    this.#webSocket.once('close', () => clearTimeout(cut))
  }
}

function octetsOf(data: RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return Array.isArray(data) ? Buffer.concat(data) : data
}

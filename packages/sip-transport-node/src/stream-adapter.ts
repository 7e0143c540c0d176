import type { Server, Socket } from 'node:net'
import { StreamFramer } from '@offhook/sip-parser'
import { TransportError, connectionResponseRouting, endpointText } from '@offhook/sip-transport'
import type { Adapter, Endpoint, Flow, FlowReceiver, Listener, ResponseRouting, Target } from '@offhook/sip-transport'
import { ConnectionCap } from './connection-cap.js'
import { DEFAULT_HANDSHAKE_TIMEOUT } from './connection-limits.js'
import type { ConnectionLimits } from './connection-limits.js'
import { FlowSet } from './flow-set.js'
import { listenOn, stopListening } from './listen-on.js'
import { toTransportError } from './platform-error.js'
import { raceAddresses } from './race-addresses.js'
import { SocketFlow } from './socket-flow.js'

/** What differs between TCP and TLS. */
export interface StreamPlatform {
  readonly transport: 'TCP' | 'TLS'
  /** The event of a dialled socket that says it stands. */
  readonly ready: 'connect' | 'secureConnect'
  dial(target: Target): Socket
  /** @throws {TransportError} when what a listener needs is missing. */
  serve(accept: (socket: Socket) => void): Server
  /** What the certificate of a peer that dialled proves. */
  readonly identitiesOf?: (socket: Socket) => readonly string[] | undefined
  /** Whether this side shows a certificate when it dials. */
  readonly proven?: () => boolean
}

/** TCP or TLS: connections that carry a stream. */
export class StreamAdapter implements Adapter {
  readonly transport: 'TCP' | 'TLS'
  readonly framing: Adapter['framing'] = StreamFramer
  readonly responseRouting: ResponseRouting = connectionResponseRouting
  readonly #platform: StreamPlatform
  readonly #limits: ConnectionLimits
  readonly #flows: FlowSet
  readonly #cap: ConnectionCap
  readonly #dialling = new Set<Socket>()

  constructor(receiver: FlowReceiver, platform: StreamPlatform, limits: ConnectionLimits) {
    this.transport = platform.transport
    this.#platform = platform
    this.#limits = limits
    this.#flows = new FlowSet(receiver)
    this.#cap = new ConnectionCap(limits)
  }

  connect(target: Target, signal?: AbortSignal): Promise<Flow> {
    return raceAddresses(target, signal, (address, own) => this.#dial(address, own))
  }

  #dial(target: Target, signal: AbortSignal | undefined): Promise<Flow> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(givenUp(signal))
        return
      }
      const socket = this.#platform.dial(target)
      this.#dialling.add(socket)
      const stop = (error: TransportError): void => {
        settle()
        // What a socket says after this is of no interest, but must be heard.
        socket.on('error', () => undefined)
        socket.destroy()
        reject(error)
      }
      const failed = (error: Error): void => stop(toTransportError(error, `Cannot reach ${this.transport} ${endpointText(target)}`))
      const ended = (): void => stop(new TransportError('closed', `${this.transport} ${endpointText(target)} closed the connection at once.`))
      const aborted = (): void => stop(givenUp(signal))
      const late = setTimeout(
        () => stop(new TransportError('timed-out', `${this.transport} ${endpointText(target)} did not answer in time.`)),
        this.#limits.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT,
      )
      const settle = (): void => {
        clearTimeout(late)
        this.#dialling.delete(socket)
        signal?.removeEventListener('abort', aborted)
        socket.off('error', failed).off('close', ended)
      }
      signal?.addEventListener('abort', aborted, { once: true })
      socket.once('error', failed).once('close', ended).once(this.#platform.ready, () => {
        settle()
        resolve(this.#start(socket, 'outbound'))
      })
    })
  }

  async listen(at: Endpoint): Promise<Listener> {
    const server = this.#platform.serve((socket) => this.#start(socket, 'inbound'))
    server.prependListener('connection', (socket: Socket) => this.#cap.admit(socket))
    const local = await listenOn(server, this.transport, at)
    return this.#flows.listening(this.transport, local, () => stopListening(server))
  }

  stopAccepting(): Promise<void> {
    return this.#flows.stopAccepting()
  }

  async close(): Promise<void> {
    for (const socket of this.#dialling) socket.destroy()
    await this.#flows.close(this.#cap)
  }

  #start(socket: Socket, direction: 'inbound' | 'outbound'): SocketFlow {
    const { identitiesOf, proven } = this.#platform
    const flow = new SocketFlow(socket, {
      transport: this.transport, direction, flows: this.#flows, maxQueuedBytes: this.#limits.maxQueuedBytes,
      identities: direction === 'inbound' ? identitiesOf?.(socket) : undefined,
      proven: proven?.() === true,
    })
    this.#cap.stands(socket)
    if (!socket.destroyed) flow.start()
    return flow
  }
}

function givenUp(signal: AbortSignal | undefined): TransportError {
  return new TransportError('aborted', 'The connection attempt was given up.', signal?.reason)
}

import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TransportError, connectionResponseRouting, endpointText } from '@offhook/sip-transport'
import type { Adapter, Endpoint, Flow, FlowReceiver, Listener, ResponseRouting, Target } from '@offhook/sip-transport'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { ConnectionCap } from './connection-cap.js'
import type { ConnectionLimits } from './connection-limits.js'
import { FlowSet } from './flow-set.js'
import { FrameFlow } from './frame-flow.js'
import type { FrameFlowOptions } from './frame-flow.js'
import { boundTo, listenOn, stopListening } from './listen-on.js'
import { toTransportError } from './platform-error.js'
import { raceAddresses } from './race-addresses.js'
import { identitiesOf } from './tls-options.js'
import { TrustedProxies } from './trusted-proxies.js'
import type { ReverseProxies } from './trusted-proxies.js'
import { isForPath, refusalOf } from './upgrade-policy.js'
import type { UpgradePolicy, UpgradeRefusal } from './upgrade-policy.js'

/** What WS and WSS have in common. */
export interface WebSocketOptions extends UpgradePolicy, ConnectionLimits {
  /** Accepts WebSockets on this server, beside whatever else it serves, from now on. It stays its owner's to listen and to close. */
  readonly server?: HttpServer | HttpsServer
  /** Largest message, in bytes; a frame that announces more ends its connection before anything is allocated: 65,535 unless told. */
  readonly maxMessageBytes?: number
  /** Reverse proxies in front: their clients' addresses are those of the flows, and are what limits count by. */
  readonly reverseProxies?: ReverseProxies
}

/** What differs between WS and WSS. */
export interface WebSocketPlatform {
  readonly transport: 'WS' | 'WSS'
  dial(target: Target, maxMessageBytes: number): WebSocket
  /** @throws {TransportError} when what a listener needs is missing. */
  serve(): HttpServer | HttpsServer
}

const DEFAULT_MESSAGE_BYTES = 65_535

/** SIP over WebSocket (RFC 7118), accepting and dialling. */
export class WebSocketAdapter implements Adapter {
  readonly transport: 'WS' | 'WSS'
  readonly framing = 'message'
  readonly responseRouting: ResponseRouting = connectionResponseRouting
  readonly #platform: WebSocketPlatform
  readonly #options: WebSocketOptions
  readonly #flows: FlowSet
  readonly #cap: ConnectionCap
  readonly #proxies: TrustedProxies | undefined
  readonly #openings: WebSocketServer
  readonly #dialling = new Set<() => void>()
  readonly #detach: (() => void) | undefined

  constructor(receiver: FlowReceiver, platform: WebSocketPlatform, options: WebSocketOptions) {
    this.transport = platform.transport
    this.#platform = platform
    this.#options = options
    this.#flows = new FlowSet(receiver)
    this.#cap = new ConnectionCap(options)
    this.#proxies = options.reverseProxies && new TrustedProxies(options.reverseProxies)
    this.#openings = new WebSocketServer({
      noServer: true, clientTracking: false, perMessageDeflate: false,
      maxPayload: options.maxMessageBytes ?? DEFAULT_MESSAGE_BYTES,
      handleProtocols: () => 'sip',
    })
    this.#detach = options.server === undefined ? undefined : this.#attach(options.server, true)
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
      const webSocket = this.#platform.dial(target, this.#options.maxMessageBytes ?? DEFAULT_MESSAGE_BYTES)
      let socket: Socket | undefined
      const settle = (): void => {
        signal?.removeEventListener('abort', aborted)
        this.#dialling.delete(aborted)
        webSocket.off('error', failed)
      }
      const stop = (error: TransportError): void => {
        settle()
        webSocket.on('error', () => undefined)
        webSocket.terminate()
        reject(error)
      }
      const failed = (error: Error): void => stop(dialError(error, this.transport, target))
      const aborted = (): void => stop(givenUp(signal))
      this.#dialling.add(aborted)
      signal?.addEventListener('abort', aborted, { once: true })
      webSocket.once('upgrade', (response) => {
        socket = response.socket
      })
      webSocket.once('error', failed).once('open', () => {
        settle()
        if (socket !== undefined) resolve(this.#start(webSocket, socket, 'outbound'))
      })
    })
  }

  /** With an attached server, tells where that listens, whatever `at` says; otherwise starts a server of its own. */
  async listen(at: Endpoint): Promise<Listener> {
    const attached = this.#options.server
    if (attached !== undefined) {
      return this.#flows.listening(this.transport, await listening(attached), () => Promise.resolve(this.#detach?.()))
    }
    const server = this.#platform.serve()
    server.on('request', (_request, response) => response.writeHead(426, { upgrade: 'websocket' }).end('SIP over WebSocket (RFC 7118)\n'))
    server.prependListener('connection', (socket: Socket) => this.#cap.admit(socket, this.#proxies?.has(socket.remoteAddress)))
    const detach = this.#attach(server, false)
    const local = await listenOn(server, this.transport, at)
    return this.#flows.listening(this.transport, local, () => {
      detach()
      return stopListening(server)
    })
  }

  stopAccepting(): Promise<void> {
    return this.#flows.stopAccepting()
  }

  async close(): Promise<void> {
    this.#detach?.()
    for (const abort of [...this.#dialling]) abort()
    await this.#flows.close(this.#cap)
  }

  /** @param shared Whether the server has other work: then connections count when they become WebSockets, and other paths are left alone. */
  #attach(server: HttpServer | HttpsServer, shared: boolean): () => void {
    const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
      if (shared && !isForPath(request, this.#options.path) && server.listenerCount('upgrade') > 1) return
      const { socket } = request
      const refusal = refusalOf(request, this.#options)
      if (refusal !== undefined) {
        refuse(socket, refusal)
        return
      }
      const client = this.#proxies?.clientOf(request)
      if (shared && !this.#cap.admit(socket, client !== undefined)) return
      if (client !== undefined && !this.#cap.count(socket, client.host)) return
      this.#openings.handleUpgrade(request, stream, head, (webSocket) => this.#start(webSocket, socket, 'inbound', { origin: request.headers.origin, remote: client, identities: identitiesOf(socket) }))
    }
    server.on('upgrade', upgrade)
    return () => server.off('upgrade', upgrade)
  }

  #start(webSocket: WebSocket, socket: Socket, direction: 'inbound' | 'outbound', peer: Pick<FrameFlowOptions, 'origin' | 'remote' | 'identities'> = {}): FrameFlow {
    const { transport } = this
    const flow = new FrameFlow(webSocket, { transport, direction, socket, ...peer, flows: this.#flows, maxQueuedBytes: this.#options.maxQueuedBytes })
    this.#cap.stands(socket)
    flow.start()
    return flow
  }
}

/** Answers in HTTP and closes. From the upgrade on nobody else listens for errors of the socket, and it may stay half open. */
function refuse(socket: Socket, { status, reason }: UpgradeRefusal): void {
  socket.on('error', () => undefined)
  socket.write(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`,
  )
  socket.destroySoon()
}

/** Where a server of somebody else listens, as soon as it does. */
function listening(server: HttpServer | HttpsServer): Promise<Endpoint> {
  if (server.listening) return Promise.resolve(boundTo(server))
  return new Promise((resolve) => {
    server.once('listening', () => resolve(boundTo(server)))
  })
}

function dialError(error: Error, transport: string, target: Target): TransportError {
  const doing = `Cannot reach ${transport} ${endpointText(target)}`
  if (/handshake has timed out/.test(error.message)) return new TransportError('timed-out', `${doing}: no answer in time`, error)
  return toTransportError(error, doing, 'refused')
}

function givenUp(signal: AbortSignal | undefined): TransportError {
  return new TransportError('aborted', 'The connection attempt was given up.', signal?.reason)
}

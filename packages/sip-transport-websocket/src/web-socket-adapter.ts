import { TransportError, endpointText, hostText } from '@offhook/sip-transport'
import type { Adapter, AdapterFactory, Flow, FlowReceiver, Target } from '@offhook/sip-transport'
import { WebSocketFlow } from './web-socket-flow.js'

/** The constructor of the standard `WebSocket`. */
export type WebSocketConstructor = new (url: string, protocols: string) => WebSocket

/** What {@link webSocketAdapter} takes. */
export interface WebSocketAdapterOptions {
  /** `true` makes it the adapter for WSS, `wss:` URLs; otherwise it is the one for WS. */
  readonly secure?: boolean
  /** The host's own `WebSocket` unless told; looked up when the first connection is opened. */
  readonly WebSocket?: WebSocketConstructor
  /** How long the opening may take, in milliseconds: 10,000 unless told. */
  readonly connectTimeout?: number
  /** How many bytes may wait for the network before the connection is given up: 1 MiB unless told. */
  readonly maxQueuedBytes?: number
}

const DEFAULT_CONNECT_TIMEOUT = 10_000
const DEFAULT_QUEUED_BYTES = 1_048_576

/**
 * SIP over WebSocket for browsers, workers and every host with a standard `WebSocket` (RFC 7118). It dials and does not listen.
 *
 * @example
 * new TransportLayer({ adapters: [webSocketAdapter({ secure: true })], ...rest })
 */
export function webSocketAdapter(options: WebSocketAdapterOptions = {}): AdapterFactory {
  return (receiver) => new WebSocketAdapter(receiver, options)
}

class WebSocketAdapter implements Adapter {
  readonly transport: 'WS' | 'WSS'
  readonly framing = 'message'
  readonly #receiver: FlowReceiver
  readonly #options: WebSocketAdapterOptions
  readonly #flows = new Set<WebSocketFlow>()
  readonly #dialling = new Set<() => void>()
  /** Stands for this client in every Via, since a page does not know its address (RFC 7118 §5). */
  readonly #sentBy = `${randomLabel()}.invalid`

  constructor(receiver: FlowReceiver, options: WebSocketAdapterOptions) {
    this.transport = options.secure === true ? 'WSS' : 'WS'
    this.#receiver = receiver
    this.#options = options
  }

  connect(target: Target, signal?: AbortSignal): Promise<Flow> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(givenUp(signal))
        return
      }
      const webSocket = this.#open(target)
      const stop = (error: TransportError): void => {
        settle()
        webSocket.close()
        reject(error)
      }
      const place = `${this.transport} ${endpointText(target)}`
      // A page is not told why an opening failed.
      const failed = (): void => stop(new TransportError('refused', `Cannot reach ${place}, or it does not speak SIP.`))
      const aborted = (): void => stop(givenUp(signal))
      const opened = (): void => {
        if (webSocket.protocol !== 'sip') {
          stop(new TransportError('refused', `${place} does not speak SIP: it chose no subprotocol sip.`))
          return
        }
        settle()
        resolve(this.#start(webSocket, target))
      }
      const late = setTimeout(
        () => stop(new TransportError('timed-out', `${place} did not answer in time.`)),
        this.#options.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
      )
      const settle = (): void => {
        clearTimeout(late)
        this.#dialling.delete(aborted)
        signal?.removeEventListener('abort', aborted)
        webSocket.removeEventListener('error', failed)
        webSocket.removeEventListener('close', failed)
        webSocket.removeEventListener('open', opened)
      }
      this.#dialling.add(aborted)
      signal?.addEventListener('abort', aborted, { once: true })
      webSocket.addEventListener('error', failed)
      webSocket.addEventListener('close', failed)
      webSocket.addEventListener('open', opened)
    })
  }

  async close(): Promise<void> {
    for (const abort of [...this.#dialling]) abort()
    await Promise.all([...this.#flows].map((flow) => flow.end()))
  }

  #open(target: Target): WebSocket {
    const Constructor = this.#options.WebSocket ?? globalThis.WebSocket
    const path = target.path ?? '/'
    const url = `${this.transport.toLowerCase()}://${hostText(target.serverName ?? target.host)}:${target.port}${path.startsWith('/') ? path : `/${path}`}`
    try {
      const webSocket = new Constructor(url, 'sip')
      webSocket.binaryType = 'arraybuffer'
      return webSocket
    } catch (error) {
      // Such as ws: from a page that came by https:, or a port that browsers block.
      throw new TransportError('forbidden', `${url} cannot be opened from here.`, error)
    }
  }

  #start(webSocket: WebSocket, target: Target): WebSocketFlow {
    const flow = new WebSocketFlow(webSocket, {
      transport: this.transport, sentBy: this.#sentBy, remote: { host: target.host, port: target.port },
      maxQueuedBytes: this.#options.maxQueuedBytes ?? DEFAULT_QUEUED_BYTES,
      received: (bytes) => this.#receiver.received(flow, bytes),
      closed: (error) => {
        if (this.#flows.delete(flow)) this.#receiver.closed(flow, error)
      },
    })
    this.#flows.add(flow)
    flow.start()
    this.#receiver.opened(flow)
    return flow
  }
}

function randomLabel(): string {
  const octets = crypto.getRandomValues(new Uint8Array(12))
  return [...octets].map((octet) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(octet & 31)).join('')
}

function givenUp(signal: AbortSignal | undefined): TransportError {
  return new TransportError('aborted', 'The connection attempt was given up.', signal?.reason)
}

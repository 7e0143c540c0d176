import { defaultPort, endpointText } from '@offhook/sip-transport'
import type { AdapterFactory } from '@offhook/sip-transport'
import { openFlow } from './web-socket-flow.js'
import type { WebSocketConstructor } from './web-socket-flow.js'

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

const CONNECT_TIMEOUT = 10_000
const MAX_QUEUED_BYTES = 1_048_576

/**
 * SIP over WebSocket for browsers, workers and every host with a standard `WebSocket` (RFC 7118). It dials and does not listen.
 *
 * @example
 * new TransportLayer({ adapters: [webSocketAdapter({ secure: true })], ...rest })
 */
export function webSocketAdapter(options: WebSocketAdapterOptions = {}): AdapterFactory {
  const { secure = false, connectTimeout = CONNECT_TIMEOUT, maxQueuedBytes = MAX_QUEUED_BYTES } = options
  const transport = secure ? 'WSS' : 'WS'
  return (receiver) => {
    // A page does not know its address: in every Via this name stands for it (RFC 7118 §5).
    const sentBy = `${randomLabel()}.invalid`
    const local = { host: sentBy, port: defaultPort(transport) }
    const ends = new Set<() => Promise<void>>()
    return {
      transport,
      framing: 'message',
      connect(target, signal) {
        const { host, port, serverName = host, path = '' } = target
        const url = `${transport.toLowerCase()}://${endpointText({ host: serverName, port })}/${path.replace(/^\//, '')}`
        const service = { WebSocket: options.WebSocket ?? WebSocket, receiver, ends, connectTimeout, maxQueuedBytes }
        return openFlow(url, { transport, sentBy, local, remote: { host, port } }, service, signal)
      },
      async close() {
        await Promise.all(Array.from(ends, (end) => end()))
      },
    }
  }
}

function randomLabel(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (octet) => (octet & 31).toString(32)).join('')
}

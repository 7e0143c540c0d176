import { TransportError } from '@offhook/sip-transport'
import type { Flow, FlowReceiver, TransportErrorCode } from '@offhook/sip-transport'

/** The constructor of the standard `WebSocket`. */
export type WebSocketConstructor = new (url: string, protocols: string) => WebSocket

/** What one connection needs besides where it goes. */
export interface ConnectionOptions {
  readonly WebSocket: WebSocketConstructor
  readonly receiver: FlowReceiver
  /** Holds what ends the connection, or the attempt to open it, and waits for that. */
  readonly ends: Set<() => Promise<void>>
  /** How long the opening may take, in milliseconds. */
  readonly connectTimeout: number
  /** How many bytes may wait for the network. */
  readonly maxQueuedBytes: number
}

const OPEN = 1
const NORMAL_CLOSURE = 1000
/** How long the peer may take to agree to a closing, in milliseconds; a browser alone would wait much longer. */
const LINGER = 2000

/**
 * Opens a WebSocket of the host and makes it a flow: one SIP message a frame, text or binary (RFC 7118 §5).
 *
 * @throws {TransportError} As a rejection: `forbidden`, `refused`, `timed-out`, `aborted`.
 */
export function openFlow(
  url: string, place: Pick<Flow, 'transport' | 'sentBy' | 'local' | 'remote'>, options: ConnectionOptions, signal: AbortSignal | undefined,
): Promise<Flow> {
  const { receiver, ends } = options
  return new Promise((resolve, reject) => {
    const webSocket = construct(url, options.WebSocket)
    let flow: Flow | undefined
    let tellEnded: () => void
    const ended = new Promise<void>((tell) => {
      tellEnded = tell
    })
    /** The end of the attempt or of the flow; in peace without a code. */
    const end = (code?: TransportErrorCode, cause?: unknown): void => {
      const error = new TransportError(code ?? 'closed', `${url}: ${String(code)}`, cause)
      webSocket.onopen = webSocket.onmessage = webSocket.onerror = webSocket.onclose = null
      webSocket.close()
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      ends.delete(stop)
      if (flow === undefined) reject(error)
      else receiver.closed(flow, code && error)
      tellEnded()
    }
    const abort = (): void => end('aborted', signal?.reason)
    const stop = (): Promise<void> => {
      if (flow === undefined) abort()
      else flow.close()
      return ended
    }
    let timer = setTimeout(end, options.connectTimeout, 'timed-out')
    const stand = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      const standing: Flow = { ...place, reliable: true, direction: 'outbound', send, close }
      webSocket.onmessage = ({ data }: MessageEvent<unknown>) => {
        const bytes = bytesOf(data)
        if (bytes !== undefined && webSocket.readyState === OPEN) receiver.received(standing, bytes)
      }
      flow = standing
      receiver.opened(flow)
      resolve(flow)
    }
    const send = (bytes: Uint8Array): void => {
      if (webSocket.readyState !== OPEN) return
      webSocket.send(textOf(bytes) ?? (bytes as Uint8Array<ArrayBuffer>))
      if (webSocket.bufferedAmount > options.maxQueuedBytes) end('closed')
    }
    const close = (): void => {
      if (webSocket.readyState !== OPEN) return
      webSocket.close(NORMAL_CLOSURE)
      timer = setTimeout(end, LINGER)
    }
    ends.add(stop)
    signal?.addEventListener('abort', abort)
    webSocket.onopen = () => (webSocket.protocol === 'sip' ? stand() : end('refused'))
    // A page is not told why an opening failed.
    webSocket.onerror = webSocket.onclose = (event: Event) =>
      end(flow === undefined ? 'refused' : (event as CloseEvent).wasClean ? undefined : 'closed', event)
    if (signal?.aborted === true) abort()
  })
}

function construct(url: string, WebSocket: WebSocketConstructor): WebSocket {
  try {
    const webSocket = new WebSocket(url, 'sip')
    webSocket.binaryType = 'arraybuffer'
    return webSocket
  } catch (error) {
    // Such as ws: from a page that came by https:, or a port that browsers block.
    throw new TransportError('forbidden', `${url}: forbidden`, error)
  }
}

/** The octets of a frame; `undefined` for a Blob, which no host hands out when told to give octets. */
function bytesOf(data: unknown): Uint8Array | undefined {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : undefined
}

/** The text that the octets are in UTF-8, since some servers read nothing else; `undefined` when they are something else. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

import { TransportError } from '@offhook/sip-transport'
import type { Endpoint, Flow } from '@offhook/sip-transport'

/** What a {@link WebSocketFlow} is besides its WebSocket. */
export interface WebSocketFlowOptions {
  readonly transport: 'WS' | 'WSS'
  readonly sentBy: string
  readonly remote: Endpoint
  readonly maxQueuedBytes: number
  readonly received: (bytes: Uint8Array) => void
  readonly closed: (error?: TransportError) => void
}

const OPEN = 1
const NORMAL_CLOSURE = 1000
/** How long the peer may take to agree to a closing, in milliseconds; a browser alone would wait much longer. */
const LINGER = 2000
const encoder = new TextEncoder()

/** An open WebSocket of the host: one SIP message a frame, text or binary (RFC 7118 §5). */
export class WebSocketFlow implements Flow {
  readonly reliable = true
  readonly direction = 'outbound'
  readonly transport: 'WS' | 'WSS'
  readonly sentBy: string
  /** A page does not know its address: this is the name in {@link WebSocketFlow.sentBy}. */
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly #webSocket: WebSocket
  readonly #options: WebSocketFlowOptions
  #error: TransportError | undefined
  #state: 'open' | 'closing' | 'closed' = 'open'
  #whenClosed: (() => void)[] = []

  constructor(webSocket: WebSocket, options: WebSocketFlowOptions) {
    this.#webSocket = webSocket
    this.#options = options
    this.transport = options.transport
    this.sentBy = options.sentBy
    this.local = { host: options.sentBy, port: options.transport === 'WS' ? 80 : 443 }
    this.remote = options.remote
  }

  /** Lets frames come in. */
  start(): void {
    this.#webSocket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (this.#state !== 'open') return
      const { data } = event
      if (typeof data === 'string') this.#options.received(encoder.encode(data))
      else if (data instanceof ArrayBuffer) this.#options.received(new Uint8Array(data))
    })
    this.#webSocket.addEventListener('close', (event) => {
      if (!event.wasClean) this.#error ??= new TransportError('closed', `The WebSocket broke (code ${event.code}).`)
      this.#closed()
    })
  }

  send(bytes: Uint8Array): void {
    if (this.#state !== 'open' || this.#webSocket.readyState !== OPEN) return
    const text = textOf(bytes)
    // Text where it is text, since some servers read nothing else.
    this.#webSocket.send(text ?? new Uint8Array(bytes))
    if (this.#webSocket.bufferedAmount <= this.#options.maxQueuedBytes) return
    this.#error ??= new TransportError('closed', `The network left ${this.#webSocket.bufferedAmount} bytes unsent.`)
    this.#webSocket.close()
    this.#closed()
  }

  close(): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#webSocket.close(NORMAL_CLOSURE)
    const cut = setTimeout(() => this.#closed(), LINGER)
    this.#whenClosed.push(() => clearTimeout(cut))
  }

  /** Closes, and waits until that is done. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#state === 'closed') {
        resolve()
        return
      }
      this.#whenClosed.push(resolve)
      this.close()
    })
  }

  #closed(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#options.closed(this.#error)
    for (const tell of this.#whenClosed.splice(0)) tell()
  }
}

/** The text that the octets are in UTF-8, `undefined` when they are something else: they go out as they are. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

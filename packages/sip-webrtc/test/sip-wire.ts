import { createResponse, parseMessage, serializeMessage } from '@offhook/sip-parser'

/** Time a message is under way, in milliseconds. */
const LATENCY = 5

/**
 * A SIP server in the page: who has registered gets what is for him, a response goes where its request came from. REGISTER it answers itself. Stands in for the page's
 * `WebSocket` where the subprotocol is `sip`.
 */
export class SipWire {
  /** First lines of all messages, in order. */
  readonly log: string[] = []
  readonly #ends: WireSocket[] = []
  readonly #users = new Map<string, WireSocket>()
  /** Where requests came from, by branch. */
  readonly #origins = new Map<string, WireSocket>()
  readonly #WebSocket: typeof WebSocket = globalThis.WebSocket

  /** Puts itself in the place of the page's `WebSocket`. */
  install(): void {
    const Original = this.#WebSocket
    globalThis.WebSocket = new Proxy(Original, {
      construct: (_, [url, protocols]: [string, string?]) => (protocols === 'sip' ? this.#connect(url) : new Original(url, protocols)),
    })
  }

  uninstall(): void {
    globalThis.WebSocket = this.#WebSocket
  }

  #connect(url: string): WireSocket {
    const socket = new WireSocket(url, (text) => this.#pass(socket, text), () => this.#ends.splice(this.#ends.indexOf(socket), 1))
    this.#ends.push(socket)
    return socket
  }

  #pass(from: WireSocket, text: string): void {
    this.log.push(text.slice(0, text.indexOf('\r\n')))
    const message = parseMessage(text)
    if (!message.ok) return
    if (message.value.kind === 'request' && message.value.method === 'REGISTER') {
      this.#users.set(/sip:([^@]+)@/.exec(message.value.headers.get('To') ?? '')?.[1] ?? '', from)
      const contact = message.value.headers.get('Contact') ?? ''
      const headers: [string, string][] = contact.includes('expires=0') || message.value.expires === 0 ? [] : [['Contact', `${contact};expires=600`]]
      from.deliver(new TextDecoder().decode(serializeMessage(createResponse(message.value, { statusCode: 200, toTag: 'registrar', headers }))))
      return
    }
    const branch = /branch=([^;,\s]+)/.exec(message.value.headers.get('Via') ?? '')?.[1] ?? ''
    if (message.value.kind === 'request') {
      this.#origins.set(branch, from)
      this.#users.get(/^\S+ sip:([^@\s]+)@/.exec(text)?.[1] ?? '')?.deliver(text)
    } else this.#origins.get(branch)?.deliver(text)
  }
}

type Listener = ((event: Event) => void) | null

/** As much of a `WebSocket` as a SIP adapter uses; as the standard has it, its events go to `on…` and to listeners alike. */
class WireSocket extends EventTarget {
  onopen: Listener = null
  onmessage: Listener = null
  onerror: Listener = null
  onclose: Listener = null
  readonly protocol = 'sip'
  readonly bufferedAmount = 0
  binaryType = 'arraybuffer'
  readyState = 0
  readonly url: string
  readonly #sent: (text: string) => void
  readonly #closed: () => void

  constructor(url: string, sent: (text: string) => void, closed: () => void) {
    super()
    this.url = url
    this.#sent = sent
    this.#closed = closed
    setTimeout(() => {
      this.readyState = 1
      this.dispatchEvent(new Event('open'))
    }, LATENCY)
  }

  override dispatchEvent(event: Event): boolean {
    this[`on${event.type as 'open' | 'message' | 'error' | 'close'}`]?.(event)
    return super.dispatchEvent(event)
  }

  send(data: string | Uint8Array): void {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data)
    setTimeout(() => this.#sent(text), LATENCY)
  }

  deliver(text: string): void {
    if (this.readyState === 1) this.dispatchEvent(new MessageEvent('message', { data: text }))
  }

  close(): void {
    if (this.readyState > 1) return
    this.readyState = 3
    this.#closed()
    setTimeout(() => this.dispatchEvent(new CloseEvent('close', { wasClean: true, code: 1000 })), 0)
  }
}

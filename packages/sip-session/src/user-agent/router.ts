import { SipUri, parseUri } from '@offhook/sip-parser'
import { TransportError, sameHost } from '@offhook/sip-transport'
import type { Flow, KeepAlive, Locate, Target } from '@offhook/sip-transport'
import type { Signalling } from './signalling.js'

/** A way that stands, and the targets to try if it does not lead there (RFC 3263 §4.3). */
export interface Way {
  readonly flow: Flow
  readonly others: readonly Target[]
}

const MAX_KNOWN = 1000
const NO_TARGETS: readonly Target[] = []

/** What a router is made of. */
export interface RouterOptions {
  readonly locate: Locate
  /** Where everything goes, when the server is reached by WebSocket. */
  readonly server: Target | undefined
  /** For the connections that we open. */
  readonly keepAlive: KeepAlive | undefined
  /** Resolves when the listeners stand, whose addresses belong in our messages. */
  readonly ready: () => Promise<unknown>
  readonly connected: () => void
}

/** Finds the flow for a request: the server's where there is one, one that stands, or a new one (RFC 3263, RFC 5626 §4.2). */
export class Router {
  readonly #signalling: Signalling
  readonly #options: RouterOptions
  readonly #known = new Map<string, Flow>()

  constructor(signalling: Signalling, options: RouterOptions) {
    this.#signalling = signalling
    this.#options = options
  }

  /**
   * The way to a URI. At once when it is known; otherwise a promise that rejects with a `TransportError`.
   *
   * @param abortable gives the signal that ends the search, if one is needed
   * @param kept the flow of the dialog, taken when there is no other way, or when it leads to the same host
   */
  find(uri: string, kept: Flow | undefined, abortable?: () => AbortSignal): Way | Promise<Way> {
    const { server } = this.#options
    const key = server === undefined ? uri : ''
    const known = this.#known.get(key)
    if (known !== undefined) return { flow: known, others: NO_TARGETS }
    const signal = abortable?.()
    if (server !== undefined) return this.#dial(key, [server], signal)
    const parsed = parseUri(uri)
    if (!parsed.ok || !(parsed.value instanceof SipUri)) return Promise.reject(new TransportError('unreachable', `No way leads to ${uri}.`))
    const { host } = parsed.value
    if (kept?.reliable === true && this.#signalling.isOpen(kept) && (host.endsWith('.invalid') || sameHost(host, kept.remote.host))) {
      return { flow: kept, others: NO_TARGETS }
    }
    return this.#search(key, parsed.value, kept, signal)
  }

  /** The next of the remaining targets. */
  retry(uri: string, others: readonly Target[], signal?: AbortSignal): Promise<Way> {
    return this.#dial(uri, others, signal)
  }

  /** Forgets a flow that does not lead anywhere any more. */
  forget(flow: Flow): void {
    for (const [key, known] of this.#known) if (known === flow) this.#known.delete(key)
  }

  async #search(key: string, uri: SipUri, kept: Flow | undefined, signal: AbortSignal | undefined): Promise<Way> {
    try {
      await this.#options.ready()
      return await this.#dial(key, await this.#options.locate(uri), signal)
    } catch (error) {
      if (kept !== undefined && this.#signalling.isOpen(kept) && signal?.aborted !== true) return { flow: kept, others: NO_TARGETS }
      throw error
    }
  }

  async #dial(key: string, targets: readonly Target[], signal: AbortSignal | undefined): Promise<Way> {
    let failure: unknown = new TransportError('unreachable', 'The name leads to no address.')
    for (const [index, target] of targets.entries()) {
      try {
        const flow = await this.#signalling.transport.connect(target, signal)
        if (this.#known.size >= MAX_KNOWN) this.#known.clear()
        if (this.#signalling.isOpen(flow)) this.#known.set(key, flow)
        if (flow.reliable && this.#options.keepAlive !== undefined) this.#signalling.transport.keepAlive(flow, this.#options.keepAlive)
        if (this.#options.server !== undefined) this.#options.connected()
        return { flow, others: targets.slice(index + 1) }
      } catch (error) {
        failure = error
        if (signal?.aborted === true) break
      }
    }
    throw failure
  }
}

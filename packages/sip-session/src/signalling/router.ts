import { SipUri, parseUri } from '@offhook/sip-parser'
import { TransportError, sameHost } from '@offhook/sip-transport'
import type { Flow, KeepAlive, Locate, Target } from '@offhook/sip-transport'
import type { ServerSource } from './server-address.js'
import type { Signalling } from './signalling.js'

/** A way that stands, and the targets to try if it does not lead there (RFC 3263 §4.3). */
export interface Way {
  readonly flow: Flow
  /** Whose way it is: a URI, or the server. */
  readonly key: string
  /** What was dialled; absent for the flow of a dialog. */
  readonly target?: Target
  readonly others: readonly Target[]
}

const MAX_KNOWN = 1000
/** How long a way is taken without looking whether there is a better one, in ms: a server that is back, or one that moved. */
const KNOWN_FOR = 30_000
const SERVER = ''
const NO_TARGETS: readonly Target[] = []

/** What a router is made of. */
export interface RouterOptions {
  readonly locate: Locate
  /** Where everything goes, or everything whose next hop is its `nextHop`. */
  readonly server: ServerSource | undefined
  /** For the connections that we open. */
  readonly keepAlive: KeepAlive | undefined
  /** Resolves when the listeners stand, whose addresses belong in our messages. */
  readonly ready: () => Promise<unknown>
  /** The server is reached on this flow from now on. */
  readonly connected: (flow: Flow) => void
}

/** Finds the flow for a request: the server's where there is one, one that stands, or a new one (RFC 3263, RFC 5626 §4.2). */
export class Router {
  readonly #signalling: Signalling
  readonly #options: RouterOptions
  readonly #known = new Map<string, Way & { readonly until: number }>()
  /** The last search for a place that is under way. */
  readonly #searches = new Map<string, Promise<void>>()

  constructor(signalling: Signalling, options: RouterOptions) {
    this.#signalling = signalling
    this.#options = options
  }

  /**
   * The way to a URI. At once when it is known; otherwise a promise that rejects with a `TransportError`.
   *
   * @param abortable gives the signal that ends the search, if one is needed
   * @param kept the flow of the dialog, taken when there is no other way, when it leads to the same host, or to a server of ours
   */
  find(uri: string, kept: Flow | undefined, abortable?: () => AbortSignal): Way | Promise<Way> {
    const { locate, server } = this.#options
    const standing = kept?.reliable === true && this.#signalling.isOpen(kept) ? kept : undefined
    // A dialog stays with the server that it went through.
    if (standing !== undefined && server !== undefined && server.nextHop === undefined) return wayOn(standing)
    const own = server !== undefined && (server.nextHop ?? uri) === uri ? server : undefined
    const key = own === undefined ? uri : SERVER
    const known = this.#known.get(key)
    if (known !== undefined && this.#signalling.now < known.until && !this.#searches.has(key)) return known
    const signal = abortable?.()
    if (own !== undefined) return this.#search(key, () => own.targets(), kept, signal)
    const parsed = parseUri(uri)
    if (!parsed.ok || !(parsed.value instanceof SipUri)) return Promise.reject(new TransportError('unreachable', `No way leads to ${uri}.`))
    const { value } = parsed
    if (standing !== undefined && (value.host.endsWith('.invalid') || sameHost(value.host, standing.remote.host))) return wayOn(standing)
    return this.#search(key, () => locate(value), kept, signal)
  }

  /** The next of the remaining targets. */
  retry({ key, others }: Way, signal?: AbortSignal): Promise<Way> {
    return this.#dial(key, others, signal)
  }

  /**
   * A way did not lead there (RFC 3263 §4.3): it is not taken again before another look, and its target is avoided.
   *
   * @param retryAfter what a 503 asked for, in ms
   */
  failed({ flow, key, target }: Way, retryAfter?: number): void {
    this.forget(flow)
    if (target !== undefined) this.#avoid(key, target, retryAfter)
  }

  /** Forgets a flow that does not lead anywhere any more. */
  forget(flow: Flow): void {
    for (const [key, known] of this.#known) if (known.flow === flow) this.#known.delete(key)
  }

  #avoid(key: string, target: Target, retryAfter?: number): void {
    const { locate, server } = this.#options
    const source = key === SERVER ? server : locate
    source?.failed?.(target, retryAfter)
  }

  /** Searches for one place go one after the other: what was asked for first is sent first, such as an ACK before the INFO behind it. */
  #search(key: string, locate: () => Promise<readonly Target[]>, kept: Flow | undefined, signal: AbortSignal | undefined): Promise<Way> {
    const before = this.#searches.get(key)
    const search = before === undefined ? this.#look(key, locate, kept, signal) : before.then(() => this.#known.get(key) ?? this.#look(key, locate, kept, signal))
    const turn = search.then(nothing, nothing).then(() => {
      if (this.#searches.get(key) === turn) this.#searches.delete(key)
    })
    this.#searches.set(key, turn)
    return search
  }

  async #look(key: string, locate: () => Promise<readonly Target[]>, kept: Flow | undefined, signal: AbortSignal | undefined): Promise<Way> {
    try {
      await this.#options.ready()
      return await this.#dial(key, await locate(), signal)
    } catch (error) {
      if (kept !== undefined && this.#signalling.isOpen(kept) && signal?.aborted !== true) return wayOn(kept)
      throw error
    }
  }

  async #dial(key: string, targets: readonly Target[], signal: AbortSignal | undefined): Promise<Way> {
    let failure: unknown = new TransportError('unreachable', 'The name leads to no address.')
    for (const [index, target] of targets.entries()) {
      try {
        const flow = await this.#signalling.transport.connect(target, signal)
        const way = { flow, key, target, others: targets.slice(index + 1), until: this.#signalling.now + KNOWN_FOR }
        this.#take(way)
        return way
      } catch (error) {
        failure = error
        if (signal?.aborted === true) break
        if (!(error instanceof TransportError && error.code === 'no-adapter')) this.#avoid(key, target)
      }
    }
    throw failure
  }

  #take(way: Way & { readonly until: number }): void {
    const { keepAlive, connected } = this.#options
    const { flow, key } = way
    const isNew = this.#known.get(key)?.flow !== flow
    this.#known.delete(key)
    if (this.#signalling.isOpen(flow)) this.#known.set(key, way)
    if (this.#known.size > MAX_KNOWN) {
      const [oldest = key] = this.#known.keys()
      this.#known.delete(oldest)
    }
    if (!isNew) return
    if (flow.reliable && keepAlive !== undefined) this.#signalling.transport.keepAlive(flow, keepAlive)
    if (key === SERVER) connected(flow)
  }
}

const nothing = (): void => undefined

/** The flow of a dialog: where it does not lead, nothing else does. */
function wayOn(flow: Flow): Way {
  return { flow, key: SERVER, others: NO_TARGETS }
}

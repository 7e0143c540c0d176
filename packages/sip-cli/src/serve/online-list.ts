import type { ServerResponse } from 'node:http'

/** What the page is told about the server and about who is there. */
export interface OnlineNews {
  /** The domain of every user: `alice` is `sip:alice@domain`. */
  readonly domain: string
  /** True when users need a password. */
  readonly passwords: boolean
  /** The user of the answering robot. */
  readonly robot: string
  /** Users that are registered now, in alphabetical order; absent where the asker may not know. */
  readonly users?: readonly string[]
}

/** Comment lines keep proxies and browsers from closing a quiet stream; milliseconds. */
const beat = 20_000
const maxWatchers = 1000

/**
 * Pushes the list of who is online to the pages that watch (server-sent events).
 *
 * A page says who asks by the Call-ID of its registration: a random word that only it and this server know.
 */
export class OnlineList {
  readonly #watchers = new Map<ServerResponse, string>()
  readonly #timer: NodeJS.Timeout
  readonly #newsFor: (registration: string) => OnlineNews

  /** `newsFor` decides what may be told to whoever has this registration, or none (`''`). */
  constructor(newsFor: (registration: string) => OnlineNews) {
    this.#newsFor = newsFor
    this.#timer = setInterval(() => {
      for (const watcher of this.#watchers.keys()) watcher.write(':\n\n')
    }, beat)
    this.#timer.unref()
  }

  newsFor(registration: string): OnlineNews {
    return this.#newsFor(registration)
  }

  /** Keeps `response` open and writes every change to it; false when too many watch already. */
  watch(response: ServerResponse, registration: string): boolean {
    if (this.#watchers.size >= maxWatchers) return false
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(this.#event(registration))
    this.#watchers.set(response, registration)
    response.on('close', () => this.#watchers.delete(response))
    return true
  }

  /** Somebody came or went. */
  changed(): void {
    for (const [watcher, registration] of this.#watchers) watcher.write(this.#event(registration))
  }

  close(): void {
    clearInterval(this.#timer)
    for (const watcher of this.#watchers.keys()) watcher.end()
    this.#watchers.clear()
  }

  #event(registration: string): string {
    return `data: ${JSON.stringify(this.#newsFor(registration))}\n\n`
  }
}

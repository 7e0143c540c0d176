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

/** Pushes the list of who is online to the pages that watch (server-sent events). */
export class OnlineList {
  readonly #watchers = new Set<ServerResponse>()
  readonly #timer: NodeJS.Timeout
  readonly #news: () => OnlineNews

  constructor(news: () => OnlineNews) {
    this.#news = news
    this.#timer = setInterval(() => this.#write(':\n\n'), beat)
    this.#timer.unref()
  }

  get news(): OnlineNews {
    return this.#news()
  }

  /** Keeps `response` open and writes every change to it; false when too many watch already. */
  watch(response: ServerResponse): boolean {
    if (this.#watchers.size >= maxWatchers) return false
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(this.#event())
    this.#watchers.add(response)
    response.on('close', () => this.#watchers.delete(response))
    return true
  }

  /** Somebody came or went. */
  changed(): void {
    this.#write(this.#event())
  }

  close(): void {
    clearInterval(this.#timer)
    for (const watcher of this.#watchers) watcher.end()
    this.#watchers.clear()
  }

  #event(): string {
    return `data: ${JSON.stringify(this.news)}\n\n`
  }

  #write(text: string): void {
    for (const watcher of this.#watchers) watcher.write(text)
  }
}

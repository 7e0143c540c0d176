import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { OnlineList } from './online-list.js'
import type { PageFile } from './page-files.js'

/** What the page server hands out. */
export interface PageServerOptions {
  readonly files: ReadonlyMap<string, PageFile>
  readonly online: OnlineList
  /** Host names under which the page may be asked for; others are refused, so that no foreign name can be pointed at this server (DNS rebinding). */
  readonly isOurHost: (host: string) => boolean
  /** PEM texts: with them the server speaks HTTPS. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
}

const securityHeaders = {
  'Content-Security-Policy': "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob: mediastream:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'microphone=(self), camera=(), geolocation=(), speaker-selection=(self)',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** The HTTP server of the softphone page; WebSocket upgrades are left to whoever listens for them. */
export function createPageServer(options: PageServerOptions): Server {
  const listener: RequestListener = (request, response) => respond(options, request, response)
  const limits = { headersTimeout: 10_000, requestTimeout: 15_000, maxHeaderSize: 16_384 }
  return options.tls === undefined
    ? createServer(limits, listener)
    : createSecureServer({ ...limits, ...options.tls }, listener)
}

/** Resolves with the port in use. Rejects with what the system says. */
export function listenHttp(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}

function respond({ files, online, isOurHost }: PageServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const say = (status: number, text: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8', ...headers })
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`)
  }
  const { host = '' } = request.headers
  if (!isOurHost(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '').toLowerCase())) {
    say(421, 'This server does not answer to that host name. Open it by its address, or start it with --domain.')
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    say(405, 'Only GET here.', { Allow: 'GET, HEAD' })
    return
  }
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  if (path === '/online') {
    respondOnline(online, new URLSearchParams(query).get('registration') ?? '', request, response, say)
    return
  }
  const file = files.get(path)
  if (file === undefined) {
    say(404, 'There is no such page. The softphone is at /')
    return
  }
  const headers = { ...securityHeaders, 'Cache-Control': 'no-cache', ETag: file.etag }
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end()
    return
  }
  response.writeHead(200, { ...headers, 'Content-Type': file.type, 'Content-Length': file.bytes.length })
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}

function respondOnline(online: OnlineList, registration: string, request: IncomingMessage, response: ServerResponse, say: (status: number, text: string) => void): void {
  if (request.headers.accept?.includes('text/event-stream') === true && request.method === 'GET') {
    if (!online.watch(response, registration)) say(503, 'Too many pages watch already.')
    return
  }
  response.writeHead(200, { ...securityHeaders, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(online.newsFor(registration))}\n`)
}

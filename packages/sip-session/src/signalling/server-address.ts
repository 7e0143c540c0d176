import { SipUri, parseUri } from '@offhook/sip-parser'
import { bareHost } from '@offhook/sip-transport'
import type { Locate, Target } from '@offhook/sip-transport'
import { SessionError } from '../errors.js'

/** Servers of which any will do, and which is tried first. */
export interface ServerSource {
  /** Best first; asked for whenever there is no connection, and from time to time. */
  targets(): Promise<readonly Target[]>
  /** One of them could not be reached, did not answer, or answered 503 (RFC 3263 §4.3). `retryAfter` in ms. */
  readonly failed?: Locate['failed']
  /** Only requests whose next hop is this go there; everything when absent. */
  readonly nextHop?: string
}

/** Where requests go first. */
export interface ServerAddress {
  /** A WebSocket server, to which everything goes; or what a list of servers says. */
  readonly source?: ServerSource
  /** An outbound proxy: requests outside of dialogs go there first. */
  readonly nextHop?: string
  /** The proxy asked to stand in the route (`;lr`, RFC 3261 §8.1.2). */
  readonly route?: string
}

/** @throws {SessionError} `bad-server` */
export function serverAddress(server: string | ServerSource | undefined): ServerAddress {
  if (server === undefined) return {}
  if (typeof server !== 'string') return { source: server, ...(server.nextHop !== undefined && { nextHop: server.nextHop }) }
  const target = webSocketTarget(server)
  if (target !== undefined) return { source: { targets: () => Promise.resolve([target]) } }
  const uri = serverUri(server)
  const text = String(uri)
  return { nextHop: text, ...(uri.isLooseRouter && { route: `<${text}>` }) }
}

/** What `wss://host:port/path` leads to; `undefined` for what is no WebSocket URL. */
export function webSocketTarget(text: string): Target | undefined {
  const socket = /^(wss?):\/\/(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?][^#]*)?$/i.exec(text)
  if (socket === null) return undefined
  const [, scheme = '', host = '', port, path = '/'] = socket
  const secure = scheme.toLowerCase() === 'wss'
  return { transport: secure ? 'WSS' : 'WS', host: bareHost(host), port: port === undefined ? (secure ? 443 : 80) : Number(port), serverName: bareHost(host), path }
}

/** @throws {SessionError} `bad-server` */
export function serverUri(text: string): SipUri {
  const parsed = parseUri(/^sips?:/i.test(text) ? text : `sip:${text}`)
  if (parsed.ok && parsed.value instanceof SipUri) return parsed.value
  throw new SessionError('bad-server', `Not a server: ${text}. Write wss://host/path, or sip:host;transport=tcp.`)
}

import type { IncomingMessage } from 'node:http'

/** Which WebSocket openings are let in. */
export interface UpgradePolicy {
  /** The only path to accept; every path when absent. */
  readonly path?: string | undefined
  /**
   * Pages that may connect, such as `https://phone.example.com`; `*` lets every page. When absent, only pages that this very host
   * served: their Origin must be the Host of the request. Programs that are no browsers send no Origin and are let in.
   */
  readonly allowedOrigins?: readonly string[] | '*' | undefined
}

/** Why an opening is refused: the HTTP answer. */
export interface UpgradeRefusal {
  readonly status: 400 | 403 | 404
  readonly reason: string
}

/** Whether the request is for the path of the policy. */
export function isForPath(request: IncomingMessage, path: string | undefined): boolean {
  return path === undefined || (request.url ?? '/').split('?')[0] === path
}

/** Why the opening of a WebSocket is refused, or nothing: Origin (RFC 6455 §10.2) and the subprotocol `sip` (RFC 7118 §4.1). */
export function refusalOf(request: IncomingMessage, policy: UpgradePolicy): UpgradeRefusal | undefined {
  if (!isForPath(request, policy.path)) return { status: 404, reason: 'No SIP here' }
  if (!isAllowed(request.headers.origin, request.headers.host, policy.allowedOrigins)) {
    return { status: 403, reason: `Origin ${request.headers.origin ?? ''} is not allowed` }
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  return offered.includes('sip') ? undefined : { status: 400, reason: 'Offer the WebSocket subprotocol sip (RFC 7118)' }
}

function isAllowed(origin: string | undefined, host: string | undefined, allowed: UpgradePolicy['allowedOrigins']): boolean {
  if (origin === undefined || allowed === '*') return true
  const wanted = urlOf(origin)
  if (wanted === undefined) return false
  if (allowed === undefined) return host !== undefined && wanted.host === urlOf(`${wanted.protocol}//${host}`)?.host
  return allowed.some((text) => urlOf(text)?.origin === wanted.origin)
}

/** Pages without a host, such as files, have the Origin `null`; they match nothing. */
function urlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url === undefined || url.origin === 'null' ? undefined : url
}

import type { SipRequest, SipUri } from '@offhook/sip-parser'
import { isSipUri } from '../domains.js'
import type { Reply } from '../reply.js'
import type { RouteToken, RouteTokens } from './route-token.js'

/** A request whose Route no longer names this proxy. */
export interface RoutedRequest {
  readonly request: SipRequest
  /** What this proxy had put into Record-Route when the dialog was set up; absent outside dialogs. */
  readonly token: RouteToken | undefined
}

export interface RouteFacts {
  readonly tokens: RouteTokens
  /** Whether the URI's host and port are this proxy's. */
  readonly isOwn: (uri: SipUri) => boolean
  /** Every host name counts as this proxy's, as long as no dialog says otherwise. */
  readonly anyHost: boolean
}

/**
 * Takes this proxy out of the Route (RFC 3261 §16.4), every value of it: two stand there when the dialog crosses from one
 * transport to another (RFC 5658 §3.1). Undoes what a strict router did. A user part that was not signed here is refused.
 */
export function processRoute(received: SipRequest, facts: RouteFacts): { readonly ok: true; readonly value: RoutedRequest } | { readonly ok: false; readonly reply: Reply } {
  const request = received.clone()
  let token = restoreRequestUri(request, facts)
  for (const { uri } of request.route) {
    if (!isSipUri(uri)) break
    const read = readToken(uri, request, facts)
    if (read === undefined) {
      const own = facts.isOwn(uri) || (facts.anyHost && token === undefined && request.to.tag === undefined)
      if (!own) break
      if (uri.user !== undefined) return { ok: false, reply: { statusCode: 403, reasonPhrase: 'Route Not Issued Here' } }
    }
    token = read ?? token
    request.headers.removeFirst('Route')
  }
  return { ok: true, value: { request, token } }
}

/** A strict router has put our Record-Route value into the Request-URI and the Request-URI at the end of the Route. */
function restoreRequestUri(request: SipRequest, facts: RouteFacts): RouteToken | undefined {
  const { requestUri } = request
  if (!isSipUri(requestUri)) return undefined
  const token = readToken(requestUri, request, facts)
  const routes = request.route
  const last = routes.at(-1)
  if (token === undefined || last === undefined) return undefined
  request.requestUri = last.uri
  request.headers.delete('Route')
  for (const route of routes.slice(0, -1)) request.headers.append('Route', String(route))
  return token
}

function readToken(uri: SipUri, request: SipRequest, facts: RouteFacts): RouteToken | undefined {
  return uri.decodedUser === undefined ? undefined : facts.tokens.read(uri.decodedUser, request.callId)
}

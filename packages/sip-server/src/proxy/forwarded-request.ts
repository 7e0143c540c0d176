import { parseCredentials } from '@offhook/sip-parser'
import type { SipRequest, Uri } from '@offhook/sip-parser'
import { isSipUri } from '../domains.js'
import type { ForwardTarget } from './forward-target.js'

/** A copy that is ready but for Via and Record-Route, and the URI of its next hop. */
export interface ForwardedRequest {
  readonly request: SipRequest
  readonly nextHop: Uri
}

/** RFC 3261 §16.6, steps 1 to 3, 6 and 7; `breadth` is this branch's share (RFC 5393 §5.3). */
export function createForwardedRequest(routed: SipRequest, target: ForwardTarget, breadth: number): ForwardedRequest {
  const request = routed.clone()
  request.requestUri = asRequestUri(target.uri)
  request.headers.set('Max-Forwards', String((request.maxForwards ?? 71) - 1))
  if (request.method !== 'ACK') request.headers.set('Max-Breadth', String(breadth))
  for (const hop of target.path.toReversed()) request.headers.prepend('Route', hop)
  return { request, nextHop: findNextHop(request) }
}

/** What may not stand in a Request-URI: header fields and `method` (RFC 3261 §19.1.1, table 1). */
function asRequestUri(uri: Uri): Uri {
  if (!isSipUri(uri) || (uri.headers === undefined && !uri.parameters.has('method'))) return uri
  return uri.with({ headers: undefined, parameters: uri.parameters.without('method') })
}

/** The first Route value, else the Request-URI; a next hop that is a strict router gets the message in its form. */
function findNextHop(request: SipRequest): Uri {
  const [first] = request.route
  if (first === undefined) return request.requestUri
  if (!isSipUri(first.uri) || first.uri.isLooseRouter) return first.uri
  request.headers.removeFirst('Route')
  request.headers.append('Route', `<${String(request.requestUri)}>`)
  request.requestUri = asRequestUri(first.uri)
  return request.requestUri
}

/** Takes out the Proxy-Authorization of this realm: it is consumed here, and nobody behind needs to see it (RFC 3261 §22.3). */
export function consumeCredentials(request: SipRequest, realm: string): void {
  const all = request.headers.getAll('Proxy-Authorization')
  const others = all.filter((value) => {
    const parsed = parseCredentials(value)
    return !parsed.ok || parsed.value.parameters.get('realm') !== realm
  })
  if (others.length === all.length) return
  request.headers.delete('Proxy-Authorization')
  for (const value of others) request.headers.append('Proxy-Authorization', value)
}

/** Where a request goes: its Request-URI, its Route values and the URI of its next hop. */
export interface RoutedRequest {
  readonly requestUri: string
  readonly routes: readonly string[]
  readonly nextHop: string
}

/**
 * Applies a route set to a request for `target` (RFC 3261 §12.2.1.1).
 *
 * A first proxy with `lr` routes loosely; one without rewrites Request-URIs (RFC 2543), so the target becomes the last route.
 */
export function routeRequest(target: string, routeSet: readonly string[]): RoutedRequest {
  const first = routeSet[0]
  if (first === undefined) return { requestUri: target, routes: [], nextHop: target }
  const proxy = uriText(first)
  if (/;lr(?=[;=?]|$)/i.test(proxy)) return { requestUri: target, routes: routeSet, nextHop: proxy }
  // A method parameter and headers may not stand in a Request-URI (RFC 3261 §19.1.1).
  const requestUri = proxy.replace(/\?.*$/, '').replace(/;method=[^;?]*/i, '')
  return { requestUri, routes: [...routeSet.slice(1), `<${target}>`], nextHop: requestUri }
}

/** The URI within the angle brackets of a Route value. */
export function uriText(route: string): string {
  const open = route.lastIndexOf('<')
  return open < 0 ? route : route.slice(open + 1, route.indexOf('>', open))
}

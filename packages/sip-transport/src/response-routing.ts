import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Flow, ResponseRouting, Target } from './adapter.js'
import { bareHost, canonicalHost, defaultPort, isIpLiteral, sameHost } from './host.js'
import { stampSource } from './request-source.js'

/** UDP: to `maddr`, else to `received` with `rport`, else to `received` with the port of the sent-by (RFC 3261 §18.2.2, RFC 3581 §4). */
export const datagramResponseRouting: ResponseRouting = {
  stamp: stampSource,
  targets(response, flow) {
    if (isStampedFor(flow, response)) return undefined
    const { maddr, received, rport, host, port = 5060 } = response.via
    const target = {
      transport: flow.transport, local: flow.local, host: bareHost(maddr ?? received ?? host),
      port: maddr === undefined && received !== undefined && typeof rport === 'number' ? rport : port,
    }
    return target.port === flow.remote.port && sameHost(target.host, flow.remote.host) ? undefined : [target]
  },
}

/**
 * Connections: where the one of the request is closed, a new one to `received`, then to the sent-by host (RFC 3261 §18.2.2).
 * A `.invalid` host leads nowhere (RFC 7118 §5).
 */
export const connectionResponseRouting: ResponseRouting = {
  stamp: stampSource,
  aliases,
  targets({ via }, { transport }) {
    if (/\.invalid$/i.test(via.host)) return []
    const port = via.port ?? defaultPort(transport)
    const name = isIpLiteral(via.host) ? {} : { serverName: via.host }
    const hosts = new Set([via.received ?? via.host, via.host].map(canonicalHost))
    return [...hosts].map((host) => ({ transport, host, port, ...name }))
  },
}

/** TLS only, and only for the domains of a verified certificate: a request may not redirect what is meant for others (RFC 5923 §9.2). */
function aliases({ via }: SipRequest, { transport, remote: { host }, identities = [] }: Flow): readonly Target[] {
  if (transport !== 'TLS' || !via.parameters.has('alias')) return []
  const port = via.port ?? defaultPort(transport)
  return identities.map((serverName) => ({ transport, host, port, serverName }))
}

/** The usual case, told without decoding: the Via carries the `rport` and `received` that this side stamped, and no `maddr`. */
function isStampedFor(flow: Flow, response: SipResponse): boolean {
  const topVia = response.headers.get('Via')
  return topVia !== undefined && !topVia.includes(',') && !/;\s*maddr/i.test(topVia)
    && carries(topVia, `;rport=${flow.remote.port}`) && carries(topVia, `;received=${flow.remote.host}`)
}

/** Whether the parameter stands there to its last octet, not as the beginning of a longer one. */
function carries(topVia: string, parameter: string): boolean {
  const at = topVia.indexOf(parameter)
  const end = at + parameter.length
  return at >= 0 && (end === topVia.length || topVia.charAt(end) === ';')
}

import type { SipResponse, Via } from '@offhook/sip-parser'
import type { Flow, Target, TransportName } from './adapter.js'
import { bareHost, defaultPort, isIpLiteral, sameHost } from './host.js'

/** Whether a response goes back to exactly where its request came from on a datagram flow. */
export function leadsBack(flow: Flow, response: SipResponse): boolean {
  if (isStampedFor(flow, response)) return true
  const [target] = responseTargets(response.via, flow)
  return target?.port === flow.remote.port && sameHost(target.host, flow.remote.host)
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

/**
 * Where a response goes when the flow of its request cannot carry it, best first (RFC 3261 §18.2.2, RFC 3581 §4).
 *
 * For UDP: `maddr`, else `received` with `rport`, else `received` with the port of the sent-by. For connections, which
 * have to be opened anew: `received`, then the sent-by host. A `.invalid` host leads nowhere (RFC 7118 §5).
 */
export function responseTargets(via: Via, flow: Flow): Target[] {
  const transport = flow.transport
  const port = via.port ?? defaultPort(transport)
  if (transport === 'UDP') return [datagramTarget(via, flow, port)]
  if (/\.invalid$/i.test(via.host)) return []
  const targets: Target[] = []
  if (via.received !== undefined) targets.push(connectionTarget(transport, via.received, port, via.host))
  if (via.received === undefined || !sameHost(via.received, via.host)) {
    targets.push(connectionTarget(transport, via.host, port, via.host))
  }
  return targets
}

function datagramTarget(via: Via, flow: Flow, port: number): Target {
  const from = { transport: flow.transport, local: flow.local }
  if (via.maddr !== undefined) return { ...from, host: bareHost(via.maddr), port }
  if (via.received === undefined) return { ...from, host: bareHost(via.host), port }
  return { ...from, host: bareHost(via.received), port: typeof via.rport === 'number' ? via.rport : port }
}

function connectionTarget(transport: TransportName, host: string, port: number, name: string): Target {
  const target = { transport, host: bareHost(host), port }
  return isIpLiteral(name) ? target : { ...target, serverName: name }
}

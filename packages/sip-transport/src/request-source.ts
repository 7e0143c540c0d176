import type { SipRequest } from '@offhook/sip-parser'
import type { Endpoint } from './adapter.js'
import { canonicalHost, sameHost } from './host.js'

/**
 * Writes into the top Via where a request really came from: `received` when the sent-by is a name or another address
 * (RFC 3261 §18.2.1) or `rport` was asked for, and then `rport`, too (RFC 3581 §4).
 *
 * What the sender itself put into `received` is never believed.
 *
 * @returns Whether the Via can still be read: some can be read as they came and not be written.
 */
export function stampSource(request: SipRequest, remote: Endpoint): boolean {
  const { via } = request
  let { parameters } = via
  const symmetric = parameters.has('rport')
  if (symmetric) parameters = parameters.with('rport', String(remote.port))
  if (symmetric || !sameHost(via.host, remote.host)) parameters = parameters.with('received', canonicalHost(remote.host))
  else if (parameters.has('received')) parameters = parameters.without('received')
  else return true
  try {
    // Put together by hand: a sent-by that was tolerated on reading must not be refused on stamping.
    request.headers.replaceFirst('Via', `SIP/2.0/${via.transport} ${via.sentBy}${parameters.toString()}`)
    return request.via.sentBy === via.sentBy
  } catch {
    return false
  }
}

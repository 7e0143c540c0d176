import type { SipRequest, Via } from '@offhook/sip-parser'
import type { Endpoint } from './adapter.js'
import { canonicalHost, sameHost } from './host.js'

const RPORT = ';rport'

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
  const text = filledIn(request.headers.get('Via') ?? '', remote) ?? putTogether(via, remote)
  if (text === undefined) return true
  try {
    request.headers.replaceFirst('Via', text)
    return request.via.sentBy === via.sentBy
  } catch {
    return false
  }
}

/**
 * The usual Via, stamped without taking it to pieces: it asks for `rport`, and nothing in it is listed, quoted, or filled in
 * already. `undefined` for any other.
 */
function filledIn(via: string, remote: Endpoint): string | undefined {
  const asked = via.indexOf(RPORT)
  const after = asked + RPORT.length
  if (asked < 0 || (after < via.length && via.charAt(after) !== ';')) return undefined
  const front = via.slice(0, asked)
  const rest = via.slice(after)
  if (isUnusual(front) || isUnusual(rest)) return undefined
  return `${front}${RPORT}=${remote.port}${rest};received=${canonicalHost(remote.host)}`
}

function isUnusual(part: string): boolean {
  return /[",]|rport|received/i.test(part)
}

/** Any Via, stamped; `undefined` when there is nothing to write. */
function putTogether({ host, parameters, sentBy, transport }: Via, remote: Endpoint): string | undefined {
  let stamped = parameters
  const symmetric = parameters.has('rport')
  if (symmetric) stamped = stamped.with('rport', String(remote.port))
  if (symmetric || !sameHost(host, remote.host)) stamped = stamped.with('received', canonicalHost(remote.host))
  else if (parameters.has('received')) stamped = stamped.without('received')
  else return undefined
  // Put together by hand: a sent-by that was tolerated on reading must not be refused on stamping.
  return `SIP/2.0/${transport} ${sentBy}${stamped.toString()}`
}

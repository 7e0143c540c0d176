import { isIpLiteral } from '@offhook/sip-transport'
import type { TransportName } from '@offhook/sip-transport'

/** One side of this proxy in a dialog. */
export interface DialogSide {
  readonly transport: TransportName
  /** `host[:port]` of this proxy on that side. */
  readonly sentBy: string
  /** Remote host, to tell IPv4 from IPv6. */
  readonly remoteHost: string
  /** Signed user part, see `RouteTokens`. */
  readonly token: string
  /** The token names a flow: requests to that side must come back with it. */
  readonly pinned: boolean
}

/**
 * The Record-Route values of a request on its way from `inbound` to `outbound`, the topmost first (RFC 3261 §16.6, 4).
 *
 * One is enough where both sides look alike. Where they differ in transport or address family, or where a side is reached
 * over its flow only, each side gets its own (RFC 5658 §3.1): the one that the next hop will use stands on top.
 */
export function recordRoutes(inbound: DialogSide, outbound: DialogSide, secure: boolean): readonly string[] {
  const alike = inbound.transport === outbound.transport && inbound.sentBy === outbound.sentBy && isIpv6(inbound.remoteHost) === isIpv6(outbound.remoteHost)
  if (alike && !inbound.pinned && !outbound.pinned) return [valueFor(outbound, secure)]
  return [valueFor(outbound, secure), valueFor(inbound, secure)]
}

function valueFor({ transport, sentBy, token }: DialogSide, secure: boolean): string {
  return `<${secure ? 'sips' : 'sip'}:${token}@${sentBy}${transportParameter(transport, secure)};lr>`
}

/** UDP is what a SIP URI means without a parameter; under SIPS the secured form of TCP and WS is meant (RFC 3261 §19.1.1). */
function transportParameter(transport: TransportName, secure: boolean): string {
  if (transport === 'UDP') return ''
  if (secure && transport === 'TLS') return ''
  if (secure && transport === 'WSS') return ';transport=ws'
  return `;transport=${transport.toLowerCase()}`
}

function isIpv6(host: string): boolean {
  return isIpLiteral(host) && host.includes(':')
}

/** Requests that are known to set up no dialog and to refresh none; every other method may (RFC 3261 §16.6, 4). */
const withoutDialog: ReadonlySet<string> = new Set(['ACK', 'BYE', 'CANCEL', 'INFO', 'MESSAGE', 'OPTIONS', 'PRACK', 'PUBLISH', 'REGISTER'])

export function mayCreateDialog(method: string): boolean {
  return !withoutDialog.has(method)
}

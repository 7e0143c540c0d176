import { canonicalIpv6 } from '@offhook/sip-parser'
import type { Endpoint, TransportName } from './adapter.js'

/** Where none is said (RFC 3261 §18.1.1, RFC 7118 §5.4). */
const DEFAULT_PORTS: Readonly<Record<TransportName, number>> = { UDP: 5060, TCP: 5060, TLS: 5061, WS: 80, WSS: 443 }

/** The port of a transport where none is said (RFC 3261 §18.1.1, RFC 7118 §5.4). */
export function defaultPort(transport: TransportName): number {
  return DEFAULT_PORTS[transport]
}

/** Whether the text is a numeric address rather than a name: IPv4 in dotted form, or IPv6 with or without brackets. */
export function isIpLiteral(host: string): boolean {
  return host.includes(':') || isIpv4(host)
}

function isIpv4(host: string): boolean {
  const parts = host.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
}

/** The host as a URI or a Via writes it: IPv6 in brackets, without a zone. */
export function hostText(host: string): string {
  return host.includes(':') ? `[${withoutZone(bareHost(host))}]` : host
}

/** `host:port` as a URI or a Via writes it. */
export function endpointText(endpoint: Endpoint): string {
  return `${hostText(endpoint.host)}:${endpoint.port}`
}

/** The host without the brackets that SIP puts around IPv6. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

/**
 * One spelling for each address: names in lower case, IPv6 shortest (RFC 5952 §4), IPv4 inside IPv6 as IPv4.
 * Used to compare addresses; a literal that is none stays as it is, in lower case.
 */
export function canonicalHost(host: string): string {
  const bare = withoutZone(bareHost(host)).toLowerCase()
  return bare.includes(':') ? canonicalIpv6(bare).replace(/^::ffff:(?=\d+\.)/, '') : bare
}

/** Whether both name the same host: octet for octet, or one address in two spellings. */
export function sameHost(a: string, b: string): boolean {
  return a === b || canonicalHost(a) === canonicalHost(b)
}

function withoutZone(host: string): string {
  return host.replace(/%.*/, '')
}

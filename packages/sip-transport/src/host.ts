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
  const groups = ipv6Groups(bare)
  if (groups === undefined) return bare
  const text = `:${groups.map((group) => group.toString(16)).join(':')}:`
  if (text.startsWith(':0:0:0:0:0:ffff:')) return groups.slice(6).flatMap((group) => [group >> 8, group & 255]).join('.')
  for (let zeros = ':0:0:0:0:0:0:0:0:'; zeros.length > 3; zeros = zeros.slice(2)) {
    const at = text.indexOf(zeros)
    if (at >= 0) return `${text.slice(1, at)}::${text.slice(at + zeros.length, -1)}`
  }
  return text.slice(1, -1)
}

/** Whether both name the same host: octet for octet, or one address in two spellings. */
export function sameHost(a: string, b: string): boolean {
  return a === b || canonicalHost(a) === canonicalHost(b)
}

function withoutZone(host: string): string {
  return host.replace(/%.*/, '')
}

/** The eight numbers of an IPv6 address, `undefined` for what is none. */
function ipv6Groups(text: string): number[] | undefined {
  if (!/^[\da-f:]*:[\da-f.]*$/.test(text)) return undefined
  const [head = [], tail = [], ...more] = text.split('::').map(groupsOf)
  const gap = text.includes('::') ? Math.max(0, 8 - head.length - tail.length) : 0
  const groups = [...head, ...new Array<number>(gap).fill(0), ...tail]
  return more.length === 0 && groups.length === 8 && !groups.includes(NaN) ? groups : undefined
}

/** The groups of one side of `::`, two of them for an IPv4 address; `NaN` for what is no group. */
function groupsOf(side: string): number[] {
  if (side === '') return []
  return side.split(':').flatMap((group) => {
    if (!isIpv4(group)) return /^[\da-f]{1,4}$/.test(group) ? Number.parseInt(group, 16) : NaN
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

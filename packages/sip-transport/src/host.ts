import type { Endpoint, TransportName } from './adapter.js'

/** The port of a transport where none is said (RFC 3261 §18.1.1, RFC 7118 §5.4). */
export function defaultPort(transport: TransportName): number {
  switch (transport) {
    case 'UDP':
    case 'TCP':
      return 5060
    case 'TLS':
      return 5061
    case 'WS':
      return 80
    case 'WSS':
      return 443
  }
}

/** Whether the text is an IPv6 literal, with or without brackets. */
export function isIpv6(host: string): boolean {
  return host.includes(':')
}

/** Whether the text is an IPv4 literal in dotted form. */
export function isIpv4(host: string): boolean {
  const parts = host.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
}

/** Whether the text is a numeric address rather than a name. */
export function isIpLiteral(host: string): boolean {
  return isIpv6(host) || isIpv4(host)
}

/** The host as a URI or a Via writes it: IPv6 in brackets, without a zone. */
export function hostText(host: string): string {
  if (!host.includes(':')) return host
  return `[${withoutZone(bareHost(host))}]`
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
  if (!bare.includes(':')) return bare
  const groups = ipv6Groups(bare)
  if (groups === undefined) return bare
  const [high, low] = [groups[6] ?? 0, groups[7] ?? 0]
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  }
  return shortest(groups)
}

/** Whether both name the same host: octet for octet, or one address in two spellings. */
export function sameHost(a: string, b: string): boolean {
  return a === b || canonicalHost(a) === canonicalHost(b)
}

function withoutZone(host: string): string {
  const zone = host.indexOf('%')
  return zone < 0 ? host : host.slice(0, zone)
}

function ipv6Groups(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '')
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 0 : missing !== 0) return undefined
  return [...head, ...new Array<number>(missing).fill(0), ...tail]
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && isIpv4(part)) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
      groups.push((a << 8) | b, (c << 8) | d)
    } else if (/^[0-9a-f]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return groups
}

function shortest(groups: readonly number[]): string {
  let start = -1
  let length = 1
  for (let index = 0; index < 8; index++) {
    let end = index
    while (end < 8 && groups[end] === 0) end++
    if (end - index > length) [start, length] = [index, end - index]
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  return start < 0 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

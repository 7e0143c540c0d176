import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import { endpointText } from '@offhook/sip-transport'
import type { Endpoint } from '@offhook/sip-transport'

const MAPPED_IPV4 = '::ffff:'
/** Any port does: a datagram socket that is connected sends nothing. */
const DISCARD_PORT = 9

/** Whether the address stands for all addresses of this machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === ''
}

/** An address as the platform gives it; IPv4 that came in through an IPv6 socket is IPv4 again. */
export function endpointOf(address: string | undefined, port: number | undefined): Endpoint {
  const host = address ?? ''
  return { host: host.startsWith(MAPPED_IPV4) && isIP(host.slice(7)) === 4 ? host.slice(7) : host, port: port ?? 0 }
}

/**
 * The address of this machine from which `remote` would be reached, as the routing table has it; `undefined` when there is no route.
 * A datagram socket is connected, asked for its address and closed; nothing is sent and nothing waits.
 */
export function localAddressTowards(remote: string): string | undefined {
  const family = isIP(remote.split('%')[0] ?? '')
  if (family === 0) return undefined
  const socket = createSocket(family === 6 ? { type: 'udp6', lookup: literalLookup(6) } : { type: 'udp4', lookup: literalLookup(4) })
  try {
    socket.on('error', () => undefined)
    socket.connect(DISCARD_PORT, remote)
    const { address } = socket.address()
    return isWildcard(address) ? undefined : address
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}

/**
 * Hands an IP literal back at once, where Node's own lookup would take a turn of the event loop for every datagram.
 * Datagram sockets look at the address only; the family says which kind of literal they get.
 */
export function literalLookup(family: 4 | 6): (host: string, options: unknown, callback: (error: null, address: string, family: number) => void) => void {
  return (host, _options, callback) => callback(null, host, family)
}

/** `host:port` for a Via: the listener's port, and its address or, where that is a wildcard, the concrete one. */
export function sentByOf(listener: Endpoint, concrete: string): string {
  return endpointText({ host: isWildcard(listener.host) ? concrete : listener.host, port: listener.port })
}

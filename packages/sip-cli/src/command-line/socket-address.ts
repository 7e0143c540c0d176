import { UsageError } from './usage-error.js'

/** The transports that a `--listen` may name. */
export type ListenTransport = 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS'

/** Where to listen: the value of one `--listen`. */
export interface ListenAddress {
  readonly transport: ListenTransport
  /** Without brackets. */
  readonly host: string
  /** 0 for one that the system chooses. */
  readonly port: number
}

const defaultPorts: Readonly<Record<ListenTransport, number>> = { UDP: 5060, TCP: 5060, TLS: 5061, WS: 8080, WSS: 8443 }

/** Reads `udp:127.0.0.1:5060`, `tcp:[::1]:5060`, `tls:host`, `ws:8080`. @throws {@link UsageError} */
export function parseListenAddress(text: string): ListenAddress {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.+)$/i.exec(text) ?? []
  const transport = scheme.toUpperCase()
  if (!isTransport(transport)) {
    throw new UsageError(`--listen takes udp:, tcp:, tls:, ws: or wss: before host:port, not "${text}"`)
  }
  return { transport, ...parseHostPort(rest, '127.0.0.1', defaultPorts[transport], `--listen ${text}`) }
}

/** Reads `host:port`, `[::1]:port`, `host` or `port`. @throws {@link UsageError} naming `what` */
export function parseHostPort(text: string, defaultHost: string, defaultPort: number, what: string): { host: string; port: number } {
  if (/^\d+$/.test(text)) return { host: defaultHost, port: portOf(text, what) }
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([^\s:[\]/@]+))(?::(\d+))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new UsageError(`${what}: "${text}" is not host:port; write an IPv6 address as [::1]:5060`)
  return { host, port: port === undefined ? defaultPort : portOf(port, what) }
}

/** `host:port` with the brackets that an IPv6 literal needs. */
export function formatHostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** True for 0.0.0.0 and ::, which stand for every address of this machine. */
export function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function portOf(text: string, what: string): number {
  const port = Number(text)
  if (port <= 65_535) return port
  throw new UsageError(`${what}: ports go from 0 to 65535`)
}

function isTransport(text: string): text is ListenTransport {
  return Object.hasOwn(defaultPorts, text)
}

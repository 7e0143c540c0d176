import type { SipUri } from '@offhook/sip-parser'
import type { Target, TransportName } from './adapter.js'
import { TransportError } from './transport-error.js'
import { bareHost, defaultPort } from './host.js'

/** Finds out where a URI leads. */
export interface Locate {
  /** Best target first (RFC 3263). Rejects with a {@link TransportError} when it leads nowhere. */
  (uri: SipUri): Promise<readonly Target[]>
  /**
   * Is told that a target could not be reached, did not answer or answered 503 (RFC 3263 §4.3), so that it can be avoided.
   * `retryAfter` is what a 503 asked for, in ms. Absent where nothing is remembered; `withFailover` remembers.
   */
  readonly failed?: (target: Target, retryAfter?: number) => void
}

/** What a `transport` parameter asks for, by the scheme of its URI (RFC 3263 §4.1, RFC 7118 §5.2). */
const TRANSPORTS: Readonly<Record<SipUri['scheme'], Readonly<Record<string, TransportName>>>> = {
  sip: { udp: 'UDP', tcp: 'TCP', tls: 'TLS', ws: 'WS', wss: 'WSS' },
  sips: { tcp: 'TLS', tls: 'TLS', ws: 'WSS', wss: 'WSS' },
}

/**
 * The transport that a URI asks for, `undefined` when it leaves the choice open.
 * A SIPS URI gets a secured one or none: UDP has no secured form.
 *
 * @throws {TransportError} `no-adapter` for a transport that SIP does not know here.
 */
export function transportOf(uri: SipUri): TransportName | undefined {
  const asked = uri.transport
  if (asked === undefined) return undefined
  const known = TRANSPORTS[uri.scheme]
  const transport = Object.hasOwn(known, asked) ? known[asked] : undefined
  if (transport === undefined) throw new TransportError('no-adapter', `No ${uri.scheme}: over ${asked}.`)
  return transport
}

/**
 * Takes a URI at its word, without DNS: its host, its port or the default, its transport or the scheme's (UDP, for SIPS TLS).
 * What a browser can do, and what tests want.
 */
export const locateLiteral: Locate = (uri) => new Promise((resolve) => {
  const transport = transportOf(uri) ?? (uri.scheme === 'sips' ? 'TLS' : 'UDP')
  const host = bareHost(uri.parameters.get('maddr') ?? uri.host)
  resolve([{ transport, host, port: uri.port ?? defaultPort(transport), serverName: bareHost(uri.host) }])
})

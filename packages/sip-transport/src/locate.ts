import type { SipUri } from '@offhook/sip-parser'
import type { Target, TransportName } from './adapter.js'
import { TransportError } from './transport-error.js'
import { bareHost, defaultPort } from './host.js'

/** Finds out where a URI leads, best target first (RFC 3263). Rejects with a {@link TransportError} when it leads nowhere. */
export type Locate = (uri: SipUri) => Promise<readonly Target[]>

/**
 * The transport that a URI asks for, `undefined` when it leaves the choice open (RFC 3263 §4.1, RFC 7118 §5.2).
 * A SIPS URI gets a secured one or none: UDP has no secured form.
 *
 * @throws {TransportError} `no-adapter` for a transport that SIP does not know here.
 */
export function transportOf(uri: SipUri): TransportName | undefined {
  const secure = uri.scheme === 'sips'
  switch (uri.transport) {
    case undefined:
      return undefined
    case 'udp':
      if (secure) throw new TransportError('no-adapter', 'A SIPS URI cannot go over UDP.')
      return 'UDP'
    case 'tcp':
      return secure ? 'TLS' : 'TCP'
    case 'tls':
      return 'TLS'
    case 'ws':
      return secure ? 'WSS' : 'WS'
    case 'wss':
      return 'WSS'
    default:
      throw new TransportError('no-adapter', `No transport is called ${uri.transport}.`)
  }
}

/**
 * Takes a URI at its word, without DNS: its host, its port or the default, its transport or the scheme's (UDP, for SIPS TLS).
 * What a browser can do, and what tests want.
 */
export const locateLiteral: Locate = (uri) => {
  try {
    const transport = transportOf(uri) ?? (uri.scheme === 'sips' ? 'TLS' : 'UDP')
    const host = bareHost(uri.parameters.get('maddr') ?? uri.host)
    return Promise.resolve([{ transport, host, port: uri.port ?? defaultPort(transport), serverName: bareHost(uri.host) }])
  } catch (error) {
    return Promise.reject(error instanceof TransportError ? error : new TransportError('unreachable', 'The URI leads nowhere.', error))
  }
}

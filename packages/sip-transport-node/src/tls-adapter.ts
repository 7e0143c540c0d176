import { connect, createServer } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import { isIP } from 'node:net'
import type { AdapterFactory, Target } from '@offhook/sip-transport'
import { DEFAULT_HANDSHAKE_TIMEOUT } from './connection-limits.js'
import type { ConnectionLimits } from './connection-limits.js'
import { checkSipIdentity } from './sip-identity.js'
import type { IdentityOptions } from './sip-identity.js'
import { StreamAdapter } from './stream-adapter.js'
import { certificatesOf, clientContextOf, followCertificates, identitiesOf, serverOptionsOf } from './tls-options.js'
import type { TlsOptions } from './tls-options.js'

/** What {@link tlsAdapter} takes. */
export interface TlsAdapterOptions extends TlsOptions, IdentityOptions, ConnectionLimits {}

/** TLS over TCP, listening and dialling. The peer's certificate must name the target's `serverName` (RFC 5922 §7). */
export function tlsAdapter(options: TlsAdapterOptions = {}): AdapterFactory {
  return (receiver) => {
    const certificates = certificatesOf(options)
    return new StreamAdapter(
      receiver,
      {
        transport: 'TLS',
        ready: 'secureConnect',
        dial: (target) => connect(dialOptions(target, options)),
        serve: (accept) => {
          const handshakeTimeout = options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT
          const server = createServer({ ...serverOptionsOf(options, certificates, 'TLS'), noDelay: true, keepAlive: true, handshakeTimeout }, accept)
          followCertificates(server, options, certificates)
          // Node says that a handshake failed or took too long, and leaves the socket to us.
          server.on('tlsClientError', (_error, socket) => socket.destroy())
          return server
        },
        identitiesOf,
        proven: () => certificates.current.cert !== undefined,
      },
      options,
    )
  }
}

/** No session is ever resumed: a resumed one is not checked against the name again. */
function dialOptions(target: Target, options: TlsAdapterOptions): ConnectionOptions {
  const name = target.serverName ?? target.host
  return {
    ...clientContextOf(options),
    host: target.host,
    port: target.port,
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    checkServerIdentity: (_host, certificate) => checkSipIdentity(name, certificate, options),
    ...(isIP(name) === 0 ? { servername: name } : {}),
  }
}

import { createServer } from 'node:https'
import type { RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import type { AdapterFactory, Target } from '@offhook/sip-transport'
import { WebSocket } from 'ws'
import { DEFAULT_HANDSHAKE_TIMEOUT } from './connection-limits.js'
import { checkWebIdentity } from './sip-identity.js'
import { certificatesOf, clientContextOf, followCertificates, serverOptionsOf } from './tls-options.js'
import type { TlsOptions } from './tls-options.js'
import { WebSocketAdapter } from './web-socket-adapter.js'
import type { WebSocketOptions } from './web-socket-adapter.js'
import { dialOptions, serverTimeouts, urlOf } from './ws-adapter.js'

/** What {@link wssAdapter} takes. */
export interface WssAdapterOptions extends WebSocketOptions, TlsOptions {}

/** WebSocket over TLS, accepting and dialling. Names are matched as HTTPS does (RFC 7118 §9.1, RFC 9110 §4.3.4). */
export function wssAdapter(options: WssAdapterOptions = {}): AdapterFactory {
  return (receiver) => {
    const certificates = certificatesOf(options)
    return new WebSocketAdapter(
      receiver,
      {
        transport: 'WSS',
        dial: (target, maxMessageBytes) => new WebSocket(urlOf('wss', target), 'sip', secureDialOptions(target, options, maxMessageBytes)),
        serve: () => {
          const server = createServer({ ...serverTimeouts(options), ...serverOptionsOf(options, certificates, 'WSS'), handshakeTimeout: options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT })
          followCertificates(server, options, certificates)
          return server
        },
      },
      options,
    )
  }
}

/** No session is ever resumed: a resumed one is not checked against the name again. */
function secureDialOptions(target: Target, options: WssAdapterOptions, maxMessageBytes: number): RequestOptions {
  const name = target.serverName ?? target.host
  return {
    ...dialOptions(target, options, maxMessageBytes),
    ...clientContextOf(options),
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    checkServerIdentity: (_host, certificate) => checkWebIdentity(name, certificate),
    ...(isIP(name) === 0 ? { servername: name } : {}),
  }
}

import { createServer } from 'node:http'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { AdapterFactory, Target } from '@offhook/sip-transport'
import { hostText } from '@offhook/sip-transport'
import { WebSocket } from 'ws'
import { DEFAULT_HANDSHAKE_TIMEOUT } from './connection-limits.js'
import type { ConnectionLimits } from './connection-limits.js'
import { WebSocketAdapter } from './web-socket-adapter.js'
import type { WebSocketOptions } from './web-socket-adapter.js'

/** WebSocket without TLS, accepting and dialling: on a port of its own, or on an HTTP server that serves other things, too. */
export function wsAdapter(options: WebSocketOptions = {}): AdapterFactory {
  return (receiver) =>
    new WebSocketAdapter(
      receiver,
      {
        transport: 'WS',
        dial: (target, maxMessageBytes) => new WebSocket(urlOf('ws', target), 'sip', dialOptions(target, options, maxMessageBytes)),
        serve: () => createServer(serverTimeouts(options)),
      },
      options,
    )
}

/** An HTTP server that waits for the opening request no longer than for a handshake. */
export function serverTimeouts(options: ConnectionLimits): { headersTimeout: number; requestTimeout: number; connectionsCheckingInterval: number } {
  const timeout = options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT
  return { headersTimeout: timeout, requestTimeout: timeout, connectionsCheckingInterval: Math.min(timeout, 1000) }
}

/** The URL names the server by `serverName`, so that Host is right; {@link dialOptions} leads it to the address. */
export function urlOf(scheme: 'ws' | 'wss', target: Target): string {
  const path = target.path ?? '/'
  return `${scheme}://${hostText(target.serverName ?? target.host)}:${target.port}${path.startsWith('/') ? path : `/${path}`}`
}

/** The part of the options of `ws` that both kinds use. */
export interface DialOptions {
  readonly handshakeTimeout: number
  readonly maxPayload: number
  readonly perMessageDeflate: false
  readonly followRedirects: false
  readonly lookup?: LookupFunction
}

/** What the client of `ws` needs for both kinds. */
export function dialOptions(target: Target, options: ConnectionLimits, maxMessageBytes: number): DialOptions {
  const { host, serverName } = target
  return {
    handshakeTimeout: options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    followRedirects: false,
    ...(serverName === undefined || isIP(host) === 0 ? {} : { lookup: lookupOf(host) }),
  }
}

/** Finds every name at one address. */
function lookupOf(address: string): LookupFunction {
  const family = isIP(address)
  return (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }])
    else callback(null, address, family)
  }
}

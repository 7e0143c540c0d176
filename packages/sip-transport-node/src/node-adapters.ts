import type { AdapterFactory } from '@offhook/sip-transport'
import type { ConnectionLimits } from './connection-limits.js'
import { tcpAdapter } from './tcp-adapter.js'
import { tlsAdapter } from './tls-adapter.js'
import type { TlsAdapterOptions } from './tls-adapter.js'
import { udpAdapter } from './udp-adapter.js'
import type { UdpAdapterOptions } from './udp-adapter.js'
import type { WebSocketOptions } from './web-socket-adapter.js'
import { wsAdapter } from './ws-adapter.js'
import { wssAdapter } from './wss-adapter.js'
import type { WssAdapterOptions } from './wss-adapter.js'

/** Options of each of the five. WSS takes the certificates of TLS where it has none of its own. */
export interface NodeAdaptersOptions {
  readonly udp?: UdpAdapterOptions
  readonly tcp?: ConnectionLimits
  readonly tls?: TlsAdapterOptions
  readonly ws?: WebSocketOptions
  readonly wss?: WssAdapterOptions
}

/** All five transports: UDP, TCP, TLS, WS, WSS. */
export function nodeAdapters(options: NodeAdaptersOptions = {}): AdapterFactory[] {
  const { udp, tcp, tls, ws, wss } = options
  return [udpAdapter(udp), tcpAdapter(tcp), tlsAdapter(tls), wsAdapter(ws), wssAdapter({ ...tls, ...wss })]
}

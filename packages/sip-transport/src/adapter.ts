import type { SipRequest, SipResponse, StreamFramer } from '@offhook/sip-parser'
import type { TransportError } from './transport-error.js'

/** The transports of a Via header field, in its spelling (RFC 3261 §20.42, RFC 7118 §5.2). */
export type TransportName = 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS'

/** A socket address. `host` is a name or a literal, IPv6 without brackets. */
export interface Endpoint { readonly host: string; readonly port: number }

/** Where to connect to, and under which name. */
export interface Target extends Endpoint {
  readonly transport: TransportName
  /** The name to verify and to announce (SNI, Host); `host` when absent. */
  readonly serverName?: string
  /** Other addresses of the same server, best first: an adapter that opens connections tries them when `host` is slow or fails (RFC 7984 §3). */
  readonly alternates?: readonly string[]
  /** WebSocket resource, `/` when absent. */
  readonly path?: string
  /** UDP: the local address to send from, where the adapter is bound to several. */
  readonly local?: Endpoint
}

/** One way to reach one peer: a connection, or a datagram socket with a remote address (RFC 5626 §3). Compared by identity. */
export interface Flow {
  readonly transport: TransportName
  readonly reliable: boolean
  readonly local: Endpoint
  readonly remote: Endpoint
  /** `host[:port]` for the Via of requests sent here: a listener's address, else the local one, else a random `.invalid` name (RFC 7118 §5). */
  readonly sentBy: string
  /** `inbound` when the peer opened it. */
  readonly direction: 'inbound' | 'outbound'
  /** The Origin that an inbound WebSocket presented. */
  readonly origin?: string
  /** The SIP domains that the certificate of an inbound peer vouches for, verified (RFC 5922 §7.1, mutual TLS). */
  readonly identities?: readonly string[]
  /** Whether requests ask the peer to send its own this way, too: `alias` in their Via (RFC 5923 §8.1). */
  readonly aliased?: boolean
  /** Requests of more octets than this take a congestion-controlled transport where there is one (RFC 3261 §18.1.1). */
  readonly maxRequestBytes?: number
  /** Never throws; a flow that cannot send closes itself. The octets belong to the flow from here on. */
  send(bytes: Uint8Array): void
  /** Closes once what was sent is out. Closing twice is harmless. */
  close(): void
}

/** What an adapter tells the layer: of each connection `opened` once, `received` any number of times, `closed` once. */
export interface FlowReceiver {
  /** A connection stands, whoever opened it. Of datagram flows nobody needs to hear. */
  opened(flow: Flow): void
  received(flow: Flow, bytes: Uint8Array): void
  /** By either side; `error` when it did not end in peace. */
  closed(flow: Flow, error?: TransportError): void
}

/** Moves bytes and knows no SIP. */
export interface Adapter {
  readonly transport: TransportName
  /** One message a datagram, one message a frame, or what cuts a stream into messages. */
  readonly framing: 'datagram' | 'message' | typeof StreamFramer
  /** Absent where peers cannot be dialled and have no address: responses take the flow of their request or none. */
  readonly responseRouting?: ResponseRouting
  /** Rejects with a {@link TransportError}; `aborted` when `signal` said so. */
  connect(target: Target, signal?: AbortSignal): Promise<Flow>
  listen?(local: Endpoint): Promise<Listener>
  /** Ends the listeners for connections; what stands goes on, and so do datagrams, whose answers need their socket. */
  stopAccepting?(): Promise<void>
  /** Ends every listener, every dial and every flow. */
  close(): Promise<void>
}

/** How responses find their way back (RFC 3261 §18.2, RFC 3581). */
export interface ResponseRouting {
  /** Notes in the top Via of a request where it came from. @returns Whether that Via can still be read. */
  stamp(request: SipRequest, remote: Endpoint): boolean
  /** The names under which the flow of this request may be reused in the other direction (RFC 5923 §8.2). */
  aliases?(request: SipRequest, flow: Flow): readonly Target[]
  /** Where a response goes, best first, when its flow is the wrong way or gone; `undefined` when the flow is right. */
  targets(response: SipResponse, flow: Flow): readonly Target[] | undefined
}

/** `local.port` is the real one when 0 was asked for. Closing it leaves accepted connections open. */
export interface Listener { readonly transport: TransportName; readonly local: Endpoint; close(): Promise<void> }

export type AdapterFactory = (receiver: FlowReceiver) => Adapter

import type { CredentialsSource } from '@offhook/sip-auth'
import type { Clock, RandomSource } from '@offhook/sip-machine'
import type { TimerValues } from '@offhook/sip-transaction'
import type { AdapterFactory, Endpoint, KeepAlive, Locate, TraceRecord, TransportName } from '@offhook/sip-transport'
import type { SessionDescriptionHandlerFactory } from '../session-description-handler.js'
import type { ExtraHeaders } from '../session/session.js'
import type { Extension } from '../call/extension.js'
import type { ServerList } from '../signalling/server-list.js'

/** A local address to listen at. Port 0 lets the system choose. */
export interface ListenAddress extends Endpoint {
  readonly transport: TransportName
}

/** What a user agent is made of. Only `identity` is required. */
export interface UserAgentOptions {
  /** Address of record: `sip:alice@example.com`, or `alice@example.com`. */
  readonly identity: string
  readonly displayName?: string
  /** Digest user name; the user of `identity` when absent. */
  readonly username?: string
  readonly password?: string
  /** Instead of `username` and `password`: several realms, hashed secrets, or a function. */
  readonly credentials?: CredentialsSource
  /**
   * Where all requests go first: `wss://host/path`, `ws://…`, or an outbound proxy such as `sip:host;transport=tcp`.
   * A SIP URI with `;lr` is also preloaded as Route (RFC 3261 §8.1.2). The registrar's domain stays that of `identity`.
   * Several servers, of which one at a time is used: `serverList([…])`.
   */
  readonly server?: string | ServerList
  /** How to reach peers; WebSocket (WS and WSS) when absent. */
  readonly adapters?: readonly AdapterFactory[]
  /** Addresses to listen at from the start; `ready` tells when. */
  readonly listen?: readonly ListenAddress[]
  /** How to find the host of a URI; takes URIs at their word when absent. */
  readonly locate?: Locate
  /** Makes the media side of each call. Without it the application passes bodies itself. */
  readonly media?: SessionDescriptionHandlerFactory
  /** Features beyond those of every agent, one object each. */
  readonly extensions?: readonly Extension[]
  /** Answer whatever user the Request-URI names, instead of 404 for others than the identity's. */
  readonly acceptAnyUser?: boolean
  /** Seconds after which an unanswered call is given up: ours with CANCEL, theirs with 480. 180 when absent, `Infinity` for never. */
  readonly ringTimeout?: number
  /** Say 180 as soon as a call comes in, unless the application said something itself; true unless told. */
  readonly autoRing?: boolean
  /** Pings on connections that we open (RFC 5626 §4.4.1), in ms. None when absent. */
  readonly keepAlive?: KeepAlive
  /** A name of this device that outlives restarts, such as a UUID: sent as `+sip.instance` (RFC 5626 §4.1). */
  readonly instanceId?: string
  /** Added to every request. */
  readonly headers?: ExtraHeaders
  /** Text of the User-Agent header field. */
  readonly userAgent?: string
  readonly timers?: Partial<TimerValues>
  /** Told of each message on the wire. */
  readonly trace?: (record: TraceRecord) => void
  readonly clock?: Clock
  readonly random?: RandomSource
}

import type { Clock, RandomSource } from '@offhook/sip-machine'
import type { SipRequest, SipUri } from '@offhook/sip-parser'
import type { TimerValues } from '@offhook/sip-transaction'
import type { AdapterFactory, Flow, Locate, TraceRecord, TransportLimits } from '@offhook/sip-transport'
import type { AuthOptions } from './access-control.js'
import type { LocationStore } from './location/location-store.js'
import type { RegistrarLimits } from './registrar.js'
import type { Reply } from './reply.js'

/** How a {@link SipServer} is made. Times in ms unless a field says otherwise. */
export interface SipServerOptions {
  /** One for each transport to listen on or to dial. */
  readonly adapters: readonly AdapterFactory[]
  readonly clock: Clock
  readonly random: RandomSource
  /** Who may use the server: `'open'` lets everybody in and makes users on the fly. There is no default, so that nobody is open by mistake. */
  readonly auth: AuthOptions | 'open'
  /** The domains whose users live here, the first one standing for all; `'*'`, the default, for a server that takes every host for its own. */
  readonly domains?: readonly string[] | '*'
  /** Where bindings are kept; in memory when absent. */
  readonly locations?: LocationStore
  readonly registrar?: Partial<RegistrarLimits>
  /** Finds the targets of a next hop, best first (RFC 3263); by its literal host and port when absent. Is told which of them failed. */
  readonly locate?: Locate
  /** Domains to which requests of our users may be relayed, or a judgement. Nobody's when absent: an open relay costs its owner money. */
  readonly relay?: readonly string[] | ((nextHop: SipUri) => boolean)
  /** Stay on the path of dialogs, which bridging transports needs. True when absent. */
  readonly recordRoute?: boolean
  /**
   * Live transactions; beyond them new requests get 503 and Retry-After without any state; the last eighth is for requests within dialogs. 20,000 when absent.
   * The branches of requests that were let in may add as many again, never more.
   */
  readonly maxTransactions?: number
  /** A look at every new request but ACK and CANCEL before anything is kept of it: a reply refuses it. For rate limits and bans. */
  readonly admit?: (request: SipRequest, flow: Flow) => Reply | undefined
  /** T1, T2, T4 (RFC 3261 §17, table 4). */
  readonly timers?: Partial<TimerValues>
  /** Timer C, how long a call may ring: more than 180,000; 185,000 when absent (RFC 3261 §16.6, 11). */
  readonly timerC?: number
  readonly limits?: Partial<TransportLimits>
  /** Sees every message sent and received. */
  readonly trace?: (record: TraceRecord) => void
}

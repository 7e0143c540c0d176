import type { Instant } from '@offhook/sip-machine'
import type { SipMessage } from '@offhook/sip-parser'
import type { Endpoint, TransportName } from './adapter.js'

/** One message on the wire, as the transport layer saw it. */
export interface TraceRecord {
  /** In milliseconds on the layer's clock. */
  readonly at: Instant
  readonly direction: 'sent' | 'received'
  readonly transport: TransportName
  readonly local: Endpoint
  readonly remote: Endpoint
  /** A received request already carries its `received` and `rport`. */
  readonly message: SipMessage
  /** What was on the wire. */
  readonly bytes: Uint8Array
}

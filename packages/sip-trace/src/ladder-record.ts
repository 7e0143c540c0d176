import type { SipMessage } from '@offhook/sip-parser'

/** One end of a wire; the `Endpoint` of `@offhook/sip-transport` fits. */
export interface LadderEndpoint {
  readonly host: string
  readonly port: number
}

/** One message that crossed a wire; the `TraceRecord` of `@offhook/sip-transport` fits. */
export interface LadderRecord {
  /** Milliseconds on any monotonic clock; only differences are shown. */
  readonly at: number
  /** As the recording side saw it. */
  readonly direction: 'sent' | 'received'
  /** `UDP`, `TCP`, `TLS`, `WS` or `WSS`. */
  readonly transport: string
  readonly local: LadderEndpoint
  readonly remote: LadderEndpoint
  readonly message: SipMessage
}

/** One arrow of a ladder, as plain values that can be drawn, sent as JSON or kept. */
export interface LadderRow {
  /** Rises by one with every row of a ladder; stays the same when the row is drawn again. */
  readonly id: number
  readonly callId: string
  /** When the message was first seen, milliseconds on the clock of the records. */
  readonly at: number
  /** Milliseconds since the first row of this call. */
  readonly elapsed: number
  /** Milliseconds since the row before it in this call; 0 for the first. */
  readonly delta: number
  readonly from: string
  readonly to: string
  readonly transport: string
  /** `INVITE`, or `200 OK (INVITE)`. */
  readonly label: string
  /** The request's method; of a response, the method it answers. */
  readonly method: string
  /** Absent for a request. */
  readonly statusCode?: number
  /** The number of the CSeq. */
  readonly sequence: number
  /** Type of the body, such as `application/sdp`; absent without one. */
  readonly body?: string
  /** 0 for the first time this message crossed this wire, 1 for its first repetition, and so on. */
  readonly retransmission: number
}

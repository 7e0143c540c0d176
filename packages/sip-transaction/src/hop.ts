/** What a transaction has to know of the flow that carries it. */
export interface Hop {
  /** Whether the transport delivers or fails (TCP, TLS, WebSocket), or may lose messages (UDP). */
  readonly reliable: boolean
}

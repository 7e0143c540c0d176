/** What one connection, one peer address and all together may cost. */
export interface ConnectionLimits {
  /** How long a dial or a handshake may take, in milliseconds: 10,000 unless told. */
  readonly handshakeTimeout?: number
  /** How many connections one address may hold at a time, handshakes included: 1,024 unless told. */
  readonly maxConnectionsPerAddress?: number
  /** How many connections may come from all addresses together, handshakes included: 20,000 unless told. */
  readonly maxConnections?: number
  /**
   * How many bytes may wait for a peer that does not read before its connection is cut: 1 MiB unless told. From half of that on,
   * nothing more is read from it until it has caught up, for which it has 30 seconds.
   */
  readonly maxQueuedBytes?: number
}

export const DEFAULT_HANDSHAKE_TIMEOUT = 10_000
export const DEFAULT_QUEUED_BYTES = 1_048_576
/** How long a closed connection may take to hand over what was sent, in milliseconds. */
export const LINGER = 2000
/** How long a peer from which nothing is read any more may take to read what it was sent, in milliseconds. */
export const STALL = 30_000

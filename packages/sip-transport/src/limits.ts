/** What one peer may cost. Times in milliseconds, sizes in octets. */
export interface TransportLimits {
  /** Longest message: 65,535. A stream that announces more is closed, nothing is allocated for what it announced. */
  readonly maxMessageBytes: number
  /** Longest time from the first octet of a message on a stream to its last: 10,000. */
  readonly messageTimeout: number
  /** How long an accepted connection may stay silent before its first octet: 60,000. */
  readonly firstMessageTimeout: number
  /** How long an accepted connection may stay silent later on: 3,900,000, a little over the usual registration. */
  readonly idleTimeout: number
}

export const DEFAULT_LIMITS: TransportLimits = {
  maxMessageBytes: 65_535,
  messageTimeout: 10_000,
  firstMessageTimeout: 60_000,
  idleTimeout: 3_900_000,
}

/** The largest payload of a UDP datagram over IPv4, in octets. */
export const MAX_DATAGRAM_BYTES = 65_507

/** The largest request that goes over UDP where the path is not known to carry more, in octets (RFC 3261 §18.1.1). */
export const MAX_REQUEST_BYTES = 1300

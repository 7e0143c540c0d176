/** A cryptographically secure source of random octets, such as `crypto.getRandomValues`. */
export interface RandomSource {
  /** Overwrites every octet of `bytes`. */
  fill(bytes: Uint8Array): void
}

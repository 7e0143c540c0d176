import { bytesToHex } from '@noble/hashes/utils.js'

/** A cryptographically secure source of random octets; `RandomSource` of `@offhook/sip-machine` fits. */
export interface RandomSource {
  /** Overwrites every octet of `bytes`. */
  fill(bytes: Uint8Array): void
}

/** `length` random octets in hexadecimal. */
export function randomHex(random: RandomSource, length: number): string {
  const bytes = new Uint8Array(length)
  random.fill(bytes)
  return bytesToHex(bytes)
}

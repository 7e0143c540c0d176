import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { equalInConstantTime } from './digest.js'
import { DigestError } from './digest-error.js'

const encoder = new TextEncoder()
const hexDigits = 20

/**
 * Signs short texts that a server hands out and wants to know again: flow tokens (RFC 5626 §5.2), route parameters,
 * the second part of a branch (RFC 5393 §4.2). HMAC-SHA-256, 80 bits kept, in 20 lower-case hexadecimal digits.
 */
export class Signer {
  readonly #secret: Uint8Array

  /** Throws {@link DigestError} `weak-secret` for a key under 16 bytes. */
  constructor(secret: Uint8Array) {
    if (secret.length < 16) throw new DigestError('weak-secret', `secret must have 16 bytes or more, not ${secret.length}`)
    this.#secret = secret.slice()
  }

  sign(text: string): string {
    return bytesToHex(hmac(sha256, this.#secret, encoder.encode(text)).subarray(0, hexDigits / 2))
  }

  /** Whether this signer signed `text` so; takes the same time either way. */
  verify(text: string, signature: string): boolean {
    return equalInConstantTime(signature, this.sign(text))
  }
}

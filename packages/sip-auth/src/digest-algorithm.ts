import { md5 as hashMd5 } from '@noble/hashes/legacy.js'
import { sha256 as hashSha256, sha512_256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** The hash names of the registry "Hash Algorithms for HTTP Digest Authentication" (RFC 7616 §6.1). */
export type DigestAlgorithmName = 'MD5' | 'SHA-256' | 'SHA-512-256'

/** One hash that a digest can be computed with. Import only those you want: the others stay out of the bundle. */
export interface DigestAlgorithm {
  readonly name: DigestAlgorithmName
  /** Length of a digest in hexadecimal digits (RFC 8760 §2.2). */
  readonly hexDigits: 32 | 64
  /** The digest in lower-case hexadecimal, the LHEX of RFC 7616 §3.1. */
  hash(bytes: Uint8Array): string
}

/** MD5: what every SIP peer understands, and what none should prefer. */
export const md5: DigestAlgorithm = { name: 'MD5', hexDigits: 32, hash: (bytes) => bytesToHex(hashMd5(bytes)) }

/** SHA-256 (RFC 8760 §2.1). */
export const sha256: DigestAlgorithm = { name: 'SHA-256', hexDigits: 64, hash: (bytes) => bytesToHex(hashSha256(bytes)) }

/** SHA-512/256 (RFC 8760 §2.1). Not in the defaults: few peers know it. */
export const sha512256: DigestAlgorithm = { name: 'SHA-512-256', hexDigits: 64, hash: (bytes) => bytesToHex(sha512_256(bytes)) }

/** The algorithm that an `algorithm` parameter names, and whether it is the `-sess` variant; MD5 when the parameter is absent (RFC 7616 §3.3). */
export function findAlgorithm(
  parameter: string | undefined,
  supported: readonly DigestAlgorithm[],
): { readonly algorithm: DigestAlgorithm; readonly session: boolean } | undefined {
  const [name, session] = (parameter || 'MD5').toUpperCase().split(/(-SESS)$/)
  const algorithm = supported.find((candidate) => candidate.name === name)
  return algorithm && { algorithm, session: session !== undefined }
}

import type { DigestAlgorithm, DigestAlgorithmName } from './digest-algorithm.js'
import { DigestError } from './digest-error.js'

/** `auth` protects method and URI, `auth-int` the body too (RFC 7616 §3.4.3). */
export type QualityOfProtection = 'auth' | 'auth-int'

/** H(A1) of one user in hexadecimal: one text for the algorithm that its length fits, or one per algorithm. */
export type Ha1 = string | { readonly [Name in DigestAlgorithmName]?: string }

/** What a response digest is computed from; every text unquoted. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm
  /** The `-sess` variant (RFC 7616 §3.4.2). */
  readonly session: boolean
  /** H(username ":" realm ":" password) in lower-case hexadecimal. */
  readonly ha1: string
  readonly nonce: string
  readonly method: string
  /** The digest-uri, as it stands in the `uri` parameter. */
  readonly uri: string
  /** Absent for a peer of RFC 2069's age. */
  readonly qop?: QualityOfProtection | undefined
  /** Eight hexadecimal digits; with `qop`. */
  readonly nonceCount?: string | undefined
  readonly cnonce?: string | undefined
  /** Hashed for `auth-int`. */
  readonly body?: Uint8Array
}

const encoder = new TextEncoder()

/** H(text) in lower-case hexadecimal, the text in UTF-8. */
export function hashText(algorithm: DigestAlgorithm, text: string): string {
  return algorithm.hash(encoder.encode(text))
}

/** H(A1) of the plain variant: what a server may store in place of a password (RFC 7616 §3.4.2, §3.6). */
export function computeHa1(algorithm: DigestAlgorithm, username: string, realm: string, password: string): string {
  return hashText(algorithm, `${username}:${realm}:${password}`)
}

/** The `response` parameter: RFC 7616 §3.4.1, and RFC 2069 §2.1.2 when there is no qop. */
export function computeResponse(input: DigestInput): string {
  const { algorithm, nonce, qop, nonceCount = '', cnonce = '', body = new Uint8Array(0) } = input
  const ha1 = input.session ? hashText(algorithm, `${input.ha1}:${nonce}:${cnonce}`) : input.ha1
  const bodyHash = qop === 'auth-int' ? `:${algorithm.hash(body)}` : ''
  const ha2 = hashText(algorithm, `${input.method}:${input.uri}${bodyHash}`)
  return hashText(algorithm, qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nonceCount}:${cnonce}:${qop}:${ha2}`)
}

/** The H(A1) that fits `algorithm`, lower-case; `undefined` when there is none of the right length (CVE-2022-24754: a length is never assumed). */
export function selectHa1(ha1: Ha1, algorithm: DigestAlgorithm): string | undefined {
  const text = typeof ha1 === 'string' ? ha1 : ha1[algorithm.name]
  return text?.length === algorithm.hexDigits && isHa1(text) ? text.toLowerCase() : undefined
}

/** Refuses an H(A1) that can fit no algorithm: the caller's mistake, found before a peer sees anything. */
export function checkHa1(ha1: Ha1): void {
  const texts = typeof ha1 === 'string' ? [ha1] : Object.values(ha1)
  if (!texts.every(isHa1)) throw new DigestError('bad-ha1', 'ha1 must be 32 (MD5) or 64 (SHA-256) hexadecimal digits')
}

function isHa1(text: string): boolean {
  return /^(?:[0-9a-f]{32}){1,2}$/i.test(text)
}

/** Compares in time that depends on the lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < b.length; index += 1) difference |= a.charCodeAt(index % (a.length || 1)) ^ b.charCodeAt(index)
  return difference === 0
}

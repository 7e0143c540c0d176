import { parseChallenge } from '@offhook/sip-parser'
import type { Challenge, SipResponse } from '@offhook/sip-parser'
import type { DigestAlgorithm } from './digest-algorithm.js'
import { findAlgorithm } from './digest-algorithm.js'
import type { QualityOfProtection } from './digest.js'

/** A Digest challenge that this side can answer, its parameters read. */
export interface DigestChallenge {
  /** From a Proxy-Authenticate header field. */
  readonly proxy: boolean
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly algorithm: DigestAlgorithm
  readonly session: boolean
  /** The challenge names its algorithm, and so does the answer (RFC 7616 §3.4). */
  readonly named: boolean
  readonly qop: QualityOfProtection | undefined
  readonly stale: boolean
  readonly userhash: boolean
}

/** Every challenge that can be answered, in the order of the response. What cannot be read is ignored (RFC 8760 §2.4). */
export function readChallenges({ headers }: SipResponse, supported: readonly DigestAlgorithm[]): DigestChallenge[] {
  return [false, true].flatMap((proxy) => headers.getAll(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate').flatMap((value) => {
    const parsed = parseChallenge(value)
    return (parsed.ok && parsed.value.isDigest && read(parsed.value, proxy, supported)) || []
  }))
}

function read(challenge: Challenge, proxy: boolean, supported: readonly DigestAlgorithm[]): DigestChallenge | undefined {
  const { realm, nonce, opaque, stale, parameters } = challenge
  const found = findAlgorithm(challenge.algorithm, supported)
  // `auth` where it is offered, else `auth-int`; unrecognised options are ignored (RFC 7616 §3.3).
  const offered = challenge.qop.map((option) => option.toLowerCase())
  const qop = (['auth', 'auth-int'] as const).find((option) => offered.includes(option))
  if (found === undefined || realm === undefined || nonce === undefined) return undefined
  // Without qop there is no cnonce to make a session key of (RFC 3261 §22.4, 8).
  if (qop === undefined && (offered.length > 0 || found.session)) return undefined
  return {
    ...found, proxy, realm, nonce, opaque, qop, stale,
    named: challenge.algorithm !== undefined,
    userhash: parameters.get('userhash')?.toLowerCase() === 'true',
  }
}

import { parseChallenge } from '@offhook/sip-parser'
import type { SipResponse } from '@offhook/sip-parser'
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
  /** As it stood in the challenge, to be given back unchanged (RFC 7616 §3.4). */
  readonly algorithmText: string | undefined
  readonly qop: QualityOfProtection | undefined
  readonly stale: boolean
  readonly userhash: boolean
}

/** Every challenge that can be answered, in the order of the response, and how many there were in all. What cannot be read is ignored (RFC 8760 §2.4). */
export function readChallenges(response: SipResponse, supported: readonly DigestAlgorithm[]): { readonly challenges: readonly DigestChallenge[]; readonly offered: number } {
  const challenges: DigestChallenge[] = []
  let offered = 0
  for (const proxy of [false, true]) {
    for (const value of response.headers.getAll(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')) {
      offered += 1
      const parsed = parseChallenge(value)
      if (!parsed.ok || parsed.value.scheme.toLowerCase() !== 'digest') continue
      const { parameters } = parsed.value
      const found = findAlgorithm(parameters.get('algorithm'), supported)
      const realm = parameters.get('realm')
      const nonce = parameters.get('nonce')
      const qop = selectQop(parameters.get('qop'))
      if (found === undefined || realm === undefined || nonce === undefined || qop === 'unknown') continue
      // Without qop there is no cnonce to make a session key of (RFC 3261 §22.4, 8).
      if (found.session && qop === undefined) continue
      challenges.push({
        ...found, proxy, realm, nonce, qop,
        opaque: parameters.get('opaque'),
        algorithmText: parameters.get('algorithm'),
        stale: parameters.get('stale')?.toLowerCase() === 'true',
        userhash: parameters.get('userhash')?.toLowerCase() === 'true',
      })
    }
  }
  return { challenges, offered }
}

/** `auth` where it is offered, else `auth-int`; unrecognised options are ignored (RFC 7616 §3.3). */
function selectQop(offer: string | undefined): QualityOfProtection | 'unknown' | undefined {
  if (offer === undefined) return undefined
  const options = offer.toLowerCase().split(',').map((option) => option.trim()).filter((option) => option !== '')
  if (options.length === 0) return undefined
  if (options.includes('auth')) return 'auth'
  return options.includes('auth-int') ? 'auth-int' : 'unknown'
}

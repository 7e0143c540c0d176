import { quoteString } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import type { DigestChallenge } from './challenge-reader.js'
import { computeResponse, hashText } from './digest.js'

/** One authentication session (RFC 7616 §3.6): a server's nonce, for which requests it is good, and how often it was answered. */
export interface DigestSession {
  readonly challenge: DigestChallenge
  /** Who sent the challenge, as the caller named it. */
  readonly origin: string | undefined
  /** Only for requests to this To URI, or through a proxy with this Call-ID; `undefined` for every request. */
  readonly scope: string | undefined
  readonly username: string
  readonly ha1: string
  readonly cnonce: string
  /** This session answered a challenge that said the nonce before was stale. */
  readonly afterStale: boolean
  uses: number
}

/** The credentials of the next request under this nonce: counts one up. */
export function nextCredentials(session: DigestSession, request: SipRequest): string {
  const { challenge, ha1, cnonce } = session
  const { algorithm, realm, nonce, opaque, qop, userhash } = challenge
  session.uses += 1
  const uri = String(request.requestUri)
  const nonceCount = session.uses.toString(16).padStart(8, '0')
  const response = computeResponse({ ...challenge, ha1, cnonce, uri, nonceCount, method: request.method, body: request.body })
  const username = userhash ? hashText(algorithm, `${session.username}:${realm}`) : session.username
  return `Digest username=${quoteString(username)}, realm=${quoteString(realm)}, nonce=${quoteString(nonce)}, uri=${quoteString(uri)}, response="${response}"`
    + (challenge.named ? `, algorithm=${algorithm.name}${challenge.session ? '-sess' : ''}` : '')
    + (qop === undefined ? '' : `, qop=${qop}, cnonce="${cnonce}", nc=${nonceCount}`)
    + (opaque === undefined ? '' : `, opaque=${quoteString(opaque)}`)
    + (userhash ? ', userhash=true' : '')
}

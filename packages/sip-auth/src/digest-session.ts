import { quoteString } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import type { DigestChallenge } from './challenge-reader.js'
import { computeResponse, hashText } from './digest.js'

/** One authentication session (RFC 7616 §3.6): a server's nonce and how often it was answered. */
export class DigestSession {
  readonly challenge: DigestChallenge
  /** This session answered a challenge that said the nonce before was stale. */
  readonly afterStale: boolean
  readonly #username: string
  readonly #ha1: string
  readonly #cnonce: string
  #uses = 0

  constructor(options: { readonly challenge: DigestChallenge; readonly username: string; readonly ha1: string; readonly cnonce: string; readonly afterStale: boolean }) {
    this.challenge = options.challenge
    this.afterStale = options.afterStale
    this.#username = options.username
    this.#ha1 = options.ha1
    this.#cnonce = options.cnonce
  }

  /** In how many requests the nonce was used. */
  get uses(): number {
    return this.#uses
  }

  /** The name of the header field that carries the credentials. */
  get header(): 'Authorization' | 'Proxy-Authorization' {
    return this.challenge.proxy ? 'Proxy-Authorization' : 'Authorization'
  }

  /** The credentials of the next request under this nonce: counts one up. */
  credentialsFor(request: SipRequest): string {
    const { algorithm, session, realm, nonce, opaque, qop, userhash, algorithmText } = this.challenge
    this.#uses += 1
    const uri = String(request.requestUri)
    const nonceCount = this.#uses.toString(16).padStart(8, '0')
    const response = computeResponse({
      algorithm, session, nonce, uri, nonceCount, ha1: this.#ha1, cnonce: this.#cnonce, method: request.method, body: request.body,
      ...(qop === undefined ? {} : { qop }),
    })
    const username = userhash ? hashText(algorithm, `${this.#username}:${realm}`) : this.#username
    const parameters = [
      `username=${quoteString(username)}`, `realm=${quoteString(realm)}`, `nonce=${quoteString(nonce)}`,
      `uri=${quoteString(uri)}`, `response="${response}"`,
    ]
    if (algorithmText !== undefined) parameters.push(`algorithm=${algorithm.name}${session ? '-sess' : ''}`)
    if (qop !== undefined) parameters.push(`qop=${qop}`, `cnonce="${this.#cnonce}"`, `nc=${nonceCount}`)
    if (opaque !== undefined) parameters.push(`opaque=${quoteString(opaque)}`)
    if (userhash) parameters.push('userhash=true')
    return `Digest ${parameters.join(', ')}`
  }
}

import { authorization, parseUri, proxyAuthorization } from '@offhook/sip-parser'
import type { Credentials, SipRequest, SipUri, Uri } from '@offhook/sip-parser'
import type { DigestAlgorithm } from './digest-algorithm.js'
import { findAlgorithm, md5, sha256 } from './digest-algorithm.js'
import { computeHa1, computeResponse, equalInConstantTime, selectHa1 } from './digest.js'
import type { Ha1, QualityOfProtection } from './digest.js'
import { DigestError } from './digest-error.js'
import { NonceMint } from './nonce.js'
import { NonceCounts } from './nonce-counts.js'
import type { RandomSource } from './random-source.js'

/** A stored secret: the password, or H(A1) per algorithm. */
export type StoredSecret = string | { readonly ha1: Ha1 }

/** Looks up a user's secret; `undefined` for a user that does not exist. */
export type SecretSource = (username: string, realm: string) => StoredSecret | undefined | Promise<StoredSecret | undefined>

export interface DigestServerOptions {
  /** The protection domain, globally unique, best a domain name (RFC 3261 §22.1). */
  readonly realm: string
  /** Key of the nonces, at least 16 random bytes; servers that share it accept each other's nonces. */
  readonly secret: Uint8Array
  readonly passwords: SecretSource
  readonly random: RandomSource
  /** In order of preference (RFC 8760 §2.3); SHA-256 before MD5 when absent. What is not listed is refused. */
  readonly algorithms?: readonly DigestAlgorithm[]
  /** In order of preference; `auth` when absent. */
  readonly qop?: readonly QualityOfProtection[]
  /** How long a nonce is good, in ms; 300,000 when absent. */
  readonly nonceLifetime?: number
  /** How many used nonces are remembered; 100,000 when absent. */
  readonly maxNonces?: number
}

/** Why a request is not let in. Not for the peer's eyes: an unknown user and a wrong password look alike outside. */
export type RefusalReason =
  | 'missing' // no credentials for this realm
  | 'stale' // right, but under a nonce that has expired
  | 'replayed' // right, but the nonce count was used before
  | 'unknown-user'
  | 'wrong-password'
  | 'forged-nonce' // not one of ours
  | 'wrong-algorithm' // one that was not offered, or without a stored H(A1) that fits
  | 'uri-mismatch' // made for another Request-URI
  | 'malformed' // credentials that cannot be read

export type DigestVerdict =
  | { readonly ok: true; readonly username: string }
  | {
    readonly ok: false
    readonly reason: RefusalReason
    /** 401 or 407: challenge again; 400: the credentials contradict the request or cannot be read. */
    readonly statusCode: 400 | 401 | 407
    /** To be given to {@link DigestServer.challenge}: the secret was right, only the nonce was not. */
    readonly stale: boolean
  }

interface Claim {
  readonly username: string
  readonly algorithm: DigestAlgorithm
  readonly session: boolean
  readonly nonce: string
  readonly uri: string
  readonly response: string
  readonly qop: QualityOfProtection | undefined
  readonly nonceCount: string | undefined
  readonly cnonce: string | undefined
}

/**
 * The server side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760).
 *
 * A challenge allocates nothing. Nonces expire, belong to this realm, and each nonce count is good once.
 */
export class DigestServer {
  readonly realm: string
  readonly #passwords: SecretSource
  readonly #algorithms: readonly DigestAlgorithm[]
  readonly #qop: readonly QualityOfProtection[]
  readonly #mint: NonceMint
  readonly #counts: NonceCounts
  readonly #lifetime: number
  #nextSweep = 0

  /** Throws {@link DigestError} for a short secret, an empty list of algorithms, or a realm that cannot be quoted. */
  constructor(options: DigestServerOptions) {
    if (options.secret.length < 16) throw new DigestError('weak-secret', `secret must have 16 bytes or more, not ${options.secret.length}`)
    if (!/^[^"\\\p{Cc}]+$/u.test(options.realm)) throw new DigestError('bad-realm', 'realm must not be empty and must have no quotes, backslashes or control characters')
    this.realm = options.realm
    this.#passwords = options.passwords
    this.#algorithms = options.algorithms ?? [sha256, md5]
    if (this.#algorithms.length === 0) throw new DigestError('no-algorithm', 'algorithms must not be empty')
    this.#qop = options.qop ?? ['auth']
    this.#lifetime = options.nonceLifetime ?? 300_000
    this.#mint = new NonceMint({ secret: options.secret, realm: options.realm, lifetime: this.#lifetime, random: options.random })
    this.#counts = new NonceCounts(options.maxNonces ?? 100_000)
  }

  /** How many used nonces are remembered. */
  get rememberedNonces(): number {
    return this.#counts.size
  }

  /** Header fields of a 401, or of a 407 with `proxy`: one challenge per algorithm, the preferred one first (RFC 8760 §2.3). */
  challenge(now: number, options: { readonly proxy?: boolean; readonly stale?: boolean } = {}): (readonly [name: string, value: string])[] {
    const name = options.proxy === true ? 'Proxy-Authenticate' : 'WWW-Authenticate'
    const nonce = this.#mint.issue(now)
    return this.#algorithms.map((algorithm) => [
      name,
      `Digest realm="${this.realm}",nonce="${nonce}",algorithm=${algorithm.name},qop="${this.#qop.join(',')}"${options.stale === true ? ',stale=true' : ''}`,
    ])
  }

  /**
   * Judges the credentials that `request` carries for this realm, in Authorization, or in Proxy-Authorization with `proxy`.
   * ACK and CANCEL must not be challenged (RFC 3261 §22.1): do not ask for them.
   *
   * @param now ms on the clock that {@link DigestServer.challenge} is given too
   * @returns a promise only if the secrets come from an asynchronous source
   */
  verify(now: number, request: SipRequest, options: { readonly proxy?: boolean } = {}): DigestVerdict | Promise<DigestVerdict> {
    const status = options.proxy === true ? 407 : 401
    const claim = this.#read(request, status)
    if ('ok' in claim) return claim
    const secret = this.#passwords(claim.username, this.realm)
    if (secret instanceof Promise) return secret.then((found) => this.#conclude(now, request, claim, found, status))
    return this.#conclude(now, request, claim, secret, status)
  }

  /** The credentials for this realm, if they are worth looking a password up. */
  #read(request: SipRequest, status: 401 | 407): Claim | DigestVerdict {
    let all: readonly Credentials[]
    try {
      all = request.headers.read(status === 407 ? proxyAuthorization : authorization)
    } catch {
      return refuse('malformed', 400)
    }
    const own = all.find(({ scheme, parameters }) => scheme.toLowerCase() === 'digest' && parameters.get('realm') === this.realm)
    if (own === undefined) return refuse('missing', status)
    const { parameters } = own
    const [username, nonce, uri, response] = ['username', 'nonce', 'uri', 'response'].map((name) => parameters.get(name))
    if (username === undefined || nonce === undefined || uri === undefined || response === undefined) return refuse('malformed', 400)
    // A request may carry empty parameters before its first challenge (RFC 8760 §2.7).
    if (nonce === '' || response === '') return refuse('missing', status)
    const found = findAlgorithm(parameters.get('algorithm'), this.#algorithms)
    if (found === undefined) return refuse('wrong-algorithm', status)
    const qop = this.#readQop(parameters.get('qop'))
    const nonceCount = parameters.get('nc')
    const cnonce = parameters.get('cnonce')
    if (qop === 'unknown' || (found.session && qop === undefined)) return refuse('wrong-algorithm', status)
    if (qop !== undefined && (cnonce === undefined || nonceCount === undefined || !/^[0-9a-f]{8}$/i.test(nonceCount))) return refuse('malformed', 400)
    if (!sameResource(uri, request.requestUri)) return refuse('uri-mismatch', 400)
    return { ...found, username, nonce, uri, response: response.toLowerCase(), qop, nonceCount, cnonce }
  }

  #readQop(text: string | undefined): QualityOfProtection | 'unknown' | undefined {
    if (text === undefined || text === '') return undefined
    return this.#qop.find((offered) => offered === text.toLowerCase()) ?? 'unknown'
  }

  /** Everything is computed for a user that does not exist too, so that time tells nothing. */
  #conclude(now: number, request: SipRequest, claim: Claim, secret: StoredSecret | undefined, status: 401 | 407): DigestVerdict {
    const { algorithm, username, qop, cnonce, nonceCount } = claim
    const stored = typeof secret === 'object' ? selectHa1(secret.ha1, algorithm) : undefined
    const computed = computeHa1(algorithm, username, this.realm, typeof secret === 'string' ? secret : '')
    const ha1 = stored ?? computed
    const expected = computeResponse({
      algorithm, ha1, session: claim.session, nonce: claim.nonce, method: request.method, uri: claim.uri, body: request.body,
      qop, nonceCount, cnonce,
    })
    const right = equalInConstantTime(claim.response, expected)
    const nonce = this.#mint.judge(now, claim.nonce)
    if (secret === undefined) return refuse('unknown-user', status)
    if (typeof secret === 'object' && stored === undefined) return refuse('wrong-algorithm', status)
    if (!right) return refuse('wrong-password', status)
    if (nonce.kind === 'forged') return { ...refuse('forged-nonce', status), stale: true }
    if (nonce.kind === 'expired') return { ...refuse('stale', status), stale: true }
    this.#sweep(now)
    // A peer of RFC 2069's age counts nothing: its nonce is good once.
    const count = nonceCount === undefined || qop === undefined ? 1 : Number.parseInt(nonceCount, 16)
    if (!this.#counts.accept(claim.nonce, nonce.issued, count)) return { ...refuse('replayed', status), stale: true }
    return { ok: true, username }
  }

  #sweep(now: number): void {
    if (now < this.#nextSweep) return
    this.#nextSweep = now + this.#lifetime
    this.#counts.expire(now - this.#lifetime)
  }
}

function refuse(reason: RefusalReason, statusCode: 400 | 401 | 407): Extract<DigestVerdict, { ok: false }> {
  return { ok: false, reason, statusCode, stale: false }
}

/**
 * The digest-uri must mean what the Request-URI means (RFC 7616 §3.4.6). Parameters, which peers add and drop, do not count;
 * some clients name the server alone, without the user (RFC 8760 §2.6, 6 leaves that to the server).
 */
function sameResource(digestUri: string, requestUri: Uri): boolean {
  if (digestUri === String(requestUri)) return true
  const parsed = parseUri(digestUri)
  if (!parsed.ok || !('host' in parsed.value) || !('host' in requestUri)) return false
  const { decodedUser: user } = parsed.value
  return serverOf(parsed.value) === serverOf(requestUri) && (user === undefined || user === requestUri.decodedUser)
}

function serverOf({ host, port, scheme }: SipUri): string {
  return `${host.toLowerCase()}:${port ?? (scheme === 'sips' ? 5061 : 5060)}`
}

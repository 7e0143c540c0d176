import { DigestServer } from '@offhook/sip-auth'
import type { DigestAlgorithm, SecretSource } from '@offhook/sip-auth'
import type { Instant, RandomSource } from '@offhook/sip-machine'
import type { SipRequest } from '@offhook/sip-parser'
import { isSipUri } from './domains.js'
import type { Domains } from './domains.js'
import { andThen } from './maybe-promise.js'
import type { MaybePromise } from './maybe-promise.js'
import type { Reply } from './reply.js'

/** Who may use the server, and as whom. */
export interface AuthOptions {
  /** The protection domain shown to users; the first domain when absent. */
  readonly realm?: string
  /** A user's password or H(A1); `undefined` for users who do not exist. */
  readonly passwords: SecretSource
  /**
   * SHA-256 and MD5 when absent, in this order (RFC 8760 §2.3). Phones of RFC 3261's age, baresip 1.0 and SIPp 3.6 among
   * them, give up at a challenge they do not know, wherever it stands: `[md5]` alone lets them in.
   */
  readonly algorithms?: readonly DigestAlgorithm[]
  /** How long a nonce is good, in ms; five minutes when absent. */
  readonly nonceLifetime?: number
  /** Whether a user may register and speak as this address-of-record; those whose user part is the user name, when absent. */
  readonly owns?: (username: string, addressOfRecord: string) => boolean
  /** Let callers of other domains reach users of this one without credentials. Off when absent: every request is challenged. */
  readonly acceptForeignCallers?: boolean
}

export interface AccessControlOptions {
  /** `'open'`: no credentials, users made on the fly, everybody believed. */
  readonly auth: AuthOptions | 'open'
  readonly domains: Domains
  readonly secret: Uint8Array
  readonly random: RandomSource
}

/**
 * Authentication and ownership, for every method but ACK and CANCEL (RFC 3261 §22.1, §10.3 steps 3 and 4): 401 for
 * REGISTER, where this server is the addressee, 407 for what it forwards.
 */
export class AccessControl {
  readonly #auth: AuthOptions | undefined
  readonly #domains: Domains
  readonly #digest: DigestServer | undefined

  constructor({ auth, domains, secret, random }: AccessControlOptions) {
    this.#domains = domains
    if (auth === 'open') return
    this.#auth = auth
    const { passwords, algorithms, nonceLifetime } = auth
    this.#digest = new DigestServer({
      realm: auth.realm ?? domains.canonical, secret, passwords, random,
      ...(algorithms === undefined ? {} : { algorithms }), ...(nonceLifetime === undefined ? {} : { nonceLifetime }),
    })
  }

  /** `undefined` for an open server. */
  get realm(): string | undefined {
    return this.#digest?.realm
  }

  /** Whether a user of that name exists, as far as passwords tell. */
  isUser(username: string): MaybePromise<boolean> {
    if (this.#auth === undefined) return false
    return andThen(this.#auth.passwords(username, this.realm ?? ''), (secret) => secret !== undefined)
  }

  /** Whether the request brings credentials, whatever they are worth. */
  hasCredentials(request: SipRequest): boolean {
    return request.headers.has(this.#isRegistrar(request) ? 'Authorization' : 'Proxy-Authorization')
  }

  /** Whether the request, its Route processed, needs credentials: all do, but for strangers who call users of ours, where that is allowed. */
  mustProve(request: SipRequest): boolean {
    if (this.#auth === undefined) return false
    if (this.#auth.acceptForeignCallers !== true || this.#isRegistrar(request)) return true
    const { requestUri, from: { uri: caller }, route } = request
    const stranger = !isSipUri(caller) || !this.#domains.has(caller.host)
    const home = isSipUri(requestUri) && route.length === 0 && this.#domains.foreignHopOf(requestUri) === undefined
    return !stranger || !home
  }

  challenge(now: Instant, request: SipRequest, stale = false): Reply {
    const proxy = !this.#isRegistrar(request)
    return { statusCode: proxy ? 407 : 401, headers: this.#digest?.challenge(now, { proxy, stale }) ?? [] }
  }

  /** `undefined` lets the request in; else what to answer. */
  judge(now: Instant, request: SipRequest): MaybePromise<Reply | undefined> {
    if (this.#auth === undefined || this.#digest === undefined) return this.#judgeOpen(request)
    if (!this.mustProve(request)) return undefined
    const owns = this.#auth.owns ?? ((username: string, addressOfRecord: string) => this.#isOwn(username, addressOfRecord))
    return andThen(this.#digest.verify(now, request, { proxy: !this.#isRegistrar(request) }), (verdict) => {
      if (!verdict.ok) return verdict.statusCode === 400 ? { statusCode: 400, reasonPhrase: 'Bad Credentials' } : this.challenge(now, request, verdict.stale)
      const claimed = this.#domains.addressOfRecord(this.#isRegistrar(request) ? request.to.uri : request.from.uri)
      if (claimed === undefined) return this.#isRegistrar(request) ? { statusCode: 404 } : { statusCode: 403 }
      return owns(verdict.username, claimed) ? undefined : { statusCode: 403 }
    })
  }

  /** Without credentials the From is the identity that counts (RFC 3261 §10.3, 3): nobody registers somebody else. */
  #judgeOpen(request: SipRequest): Reply | undefined {
    if (!this.#isRegistrar(request)) return undefined
    const owner = this.#domains.addressOfRecord(request.to.uri)
    if (owner === undefined) return { statusCode: 404 }
    return owner === this.#domains.addressOfRecord(request.from.uri) ? undefined : { statusCode: 403 }
  }

  /** The user name may be the user part alone, or the whole address. */
  #isOwn(username: string, addressOfRecord: string): boolean {
    return addressOfRecord === this.#domains.addressOfUser(username) || addressOfRecord === `sip:${username}`
  }

  /** Whether this server is the addressee: as a registrar it asks with 401, as a proxy with 407 (RFC 3261 §22.2, §22.3). */
  #isRegistrar({ method, requestUri }: SipRequest): boolean {
    return method === 'REGISTER' && isSipUri(requestUri) && this.#domains.has(requestUri.host)
  }
}

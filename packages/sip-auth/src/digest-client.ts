import { parseChallenge } from '@offhook/sip-parser'
import type { Challenge, Result, SipRequest, SipResponse } from '@offhook/sip-parser'
import { readChallenges } from './challenge-reader.js'
import type { DigestChallenge } from './challenge-reader.js'
import type { DigestAlgorithm } from './digest-algorithm.js'
import { md5, sha256 } from './digest-algorithm.js'
import type { ChallengeSource, CredentialsSource, DigestCredentials } from './digest-credentials.js'
import { checkCredentials, ha1Of, mayAnswer } from './digest-credentials.js'
import type { DigestSession } from './digest-session.js'
import { nextCredentials } from './digest-session.js'
import type { RandomSource } from './random-source.js'
import { randomHex } from './random-source.js'

/** Why a challenge was not answered. */
export type AuthFailureCode =
  | 'no-challenge' // the response asks for nothing, or not readably
  | 'no-credentials' // nobody gave credentials for that realm
  | 'wrong-realm' // the credentials are meant for another realm or origin
  | 'rejected' // these credentials were sent already and refused
  | 'unsupported-algorithm' // only schemes, algorithms or qops that this side cannot do

/** A challenge that stays unanswered, with a sentence for people. */
export interface AuthFailure {
  readonly code: AuthFailureCode
  readonly realm?: string | undefined
  readonly message: string
}

export interface DigestClientOptions {
  readonly credentials: CredentialsSource
  readonly random: RandomSource
  /** SHA-256 and MD5 when absent; which of them is used is the server's order (RFC 8760 §2.4). */
  readonly algorithms?: readonly DigestAlgorithm[]
}

/** The challenges of one realm in its algorithms, topmost first. */
type Realm = readonly [DigestChallenge, ...DigestChallenge[]]
type Answer = Result<SipRequest, AuthFailure>

const FIELDS = ['Authorization', 'Proxy-Authorization'] as const
const MAX_SESSIONS = 64
const MAX_REALMS = 8

/**
 * The client side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760).
 *
 * Keeps the nonces it was given: later requests carry credentials from the start, with the nonce count going up.
 * An addressee's nonce is kept for its To header field, a proxy's for the Call-ID, or for every call when the
 * credentials name the realm (RFC 3261 §22.2, §22.3).
 */
export class DigestClient {
  readonly #choose: (challenge: ChallengeSource) => DigestCredentials | undefined | Promise<DigestCredentials | undefined>
  readonly #random: RandomSource
  readonly #algorithms: readonly DigestAlgorithm[]
  /** The newest last. */
  #sessions: readonly DigestSession[] = []

  /** Throws {@link DigestError} for credentials without a secret or with an H(A1) of impossible length. */
  constructor({ credentials, random, algorithms = [sha256, md5] }: DigestClientOptions) {
    this.#random = random
    this.#algorithms = algorithms
    if (typeof credentials === 'function') {
      this.#choose = credentials
    } else {
      const all = [credentials].flat()
      all.forEach(checkCredentials)
      this.#choose = (challenge) => all.find((candidate) => mayAnswer(candidate, challenge)) ?? all[0]
    }
  }

  /**
   * A copy of `request` that answers the challenges of `response` (401 or 407), or why there can be none.
   *
   * The copy needs a fresh branch and a CSeq one higher before it is sent (RFC 3261 §22.2). Credentials are tried once:
   * when they come back refused the answer is `rejected`, unless the nonce was stale, which is retried once.
   *
   * @param origin who sent the challenge, by any stable name (the server's host, say): credentials that name an
   * origin, and nonces kept, stay with it.
   * @returns a promise only if the credentials are given by an asynchronous function
   */
  answer(request: SipRequest, response: SipResponse, origin?: string): Answer | Promise<Answer> {
    const realms = groupByRealm(readChallenges(response, this.#algorithms))
    if (realms.length === 0) {
      const challenged = response.headers.has('WWW-Authenticate') || response.headers.has('Proxy-Authenticate')
      return challenged ? failure('unsupported-algorithm', 'no challenge that this side can answer') : failure('no-challenge', 'no challenge')
    }
    if (realms.length > MAX_REALMS) return failure('rejected', 'too many realms at once')
    const chosen = realms.map(([{ realm, proxy }]) => this.#choose({ realm, proxy, origin }))
    const answerAll = (credentials: readonly (DigestCredentials | undefined)[]): Answer => this.#answer(request, realms, credentials, origin)
    const atHand = chosen.filter(isAtHand)
    return atHand.length === chosen.length ? answerAll(atHand) : Promise.all(chosen.map((each) => Promise.resolve(each))).then(answerAll)
  }

  /** A copy of `request` with credentials for every nonce kept for its destination; without any, the request itself. */
  authorize(request: SipRequest, origin?: string): SipRequest {
    const sessions = this.#sessions.filter((session) => session.origin === origin
      && (session.scope === undefined || session.scope === scopeOf(request, session.challenge)))
    return sessions.length === 0 ? request : withCredentials(request, sessions)
  }

  /** Forgets every nonce, for instance when the password has changed. */
  forget(): void {
    this.#sessions = []
  }

  #answer(request: SipRequest, realms: readonly Realm[], credentials: readonly (DigestCredentials | undefined)[], origin: string | undefined): Answer {
    const opened: DigestSession[] = []
    let failed: Extract<Answer, { ok: false }> | undefined
    for (const [index, challenges] of realms.entries()) {
      const made = this.#open(request, challenges, credentials[index], origin)
      if (made.ok) opened.push(made.value)
      else if (made.error.code === 'rejected') return made
      else failed ??= made
    }
    if (failed !== undefined && opened.length === 0) return failed
    // What the request carried for other realms is counted up.
    const nonces = FIELDS.flatMap((field) => carriedBy(request, field).map(({ nonce }) => nonce))
    const others = this.#sessions.filter((session) => nonces.includes(session.challenge.nonce) && !opened.some((other) => isSameRealm(other, session)))
    const kept = this.#sessions.filter((session) => !opened.some((other) => isSameRealm(other, session) && other.origin === session.origin && other.scope === session.scope))
    this.#sessions = [...kept, ...opened].slice(-MAX_SESSIONS)
    return { ok: true, value: withCredentials(request, [...others, ...opened]) }
  }

  /** A session for the topmost challenge that the credentials can answer; refused when they have been tried (RFC 3261 §22.1). */
  #open(request: SipRequest, challenges: Realm, credentials: DigestCredentials | undefined, origin: string | undefined): Result<DigestSession, AuthFailure> {
    const [{ realm, proxy }] = challenges
    if (credentials === undefined) return failure('no-credentials', 'nobody gave credentials', realm)
    checkCredentials(credentials)
    const { username } = credentials
    if (!mayAnswer(credentials, { realm, proxy, origin })) return failure('wrong-realm', `the credentials of ${username} are not meant for it`, realm)
    // Credentials without a nonce name a user before anybody asked, and have tried nothing (3GPP TS 24.229 §5.1.1.2).
    const tried = carriedBy(request, fieldOf(proxy)).find((carried) => carried.realm === realm && carried.nonce !== '')
    for (const challenge of challenges) {
      const ha1 = ha1Of(credentials, realm, challenge.algorithm)
      if (ha1 === undefined) continue
      if (tried !== undefined && !this.#mayRetry(tried, challenge)) {
        return failure('rejected', `wrong user name or password for ${username}`, realm)
      }
      const scope = proxy && credentials.realm !== undefined ? undefined : scopeOf(request, challenge)
      const cnonce = randomHex(this.#random, 12)
      return { ok: true, value: { challenge, origin, scope, username, ha1, cnonce, afterStale: tried !== undefined, uses: 0 } }
    }
    return failure('unsupported-algorithm', `the ha1 of ${username} is of another algorithm`, realm)
  }

  /** A nonce may have gone stale, said or unsaid; a fresh one that was refused means that the secret is wrong. Then it is forgotten. */
  #mayRetry({ nonce, parameters }: Challenge, challenge: DigestChallenge): boolean {
    const session = this.#sessions.find((candidate) => candidate.challenge.nonce === nonce)
    const worked = Number.parseInt(parameters.get('nc') ?? '', 16) > 1
    if (nonce !== challenge.nonce && (worked || (challenge.stale && session?.afterStale === false))) return true
    this.#sessions = this.#sessions.filter((candidate) => candidate !== session)
    return false
  }
}

/** The request with credentials of these sessions, in place of what it carried for their realms. */
function withCredentials(request: SipRequest, sessions: readonly DigestSession[]): SipRequest {
  const copy = request.clone()
  for (const field of FIELDS) {
    const own = sessions.filter(({ challenge }) => fieldOf(challenge.proxy) === field)
    if (own.length === 0) continue
    const others = carriedBy(request, field).filter(({ realm }) => !own.some(({ challenge }) => challenge.realm === realm))
    copy.headers.delete(field)
    for (const value of [...others.map(String), ...own.map((session) => nextCredentials(session, request))]) copy.headers.append(field, value)
  }
  return copy
}

function fieldOf(proxy: boolean): (typeof FIELDS)[number] {
  return FIELDS[proxy ? 1 : 0]
}

/** The credentials that a request carries; they have the grammar of challenges (RFC 7235 §2.1). */
function carriedBy({ headers }: SipRequest, field: string): Challenge[] {
  return headers.getAll(field).flatMap((value) => {
    const parsed = parseChallenge(value)
    return parsed.ok ? [parsed.value] : []
  })
}

/** What the nonce of a challenge to this request is good for. */
function scopeOf(request: SipRequest, { proxy }: DigestChallenge): string {
  return proxy ? request.callId : String(request.to.uri)
}

function groupByRealm(challenges: readonly DigestChallenge[]): readonly Realm[] {
  const realms: [DigestChallenge, ...DigestChallenge[]][] = []
  for (const challenge of challenges) {
    const realm = realms.find(([first]) => first.realm === challenge.realm && first.proxy === challenge.proxy)
    if (realm === undefined) realms.push([challenge])
    else realm.push(challenge)
  }
  return realms
}

function isSameRealm({ challenge: a }: DigestSession, { challenge: b }: DigestSession): boolean {
  return a.realm === b.realm && a.proxy === b.proxy
}

function isAtHand(chosen: DigestCredentials | undefined | Promise<DigestCredentials | undefined>): chosen is DigestCredentials | undefined {
  return !(chosen instanceof Promise)
}

function failure(code: AuthFailureCode, message: string, realm?: string): { readonly ok: false; readonly error: AuthFailure } {
  return { ok: false, error: { code, realm, message: realm === undefined ? message : `${message} (realm ${JSON.stringify(realm)})` } }
}

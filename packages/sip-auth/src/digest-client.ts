import { authorization, proxyAuthorization } from '@offhook/sip-parser'
import type { Result, SipRequest, SipResponse } from '@offhook/sip-parser'
import { readChallenges } from './challenge-reader.js'
import type { DigestChallenge } from './challenge-reader.js'
import type { DigestAlgorithm } from './digest-algorithm.js'
import { md5, sha256 } from './digest-algorithm.js'
import { computeHa1, selectHa1 } from './digest.js'
import type { CredentialsSource, DigestCredentials } from './digest-credentials.js'
import { checkCredentials, mayAnswer } from './digest-credentials.js'
import { DigestError } from './digest-error.js'
import { DigestSession } from './digest-session.js'
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
  readonly realm?: string
  readonly message: string
}

export interface DigestClientOptions {
  readonly credentials: CredentialsSource
  readonly random: RandomSource
  /** SHA-256 and MD5 when absent; which of them is used is the server's order (RFC 8760 §2.4). */
  readonly algorithms?: readonly DigestAlgorithm[]
}

/** A challenge of one realm in its algorithms, topmost first, with the credentials chosen for it. */
interface Candidate {
  readonly challenges: readonly [DigestChallenge, ...DigestChallenge[]]
  readonly credentials: DigestCredentials | undefined
  readonly foreign: boolean
}

type Answer = Result<SipRequest, AuthFailure>

const maxSessions = 64
const maxRealms = 8

/**
 * The client side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760).
 *
 * Keeps the nonces it was given: later requests carry credentials from the start, with the nonce count going up.
 * An addressee's nonce is kept for its To header field, a proxy's for the Call-ID, or for every call when the
 * credentials name the realm (RFC 3261 §22.2, §22.3).
 */
export class DigestClient {
  readonly #source: CredentialsSource
  readonly #random: RandomSource
  readonly #algorithms: readonly DigestAlgorithm[]
  readonly #sessions = new Map<string, DigestSession>()

  /** Throws {@link DigestError} for credentials without a secret or with an H(A1) of impossible length. */
  constructor(options: DigestClientOptions) {
    this.#source = options.credentials
    this.#random = options.random
    this.#algorithms = options.algorithms ?? [sha256, md5]
    if (this.#algorithms.length === 0) throw new DigestError('no-algorithm', 'algorithms must not be empty')
    if (typeof this.#source === 'function') return
    for (const credentials of listOf(this.#source)) checkCredentials(credentials)
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
    const read = this.#read(response)
    if (!read.ok) return read
    const groups = groupByRealm(read.value)
    if (groups.length > maxRealms) return failure('rejected', `challenged by ${groups.length} realms at once`)
    const chosen = groups.map((challenges) => this.#choose(challenges, origin))
    const ready = chosen.filter((candidate): candidate is Candidate => !(candidate instanceof Promise))
    if (ready.length === chosen.length) return this.#finish(request, ready, origin)
    return Promise.all(chosen.map((candidate) => Promise.resolve(candidate))).then((candidates) => this.#finish(request, candidates, origin))
  }

  /** A copy of `request` with credentials for every nonce kept for its destination; without any, the request itself. */
  authorize(request: SipRequest, origin?: string): SipRequest {
    const scopes = scopesOf(request, origin)
    const sessions = [...this.#sessions].filter(([key]) => scopes.some((scope) => key.startsWith(scope))).map(([, session]) => session)
    return sessions.length === 0 ? request : this.#apply(request, sessions)
  }

  /** Forgets every nonce, for instance when the password has changed. */
  forget(): void {
    this.#sessions.clear()
  }

  #read(response: SipResponse): Result<readonly DigestChallenge[], AuthFailure> {
    const { challenges, offered } = readChallenges(response, this.#algorithms)
    if (offered === 0) return failure('no-challenge', `the ${response.statusCode} carries no challenge`)
    if (challenges.length === 0) return failure('unsupported-algorithm', 'no challenge in a scheme, algorithm and qop that this side knows')
    return { ok: true, value: challenges }
  }

  #choose(challenges: Candidate['challenges'], origin: string | undefined): Candidate | Promise<Candidate> {
    const source = { realm: challenges[0].realm, proxy: challenges[0].proxy, origin }
    if (typeof this.#source !== 'function') {
      const credentials = listOf(this.#source).find((candidate) => mayAnswer(candidate, source))
      return { challenges, credentials, foreign: credentials === undefined }
    }
    const judge = (credentials: DigestCredentials | undefined): Candidate => {
      if (credentials === undefined) return { challenges, credentials, foreign: false }
      checkCredentials(credentials)
      return mayAnswer(credentials, source) ? { challenges, credentials, foreign: false } : { challenges, credentials: undefined, foreign: true }
    }
    const given = this.#source(source)
    return given instanceof Promise ? given.then(judge) : judge(given)
  }

  #finish(request: SipRequest, candidates: readonly Candidate[], origin: string | undefined): Answer {
    const answered: { readonly key: string; readonly session: DigestSession }[] = []
    let reason: AuthFailure | undefined
    const attempts = attemptsIn(request)
    const held = [...this.#sessions.values()].filter(({ challenge }) => attempts.some(({ nonce }) => nonce === challenge.nonce))
    for (const { challenges, credentials, foreign } of candidates) {
      const { realm, proxy } = challenges[0]
      if (credentials === undefined) {
        reason ??= foreign
          ? explain('wrong-realm', `challenged for the realm ${JSON.stringify(realm)}, for which the credentials are not meant`, realm)
          : explain('no-credentials', `no credentials for the realm ${JSON.stringify(realm)}`, realm)
        continue
      }
      const made = this.#open(challenges, credentials, attempts.find((attempt) => attempt.realm === realm && attempt.proxy === proxy))
      if (!made.ok) {
        if (made.error.code === 'rejected') return made
        reason ??= made.error
        continue
      }
      answered.push({ key: keyOf(request, proxy, realm, origin, credentials), session: made.value })
    }
    if (answered.length === 0) return { ok: false, error: reason ?? explain('no-challenge', 'nothing to answer') }
    for (const { key, session } of answered) this.#keep(key, session)
    const renewed = held.filter(({ challenge }) => !answered.some(({ session }) => session.challenge.realm === challenge.realm && session.challenge.proxy === challenge.proxy))
    return { ok: true, value: this.#apply(request, [...renewed, ...answered.map(({ session }) => session)], held) }
  }

  /** A session for the topmost challenge that the credentials can answer; refused when they have been tried (RFC 3261 §22.1). */
  #open(challenges: Candidate['challenges'], credentials: DigestCredentials, attempt: Attempt | undefined): Result<DigestSession, AuthFailure> {
    const { realm } = challenges[0]
    for (const challenge of challenges) {
      const { algorithm } = challenge
      const ha1 = credentials.password === undefined
        ? selectHa1(credentials.ha1 ?? '', algorithm)
        : computeHa1(algorithm, credentials.username, realm, credentials.password)
      if (ha1 === undefined) continue
      const session = attempt === undefined ? undefined : this.#find(attempt.nonce)
      if (attempt !== undefined && !mayRetry(attempt, challenge, session?.[1].afterStale ?? true)) {
        if (session !== undefined) this.#sessions.delete(session[0])
        return failure('rejected', `the realm ${JSON.stringify(realm)} refused ${credentials.username}: wrong user name or password`, realm)
      }
      const cnonce = randomHex(this.#random, 12)
      return { ok: true, value: new DigestSession({ challenge, username: credentials.username, ha1, cnonce, afterStale: attempt !== undefined }) }
    }
    return failure('unsupported-algorithm', `ha1 of ${credentials.username} fits none of ${challenges.map(({ algorithm }) => algorithm.name).join(', ')}`, realm)
  }

  #find(nonce: string): readonly [string, DigestSession] | undefined {
    return [...this.#sessions].find(([, { challenge }]) => challenge.nonce === nonce)
  }

  #apply(request: SipRequest, sessions: readonly DigestSession[], replaced: readonly DigestSession[] = []): SipRequest {
    const copy = request.clone()
    for (const field of [authorization, proxyAuthorization]) {
      const own = new Set([...sessions, ...replaced].filter((session) => session.header === field.name).map(({ challenge }) => challenge.nonce))
      if (own.size === 0) continue
      const others = request.headers.read(field).filter(({ parameters }) => !own.has(parameters.get('nonce') ?? ''))
      copy.headers.delete(field.name)
      for (const credentials of others) copy.headers.append(field.name, String(credentials))
    }
    for (const session of sessions) copy.headers.append(session.header, session.credentialsFor(request))
    return copy
  }

  #keep(key: string, session: DigestSession): void {
    this.#sessions.delete(key)
    this.#sessions.set(key, session)
    if (this.#sessions.size <= maxSessions) return
    const oldest = this.#sessions.keys().next()
    if (oldest.done !== true) this.#sessions.delete(oldest.value)
  }
}

/** The credentials that a request carried when it was challenged. */
interface Attempt {
  readonly proxy: boolean
  readonly realm: string | undefined
  readonly nonce: string
  readonly uses: number
}

function attemptsIn(request: SipRequest): readonly Attempt[] {
  const read = (proxy: boolean) => ({ parameters }: { readonly parameters: { get(name: string): string | undefined } }): Attempt => ({
    proxy, realm: parameters.get('realm'), nonce: parameters.get('nonce') ?? '', uses: Number.parseInt(parameters.get('nc') ?? '1', 16),
  })
  return [...request.headers.read(authorization).map(read(false)), ...request.headers.read(proxyAuthorization).map(read(true))]
}

/** A nonce may have gone stale, said or unsaid; a fresh one that was refused means that the secret is wrong. */
function mayRetry(attempt: Attempt, challenge: DigestChallenge, afterStale: boolean): boolean {
  if (attempt.nonce === challenge.nonce) return false
  return attempt.uses > 1 || (challenge.stale && !afterStale)
}

function groupByRealm(challenges: readonly DigestChallenge[]): (readonly [DigestChallenge, ...DigestChallenge[]])[] {
  const groups: [DigestChallenge, ...DigestChallenge[]][] = []
  for (const challenge of challenges) {
    const group = groups.find(([first]) => first.realm === challenge.realm && first.proxy === challenge.proxy)
    if (group === undefined) groups.push([challenge])
    else group.push(challenge)
  }
  return groups
}

function scopesOf(request: SipRequest, origin: string | undefined): readonly string[] {
  return [
    `${origin ?? ''}\n401\n${String(request.to.uri)}\n`,
    `${origin ?? ''}\n407\n${request.callId}\n`,
    `${origin ?? ''}\n407\n\n`,
  ]
}

function keyOf(request: SipRequest, proxy: boolean, realm: string, origin: string | undefined, credentials: DigestCredentials): string {
  const [addressee, call, always] = scopesOf(request, origin) as [string, string, string]
  if (!proxy) return addressee + realm
  return (credentials.realm === undefined ? call : always) + realm
}

function listOf(source: DigestCredentials | readonly DigestCredentials[]): readonly DigestCredentials[] {
  return 'username' in source ? [source] : source
}

function explain(code: AuthFailureCode, message: string, realm?: string): AuthFailure {
  return realm === undefined ? { code, message } : { code, message, realm }
}

function failure(code: AuthFailureCode, message: string, realm?: string): { readonly ok: false; readonly error: AuthFailure } {
  return { ok: false, error: explain(code, message, realm) }
}

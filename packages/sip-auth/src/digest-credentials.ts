import type { DigestAlgorithm } from './digest-algorithm.js'
import type { Ha1 } from './digest.js'
import { checkHa1, computeHa1, selectHa1 } from './digest.js'
import { DigestError } from './digest-error.js'

/** A user's name and secret, and for whom they are meant. */
export interface DigestCredentials {
  readonly username: string
  readonly password?: string
  /** H(username ":" realm ":" password) in hexadecimal, instead of the password. Fits only the algorithm of its length. */
  readonly ha1?: Ha1
  /** Answer challenges of this realm and of no other. Set it whenever it is known: a peer that names another realm then gets nothing. */
  readonly realm?: string
  /** Answer challenges that came from this origin and from no other; see {@link DigestClient.answer}. */
  readonly origin?: string
}

/** What is known about a challenge when credentials are chosen for it. */
export interface ChallengeSource {
  readonly realm: string
  /** Challenged by a proxy (407) and not by the addressee (401). */
  readonly proxy: boolean
  /** Who sent the challenge, as the caller of {@link DigestClient.answer} named it. */
  readonly origin: string | undefined
}

/** One user, several (the first that fits the realm and origin is taken), or a function that asks or looks up. */
export type CredentialsSource =
  | DigestCredentials
  | readonly DigestCredentials[]
  | ((challenge: ChallengeSource) => DigestCredentials | undefined | Promise<DigestCredentials | undefined>)

/** Throws a {@link DigestError} for credentials that can never answer a challenge. */
export function checkCredentials({ username, password, ha1 }: DigestCredentials): void {
  if (ha1 !== undefined) checkHa1(ha1)
  else if (password === undefined) throw new DigestError('no-secret', `${username} has neither password nor ha1`)
}

/** H(A1) for a realm; `undefined` when the one that is given is of another algorithm. */
export function ha1Of({ username, password, ha1 = '' }: DigestCredentials, realm: string, algorithm: DigestAlgorithm): string | undefined {
  return password === undefined ? selectHa1(ha1, algorithm) : computeHa1(algorithm, username, realm, password)
}

/** Whether the credentials may be used for this challenge (CVE-2021-41158: never for another realm or peer). */
export function mayAnswer({ realm, origin }: DigestCredentials, challenge: ChallengeSource): boolean {
  return (realm ?? challenge.realm) === challenge.realm && (origin ?? challenge.origin) === challenge.origin
}

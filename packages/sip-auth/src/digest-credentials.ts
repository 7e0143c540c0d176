import type { Ha1 } from './digest.js'
import { checkHa1 } from './digest.js'
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
export function checkCredentials(credentials: DigestCredentials): void {
  if (credentials.password === undefined && credentials.ha1 === undefined) {
    throw new DigestError('no-secret', `credentials of ${credentials.username} have neither password nor ha1`)
  }
  if (credentials.ha1 !== undefined) checkHa1(credentials.ha1)
}

/** Whether the credentials may be used for this challenge (CVE-2021-41158: never for another realm or peer). */
export function mayAnswer(credentials: DigestCredentials, challenge: ChallengeSource): boolean {
  return (credentials.realm === undefined || credentials.realm === challenge.realm)
    && (credentials.origin === undefined || credentials.origin === challenge.origin)
}

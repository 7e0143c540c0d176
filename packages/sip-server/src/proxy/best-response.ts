import { parseChallenge } from '@offhook/sip-parser'
import type { SipResponse } from '@offhook/sip-parser'

/** How a branch ended: with a response from downstream, or with a status that this proxy found itself. */
export interface BranchResult {
  readonly statusCode: number
  readonly response: SipResponse | undefined
}

/** They tell the caller what to change before trying again (RFC 3261 §16.7, 6). */
const helpful: readonly number[] = [401, 407, 415, 420, 484]
/** They tell only that nothing came of this branch. */
const meagre: readonly number[] = [408, 480, 487]

/** The best of the final responses (RFC 3261 §16.7, 6): any 6xx, else the lowest class, in it what helps the caller most. */
export function chooseBest(results: readonly BranchResult[]): BranchResult | undefined {
  return results.toSorted((a, b) => rank(a.statusCode) - rank(b.statusCode))[0]
}

function rank(statusCode: number): number {
  const grade = Math.floor(statusCode / 100)
  if (grade === 6) return 0
  const within = helpful.includes(statusCode) ? 0 : meagre.includes(statusCode) || statusCode === 503 ? 2 : 1
  return grade * 10 + within
}

const challengeFields = ['WWW-Authenticate', 'Proxy-Authenticate'] as const

/** Adds the challenges of every other 401 and 407 to the chosen one, each in its order (RFC 3261 §16.7, 7; RFC 8760 §2.5). */
export function gatherChallenges(chosen: SipResponse, results: readonly BranchResult[]): void {
  if (chosen.statusCode !== 401 && chosen.statusCode !== 407) return
  for (const { response } of results) {
    if (response === undefined || response === chosen || (response.statusCode !== 401 && response.statusCode !== 407)) continue
    for (const name of challengeFields) {
      for (const value of response.headers.getAll(name)) chosen.headers.append(name, value)
    }
  }
}

/**
 * Whether a user's device challenges in this server's own realm (CVE-2021-41158): it would get the caller's digest for a
 * nonce of its choice.
 */
export function challengesFor(response: SipResponse, realm: string): boolean {
  if (response.statusCode !== 401 && response.statusCode !== 407) return false
  return challengeFields.some((name) => response.headers.getAll(name).some((value) => {
    const parsed = parseChallenge(value)
    return parsed.ok && parsed.value.parameters.get('realm') === realm
  }))
}

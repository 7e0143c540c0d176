import { attempt, type Reader } from '../attempt.js'
import type { ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import type { Result } from '../result.js'
import { AuthenticationValue, quoteAll, schemeAndRest } from './authentication-value.js'
import type { ParameterList } from './parameters.js'

/** One WWW-Authenticate or Proxy-Authenticate value. Immutable. */
export class Challenge extends AuthenticationValue {
  /** Quotes what RFC 7616 §3.3 wants quoted. Throws BuildError. */
  static of(scheme: string, parameters: ParameterList): Challenge {
    assertToken(scheme)
    return new Challenge(scheme, quoteAll(parameters, 'algorithm stale charset userhash'))
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Challenge> = (source, start, end) => new Challenge(...schemeAndRest(source, start, end))

  /** The offered qualities of protection; empty when the server is of RFC 2069's time. */
  get qop(): readonly string[] {
    return (this.parameters.get('qop') ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')
  }

  /** The nonce was right once: the same password with the new nonce will do. */
  get stale(): boolean {
    return this.parameters.get('stale')?.toLowerCase() === 'true'
  }
}

/** Reads one challenge. */
export function parseChallenge(text: string): Result<Challenge, ParseError> {
  return attempt(Challenge.read, text.trim())
}

import { attempt, type Reader } from '../attempt.js'
import type { ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import type { Result } from '../result.js'
import { AuthenticationValue, quoteAll, schemeAndRest } from './authentication-value.js'
import type { ParameterList } from './parameters.js'

/** One Authorization or Proxy-Authorization value. Immutable. */
export class Credentials extends AuthenticationValue {
  /** Quotes what RFC 7616 §3.4 wants quoted. Throws BuildError. */
  static of(scheme: string, parameters: ParameterList): Credentials {
    assertToken(scheme)
    return new Credentials(scheme, quoteAll(parameters, 'algorithm qop nc userhash'))
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Credentials> = (source, start, end) => new Credentials(...schemeAndRest(source, start, end))

  get username(): string | undefined {
    return this.parameters.get('username')
  }
  get uri(): string | undefined {
    return this.parameters.get('uri')
  }
  get response(): string | undefined {
    return this.parameters.get('response')
  }
  get cnonce(): string | undefined {
    return this.parameters.get('cnonce')
  }
  /** Eight hexadecimal digits as written. */
  get nc(): string | undefined {
    return this.parameters.get('nc')
  }
  get qop(): string | undefined {
    return this.parameters.get('qop')
  }
}

/** Reads one set of credentials. */
export function parseCredentials(text: string): Result<Credentials, ParseError> {
  return attempt(Credentials.read, text.trim())
}

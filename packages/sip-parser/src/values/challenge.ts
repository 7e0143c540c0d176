import { attempt, matchIn, type Reader } from '../attempt.js'
import type { ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import type { HeaderField } from '../header-fields.js'
import type { Source } from '../octets.js'
import { quoteString } from '../quoting.js'
import type { Result } from '../result.js'
import { Parameters, type ParameterList } from './parameters.js'

/** Scheme and comma-separated parameters of the four authentication fields (RFC 3261 §25.1, RFC 7616 §3). */
abstract class AuthenticationValue {
  /** As written, usually `Digest`. */
  readonly scheme: string
  /** Read with or without quotes; written as they came. */
  readonly parameters: Parameters

  constructor(scheme: string, parameters: Parameters) {
    this.scheme = scheme
    this.parameters = parameters
  }

  /** Whether the scheme is Digest. */
  get isDigest(): boolean {
    return this.scheme.toLowerCase() === 'digest'
  }
  get realm(): string | undefined {
    return this.parameters.get('realm')
  }
  get nonce(): string | undefined {
    return this.parameters.get('nonce')
  }
  get opaque(): string | undefined {
    return this.parameters.get('opaque')
  }
  /** As written; absent means MD5. */
  get algorithm(): string | undefined {
    return this.parameters.get('algorithm')
  }

  toString(): string {
    return `${this.scheme} ${this.parameters.toString()}`
  }
}

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

/** Everything between quotes but these names, which take tokens. Throws BuildError. */
export function quoteAll(list: ParameterList, unquoted: string): Parameters {
  return Parameters.of(Array.from(list, ([name, value]) => {
    const text = String(value ?? '')
    if (!unquoted.split(' ').includes(name.toLowerCase())) return [name, quoteString(text)]
    assertToken(text, name)
    return [name, text]
  }), ',')
}

function schemeAndRest(source: Source, start: number, end: number): [scheme: string, parameters: Parameters] {
  const [, scheme = ''] = matchIn(/^([\w\-.!%*+`'~]+)(?!\S)/, source, start, end)
  return [scheme, Parameters.read(source, start + scheme.length, end, ',')]
}

/** Reads one challenge. */
export function parseChallenge(text: string): Result<Challenge, ParseError> {
  return attempt(Challenge.read, text.trim())
}

/** Reads one set of credentials. */
export function parseCredentials(text: string): Result<Credentials, ParseError> {
  return attempt(Credentials.read, text.trim())
}

/** A comma separates parameters here, not values (RFC 3261 §7.3.1): one challenge per field (§20.44). */
export const wwwAuthenticate: HeaderField<Challenge> = { name: 'WWW-Authenticate', section: 'RFC 3261 §20.44', read: Challenge.read }
/** RFC 3261 §20.27. */
export const proxyAuthenticate: HeaderField<Challenge> = { name: 'Proxy-Authenticate', section: 'RFC 3261 §20.27', read: Challenge.read }
/** One set of credentials per field (RFC 3261 §20.7). */
export const authorization: HeaderField<Credentials> = { name: 'Authorization', section: 'RFC 3261 §20.7', read: Credentials.read }
/** RFC 3261 §20.28. */
export const proxyAuthorization: HeaderField<Credentials> = { name: 'Proxy-Authorization', section: 'RFC 3261 §20.28', read: Credentials.read }

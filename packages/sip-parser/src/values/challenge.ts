import { attempt } from '../attempt.js'
import { isBlank, isToken, skipBlanks, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertPlain, assertToken } from '../guards.js'
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
    assertToken(scheme, 'scheme')
    return new Challenge(scheme, quoteAll(parameters, ['algorithm', 'stale', 'charset', 'userhash']))
  }

  /** Throws ParseError. */
  static read(text: string): Challenge {
    return readAuthentication(text, (scheme, parameters) => new Challenge(scheme, parameters))
  }

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
    assertToken(scheme, 'scheme')
    return new Credentials(scheme, quoteAll(parameters, ['algorithm', 'qop', 'nc', 'userhash']))
  }

  /** Throws ParseError. */
  static read(text: string): Credentials {
    return readAuthentication(text, (scheme, parameters) => new Credentials(scheme, parameters))
  }

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

function quoteAll(list: ParameterList, unquoted: readonly string[]): Parameters {
  const entries: [string, string][] = []
  for (const [name, value] of list) {
    const text = String(value ?? '')
    assertPlain(text, name)
    const bare = unquoted.includes(name.toLowerCase())
    if (bare && !isToken(text)) throw new BuildError('value', `${name} is not a token: ${JSON.stringify(text)}`)
    entries.push([name, bare ? text : quoteString(text)])
  }
  return Parameters.join(entries, ',')
}

function readAuthentication<T>(text: string, make: (scheme: string, parameters: Parameters) => T): T {
  const end = skipClass(text, 0, text.length, TOKEN)
  if (end === 0 || (end < text.length && !isBlank(text.charCodeAt(end))))
    throw new ParseError('header-value', 'authentication scheme is missing', { offset: end, section: 'RFC 3261 §25.1' })
  return make(text.slice(0, end), Parameters.read(text.slice(skipBlanks(text, end, text.length)), ','))
}

/** Reads one challenge. */
export function parseChallenge(text: string): Result<Challenge, ParseError> {
  return attempt((value) => Challenge.read(value.trim()), text)
}

/** Reads one set of credentials. */
export function parseCredentials(text: string): Result<Credentials, ParseError> {
  return attempt((value) => Credentials.read(value.trim()), text)
}

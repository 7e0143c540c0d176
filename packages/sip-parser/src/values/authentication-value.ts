import { matchIn } from '../attempt.js'
import { assertToken } from '../guards.js'
import type { Source } from '../octets.js'
import { quoteString } from '../quoting.js'
import { Parameters, type ParameterList } from './parameters.js'
import { Value } from './value.js'

/** Scheme and comma-separated parameters of the four authentication fields (RFC 3261 §25.1, RFC 7616 §3). */
export abstract class AuthenticationValue extends Value {
  /** As written, usually `Digest`. */
  readonly scheme: string
  /** Read with or without quotes; written as they came. */
  readonly parameters: Parameters

  constructor(scheme: string, parameters: Parameters) {
    super()
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

/** Everything between quotes but these names, which take tokens. Throws BuildError. */
export function quoteAll(list: ParameterList, unquoted: string): Parameters {
  return Parameters.of(Array.from(list, ([name, value]) => {
    const text = String(value ?? '')
    if (!unquoted.split(' ').includes(name.toLowerCase())) return [name, quoteString(text)]
    assertToken(text, name)
    return [name, text]
  }), ',')
}

/** What the constructor takes. Throws ParseError. */
export function schemeAndRest(source: Source, start: number, end: number): [scheme: string, parameters: Parameters] {
  const [, scheme = ''] = matchIn(/^([\w\-.!%*+`'~]+)(?!\S)/, source, start, end)
  return [scheme, Parameters.read(source, start + scheme.length, end, ',')]
}

import type { Reader } from '../attempt.js'
import { ParseError } from '../errors.js'
import { quoteAll } from '../values/authentication-value.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** What a server says after good credentials: the next nonce, proof that it knows the password (RFC 3261 §20.6, RFC 7616 §3.5). Immutable. */
export class AuthenticationInfo extends Value {
  /** Read with or without quotes. */
  readonly parameters: Parameters

  private constructor(parameters: Parameters) {
    super()
    this.parameters = parameters
  }

  /**
   * Quotes what is to be quoted. Throws BuildError.
   *
   * @example AuthenticationInfo.of([['nextnonce', '47364c23432d2e131a5fb210812c']])
   */
  static of(parameters: ParameterList): AuthenticationInfo {
    return checkedValue(new AuthenticationInfo(quoteAll(parameters, 'qop nc')), AuthenticationInfo.read)
  }

  /** @internal Throws ParseError when there is no parameter. */
  static readonly read: Reader<AuthenticationInfo> = (source, start, end) => {
    const parameters = Parameters.read(source, start, end, ',')
    if (parameters.size === 0) throw new ParseError('header-value', start)
    return new AuthenticationInfo(parameters)
  }

  get nextNonce(): string | undefined {
    return this.parameters.get('nextnonce')
  }
  /** Proof of the server, hexadecimal digits. */
  get responseAuth(): string | undefined {
    return this.parameters.get('rspauth')
  }
  get qop(): string | undefined {
    return this.parameters.get('qop')
  }
  get cnonce(): string | undefined {
    return this.parameters.get('cnonce')
  }
  /** Eight hexadecimal digits as written. */
  get nc(): string | undefined {
    return this.parameters.get('nc')
  }

  toString(): string {
    return this.parameters.toString()
  }
}

import type { Reader } from '../attempt.js'
import { skipBlanks, skipClass, TOKEN } from '../characters.js'
import { ParseError } from '../errors.js'
import { slice } from '../octets.js'
import { Parameters } from './parameters.js'

/** A token with parameters: Content-Disposition, Event (RFC 3261 §20.11, RFC 6665 §8.2.1). Immutable. */
export class TokenValue {
  /** As written. */
  readonly token: string
  readonly parameters: Parameters

  private constructor(token: string, parameters: Parameters) {
    this.token = token
    this.parameters = parameters
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<TokenValue> = (source, start, end) => {
    const { bytes } = source
    const tokenEnd = skipClass(bytes, start, end, TOKEN)
    const rest = skipBlanks(bytes, tokenEnd, end)
    if (tokenEnd === start || (rest < end && bytes[rest] !== 59)) throw new ParseError('header-value', tokenEnd)
    return new TokenValue(slice(source, start, tokenEnd), Parameters.read(source, rest, end))
  }

  toString(): string {
    return this.token + this.parameters.toString()
  }
}

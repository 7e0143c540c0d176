import { isToken } from '../characters.js'
import { ParseError } from '../errors.js'
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

  /** Throws ParseError. */
  static read(text: string): TokenValue {
    const semicolon = text.indexOf(';')
    const token = (semicolon < 0 ? text : text.slice(0, semicolon)).trim()
    if (!isToken(token)) throw new ParseError('header-value', 'not a token')
    return new TokenValue(token, semicolon < 0 ? Parameters.empty : Parameters.read(text.slice(semicolon)))
  }

  toString(): string {
    return this.token + this.parameters.toString()
  }
}

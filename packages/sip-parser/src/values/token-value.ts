import { matchIn, type Reader } from '../attempt.js'
import { assertToken } from '../guards.js'
import type { HeaderField } from '../header-fields.js'
import { Parameters, type ParameterList } from './parameters.js'
import { Value } from './value.js'

/** A token with parameters: Content-Disposition, Event (RFC 3261 §20.11, RFC 6665 §8.2.1). Immutable. */
export class TokenValue extends Value {
  /** As written. */
  readonly token: string
  readonly parameters: Parameters

  private constructor(token: string, parameters: Parameters) {
    super()
    this.token = token
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example headers.set('Event', String(TokenValue.of('dialog', [['call-id', 'a84b4c76e66710']])))
   */
  static of(token: string, parameters: ParameterList = []): TokenValue {
    assertToken(token)
    return new TokenValue(token, Parameters.of(parameters))
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<TokenValue> = (source, start, end) => {
    const [, token = '', rest = ''] = matchIn(/^([\w\-.!%*+`'~]+)\s*(;.*)?$/s, source, start, end)
    return new TokenValue(token, Parameters.read(source, end - rest.length, end))
  }

  toString(): string {
    return this.token + this.parameters.toString()
  }
}

/** Content-Disposition (RFC 3261 §20.11). */
export const contentDisposition: HeaderField<TokenValue> = { name: 'Content-Disposition', section: 'RFC 3261 §20.11', read: TokenValue.read }
/** Event package and parameters (RFC 6665 §8.2.1). */
export const event: HeaderField<TokenValue> = { name: 'Event', section: 'RFC 6665 §8.2.1', read: TokenValue.read }

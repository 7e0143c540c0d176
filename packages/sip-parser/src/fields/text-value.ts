import type { Reader } from '../attempt.js'
import { isToken } from '../characters.js'
import { slice } from '../octets.js'
import { quoteString, unquoteString } from '../quoting.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'
import { readHead } from './head.js'

/** A token or a quoted string, with parameters: User-to-User, P-Visited-Network-ID (RFC 7433 §4.1, RFC 7315 §5.3). Immutable. */
export class TextValue extends Value {
  /** Without quotes. */
  readonly text: string
  readonly parameters: Parameters

  private constructor(text: string, parameters: Parameters) {
    super()
    this.text = text
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example TextValue.of('56a390f3d2b7310023a2', [['encoding', 'hex'], ['purpose', 'foo'], ['content', 'bar']])
   */
  static of(text: string, parameters: ParameterList = []): TextValue {
    return checkedValue(new TextValue(text, Parameters.of(parameters)), TextValue.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<TextValue> = (source, start, end) => {
    const [[, head = ''], parameters] = readHead(/^([\w\-.!%*+`'~]+|"[^"\\]*(?:\\.[^"\\]*)*")\s*(?=;|$)/s, source, start, end)
    return new TextValue(unquoteString(slice(source, start, start + head.length)), parameters)
  }

  /** A token as it is, anything else between quotes. */
  toString(): string {
    return (isToken(this.text) ? this.text : quoteString(this.text)) + this.parameters.toString()
  }
}

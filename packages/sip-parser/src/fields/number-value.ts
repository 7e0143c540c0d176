import type { Reader } from '../attempt.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { assertWhole, checkedValue } from './checked-value.js'
import { readHead } from './head.js'

/** A number with parameters: Min-SE, Geolocation-Error (RFC 4028 §5, RFC 6442 §4.4). Immutable. */
export class NumberValue extends Value {
  readonly number: number
  readonly parameters: Parameters

  private constructor(number: number, parameters: Parameters) {
    super()
    this.number = number
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(number: number, parameters: ParameterList = []): NumberValue {
    assertWhole(number)
    return checkedValue(new NumberValue(number, Parameters.of(parameters)), NumberValue.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<NumberValue> = (source, start, end) => {
    const [[, digits], parameters] = readHead(/^(\d{1,15})\s*(?=;|$)/, source, start, end)
    return new NumberValue(Number(digits), parameters)
  }

  toString(): string {
    return `${this.number}${this.parameters.toString()}`
  }
}

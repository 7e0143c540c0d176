import type { Reader } from '../attempt.js'
import { ParseError } from '../errors.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** Nothing but parameters: P-Charging-Function-Addresses (RFC 7315 §5.5). Immutable. */
export class ParameterSet extends Value {
  readonly parameters: Parameters

  private constructor(parameters: Parameters) {
    super()
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(parameters: ParameterList): ParameterSet {
    return checkedValue(new ParameterSet(Parameters.of(parameters)), ParameterSet.read)
  }

  /** @internal Throws ParseError when there is no parameter. */
  static readonly read: Reader<ParameterSet> = (source, start, end) => {
    const parameters = Parameters.read(source, start, end)
    if (parameters.size === 0) throw new ParseError('header-value', start)
    return new ParameterSet(parameters)
  }

  toString(): string {
    return this.parameters.toString().slice(1)
  }
}

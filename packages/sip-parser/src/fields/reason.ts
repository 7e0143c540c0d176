import type { Reader } from '../attempt.js'
import { quoteString } from '../quoting.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { assertWhole, checkedValue, present } from './checked-value.js'
import { numberOf, readHead } from './head.js'

/** What a Reason is made of. */
export interface ReasonParts {
  /** SIP status code, Q.850 cause. */
  readonly cause?: number | undefined
  /** For people. */
  readonly text?: string | undefined
  /** Further parameters, such as `location` (RFC 8606). */
  readonly parameters?: ParameterList
}

/** Why a request was sent (RFC 3326 §2). Immutable. */
export class Reason extends Value {
  /** As written: `SIP`, `Q.850` … */
  readonly protocol: string
  readonly parameters: Parameters

  private constructor(protocol: string, parameters: Parameters) {
    super()
    this.protocol = protocol
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example Reason.of('SIP', { cause: 200, text: 'Call completed elsewhere' })
   */
  static of(protocol: string, { cause, text, parameters = [] }: ReasonParts = {}): Reason {
    assertWhole(cause)
    const known = present(['cause', cause], ['text', text === undefined ? undefined : quoteString(text)])
    return checkedValue(new Reason(protocol, Parameters.of([...known, ...parameters])), Reason.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Reason> = (source, start, end) => {
    const [[, protocol = ''], parameters] = readHead(/^([\w\-.!%*+`'~]+)\s*(?=;|$)/, source, start, end)
    return new Reason(protocol, parameters)
  }

  get cause(): number | undefined {
    return numberOf(this.parameters, 'cause')
  }
  get text(): string | undefined {
    return this.parameters.get('text')
  }

  toString(): string {
    return this.protocol + this.parameters.toString()
  }
}

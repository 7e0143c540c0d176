import type { Reader } from '../attempt.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'
import { readHead } from './head.js'

/** Text without blanks, quotes, commas and semicolons, with parameters: hosts with ports and the identifiers of RFC 5503. Immutable. */
export class WordValue extends Value {
  readonly word: string
  readonly parameters: Parameters

  private constructor(word: string, parameters: Parameters) {
    super()
    this.word = word
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(word: string, parameters: ParameterList = []): WordValue {
    return checkedValue(new WordValue(word, Parameters.of(parameters)), WordValue.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<WordValue> = (source, start, end) => {
    const [[, word = ''], parameters] = readHead(/^([^\s;,"<>\\\x80-\xff]+)\s*(?=;|$)/, source, start, end)
    return new WordValue(word, parameters)
  }

  toString(): string {
    return this.word + this.parameters.toString()
  }
}

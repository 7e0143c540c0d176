import { matchIn, type Reader } from '../attempt.js'
import { slice } from '../octets.js'
import { quoteString, unquoteString } from '../quoting.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** One Warning value (RFC 3261 §20.43). Immutable. */
export class Warning extends Value {
  /** Three digits, 300 to 399 of SIP. */
  readonly code: number
  /** Host, perhaps with its port, or pseudonym of who warns. */
  readonly agent: string
  readonly text: string

  private constructor(code: number, agent: string, text: string) {
    super()
    this.code = code
    this.agent = agent
    this.text = text
  }

  /**
   * Throws BuildError.
   *
   * @example Warning.of(307, 'isi.edu', "Session parameter 'foo' not understood")
   */
  static of(code: number, agent: string, text: string): Warning {
    return checkedValue(new Warning(code, agent, text), Warning.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Warning> = (source, start, end) => {
    const [head = '', code, agent = ''] = matchIn(/^(\d{3})\s+([^\s",;<>\\\x80-\xff]+)(?:\s+|(?="))/, source, start, end)
    return new Warning(Number(code), agent, unquoteString(slice(source, start + head.length, end)))
  }

  toString(): string {
    return `${this.code} ${this.agent} ${quoteString(this.text)}`
  }
}

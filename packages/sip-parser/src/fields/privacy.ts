import { matchIn, type Reader } from '../attempt.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** The kinds of privacy asked for, `;` between them (RFC 3323 §4.2). Immutable. */
export class Privacy extends Value {
  /** Lower case: `header`, `session`, `user`, `none`, `critical`, `id` (RFC 3325 §9.3), `history` (RFC 7044 §7) … */
  readonly values: readonly string[]

  private constructor(values: readonly string[]) {
    super()
    this.values = values
  }

  /**
   * Throws BuildError.
   *
   * @example Privacy.of('header', 'user', 'critical')
   */
  static of(...values: readonly string[]): Privacy {
    return checkedValue(new Privacy(values), Privacy.read)
  }

  /** @internal Commas are taken for semicolons. Throws ParseError. */
  static readonly read: Reader<Privacy> = (source, start, end) => {
    const [list] = matchIn(/^[\w\-.!%*+`'~]+(?:\s*[;,]\s*[\w\-.!%*+`'~]+)*$/, source, start, end)
    return new Privacy((list ?? '').toLowerCase().split(/\s*[;,]\s*/))
  }

  /** Whether this kind of privacy is asked for, in any case. */
  has(value: string): boolean {
    return this.values.includes(value.toLowerCase())
  }

  toString(): string {
    return this.values.join(';')
  }
}

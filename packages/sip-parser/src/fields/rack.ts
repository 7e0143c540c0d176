import { matchIn, type Reader } from '../attempt.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** Which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2). Immutable. */
export class RAck extends Value {
  /** RSeq of the response. */
  readonly responseNumber: number
  /** CSeq of the request the response answered. */
  readonly sequence: number
  readonly method: string

  private constructor(responseNumber: number, sequence: number, method: string) {
    super()
    this.responseNumber = responseNumber
    this.sequence = sequence
    this.method = method
  }

  /**
   * Throws BuildError.
   *
   * @example RAck.of(776656, 1, 'INVITE')
   */
  static of(responseNumber: number, sequence: number, method: string): RAck {
    return checkedValue(new RAck(responseNumber, sequence, method), RAck.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<RAck> = (source, start, end) => {
    const [, responseNumber, sequence, method = ''] = matchIn(/^(\d{1,10})\s+(\d{1,10})\s+([\w\-.!%*+`'~]+)$/, source, start, end)
    return new RAck(Number(responseNumber), Number(sequence), method)
  }

  toString(): string {
    return `${this.responseNumber} ${this.sequence} ${this.method}`
  }
}

import type { Reader } from '../attempt.js'
import { skipBlanks, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import { Value } from './value.js'

/** Sequence number and method (RFC 3261 §20.16). Immutable. */
export class CSeq extends Value {
  /** Below 2^31 (RFC 3261 §8.1.1.5). */
  readonly sequence: number
  readonly method: string

  private constructor(sequence: number, method: string) {
    super()
    this.sequence = sequence
    this.method = method
  }

  /** Throws BuildError. */
  static of(sequence: number, method: string): CSeq {
    assertToken(method, 'CSeq')
    if (!Number.isInteger(sequence) || sequence < 0 || sequence >= 0x8000_0000) throw new BuildError('value', 'CSeq', String(sequence))
    return new CSeq(sequence, method)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<CSeq> = ({ bytes, text }, start, end) => {
    let stop = start
    let sequence = 0
    for (let digit = (bytes[stop] ?? 0) - 48; stop < end && digit >= 0 && digit <= 9; digit = (bytes[stop] ?? 0) - 48) {
      sequence = sequence * 10 + digit
      stop++
    }
    const method = skipBlanks(bytes, stop, end)
    if (stop === start || sequence >= 0x8000_0000 || method === stop || method === end || skipClass(bytes, method, end, TOKEN) < end) throw new ParseError('header-value', stop)
    return new CSeq(sequence, text.slice(method, end))
  }

  toString(): string {
    return `${this.sequence} ${this.method}`
  }
}

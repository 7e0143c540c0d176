import { skipBlanks, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertToken } from '../guards.js'

/** Sequence number and method (RFC 3261 §20.16). Immutable. */
export class CSeq {
  /** Below 2^31 (RFC 3261 §8.1.1.5). */
  readonly sequence: number
  readonly method: string

  private constructor(sequence: number, method: string) {
    this.sequence = sequence
    this.method = method
  }

  /** Throws BuildError. */
  static of(sequence: number, method: string): CSeq {
    if (!Number.isInteger(sequence) || sequence < 0 || sequence >= 0x8000_0000)
      throw new BuildError('value', `not a sequence number: ${sequence}`, 'CSeq')
    assertToken(method, 'method')
    return new CSeq(sequence, method)
  }

  /** Throws ParseError. */
  static read(text: string): CSeq {
    let at = 0
    let sequence = 0
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48
      if (!(digit >= 0 && digit <= 9)) break
      sequence = sequence * 10 + digit
      if (sequence >= 0x8000_0000) throw fault('sequence number is 2^31 or more', at)
    }
    const start = skipBlanks(text, at, text.length)
    if (at === 0 || start === at || start === text.length || skipClass(text, start, text.length, TOKEN) < text.length)
      throw fault('not a sequence number and a method', at)
    return new CSeq(sequence, text.slice(start))
  }

  toString(): string {
    return `${this.sequence} ${this.method}`
  }
}

function fault(message: string, offset: number): ParseError {
  return new ParseError('header-value', message, { offset, section: 'RFC 3261 §20.16' })
}

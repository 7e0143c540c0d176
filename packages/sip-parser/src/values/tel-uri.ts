import type { Reader } from '../attempt.js'
import { findClass, NOT_URI } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertReadable } from '../guards.js'
import { Parameters } from './parameters.js'

/** A telephone number (RFC 3966): `tel:+1-201-555-0123`, `tel:7042;phone-context=example.com`. Immutable. */
export class TelUri {
  readonly scheme = 'tel'
  /** As written, with its visual separators. */
  readonly number: string
  readonly parameters: Parameters

  private constructor(number: string, parameters: Parameters) {
    this.number = number
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(number: string, parameters: Parameters = Parameters.empty): TelUri {
    return assertReadable(new TelUri(number, parameters), TelUri.read)
  }

  /** @internal From text that starts with `tel:`. Throws ParseError. */
  static readonly read: Reader<TelUri> = (source, start, end) => {
    const first = start + 4
    // Digits, visual separators, a leading `+`, and the hexadecimal, `*` and `#` of a local number (RFC 3966 §3).
    const number = /^\+?[\da-f().*#-]+(?=;|$)/i.exec(source.text.slice(first, end))?.[0]
    if (number === undefined || findClass(source.bytes, first, end, NOT_URI) < end) throw new ParseError('uri', first, { section: 'RFC 3966 §3' })
    return new TelUri(number, Parameters.read(source, first + number.length, end))
  }

  /** A changed copy. Throws BuildError. */
  with(changes: { readonly number?: string; readonly parameters?: Parameters }): TelUri {
    return TelUri.of(changes.number ?? this.number, changes.parameters ?? this.parameters)
  }

  toString(): string {
    return `tel:${this.number}${this.parameters.toString()}`
  }
}

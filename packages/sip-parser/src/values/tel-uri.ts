import type { Reader } from '../attempt.js'
import { findClass, isClass, NOT_URI, PHONE } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertReadable } from '../guards.js'
import { slice } from '../octets.js'
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
    return assertReadable(new TelUri(number, parameters), TelUri.read, ['number'])
  }

  /** @internal From text that starts with `tel:`. Throws ParseError. */
  static readonly read: Reader<TelUri> = (source, start, end) => {
    const { bytes } = source
    const first = start + 4
    let at = first
    // Digits, visual separators, a leading `+`, and the hexadecimal, `*` and `#` of a local number (RFC 3966 §3).
    while (at < end && (isClass(bytes[at] ?? 0, PHONE) || (at === first && bytes[at] === 43))) at++
    const bad = findClass(bytes, at, end, NOT_URI)
    if (at === first || bytes[at - 1] === 43 || bad < end || (at < end && bytes[at] !== 59)) throw new ParseError('uri', at, { section: 'RFC 3966 §3' })
    return new TelUri(slice(source, first, at), Parameters.read(source, at, end))
  }

  /** A changed copy. Throws BuildError. */
  with(changes: { readonly number?: string; readonly parameters?: Parameters }): TelUri {
    return TelUri.of(changes.number ?? this.number, changes.parameters ?? this.parameters)
  }

  toString(): string {
    return `tel:${this.number}${this.parameters.toString()}`
  }
}

import { NOT_URI, findClass } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { Parameters } from './parameters.js'

/** A telephone number (RFC 3966): `tel:+1-201-555-0123`, `tel:7042;phone-context=example.com`. */
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
    if (!isNumber(number)) throw new BuildError('uri', `not a telephone number: ${JSON.stringify(number)}`)
    return new TelUri(number, parameters)
  }

  /** From what follows `tel:`, which starts at `offset`. Throws ParseError. */
  static read(text: string, offset: number): TelUri {
    const semicolon = text.indexOf(';', offset)
    const number = text.slice(offset, semicolon < 0 ? text.length : semicolon)
    const bad = findClass(text, offset, text.length, NOT_URI)
    if (!isNumber(number) || bad < text.length)
      throw new ParseError('uri', 'not a telephone number', { offset, section: 'RFC 3966 §3' })
    return new TelUri(number, semicolon < 0 ? Parameters.empty : Parameters.read(text.slice(semicolon)))
  }

  with(changes: { readonly number?: string; readonly parameters?: Parameters }): TelUri {
    return TelUri.of(changes.number ?? this.number, changes.parameters ?? this.parameters)
  }

  toString(): string {
    return `tel:${this.number}${this.parameters.toString()}`
  }
}

/** Digits, visual separators, a leading `+`, and the hexadecimal, `*` and `#` of a local number (RFC 3966 §3). */
function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!'0123456789-.()ABCDEFabcdef*#'.includes(text.charAt(at)) && (at > 0 || text.charAt(at) !== '+')) return false
  }
  return text !== '' && text !== '+'
}

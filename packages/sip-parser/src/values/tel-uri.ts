import type { Reader } from '../attempt.js'
import { findClass, NOT_URI } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertReadable } from '../guards.js'
import { Parameters, type ParameterList } from './parameters.js'
import { Value } from './value.js'

/**
 * A telephone number (RFC 3966): `tel:+1-201-555-0123`, `tel:7042;phone-context=example.com`. Immutable; kept as written.
 * A local number without its context is read, as phones send such, but not built.
 */
export class TelUri extends Value {
  readonly scheme = 'tel'
  /** As written, with its visual separators. */
  readonly number: string
  readonly parameters: Parameters

  private constructor(number: string, parameters: Parameters) {
    super()
    this.number = number
    this.parameters = parameters
  }

  /**
   * The parameters are written in the order that RFC 3966 §3 asks for. Throws BuildError: for a number with other characters than §3 allows,
   * a local number without `phone-context` (§5.1.5), a parameter given twice, `ext` together with `isub` (§5.3).
   *
   * @example TelUri.of('7042', [['phone-context', 'example.com']])
   */
  static of(number: string, parameters: ParameterList = []): TelUri {
    const entries = Array.from(Parameters.of(parameters), ([name, value]) => [name.toLowerCase(), value] as const).sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    const uri = assertReadable(new TelUri(number, Parameters.of(entries)), TelUri.read)
    const names = new Set(entries.map(([name]) => name))
    const valid = uri.isGlobal ? !/[^\d+\-.()]/.test(number) : names.has('phone-context')
    if (!valid || names.size < entries.length || (names.has('ext') && names.has('isub'))) throw new BuildError('value', undefined, uri.toString())
    return uri
  }

  /** @internal From text that starts with `tel:`. Throws ParseError. */
  static readonly read: Reader<TelUri> = (source, start, end) => {
    const first = start + 4
    // Digits, visual separators, a leading `+`, and the hexadecimal, `*` and `#` of a local number (RFC 3966 §3).
    const number = /^\+?[\da-f().*#-]+(?=;|$)/i.exec(source.text.slice(first, end))?.[0]
    if (number === undefined || !/[\da-f*#]/i.test(number) || findClass(source.bytes, first, end, NOT_URI) < end) throw new ParseError('uri', first, { section: 'RFC 3966 §3' })
    return new TelUri(number, Parameters.read(source, first + number.length, end))
  }

  /** Whether the number is valid everywhere: it starts with `+` (RFC 3966 §5.1.4). */
  get isGlobal(): boolean {
    return this.number.startsWith('+')
  }

  /** The number as it is dialled, without visual separators; the `+` of a global number stays (RFC 3966 §5.1.1). */
  get digits(): string {
    return withoutSeparators(this.number)
  }

  /** Where a local number is valid: a domain, or the first digits of a global number with its `+` (RFC 3966 §5.1.5). */
  get phoneContext(): string | undefined {
    return this.parameters.get('phone-context')
  }

  /** Extension behind a private exchange, as written (RFC 3966 §5.3). */
  get extension(): string | undefined {
    return this.parameters.get('ext')
  }

  /** ISDN subaddress, with its escapes (RFC 3966 §5.2). */
  get isdnSubaddress(): string | undefined {
    return this.parameters.get('isub')
  }

  /** A changed copy. Throws BuildError. */
  with(changes: { readonly number?: string; readonly parameters?: ParameterList }): TelUri {
    return TelUri.of(changes.number ?? this.number, changes.parameters ?? this.parameters)
  }

  toString(): string {
    return `tel:${this.number}${this.parameters.toString()}`
  }
}

/** A number without the characters that only help the eye (RFC 3966 §5.1.1). */
export function withoutSeparators(number: string): string {
  return number.replaceAll(/[-.()]/g, '')
}

/** What parameters are sorted by: extension or subaddress first, then the context, then the others by name (RFC 3966 §3). */
function rank(name: string): string {
  // No name starts with a lower character.
  return name === 'phone-context' ? '!!' : /^(?:ext|isub)$/.test(name) ? '!' : name
}

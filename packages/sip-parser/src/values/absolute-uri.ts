import type { Reader } from '../attempt.js'
import { findClass, NOT_URI } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertReadable } from '../guards.js'
import { slice } from '../octets.js'
import { Value } from './value.js'

/** A URI of a scheme without a class of its own, kept as written: `isbn:2983792873` (RFC 3261 §25.1 absoluteURI). */
export class AbsoluteUri extends Value {
  /** Lower case; '' when the text in the place of a URI had none. */
  readonly scheme: string
  /** What follows the colon. */
  readonly opaque: string

  private constructor(scheme: string, opaque: string) {
    super()
    this.scheme = scheme
    this.opaque = opaque
  }

  /** Throws BuildError. */
  static of(scheme: string, opaque: string): AbsoluteUri {
    return assertReadable(new AbsoluteUri(scheme.toLowerCase(), opaque), AbsoluteUri.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<AbsoluteUri> = (source, start, end) => {
    const bad = findClass(source.bytes, start, end, NOT_URI)
    // `data:` may be all there is: a Call-Info without a URI to give (RFC 9796 §6).
    const [, scheme, opaque] = /^([a-z][a-z\d+.-]*):(.+|(?<=^data:))/is.exec(slice(source, start, end)) ?? []
    if (scheme === undefined || opaque === undefined || bad < end) throw new ParseError('uri', bad < end ? bad : start)
    return new AbsoluteUri(scheme.toLowerCase(), opaque)
  }

  /** @internal Keeps text without a scheme that stands for a URI. */
  static unreadable(text: string): AbsoluteUri {
    return new AbsoluteUri('', text)
  }

  /** A changed copy. Throws BuildError. */
  with(changes: { readonly scheme?: string; readonly opaque?: string }): AbsoluteUri {
    return AbsoluteUri.of(changes.scheme ?? this.scheme, changes.opaque ?? this.opaque)
  }

  toString(): string {
    return this.scheme === '' ? this.opaque : `${this.scheme}:${this.opaque}`
  }
}

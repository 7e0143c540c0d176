import type { Reader } from '../attempt.js'
import { NOT_URI, findClass } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertReadable } from '../guards.js'
import { slice } from '../octets.js'

/** A URI of a scheme without a class of its own, kept as written: `isbn:2983792873` (RFC 3261 §25.1 absoluteURI). */
export class AbsoluteUri {
  /** Lower case; '' when the text in the place of a URI had none. */
  readonly scheme: string
  /** What follows the colon. */
  readonly opaque: string

  private constructor(scheme: string, opaque: string) {
    this.scheme = scheme
    this.opaque = opaque
  }

  /** Throws BuildError. */
  static of(scheme: string, opaque: string): AbsoluteUri {
    return assertReadable(new AbsoluteUri(scheme.toLowerCase(), opaque), AbsoluteUri.read, ['opaque'])
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<AbsoluteUri> = (source, start, end) => {
    const { bytes } = source
    let colon = start
    while (isSchemeCharacter(bytes[colon] ?? 0, colon === start)) colon++
    const bad = findClass(bytes, start, end, NOT_URI)
    if (colon === start || colon + 1 >= end || bytes[colon] !== 58 || bad < end) throw new ParseError('uri', Math.min(bad, colon))
    return new AbsoluteUri(slice(source, start, colon).toLowerCase(), slice(source, colon + 1, end))
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

/** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
function isSchemeCharacter(code: number, first: boolean): boolean {
  if ((code | 32) >= 97 && (code | 32) <= 122) return true
  return !first && ((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46)
}

import { NOT_URI, findClass } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'

/** A URI of a scheme without a class of its own, kept as written: `isbn:2983792873` (RFC 3261 §25.1 absoluteURI). */
export class AbsoluteUri {
  /** Lower case. */
  readonly scheme: string
  /** What follows the colon. */
  readonly opaque: string

  private constructor(scheme: string, opaque: string) {
    this.scheme = scheme
    this.opaque = opaque
  }

  /** Throws BuildError. */
  static of(scheme: string, opaque: string): AbsoluteUri {
    if (!isScheme(scheme) || findClass(opaque, 0, opaque.length, NOT_URI) < opaque.length)
      throw new BuildError('uri', `not a URI: ${JSON.stringify(`${scheme}:${opaque}`)}`)
    return new AbsoluteUri(scheme.toLowerCase(), opaque)
  }

  /** From text whose colon is at `colon`. Throws ParseError. */
  static read(text: string, colon: number): AbsoluteUri {
    const scheme = text.slice(0, colon)
    const bad = findClass(text, 0, text.length, NOT_URI)
    if (!isScheme(scheme) || bad < text.length) throw new ParseError('uri', 'not a URI', { offset: Math.min(bad, text.length) })
    return new AbsoluteUri(scheme.toLowerCase(), text.slice(colon + 1))
  }

  /** Keeps what could not be read as a URI, for the sake of an error response. */
  static unreadable(text: string): AbsoluteUri {
    return new AbsoluteUri('invalid', text)
  }

  with(changes: { readonly scheme?: string; readonly opaque?: string }): AbsoluteUri {
    return AbsoluteUri.of(changes.scheme ?? this.scheme, changes.opaque ?? this.opaque)
  }

  toString(): string {
    return `${this.scheme}:${this.opaque}`
  }
}

/** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
function isScheme(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const letter = (code | 32) >= 97 && (code | 32) <= 122
    if (!letter && (at === 0 || !((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46))) return false
  }
  return text !== ''
}

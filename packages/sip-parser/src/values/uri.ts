import { attempt } from '../attempt.js'
import { equalsLower, findClass, NOT_URI, URI_MARK } from '../characters.js'
import type { ParseError } from '../errors.js'
import { slice, type Source } from '../octets.js'
import type { Result } from '../result.js'
import { AbsoluteUri } from './absolute-uri.js'
import { SipUri } from './sip-uri.js'
import { TelUri } from './tel-uri.js'

export type Uri = SipUri | TelUri | AbsoluteUri

/** Reads a URI: `sip:`, `sips:`, `tel:`, or any other scheme as opaque text (RFC 3261 §19.1, RFC 3966). */
export function parseUri(text: string): Result<Uri, ParseError> {
  return attempt((source, start, end) => readUri(source, start, end), text)
}

/** Reads the URI in [start, end); when `loose`, text without a scheme becomes an AbsoluteUri whose scheme is ''. Throws ParseError. */
export function readUri(source: Source, start: number, end: number, loose = false): Uri {
  const { bytes } = source
  if (end - start > 4) {
    // The letters of `sip` have one octet each that differs in bit 5; most URIs end this question here.
    const isSip = ((bytes[start] ?? 0) | 32) === 115 && ((bytes[start + 1] ?? 0) | 32) === 105 && ((bytes[start + 2] ?? 0) | 32) === 112
    if (isSip && (bytes[start + 3] === 58 || equalsLower(bytes, start + 3, 's:'))) return SipUri.read(source, start, end)
    if (equalsLower(bytes, start, 'tel:')) return TelUri.read(source, start, end)
  }
  if (loose && start < end && bytes[findClass(bytes, start, end, NOT_URI | URI_MARK)] !== 58) return AbsoluteUri.unreadable(slice(source, start, end))
  return AbsoluteUri.read(source, start, end)
}

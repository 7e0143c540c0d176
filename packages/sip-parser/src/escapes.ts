import { encodeUtf8, slice, Source } from './octets.js'

// What may stand unescaped besides `unreserved` is another set in each part of a SIP URI (RFC 3261 §25.1).

/** Escapes what may not stand in the user part of a SIP URI, as UTF-8 octets (RFC 3261 §19.1.2, §25.1 `user`). */
export function escapeUser(text: string): string {
  return text.replaceAll(/[^\w\-.!~*'()&=+$,;?/]/gu, escapeCharacter)
}

/** Escapes what may not stand in the password of a SIP URI (RFC 3261 §25.1 `password`). */
export function escapePassword(text: string): string {
  return text.replaceAll(/[^\w\-.!~*'()&=+$,]/gu, escapeCharacter)
}

/** Escapes what may not stand in the value of a URI parameter (RFC 3261 §25.1 `pvalue`, RFC 3966 §3 `pvalue`). */
export function escapeParameter(text: string): string {
  return text.replaceAll(/[^\w\-.!~*'()[\]/:&+$]/gu, escapeCharacter)
}

/** Escapes what may not stand in the name or the value of a URI's header field (RFC 3261 §25.1 `hname`, `hvalue`). */
export function escapeHeader(text: string): string {
  return text.replaceAll(/[^\w\-.!~*'()[\]/?:+$]/gu, escapeCharacter)
}

/** @internal `%HH` for each octet of the character in UTF-8. */
export function escapeCharacter(character: string): string {
  return Array.from(encodeUtf8(character), (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** Undoes `%HH` escapes once; a `%` without two hexadecimal digits stays. Any part of a URI becomes readable so, a part that was cut off first. */
export function unescape(text: string): string {
  if (!text.includes('%')) return text
  const octets = text.replaceAll(/%([\da-f]{2})/gi, octetOf)
  return slice(new Source(octets, false), 0, octets.length)
}

/**
 * The form in which equal parts of a URI are equal strings (RFC 3261 §19.1.4): escapes of the characters in `plain`, the unreserved ones if not said, are undone,
 * the others are in upper case; what may stand in no URI is escaped.
 */
export function normalizeEscapes(text: string, plain: RegExp = /[\w\-.!~*'()]/): string {
  return text.replaceAll(/%([\da-f]{2})|[^\w\-.!~*'();/?:@&=+$,[\]]/giu, (match, hex?: string) => {
    if (hex === undefined) return escapeCharacter(match)
    const character = octetOf(match, hex)
    return plain.test(character) ? character : match.toUpperCase()
  })
}

function octetOf(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}

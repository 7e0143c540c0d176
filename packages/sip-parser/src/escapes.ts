import { encodeUtf8, slice, Source } from './octets.js'

/** Escapes what may not stand in the user part of a SIP URI, as UTF-8 octets (RFC 3261 §19.1.2). */
export function escapeUser(text: string): string {
  return text.replaceAll(/[^\w\-.!~*'()&=+$,;?/]/gu, (character) => Array.from(encodeUtf8(character), (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join(''))
}

/** Undoes `%HH` escapes once; a `%` without two hexadecimal digits stays. */
export function unescape(text: string): string {
  if (!text.includes('%')) return text
  const octets = text.replaceAll(escape, octetOf)
  return slice(new Source(octets, false), 0, octets.length)
}

/** The form in which equal user parts are equal strings: escapes of unreserved characters undone, the others in upper case (RFC 3261 §19.1.4). */
export function normalizeEscapes(text: string): string {
  return text.replaceAll(escape, (escaped, hex: string) => {
    const character = octetOf(escaped, hex)
    return /[\w\-.!~*'()]/.test(character) ? character : escaped.toUpperCase()
  })
}

const escape = /%([\da-f]{2})/gi

function octetOf(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}

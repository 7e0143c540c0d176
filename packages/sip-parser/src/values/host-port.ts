import { BLANK, DIGIT, HOST, IPV6, numberIn, skipClass } from '../characters.js'
import { ParseError } from '../errors.js'
import type { Source } from '../octets.js'

/** A host, perhaps with a port, and where they end. */
export interface HostPort {
  readonly host: string
  readonly port: number | undefined
  readonly end: number
}

/** Reads host [":" port], with blanks around the colon and behind (RFC 3261 §25.1). Throws ParseError. */
export function readHostPort({ bytes, text }: Source, start: number, end: number): HostPort {
  const reference = bytes[start] === 91
  const stop = reference ? skipClass(bytes, start + 1, end, IPV6) + 1 : skipClass(bytes, start, end, HOST)
  if (stop === start || (reference && (stop - start < 4 || stop > end || bytes[stop - 1] !== 93))) throw new ParseError('uri', start)
  const host = text.slice(start, stop)
  const colon = skipClass(bytes, stop, end, BLANK)
  if (colon === end || bytes[colon] !== 58) return { host, port: undefined, end: colon }
  const first = skipClass(bytes, colon + 1, end, BLANK)
  const last = skipClass(bytes, first, end, DIGIT)
  const port = numberIn(bytes, first, last)
  if (!isPort(port) || last - first > 5) throw new ParseError('uri', first)
  return { host, port, end: skipClass(bytes, last, end, BLANK) }
}

/** Whether the whole text is a host. */
export function isHost(text: string): boolean {
  return /^(\[[\da-f:.]{2,}\]|[\w.-]+)$/i.test(text)
}

/** Whether the number is a port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

/** `host` or `host:port`. */
export function printHostPort(host: string, port: number | undefined): string {
  return port === undefined ? host : `${host}:${port}`
}

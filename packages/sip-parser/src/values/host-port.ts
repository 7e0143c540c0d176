import { HOST, IPV6, isAll, numberIn, skipBlanks, skipClass, trimEnd } from '../characters.js'
import { ParseError } from '../errors.js'

/** Where the host that starts at `start` ends: after the `]` of an IPv6 reference, or after the host name (RFC 3261 §25.1). Throws ParseError. */
export function endOfHost(bytes: Uint8Array, start: number, end: number): number {
  const reference = bytes[start] === 91
  const stop = reference ? skipClass(bytes, start + 1, end, IPV6) + 1 : skipClass(bytes, start, end, HOST)
  if (stop === start || (reference && (stop - start < 4 || stop > end || bytes[stop - 1] !== 93))) throw new ParseError('uri', start)
  return stop
}

/** The port in [start, end): nothing, or a colon and one to five digits, with blanks around them. Throws ParseError. */
export function readPort(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start === end) return undefined
  const colon = skipBlanks(bytes, start, end)
  if (colon === end) return undefined
  const first = skipBlanks(bytes, colon + 1, end)
  const last = trimEnd(bytes, first, end)
  const port = numberIn(bytes, first, last)
  if (bytes[colon] !== 58) throw new ParseError('uri', colon)
  if (!isPort(port) || last - first > 5) throw new ParseError('uri', first)
  return port
}

/** Whether the whole text is a host. */
export function isHost(text: string): boolean {
  return text !== '' && (isAll(text, HOST) || /^\[[\da-f:.]{2,}\]$/i.test(text))
}

/** Whether the number is a port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

/** `host` or `host:port`. */
export function printHostPort(host: string, port: number | undefined): string {
  return port === undefined ? host : `${host}:${port}`
}

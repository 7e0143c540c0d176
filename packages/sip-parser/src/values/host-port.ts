import { HOST, IPV6, isClass, skipClass } from '../characters.js'
import { ParseError } from '../errors.js'
import type { Source } from '../octets.js'

/** Where the host that starts at `start` ends: after the `]` of an IPv6 reference, or after the host name. Throws ParseError. */
export function endOfHost(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== 91) {
    const stop = skipClass(bytes, start, end, HOST)
    if (stop === start) throw new ParseError('uri', start)
    return stop
  }
  const close = skipClass(bytes, start + 1, end, IPV6)
  if (close - start < 3 || close >= end || bytes[close] !== 93) throw new ParseError('uri', start)
  return close + 1
}

/** Whether the whole text is a host. */
export function isHost(text: string): boolean {
  const reference = text.startsWith('[') && text.endsWith(']') && text.length > 3
  const end = reference ? text.length - 1 : text.length
  for (let at = reference ? 1 : 0; at < end; at++) if (!isClass(text.charCodeAt(at), reference ? IPV6 : HOST)) return false
  return text !== ''
}

/** Whether the number, if there is one, is a port. */
export function isPort(port: number | undefined): boolean {
  return port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)
}

/** The port in [start, end): one to five digits, 1 to 65,535. Throws ParseError. */
export function readPort({ bytes }: Source, start: number, end: number): number {
  let port = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48
    if (digit < 0 || digit > 9 || at - start > 4) throw new ParseError('uri', at)
    port = port * 10 + digit
  }
  if (port < 1 || port > 65_535) throw new ParseError('uri', start)
  return port
}

import { HOST, IPV6, skipClass } from '../characters.js'
import { ParseError } from '../errors.js'

/** Where the host that starts at `start` ends: after the `]` of an IPv6 reference, or after the host name. Throws ParseError. */
export function endOfHost(text: string, start: number, end: number): number {
  if (text.charCodeAt(start) !== 91) {
    const stop = skipClass(text, start, end, HOST)
    if (stop === start) throw new ParseError('uri', 'host is missing', { offset: start })
    return stop
  }
  const close = skipClass(text, start + 1, end, IPV6)
  if (close - start < 3 || text.charCodeAt(close) !== 93) throw new ParseError('uri', 'IPv6 reference is broken', { offset: start })
  return close + 1
}

/** The port in text[start, end): one to five digits, 1 to 65,535. Throws ParseError. */
export function readPort(text: string, start: number, end: number): number {
  let port = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) throw new ParseError('uri', 'port is not a number', { offset: at })
    port = port * 10 + digit
    if (at - start > 4) port = 0
  }
  if (port < 1 || port > 65_535 || end - start > 5) throw new ParseError('uri', 'port is not in 1 to 65535', { offset: start })
  return port
}

/** Whether the text is a whole host: name, IPv4 address or bracketed IPv6 reference. */
export function isHost(text: string): boolean {
  try {
    return endOfHost(text, 0, text.length) === text.length
  } catch {
    return false
  }
}

/** Whether the number is a port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

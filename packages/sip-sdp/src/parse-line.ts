import type { LineReader } from './line-reader.js'
import type { Bandwidth, Connection, Origin } from './session-description.js'

/** What an `m=` line itself says. */
export interface MediaLine {
  readonly kind: string
  readonly port: number
  readonly portCount: number | undefined
  readonly protocol: string
  readonly formats: readonly string[]
}

/** `o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>` (RFC 8866 §5.2); a user name with spaces is let pass. */
export function parseOrigin(reader: LineReader): Origin {
  const words = reader.words(64)
  const address = words.pop()
  const addressType = words.pop()
  const networkType = words.pop()
  const sessionVersion = words.pop()
  const sessionId = words.pop()
  if (address === undefined || addressType === undefined || networkType === undefined || sessionVersion === undefined || sessionId === undefined || words.length === 0) {
    throw reader.fault('bad-origin', 'An "o=" line must have six fields')
  }
  return { username: words.join(' '), sessionId, sessionVersion, networkType, addressType, address }
}

/** `c=<nettype> <addrtype> <connection-address>` (RFC 8866 §5.7). */
export function parseConnection(reader: LineReader): Connection {
  const [networkType, addressType, address, more] = reader.words(8)
  if (networkType === undefined || addressType === undefined || address === undefined || more !== undefined) {
    throw reader.fault('bad-connection', 'A "c=" line must have three fields')
  }
  return { networkType, addressType, address }
}

/** `b=<bwtype>:<bandwidth>` (RFC 8866 §5.8), or undefined when it is not that. */
export function parseBandwidth(reader: LineReader): Bandwidth | undefined {
  const colon = reader.colon()
  if (colon === -1) return undefined
  const digits = reader.text.slice(colon + 1, reader.end)
  const value = Number(digits)
  const type = reader.text.slice(reader.start + 2, colon)
  if (type === '' || type.includes(' ')) return undefined
  // Only what prints back as it was read.
  return Number.isSafeInteger(value) && value >= 0 && String(value) === digits ? { type, value } : undefined
}

/** `t=<start-time> <stop-time>` (RFC 8866 §5.9). */
export function parseTime(reader: LineReader): { readonly start: string; readonly stop: string } {
  const [start, stop, more] = reader.words(4)
  if (start === undefined || stop === undefined || more !== undefined) throw reader.fault('bad-time', 'A "t=" line must have two fields')
  return { start, stop }
}

/** `m=<media> <port>[/<number of ports>] <proto> <fmt> …` (RFC 8866 §5.14); no format at all is let pass. */
export function parseMediaLine(reader: LineReader, maxFormats: number): MediaLine {
  const words = reader.words(maxFormats + 8)
  const [kind, ports, protocol] = words
  if (kind === undefined || ports === undefined || protocol === undefined) {
    throw reader.fault('bad-media', 'An "m=" line must have a kind, a port, a protocol and formats')
  }
  const formats = words.slice(3)
  if (formats.length > maxFormats) throw reader.fault('too-large', `An "m=" line has more than ${maxFormats} formats`)
  const slash = ports.indexOf('/')
  const port = parsePort(slash === -1 ? ports : ports.slice(0, slash))
  const portCount = slash === -1 ? undefined : parsePort(ports.slice(slash + 1))
  if (port === undefined || (slash !== -1 && (portCount === undefined || portCount === 0 || port + portCount > 65_536))) {
    throw reader.fault('bad-media', 'The ports of an "m=" line must lie within 0 to 65535')
  }
  return { kind, port, portCount, protocol, formats }
}

/** One to five digits, up to 65535. */
function parsePort(digits: string): number | undefined {
  if (digits.length === 0 || digits.length > 5) return undefined
  let port = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9) return undefined
    port = port * 10 + digit
  }
  return port <= 65_535 ? port : undefined
}

import { attempt, type Reader } from '../attempt.js'
import { equalsLower, isToken, skipBlanks, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import type { Source } from '../octets.js'
import type { Result } from '../result.js'
import { endOfHost, isHost, isPort, readPort } from './host-port.js'
import { Parameters, type ParameterList } from './parameters.js'

/** What a Via value is made of. */
export interface ViaParts {
  /** Default `SIP/2.0`. */
  readonly protocol?: string
  /** `UDP`, `TCP`, `TLS`, `WS`, `WSS` … */
  readonly transport: string
  /** An IPv6 address in its brackets. */
  readonly host: string
  readonly port?: number | undefined
  readonly parameters?: Parameters | ParameterList
}

/** One Via value (RFC 3261 §20.42, RFC 3581). Immutable. */
export class Via {
  /** `SIP/2.0`, unless the peer wrote something else. */
  readonly protocol: string
  /** Upper case. */
  readonly transport: string
  readonly host: string
  readonly port: number | undefined
  readonly parameters: Parameters

  private constructor(protocol: string, transport: string, host: string, port: number | undefined, parameters: Parameters) {
    this.protocol = protocol
    this.transport = transport
    this.host = host
    this.port = port
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(parts: ViaParts): Via {
    const { protocol = 'SIP/2.0', transport, host, port, parameters = [] } = parts
    const list = parameters instanceof Parameters ? parameters : Parameters.of(parameters)
    assertToken(transport, 'Via')
    const words = protocol.split('/')
    if (words.length !== 2 || !words.every(isToken) || !isHost(host) || !isPort(port)) throw new BuildError('value', 'Via', `${protocol} ${host}:${String(port)}`)
    return new Via(protocol, transport.toUpperCase(), host, port, list)
  }

  /** @internal From one value of the field. Throws ParseError. */
  static readonly read: Reader<Via> = (source, start, end) => {
    const { bytes } = source
    // sent-protocol = protocol-name SLASH protocol-version SLASH transport; blanks may stand around a slash.
    let at = start + 8
    let protocol = 'SIP/2.0'
    if (!equalsLower(bytes, start, 'sip/2.0/')) {
      const version = passSlash(bytes, start, end)
      at = passSlash(bytes, version, end)
      protocol = `${wordAt(source, start, end)}/${wordAt(source, version, end)}`
    }
    const transport = at
    at = skipClass(bytes, transport, end, TOKEN)
    const name = source.text.slice(transport, at)
    const host = skipBlanks(bytes, at, end)
    if (name === '' || host === at) throw new ParseError('header-value', at)
    at = endOfHost(bytes, host, end)
    const hostText = source.text.slice(host, at)
    at = skipBlanks(bytes, at, end)
    let port: number | undefined
    if (at < end && bytes[at] === 58) {
      const first = skipBlanks(bytes, at + 1, end)
      for (at = first; at < end && bytes[at] !== 59 && bytes[at] !== 32 && bytes[at] !== 9; ) at++
      port = readPort(source, first, at)
      at = skipBlanks(bytes, at, end)
    }
    if (at < end && bytes[at] !== 59) throw new ParseError('header-value', at)
    return new Via(protocol, isUpper(name) ? name : name.toUpperCase(), hostText, port, at < end ? Parameters.read(source, at, end) : Parameters.empty)
  }

  /** undefined when absent or empty. */
  get branch(): string | undefined {
    const branch = this.parameters.find('branch')
    return branch === '' ? undefined : branch
  }

  /** The address the request came from, an IPv6 address without brackets (RFC 5118 §4.5). */
  get received(): string | undefined {
    const received = this.parameters.find('received')
    return received?.startsWith('[') === true && received.endsWith(']') ? received.slice(1, -1) : received
  }

  /** '' when asked for but not filled in; undefined when absent or not a port (RFC 3581 §4). */
  get rport(): number | '' | undefined {
    const rport = this.parameters.find('rport')
    if (rport === undefined || rport === '') return rport
    const port = attempt(readPort, rport)
    return port.ok ? port.value : undefined
  }

  get maddr(): string | undefined {
    return this.parameters.find('maddr')
  }

  get ttl(): number | undefined {
    const ttl = Number(this.parameters.find('ttl') ?? NaN)
    return Number.isInteger(ttl) && ttl >= 0 && ttl < 256 ? ttl : undefined
  }

  /** `host` or `host:port`. */
  get sentBy(): string {
    return this.port === undefined ? this.host : `${this.host}:${this.port}`
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<ViaParts>): Via {
    const { protocol, transport, host, port, parameters } = this
    // Stamping received and rport on every request: nothing else changes, nothing else is to be checked.
    if (changes.parameters instanceof Parameters && Object.keys(changes).length === 1)
      return new Via(protocol, transport, host, port, changes.parameters)
    return Via.of({ protocol, transport, host, port, parameters, ...changes })
  }

  toString(): string {
    return `${this.protocol}/${this.transport} ${this.sentBy}${this.parameters.toString()}`
  }
}

/** Saves the call in the common case. */
function isUpper(name: string): boolean {
  return name === 'UDP' || name === 'TCP' || name === 'TLS' || name === 'WS' || name === 'WSS'
}

function wordAt(source: Source, start: number, end: number): string {
  return source.text.slice(start, skipClass(source.bytes, start, end, TOKEN))
}

/** Passes a token and the slash behind it. */
function passSlash(bytes: Uint8Array, start: number, end: number): number {
  const word = skipClass(bytes, start, end, TOKEN)
  const slash = skipBlanks(bytes, word, end)
  if (word === start || slash >= end || bytes[slash] !== 47) throw new ParseError('header-value', slash)
  return skipBlanks(bytes, slash + 1, end)
}

/** Reads one Via value. */
export function parseVia(text: string): Result<Via, ParseError> {
  return attempt(Via.read, text.trim())
}

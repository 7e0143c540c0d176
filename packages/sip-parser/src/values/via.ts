import { attempt, matchIn, type Reader } from '../attempt.js'
import { BLANK, equalsLower, isToken, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import type { Result } from '../result.js'
import { isHost, isPort, printHostPort, readHostPort } from './host-port.js'
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
    assertToken(transport, 'Via')
    const words = protocol.split('/')
    if (words.length !== 2 || !words.every(isToken) || !isHost(host) || (port !== undefined && !isPort(port))) throw new BuildError('value', 'Via', `${protocol} ${host}:${String(port)}`)
    return new Via(protocol, transport.toUpperCase(), host, port, Parameters.of(parameters))
  }

  /** @internal From one value of the field. Throws ParseError. */
  static readonly read: Reader<Via> = (source, start, end) => {
    const { bytes, text } = source
    // sent-protocol = protocol-name SLASH protocol-version SLASH transport; blanks may stand around a slash.
    let at = start + 8
    let protocol = 'SIP/2.0'
    if (!equalsLower(bytes, start, 'sip/2.0/')) {
      const [prefix = '', name = '', version = ''] = matchIn(/^([\w\-.!%*+`'~]+)\s*\/\s*([\w\-.!%*+`'~]+)\s*\/\s*/, source, start, end)
      at = start + prefix.length
      protocol = `${name}/${version}`
    }
    const transport = at
    at = skipClass(bytes, transport, end, TOKEN)
    const name = text.slice(transport, at)
    const first = skipClass(bytes, at, end, BLANK)
    if (name === '' || first === at) throw new ParseError('header-value', at)
    const { host, port, end: stop } = readHostPort(source, first, end)
    if (stop < end && bytes[stop] !== 59) throw new ParseError('header-value', stop)
    return new Via(protocol, name.toUpperCase(), host, port, Parameters.read(source, stop, end))
  }

  /** undefined when absent or empty. */
  get branch(): string | undefined {
    return this.parameters.get('branch') || undefined
  }

  /** The address the request came from, an IPv6 address without brackets (RFC 5118 §4.5). */
  get received(): string | undefined {
    return this.parameters.get('received')?.replace(/^\[(.*)\]$/, '$1')
  }

  /** '' when asked for but not filled in; undefined when absent or not a port (RFC 3581 §4). */
  get rport(): number | '' | undefined {
    const rport = this.parameters.get('rport')
    if (rport === '') return rport
    const port = Number(rport)
    return isPort(port) && /^\d{1,5}$/.test(rport ?? '') ? port : undefined
  }

  get maddr(): string | undefined {
    return this.parameters.get('maddr')
  }

  get ttl(): number | undefined {
    const ttl = Number(this.parameters.get('ttl') ?? NaN)
    return Number.isInteger(ttl) && ttl >= 0 && ttl < 256 ? ttl : undefined
  }

  /** `host` or `host:port`. */
  get sentBy(): string {
    return printHostPort(this.host, this.port)
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<ViaParts>): Via {
    return Via.of({ ...(this as ViaParts), ...changes })
  }

  toString(): string {
    return `${this.protocol}/${this.transport} ${this.sentBy}${this.parameters.toString()}`
  }
}

/** Reads one Via value. */
export function parseVia(text: string): Result<Via, ParseError> {
  return attempt(Via.read, text.trim())
}

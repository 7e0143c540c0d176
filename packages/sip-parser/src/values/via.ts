import { attempt, matchIn, type Reader } from '../attempt.js'
import { equalsLower, isToken, skipBlanks, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import { Source } from '../octets.js'
import type { Result } from '../result.js'
import { endOfHost, isHost, isPort, printHostPort, readPort } from './host-port.js'
import { Parameters, type ParameterList } from './parameters.js'
import { Value } from './value.js'

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

/** One Via value (RFC 3261 §20.42, RFC 3581). Immutable; what is not asked for stays unread. */
export class Via extends Value {
  /** `SIP/2.0`, unless the peer wrote something else. */
  readonly protocol: string
  readonly port: number | undefined
  readonly #source: Source
  /** Offsets of the transport, of the host, and after each. */
  readonly #transport: number
  readonly #transportEnd: number
  readonly #host: number
  readonly #hostEnd: number
  readonly #end: number
  #parameters: Parameters | undefined
  /** All between protocol and parameters. */
  readonly #printed: string | undefined

  private constructor(protocol: string, source: Source, transport: number, transportEnd: number, host: number, hostEnd: number, port: number | undefined, end: number, parameters?: Parameters, printed?: string) {
    super()
    this.protocol = protocol
    this.port = port
    this.#source = source
    this.#transport = transport
    this.#transportEnd = transportEnd
    this.#host = host
    this.#hostEnd = hostEnd
    this.#end = end
    this.#parameters = parameters
    this.#printed = printed
  }

  /** Throws BuildError. */
  static of(parts: ViaParts): Via {
    const { protocol = 'SIP/2.0', transport, host, port, parameters = [] } = parts
    assertToken(transport, 'Via')
    if (!(protocol === 'SIP/2.0' || /^[^/]+\/[^/]+$/.test(protocol) && protocol.split('/').every(isToken)) || !isHost(host) || (port !== undefined && !isPort(port))) throw new BuildError('value', 'Via', `${protocol} ${host}:${String(port)}`)
    const start = transport.length + 1
    const text = `${transport.toUpperCase()} ${printHostPort(host, port)}`
    return new Via(protocol, new Source(text, true), 0, transport.length, start, start + host.length, port, 0, Parameters.of(parameters), text)
  }

  /** @internal From one value of the field. Throws ParseError. */
  static readonly read: Reader<Via> = (source, start, end) => {
    const { bytes } = source
    // sent-protocol = protocol-name SLASH protocol-version SLASH transport; blanks may stand around a slash.
    let transport = start + 8
    let protocol = 'SIP/2.0'
    if (!equalsLower(bytes, start, 'sip/2.0/')) {
      const [prefix = '', name = '', version = ''] = matchIn(/^([\w\-.!%*+`'~]+)\s*\/\s*([\w\-.!%*+`'~]+)\s*\/\s*/, source, start, end)
      transport = start + prefix.length
      protocol = `${name}/${version}`
    }
    const transportEnd = skipClass(bytes, transport, end, TOKEN)
    const host = skipBlanks(bytes, transportEnd, end)
    if (transport === transportEnd || transportEnd === host) throw new ParseError('header-value', transportEnd)
    const hostEnd = endOfHost(bytes, host, end)
    let stop = skipBlanks(bytes, hostEnd, end)
    if (stop < end && bytes[stop] !== 58 && bytes[stop] !== 59) throw new ParseError('header-value', stop)
    while (stop < end && bytes[stop] !== 59) stop++
    return new Via(protocol, source, transport, transportEnd, host, hostEnd, readPort(bytes, hostEnd, stop), end, stop < end ? undefined : Parameters.empty)
  }

  /** Upper case. */
  get transport(): string {
    return this.#source.text.slice(this.#transport, this.#transportEnd).toUpperCase()
  }

  get host(): string {
    return this.#source.text.slice(this.#host, this.#hostEnd)
  }

  get parameters(): Parameters {
    // Between host and parameters stands the port at most.
    return (this.#parameters ??= Parameters.read(this.#source, this.#source.text.indexOf(';', this.#hostEnd), this.#end))
  }

  /** undefined when absent or empty. */
  get branch(): string | undefined {
    return this.parameters.find('branch') || undefined
  }

  /** The address the request came from, an IPv6 address without brackets (RFC 5118 §4.5). */
  get received(): string | undefined {
    return this.parameters.find('received')?.replace(/^\[(.*)\]$/, '$1')
  }

  /** '' when asked for but not filled in; undefined when absent or not a port (RFC 3581 §4). */
  get rport(): number | '' | undefined {
    const rport = this.parameters.find('rport')
    if (rport === '') return rport
    const port = Number(rport)
    return isPort(port) && /^\d{1,5}$/.test(rport ?? '') ? port : undefined
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
    return printHostPort(this.host, this.port)
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<ViaParts>): Via {
    const { protocol, transport, host, port, parameters } = this
    return Via.of({ protocol, transport, host, port, parameters, ...changes })
  }

  toString(): string {
    return `${this.protocol}/${this.#printed ?? `${this.transport} ${this.sentBy}`}${this.parameters.toString()}`
  }
}

/** Reads one Via value. */
export function parseVia(text: string): Result<Via, ParseError> {
  return attempt(Via.read, text.trim())
}

import { attempt } from '../attempt.js'
import { isBlank, isToken, skipBlanks, skipClass, TOKEN } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import { equalsLower } from '../header-names.js'
import type { Result } from '../result.js'
import { endOfHost, isHost, isPort, readPort } from './host-port.js'
import { Parameters, type ParameterList } from './parameters.js'

/** What a Via value is made of. */
export interface ViaParts {
  /** `UDP`, `TCP`, `TLS`, `WS`, `WSS` … */
  readonly transport: string
  /** An IPv6 address in its brackets. */
  readonly host: string
  readonly port?: number | undefined
  readonly parameters?: Parameters | ParameterList
}

/** One Via value (RFC 3261 §20.42, RFC 3581). Immutable. */
export class Via {
  /** Upper case. */
  readonly transport: string
  readonly host: string
  readonly port: number | undefined
  readonly parameters: Parameters

  private constructor(transport: string, host: string, port: number | undefined, parameters: Parameters) {
    this.transport = transport
    this.host = host
    this.port = port
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(parts: ViaParts): Via {
    const { transport, host, port, parameters = Parameters.empty } = parts
    assertToken(transport, 'transport')
    if (!isHost(host)) throw new BuildError('value', `not a host: ${JSON.stringify(host)}`, 'Via')
    if (port !== undefined && !isPort(port)) throw new BuildError('value', `not a port: ${port}`, 'Via')
    return new Via(transport.toUpperCase(), host, port, parameters instanceof Parameters ? parameters : Parameters.of(parameters))
  }

  /** From one value of the field. Throws ParseError. */
  static read(text: string): Via {
    const semicolon = text.indexOf(';')
    const end = semicolon < 0 ? text.length : semicolon
    // sent-protocol = protocol-name SLASH protocol-version SLASH transport; blanks may stand around a slash.
    let at: number
    if (text.startsWith('SIP/2.0/')) at = 8
    else {
      at = readWord(text, 0, end, 'sip')
      at = readWord(text, at, end, '2.0')
    }
    const transportEnd = skipClass(text, at, end, TOKEN)
    const transport = text.slice(at, transportEnd)
    at = skipBlanks(text, transportEnd, end)
    if (transport === '' || at === transportEnd) throw fault('sent-protocol is broken', at)
    const hostEnd = endOfHost(text, at, end)
    const host = text.slice(at, hostEnd)
    let port: number | undefined
    at = skipBlanks(text, hostEnd, end)
    if (at < end && text.charCodeAt(at) === 58) {
      const start = skipBlanks(text, at + 1, end)
      at = start
      while (at < end && !isBlank(text.charCodeAt(at))) at++
      port = readPort(text, start, at)
      at = skipBlanks(text, at, end)
    }
    if (at < end) throw fault('sent-by is broken', at)
    return new Via(transport.toUpperCase(), host, port, semicolon < 0 ? Parameters.empty : Parameters.read(text.slice(semicolon)))
  }

  /** undefined when absent or empty. */
  get branch(): string | undefined {
    const branch = this.parameters.get('branch')
    return branch === '' ? undefined : branch
  }

  /** The address the request came from, an IPv6 address without brackets (RFC 5118 §4.5). */
  get received(): string | undefined {
    const received = this.parameters.get('received')
    return received?.startsWith('[') === true && received.endsWith(']') ? received.slice(1, -1) : received
  }

  /** '' when asked for but not filled in; undefined when absent or not a port (RFC 3581 §4). */
  get rport(): number | '' | undefined {
    const rport = this.parameters.get('rport')
    if (rport === undefined || rport === '') return rport
    const port = rport.length < 6 ? Number(rport) : 0
    return isPort(port) && isToken(rport) ? port : undefined
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
    return this.port === undefined ? this.host : `${this.host}:${this.port}`
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<ViaParts>): Via {
    const { transport, host, port, parameters } = this
    return Via.of({ transport, host, port, parameters, ...changes })
  }

  toString(): string {
    return `SIP/2.0/${this.transport} ${this.sentBy}${this.parameters.toString()}`
  }
}

function readWord(text: string, start: number, end: number, lower: string): number {
  let at = skipBlanks(text, start, end)
  if (!equalsLower(text, at, lower)) throw fault('protocol is not SIP/2.0', at)
  at = skipBlanks(text, at + lower.length, end)
  if (text.charCodeAt(at) !== 47) throw fault('sent-protocol is broken', at)
  return skipBlanks(text, at + 1, end)
}

function fault(message: string, offset: number): ParseError {
  return new ParseError('header-value', message, { offset, section: 'RFC 3261 §20.42' })
}

/** Reads one Via value. */
export function parseVia(text: string): Result<Via, ParseError> {
  return attempt((value) => Via.read(value.trim()), text)
}

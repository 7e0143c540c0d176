import type { Reader } from '../attempt.js'
import { findClass, NOT_URI, URI_MARK } from '../characters.js'
import { ParseError } from '../errors.js'
import { unescape } from '../escapes.js'
import { assertParts } from '../guards.js'
import { slice, type Source } from '../octets.js'
import { endOfHost, printHostPort, readPort } from './host-port.js'
import { Parameters, type ParameterList } from './parameters.js'
import { Value } from './value.js'

/** What a SIP URI is made of; undefined takes a part out. */
export interface SipUriParts {
  readonly scheme?: 'sip' | 'sips'
  /** As it is to be written: see `escapeUser`. */
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** An IPv6 address in its brackets. */
  readonly host: string
  readonly port?: number | undefined
  readonly parameters?: Parameters | ParameterList
  /** Text after `?`. */
  readonly headers?: string | undefined
}

/** A SIP or SIPS URI (RFC 3261 §19.1). Immutable; escapes are kept as written, what is not asked for stays unread. */
export class SipUri extends Value {
  readonly port: number | undefined
  readonly #source: Source
  readonly #start: number
  /** Offset of the `@`, or -1. */
  readonly #at: number
  readonly #hostEnd: number
  /** Offset of the `?`, the end when there is none. */
  readonly #headers: number
  readonly #end: number
  #printed: string | undefined

  private constructor(source: Source, start: number, at: number, hostEnd: number, port: number | undefined, headers: number, end: number) {
    super()
    this.port = port
    this.#source = source
    this.#start = start
    this.#at = at
    this.#hostEnd = hostEnd
    this.#headers = headers
    this.#end = end
    this.#printed = undefined
  }

  /** Throws BuildError when a part cannot stand in a URI. */
  static of(parts: SipUriParts): SipUri {
    const { scheme = 'sip', user, password, host, port, parameters = [], headers } = parts
    const userPart = user === undefined ? '' : password === undefined ? `${user}@` : `${user}:${password}@`
    const text = `${scheme}:${userPart}${printHostPort(host, port)}${Parameters.of(parameters).toString()}${headers === undefined ? '' : `?${headers}`}`
    return assertParts(text, SipUri.read, { scheme, user, password, host, port, headers })
  }

  /** @internal From text that starts with `sip:` or `sips:`. Throws ParseError. */
  static readonly read: Reader<SipUri> = (source, start, end) => {
    const { bytes } = source
    const first = start + (bytes[start + 3] === 58 ? 4 : 5)
    let at = findClass(bytes, first, end, URI_MARK)
    if (at < end && bytes[at] !== 64) {
      // Colons, semicolons and question marks may stand before the `@`, too.
      const mark = at
      const sign = source.text.slice(mark, end).indexOf('@')
      at = sign < 0 ? end : mark + sign
      if (sign >= 0) {
        const mistake = findClass(bytes, mark, at, NOT_URI)
        if (mistake < at) throw new ParseError('uri', mistake)
      }
    }
    if (at === end) at = -1
    else if (at === first) throw new ParseError('uri', at)
    const hostEnd = endOfHost(bytes, at < 0 ? first : at + 1, end)
    let parameters = hostEnd
    while (parameters < end && bytes[parameters] !== 59 && bytes[parameters] !== 63) parameters++
    let headers = end
    for (let mark = findClass(bytes, hostEnd, end, URI_MARK); mark < end; mark = findClass(bytes, mark + 1, end, URI_MARK)) {
      const octet = bytes[mark]
      if (octet === 63) headers = Math.min(headers, mark)
      // A second `@` could make two readers see two hosts.
      else if (octet !== 58 && octet !== 59) throw new ParseError('uri', mark)
    }
    if (headers < parameters) parameters = headers
    return new SipUri(source, start, at, hostEnd, readPort(bytes, hostEnd, parameters), headers, end)
  }

  get scheme(): 'sip' | 'sips' {
    return this.#source.text.charCodeAt(this.#start + 3) === 58 ? 'sip' : 'sips'
  }

  get user(): string | undefined {
    return this.#at < 0 ? undefined : slice(this.#source, this.#first, this.#userEnd)
  }

  get password(): string | undefined {
    return this.#userEnd < this.#at ? slice(this.#source, this.#userEnd + 1, this.#at) : undefined
  }

  get host(): string {
    return this.#source.text.slice(this.#at < 0 ? this.#first : this.#at + 1, this.#hostEnd)
  }

  get parameters(): Parameters {
    const { bytes } = this.#source
    let start = this.#hostEnd
    // Between host and parameters stands the port at most.
    while (start < this.#headers && bytes[start] !== 59) start++
    return Parameters.read(this.#source, start, this.#headers)
  }

  /** Text after `?`. */
  get headers(): string | undefined {
    return this.#headers === this.#end ? undefined : slice(this.#source, this.#headers + 1, this.#end)
  }

  /** What follows the scheme and its colon. */
  get #first(): number {
    return this.#start + (this.scheme === 'sip' ? 4 : 5)
  }

  /** Offset of the colon before the password, or of the `@`. */
  get #userEnd(): number {
    const colon = this.#source.text.slice(this.#first, this.#at).indexOf(':')
    return colon < 0 ? this.#at : this.#first + colon
  }

  /** The user with its escapes undone. */
  get decodedUser(): string | undefined {
    return this.user === undefined ? undefined : unescape(this.user)
  }

  /** `host` or `host:port`. */
  get hostPort(): string {
    return printHostPort(this.host, this.port)
  }

  /** The `transport` parameter in lower case. */
  get transport(): string | undefined {
    return this.parameters.find('transport')?.toLowerCase()
  }

  /** Whether the `lr` parameter is there (RFC 3261 §16.12). */
  get isLooseRouter(): boolean {
    return this.parameters.find('lr') !== undefined
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<SipUriParts>): SipUri {
    const { scheme, user, password, host, port, parameters, headers } = this
    return SipUri.of({ scheme, user, password, host, port, parameters, headers, ...changes })
  }

  toString(): string {
    return (this.#printed ??= this.#print())
  }

  #print(): string {
    const { user, password, headers } = this
    let text = `${this.scheme}:`
    if (user !== undefined) text += password === undefined ? `${user}@` : `${user}:${password}@`
    text += this.hostPort + this.parameters.toString()
    return headers === undefined ? text : `${text}?${headers}`
  }
}

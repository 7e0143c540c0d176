import { findClass, NOT_URI } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { normalizeEscapes, unescape } from '../quoting.js'
import { endOfHost, isHost, isPort, readPort } from './host-port.js'
import { Parameters, type ParameterList } from './parameters.js'

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

/** A SIP or SIPS URI (RFC 3261 §19.1). Immutable; escapes are kept as written. */
export class SipUri {
  readonly scheme: 'sip' | 'sips'
  readonly user: string | undefined
  readonly password: string | undefined
  readonly host: string
  readonly port: number | undefined
  readonly parameters: Parameters
  readonly headers: string | undefined

  private constructor(
    scheme: 'sip' | 'sips', user: string | undefined, password: string | undefined,
    host: string, port: number | undefined, parameters: Parameters, headers: string | undefined,
  ) {
    this.scheme = scheme
    this.user = user
    this.password = password
    this.host = host
    this.port = port
    this.parameters = parameters
    this.headers = headers
  }

  /** Throws BuildError when a part cannot stand in a URI. */
  static of(parts: SipUriParts): SipUri {
    const { user, password, host, port, headers } = parts
    const { parameters = Parameters.empty } = parts
    const list = parameters instanceof Parameters ? parameters : Parameters.of(parameters)
    if (!isHost(host)) throw new BuildError('uri', `not a host: ${JSON.stringify(host)}`)
    if (port !== undefined && !isPort(port)) throw new BuildError('uri', `not a port: ${port}`)
    if (user === '' || (user === undefined && password !== undefined)) throw new BuildError('uri', 'user is empty')
    assertPart(user, '@:')
    assertPart(password, '@')
    assertPart(headers, '@')
    assertPart(list.toString(), '@?')
    return new SipUri(parts.scheme ?? 'sip', user, password, host, port, list, headers)
  }

  /** From text whose scheme ends at the colon before `start`. Throws ParseError. */
  static read(text: string, scheme: 'sip' | 'sips', start: number): SipUri {
    const size = text.length
    const bad = findClass(text, start, size, NOT_URI)
    if (bad < size) throw new ParseError('uri', 'character not allowed in a URI', { offset: bad, section: 'RFC 3261 §19.1.1' })
    let user: string | undefined
    let password: string | undefined
    let at = start
    const sign = text.indexOf('@', start)
    if (sign >= 0) {
      // A second `@` could make two readers see two hosts.
      if (sign === start || text.includes('@', sign + 1)) throw new ParseError('uri', 'user is broken', { offset: sign })
      const colon = text.indexOf(':', start)
      if (colon >= 0 && colon < sign) {
        user = text.slice(start, colon)
        password = text.slice(colon + 1, sign)
      } else user = text.slice(start, sign)
      at = sign + 1
    }
    const hostEnd = endOfHost(text, at, size)
    const host = text.slice(at, hostEnd)
    at = hostEnd
    let port: number | undefined
    if (text.charCodeAt(at) === 58) {
      let end = at + 1
      while (end < size && text.charCodeAt(end) !== 59 && text.charCodeAt(end) !== 63) end++
      port = readPort(text, at + 1, end)
      at = end
    }
    if (at === size) return new SipUri(scheme, user, password, host, port, Parameters.empty, undefined)
    const mark = text.indexOf('?', at)
    const end = mark < 0 ? size : mark
    if (text.charCodeAt(at) !== 59 && at !== mark) throw new ParseError('uri', 'host is broken', { offset: at })
    const parameters = at < end ? Parameters.read(text.slice(at, end)) : Parameters.empty
    return new SipUri(scheme, user, password, host, port, parameters, mark < 0 ? undefined : text.slice(mark + 1))
  }

  /** The user with its escapes undone. */
  get decodedUser(): string | undefined {
    return this.user === undefined ? undefined : unescape(this.user)
  }

  /** `host` or `host:port`. */
  get hostPort(): string {
    return this.port === undefined ? this.host : `${this.host}:${this.port}`
  }

  /** The `transport` parameter in lower case. */
  get transport(): string | undefined {
    return this.parameters.get('transport')?.toLowerCase()
  }

  /** Whether the `lr` parameter is there (RFC 3261 §16.12). */
  get isLooseRouter(): boolean {
    return this.parameters.has('lr')
  }

  /**
   * `sip:user@host`, in the one form that equal addresses have: no port, no parameters, host in lower case,
   * escapes as few as can be (RFC 3261 §10.3). `sips:` gives the same: both name one user (RFC 5630 §4.1).
   */
  get addressOfRecord(): string {
    const host = this.host.toLowerCase()
    return this.user === undefined ? `sip:${host}` : `sip:${normalizeEscapes(this.user)}@${host}`
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<SipUriParts>): SipUri {
    const { scheme, user, password, host, port, parameters, headers } = this
    return SipUri.of({ scheme, user, password, host, port, parameters, headers, ...changes })
  }

  toString(): string {
    let text = `${this.scheme}:`
    if (this.user !== undefined) text += this.password === undefined ? `${this.user}@` : `${this.user}:${this.password}@`
    text += this.hostPort + this.parameters.toString()
    return this.headers === undefined ? text : `${text}?${this.headers}`
  }
}

function assertPart(text: string | undefined, excluded: string): void {
  if (text === undefined) return
  if (findClass(text, 0, text.length, NOT_URI) < text.length || [...excluded].some((mark) => text.includes(mark)))
    throw new BuildError('uri', `cannot stand in a URI unescaped: ${JSON.stringify(text)}`)
}

import type { Reader } from '../attempt.js'
import { findClass, URI_MARK } from '../characters.js'
import { ParseError } from '../errors.js'
import { unescape } from '../escapes.js'
import { assertReadable } from '../guards.js'
import { slice } from '../octets.js'
import { printHostPort, readHostPort } from './host-port.js'
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
    const { scheme = 'sip', user, password, host, port, parameters = [], headers } = parts
    return assertReadable(new SipUri(scheme, user, password, host, port, Parameters.of(parameters), headers), SipUri.read)
  }

  /** @internal From text that starts with `sip:` or `sips:`. Throws ParseError. */
  static readonly read: Reader<SipUri> = (source, start, end) => {
    const { bytes } = source
    const secure = bytes[start + 3] !== 58
    let at = start + (secure ? 5 : 4)
    // One pass finds the marks: the first colon before `@`; after it `:` before the port, `;` and `?`.
    let sign = -1
    let userColon = -1
    let semicolon = -1
    let mark = -1
    for (let i = findClass(bytes, at, end, URI_MARK); i < end; i = findClass(bytes, i + 1, end, URI_MARK)) {
      const code = bytes[i]
      if (code === 64) {
        // A second `@` could make two readers see two hosts.
        if (sign >= 0 || i === at) throw new ParseError('uri', i)
        sign = i
        semicolon = mark = -1
      } else if (code === 58) {
        if (userColon < 0 && sign < 0) userColon = i
      } else if (code === 59) {
        if (semicolon < 0 && mark < 0) semicolon = i
      } else if (code === 63) {
        if (mark < 0) mark = i
      } else throw new ParseError('uri', i)
    }
    let user: string | undefined
    let password: string | undefined
    if (sign >= 0) {
      user = slice(source, at, userColon < 0 ? sign : userColon)
      if (userColon >= 0) password = slice(source, userColon + 1, sign)
      at = sign + 1
    }
    if (mark < 0) mark = end
    if (semicolon < 0) semicolon = mark
    const { host, port, end: hostEnd } = readHostPort(source, at, semicolon)
    if (hostEnd < semicolon) throw new ParseError('uri', hostEnd)
    return new SipUri(secure ? 'sips' : 'sip', user, password, host, port, Parameters.read(source, semicolon, mark), mark < end ? slice(source, mark + 1, end) : undefined)
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
    return this.parameters.get('transport')?.toLowerCase()
  }

  /** Whether the `lr` parameter is there (RFC 3261 §16.12). */
  get isLooseRouter(): boolean {
    return this.parameters.has('lr')
  }

  /** A changed copy. Throws BuildError. */
  with(changes: Partial<SipUriParts>): SipUri {
    return SipUri.of({ ...(this as SipUriParts), ...changes })
  }

  toString(): string {
    let text = `${this.scheme}:`
    if (this.user !== undefined) text += this.password === undefined ? `${this.user}@` : `${this.user}:${this.password}@`
    text += this.hostPort + this.parameters.toString()
    return this.headers === undefined ? text : `${text}?${this.headers}`
  }
}

import { attempt } from '../attempt.js'
import { skipBlanks, trimBlanks } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertPlain } from '../guards.js'
import { closingQuote, quoteString, splitList, unquoteString } from '../quoting.js'
import type { Result } from '../result.js'
import { Parameters, type ParameterList } from './parameters.js'
import { readUri, type Uri } from './uri.js'

/** What a name-addr is made of. */
export interface NameAddrParts {
  readonly displayName?: string | undefined
  readonly uri: Uri
  readonly parameters?: Parameters | ParameterList
}

/** An address with its display name and parameters: From, To, Contact, Route … (RFC 3261 §20.10, §25.1). Immutable. */
export class NameAddr {
  /** Without quotes; undefined when empty. */
  readonly displayName: string | undefined
  readonly uri: Uri
  /** Of the header field, not of the URI. */
  readonly parameters: Parameters

  private constructor(displayName: string | undefined, uri: Uri, parameters: Parameters) {
    this.displayName = displayName
    this.uri = uri
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(parts: NameAddrParts): NameAddr {
    const { displayName, parameters = Parameters.empty } = parts
    if (displayName !== undefined) assertPlain(displayName, 'display name')
    const list = parameters instanceof Parameters ? parameters : Parameters.of(parameters)
    return new NameAddr(displayName === '' ? undefined : displayName, parts.uri, list)
  }

  /** From one value of a header field. Throws ParseError. */
  static read(text: string): NameAddr {
    let open = text.indexOf('<')
    let name: string | undefined
    if (text.charCodeAt(0) === 34) {
      const close = closingQuote(text, 0)
      if (close < 0) throw new ParseError('header-value', 'quoted string is not closed')
      name = unquoteString(text)
      open = skipBlanks(text, close + 1, text.length)
      if (text.charCodeAt(open) !== 60) throw new ParseError('header-value', 'address is missing', { offset: open })
    }
    // Without brackets every parameter belongs to the header field (RFC 3261 §20.10).
    if (open < 0) {
      const semicolon = text.indexOf(';')
      if (semicolon < 0) return new NameAddr(undefined, readUri(text), Parameters.empty)
      return new NameAddr(undefined, readUri(text.slice(0, trimBlanks(text, 0, semicolon))), Parameters.read(text.slice(semicolon)))
    }
    if (name === undefined && open > 0) name = text.slice(0, trimBlanks(text, 0, open))
    const close = text.indexOf('>', open)
    if (close < 0) throw new ParseError('header-value', '">" is missing', { offset: open })
    const start = skipBlanks(text, open + 1, close)
    const uri = readUri(text.slice(start, trimBlanks(text, start, close)))
    const rest = skipBlanks(text, close + 1, text.length)
    if (rest === text.length) return new NameAddr(name === '' ? undefined : name, uri, Parameters.empty)
    if (text.charCodeAt(rest) !== 59) throw new ParseError('header-value', 'text after the address', { offset: rest })
    return new NameAddr(name === '' ? undefined : name, uri, Parameters.read(text.slice(rest)))
  }

  /** The `tag` parameter; an empty one counts as absent. */
  get tag(): string | undefined {
    const tag = this.parameters.get('tag')
    return tag === '' ? undefined : tag
  }

  /** A changed copy; undefined takes a part out. Throws BuildError. */
  with(changes: Partial<NameAddrParts>): NameAddr {
    const { displayName, uri, parameters } = this
    return NameAddr.of({ displayName, uri, parameters, ...changes })
  }

  /** The URI always stands in brackets, the display name in quotes. */
  toString(): string {
    const address = `<${this.uri.toString()}>${this.parameters.toString()}`
    return this.displayName === undefined ? address : `${quoteString(this.displayName)} ${address}`
  }
}

/** Reads one address. */
export function parseNameAddr(text: string): Result<NameAddr, ParseError> {
  return attempt((value) => NameAddr.read(value.trim()), text)
}

/** Reads a comma list of addresses. */
export function parseNameAddrs(text: string): Result<readonly NameAddr[], ParseError> {
  return attempt((value) => splitList(value.trim()).map((one) => NameAddr.read(one)), text)
}

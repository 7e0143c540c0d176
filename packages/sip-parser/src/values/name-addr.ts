import { attempt, type Reader } from '../attempt.js'
import { findOctet, skipBlanks, trimBlanks } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertPlain } from '../guards.js'
import { slice, type Source } from '../octets.js'
import { closingQuote, quoteString, readList, unquoteString } from '../quoting.js'
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
    const { displayName, parameters = [] } = parts
    if (displayName !== undefined) assertPlain(displayName, 'display name')
    const list = parameters instanceof Parameters ? parameters : Parameters.of(parameters)
    return new NameAddr(displayName === '' ? undefined : displayName, parts.uri, list)
  }

  /** @internal From one value of a header field. Throws ParseError. */
  static readonly read: Reader<NameAddr> = (source, start, end) => NameAddr.readAny(source, start, end, false)

  /** @internal From and To: they identify, nothing is sent there, so text without a scheme will do (RFC 3261 §8.1.1.2). */
  static readonly readParty: Reader<NameAddr> = (source, start, end) => NameAddr.readAny(source, start, end, true)

  private static readAny(source: Source, start: number, end: number, loose: boolean): NameAddr {
    const { bytes } = source
    let open = start
    let name: string | undefined
    if (bytes[start] === 34) {
      const close = closingQuote(bytes, start, end)
      name = unquoteString(slice(source, start, close + 1))
      open = skipBlanks(bytes, close + 1, end)
      if (open >= end || bytes[open] !== 60) throw new ParseError('header-value', open)
    } else {
      while (open < end && bytes[open] !== 60 && bytes[open] !== 59) open++
      // Without brackets every parameter belongs to the header field (RFC 3261 §20.10).
      if (open === end || bytes[open] === 59)
        return new NameAddr(undefined, readUri(source, start, trimBlanks(bytes, start, open), loose), Parameters.read(source, open, end))
      if (open > start) name = slice(source, start, trimBlanks(bytes, start, open))
    }
    const close = findOctet(bytes, open, end, 62)
    if (close === end) throw new ParseError('header-value', open)
    const first = skipBlanks(bytes, open + 1, close)
    const uri = readUri(source, first, trimBlanks(bytes, first, close), loose)
    const rest = skipBlanks(bytes, close + 1, end)
    if (rest < end && bytes[rest] !== 59) throw new ParseError('header-value', rest)
    return new NameAddr(name === '' ? undefined : name, uri, rest < end ? Parameters.read(source, rest, end) : Parameters.empty)
  }

  /** The `tag` parameter; an empty one counts as absent. */
  get tag(): string | undefined {
    const tag = this.parameters.find('tag')
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
  return attempt(NameAddr.read, text.trim())
}

/** Reads a comma list of addresses. */
export function parseNameAddrs(text: string): Result<readonly NameAddr[], ParseError> {
  return attempt(readNameAddrs, text.trim())
}

/** Reads a comma list of addresses in [start, end). Throws ParseError. */
export function readNameAddrs(source: Source, start: number, end: number): NameAddr[] {
  return readList(source, start, end, NameAddr.read)
}

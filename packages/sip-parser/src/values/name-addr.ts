import { attempt, type Reader } from '../attempt.js'
import { BLANK, skipClass, trimEnd } from '../characters.js'
import { listReader } from '../comma-list.js'
import { ParseError } from '../errors.js'
import { assertPlain } from '../guards.js'
import { slice, type Source } from '../octets.js'
import { closingQuote, quoteString, unquoteString } from '../quoting.js'
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
    const { displayName, uri, parameters = [] } = parts
    if (displayName !== undefined) assertPlain(displayName, 'display name')
    return new NameAddr(displayName === '' ? undefined : displayName, uri, Parameters.of(parameters))
  }

  /** @internal From one value of a header field. Throws ParseError. */
  static readonly read: Reader<NameAddr> = (source, start, end) => NameAddr.readAny(source, start, end, false)

  /** @internal From and To: they identify, nothing is sent there, so text without a scheme will do (RFC 3261 §8.1.1.2). */
  static readonly readParty: Reader<NameAddr> = (source, start, end) => NameAddr.readAny(source, start, end, true)

  private static readAny(source: Source, start: number, end: number, loose: boolean): NameAddr {
    const { bytes, text } = source
    let open = start
    if (bytes[start] === 34) open = skipClass(bytes, closingQuote(bytes, start, end) + 1, end, BLANK)
    else while (open < end && bytes[open] !== 60 && bytes[open] !== 59) open++
    const nameEnd = trimEnd(bytes, start, Math.min(open, end))
    // Without brackets every parameter belongs to the header field (RFC 3261 §20.10).
    if (bytes[start] !== 34 && (open >= end || bytes[open] === 59)) return new NameAddr(undefined, readUri(source, start, nameEnd, loose), Parameters.read(source, open, end))
    const close = open < end && bytes[open] === 60 ? text.indexOf('>', open) : -1
    const rest = skipClass(bytes, close + 1, end, BLANK)
    if (close < 0 || close >= end || (rest < end && bytes[rest] !== 59)) throw new ParseError('header-value', Math.min(open, end))
    const first = skipClass(bytes, open + 1, close, BLANK)
    const uri = readUri(source, first, trimEnd(bytes, first, close), loose)
    return new NameAddr(unquoteString(slice(source, start, nameEnd)) || undefined, uri, Parameters.read(source, rest, end))
  }

  /** undefined when absent or empty. */
  get tag(): string | undefined {
    return this.parameters.get('tag') || undefined
  }

  /** A changed copy; undefined takes a part out. Throws BuildError. */
  with(changes: Partial<NameAddrParts>): NameAddr {
    return NameAddr.of({ ...(this as NameAddrParts), ...changes })
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
  return attempt(listReader(NameAddr.read), text.trim())
}

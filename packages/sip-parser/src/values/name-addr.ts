import { attempt, type Reader } from '../attempt.js'
import { skipBlanks, trimEnd } from '../characters.js'
import { listReader } from '../comma-list.js'
import { ParseError } from '../errors.js'
import { assertPlain } from '../guards.js'
import { slice, Source } from '../octets.js'
import { closingQuote, quoteString, unquoteString } from '../quoting.js'
import type { Result } from '../result.js'
import { Parameters, type ParameterList } from './parameters.js'
import { readUri, type Uri } from './uri.js'
import { Value } from './value.js'

/** What a name-addr is made of. */
export interface NameAddrParts {
  readonly displayName?: string | undefined
  readonly uri: Uri
  readonly parameters?: Parameters | ParameterList
}

/** An address with its display name and parameters: From, To, Contact, Route … (RFC 3261 §20.10, §25.1). Immutable; what is not asked for stays unread. */
export class NameAddr extends Value {
  readonly uri: Uri
  readonly #source: Source
  /** Offsets of the display name with its quotes, and of the parameters, and after each. */
  readonly #name: number
  readonly #nameEnd: number
  readonly #rest: number
  readonly #end: number
  /** Without quotes, '' when there is none. */
  #displayName: string | undefined
  #parameters: Parameters | undefined
  #printed: string | undefined

  private constructor(uri: Uri, source: Source, name: number, nameEnd: number, rest: number, end: number, displayName: string | undefined, parameters?: Parameters) {
    super()
    this.uri = uri
    this.#source = source
    this.#name = name
    this.#nameEnd = nameEnd
    this.#rest = rest
    this.#end = end
    this.#displayName = displayName
    this.#parameters = parameters
    this.#printed = undefined
  }

  /** Throws BuildError. */
  static of(parts: NameAddrParts): NameAddr {
    const { displayName = '', uri, parameters = [] } = parts
    assertPlain(displayName, 'display name')
    return new NameAddr(uri, Source.empty, 0, 0, 0, 0, displayName, Parameters.of(parameters))
  }

  /** @internal From one value of a header field. Throws ParseError. */
  static readonly read: Reader<NameAddr> = (source, start, end) => NameAddr.readAny(source, start, end, false)

  /** @internal From and To: they identify, nothing is sent there, so text without a scheme will do (RFC 3261 §8.1.1.2). */
  static readonly readParty: Reader<NameAddr> = (source, start, end) => NameAddr.readAny(source, start, end, true)

  private static readAny(source: Source, start: number, end: number, loose: boolean): NameAddr {
    const { bytes, text } = source
    let open = start
    if (bytes[start] === 34) open = skipBlanks(bytes, closingQuote(bytes, start, end) + 1, end)
    else while (open < end && bytes[open] !== 60 && bytes[open] !== 59) open++
    const nameEnd = trimEnd(bytes, start, Math.min(open, end))
    // Without brackets every parameter belongs to the header field (RFC 3261 §20.10).
    if (bytes[start] !== 34 && (open >= end || bytes[open] === 59)) return new NameAddr(readUri(source, start, nameEnd, loose), source, 0, 0, open, end, '')
    const close = open < end && bytes[open] === 60 ? text.indexOf('>', open) : -1
    const rest = skipBlanks(bytes, close + 1, end)
    if (close < 0 || close >= end || (rest < end && bytes[rest] !== 59)) throw new ParseError('header-value', Math.min(open, end))
    const first = skipBlanks(bytes, open + 1, close)
    const uri = readUri(source, first, trimEnd(bytes, first, close), loose)
    return new NameAddr(uri, source, start, nameEnd, rest, end, start < nameEnd ? undefined : '')
  }

  /** Without quotes; undefined when empty. */
  get displayName(): string | undefined {
    return (this.#displayName ??= unquoteString(slice(this.#source, this.#name, this.#nameEnd))) || undefined
  }

  /** Of the header field, not of the URI. */
  get parameters(): Parameters {
    return (this.#parameters ??= Parameters.read(this.#source, this.#rest, this.#end))
  }

  /** undefined when absent or empty. */
  get tag(): string | undefined {
    return this.parameters.find('tag') || undefined
  }

  /** A changed copy; undefined takes a part out. Throws BuildError. */
  with(changes: Partial<NameAddrParts>): NameAddr {
    const { displayName, uri, parameters } = this
    return NameAddr.of({ displayName, uri, parameters, ...changes })
  }

  /** The URI always stands in brackets, the display name in quotes. */
  toString(): string {
    return (this.#printed ??= this.#print())
  }

  #print(): string {
    const { displayName } = this
    const address = `<${this.uri.toString()}>${this.parameters.toString()}`
    return displayName === undefined ? address : `${quoteString(displayName)} ${address}`
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

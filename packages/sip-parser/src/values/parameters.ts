import { equalsLower, isAll, skipBlanks, trimEnd, UNQUOTED } from '../characters.js'
import { assertPlain, assertToken } from '../guards.js'
import { slice, Source, sourceOfText } from '../octets.js'
import { closingQuote, quoteString, unquoteString } from '../quoting.js'
import { Value } from './value.js'

/** Names and values to build parameters from; a value that is undefined or '' makes a flag. */
export type ParameterList = Iterable<readonly [name: string, value: string | number | undefined]>

/**
 * Parameters of a URI or a header field, in order, names compared without case (RFC 3261 §7.3.1, §19.1.1).
 * Immutable; kept as text and read when asked for. Of two with one name the first counts; those without a name (`;;`, `;=x`) are passed over.
 */
export class Parameters extends Value implements Iterable<[name: string, value: string]> {
  static readonly empty: Parameters = /* @__PURE__ */ new Parameters(Source.empty, 0, 0, ';', '')
  /** undefined for what was built until it is read. */
  #source: Source | undefined
  readonly #start: number
  #end: number
  readonly #separator: Separator
  /** The text in the form it is to be written; made when it is needed. */
  #text: string | undefined

  private constructor(source: Source | undefined, start: number, end: number, separator: Separator, printed?: string) {
    super()
    this.#source = source
    this.#start = start
    this.#end = end
    this.#separator = separator
    this.#text = printed
  }

  /** From names and values; a value that is neither token nor host nor quoted string is quoted. Throws BuildError. */
  static of(list: ParameterList, separator: Separator = ';'): Parameters {
    if (list instanceof Parameters) return list
    let text = ''
    for (const entry of list) text += printOne(entry[0], printValue(entry[0], entry[1]), separator, text === '')
    return Parameters.#printed(text, separator)
  }

  static #printed(text: string, separator: Separator): Parameters {
    return text === '' ? Parameters.empty : new Parameters(undefined, 0, 0, separator, text)
  }

  /** @internal Over octets as received, e.g. `;a=b;c`. */
  static read(source: Source, start: number, end: number, separator: Separator = ';'): Parameters {
    return start < end ? new Parameters(source, start, end, separator) : Parameters.empty
  }

  /** The value: '' for a flag, a quoted string without its quotes; undefined when there is no such parameter. */
  get(name: string): string | undefined {
    return this.find(name.toLowerCase())
  }

  /** @internal `get` for a name in lower case. */
  find(lower: string): string | undefined {
    const source = this.#octets()
    const { bytes } = source
    const end = this.#end
    for (let from = this.#start, stop: number; from < end; from = stop + 1) {
      const start = skipBlanks(bytes, from, end)
      stop = this.#stopOf(bytes, start)
      if (stop - start < lower.length || !equalsLower(bytes, start, lower)) continue
      const equals = skipBlanks(bytes, start + lower.length, stop)
      if (equals === stop) return ''
      if (bytes[equals] === 61) return unquoteString(trimmed(source, equals + 1, stop))
    }
    return undefined
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** A copy where `name` has this value, at its old place or at the end; undefined takes it out. Throws BuildError. */
  with(name: string, value: string | number | undefined): Parameters {
    const lower = name.toLowerCase()
    const entries = this.#entries()
    const kept = entries.filter(([own]) => own.toLowerCase() !== lower)
    if (value !== undefined) {
      const at = entries.findIndex(([own]) => own.toLowerCase() === lower)
      kept.splice(at < 0 ? kept.length : at, 0, [name, printValue(name, value)])
    }
    return Parameters.#printed(this.#print(kept), this.#separator)
  }

  without(name: string): Parameters {
    return this.with(name, undefined)
  }

  get size(): number {
    return this.#entries().length
  }

  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (const [name, raw] of this.#entries()) yield [name, unquoteString(raw)]
  }

  /** `;a=b;c`, or `a=b, c` for a challenge; empty parameters and stray blanks are gone. */
  toString(): string {
    return (this.#text ??= this.#print(this.#entries()))
  }

  #print(entries: readonly Entry[]): string {
    let text = ''
    for (const [name, raw] of entries) text += printOne(name, raw, this.#separator, text === '')
    return text
  }

  /** Names and values with the quotes they were written with. */
  #entries(): readonly Entry[] {
    const source = this.#octets()
    const entries: Entry[] = []
    for (let from = this.#start, stop: number; from < this.#end; from = stop + 1) {
      stop = this.#stopOf(source.bytes, from)
      const sign = source.text.slice(from, stop).indexOf('=')
      const equals = sign < 0 ? stop : from + sign
      const name = trimmed(source, from, equals)
      if (name !== '') entries.push([name, trimmed(source, equals + 1, stop)])
    }
    return entries
  }

  #octets(): Source {
    if (this.#source === undefined) {
      this.#source = sourceOfText(this.toString())
      this.#end = this.#source.text.length
    }
    return this.#source
  }

  /** Where the parameter that starts at `from` ends. */
  #stopOf(bytes: Uint8Array, from: number): number {
    const end = this.#end
    const octet = this.#separator === ';' ? 59 : 44
    let at = from
    for (; at < end && bytes[at] !== octet; at++) if (bytes[at] === 34) at = closingQuote(bytes, at, end)
    return Math.min(at, end)
  }
}

type Separator = ';' | ','
type Entry = readonly [name: string, raw: string]

function trimmed(source: Source, from: number, stop: number): string {
  const start = skipBlanks(source.bytes, from, stop)
  return slice(source, start, trimEnd(source.bytes, start, stop))
}

function printOne(name: string, raw: string, separator: Separator, first: boolean): string {
  const lead = separator === ';' ? ';' : first ? '' : ', '
  return raw === '' ? lead + name : `${lead}${name}=${raw}`
}

/** The value as it is to be written. gen-value and uri-parameter values need no quotes, others get them. */
function printValue(name: string, value: string | number | undefined): string {
  assertToken(name, name)
  const text = String(value ?? '')
  if (isAll(text, UNQUOTED)) return text
  assertPlain(text, name)
  return /^"[^"\\]*(?:\\.[^"\\]*)*"$/s.test(text) ? text : quoteString(text)
}

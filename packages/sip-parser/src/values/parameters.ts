import { equalsLower, findOctet, isToken, skipBlanks, trimBlanks } from '../characters.js'
import { assertPlain, assertToken } from '../guards.js'
import { slice, sourceOfText, type Source } from '../octets.js'
import { closingQuote, quoteString, unquoteString } from '../quoting.js'

/** Names and values to build parameters from; a value that is undefined or '' makes a flag. */
export type ParameterList = Iterable<readonly [name: string, value: string | number | undefined]>

/**
 * Parameters of a URI or a header field, in order, names compared without case (RFC 3261 §7.3.1, §19.1.1).
 * Immutable; kept as text and read when asked for. Of two with one name the first counts; those without a name (`;;`, `;=x`) are passed over.
 */
export class Parameters implements Iterable<[name: string, value: string]> {
  static readonly empty: Parameters = /* @__PURE__ */ new Parameters(undefined, 0, 0, ';', [])
  readonly #source: Source | undefined
  readonly #start: number
  readonly #end: number
  readonly #separator: ';' | ','
  /** Names and values as written; of text as received made when it is needed. */
  #entries: readonly Entry[] | undefined

  private constructor(source: Source | undefined, start: number, end: number, separator: ';' | ',', entries?: readonly Entry[]) {
    this.#source = source
    this.#start = start
    this.#end = end
    this.#separator = separator
    this.#entries = entries
  }

  /** From names and values; a value that is neither token nor host nor quoted string is quoted. Throws BuildError. */
  static of(list: ParameterList, separator: ';' | ',' = ';'): Parameters {
    const entries: Entry[] = []
    for (const [name, value] of list) entries.push([name, checkValue(name, value)])
    return new Parameters(undefined, 0, 0, separator, entries)
  }

  /** @internal Over octets as received, e.g. `;a=b;c`. */
  static read(source: Source, start: number, end: number, separator: ';' | ',' = ';'): Parameters {
    return new Parameters(source, start, end, separator)
  }

  /** The value: '' for a flag, a quoted string without its quotes; undefined when there is no such parameter. */
  get(name: string): string | undefined {
    return this.find(name.toLowerCase())
  }

  /** @internal `get` for a name in lower case. */
  find(lower: string): string | undefined {
    const source = this.#source
    if (source === undefined) {
      const found = this.#entries?.find(([name]) => name === lower || name.toLowerCase() === lower)
      return found && unquoteString(found[1])
    }
    const { bytes } = source
    const end = this.#end
    for (let from = this.#start, stop: number; from < end; from = stop + 1) {
      stop = stopOf(bytes, from, end, this.#separator)
      const start = skipBlanks(bytes, from, stop)
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
    const entries = this.entriesAsWritten()
    const kept: Entry[] = entries.filter(([own]) => own.toLowerCase() !== lower)
    if (value !== undefined) {
      const at = entries.findIndex(([own]) => own.toLowerCase() === lower)
      kept.splice(at < 0 ? kept.length : at, 0, [name, checkValue(name, value)])
    }
    return new Parameters(undefined, 0, 0, this.#separator, kept)
  }

  without(name: string): Parameters {
    return this.with(name, undefined)
  }

  get size(): number {
    return this.entriesAsWritten().length
  }

  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (const [name, raw] of this.entriesAsWritten()) yield [name, unquoteString(raw)]
  }

  /** Names and values with the quotes they were written with. */
  entriesAsWritten(): readonly Entry[] {
    return (this.#entries ??= readEntries(this.#source, this.#start, this.#end, this.#separator))
  }

  /** `;a=b;c`, or `a=b, c` for a challenge; empty parameters and stray blanks are gone. */
  toString(): string {
    const parts = this.entriesAsWritten().map(([name, raw]) => (raw === '' ? name : `${name}=${raw}`))
    if (this.#separator === ',') return parts.join(', ')
    return parts.length === 0 ? '' : `;${parts.join(';')}`
  }
}

type Entry = readonly [name: string, raw: string]

function readEntries(source: Source | undefined, start: number, end: number, separator: ';' | ','): readonly Entry[] {
  const entries: Entry[] = []
  if (source === undefined) return entries
  for (let from = start, stop: number; from < end; from = stop + 1) {
    stop = stopOf(source.bytes, from, end, separator)
    const equals = findOctet(source.bytes, from, stop, 61)
    const name = trimmed(source, from, equals)
    if (name !== '') entries.push([name, trimmed(source, equals + 1, stop)])
  }
  return entries
}

/** Where the parameter that starts at `from` ends. */
function stopOf(bytes: Uint8Array, from: number, end: number, separator: ';' | ','): number {
  const octet = separator === ';' ? 59 : 44
  let at = from
  for (; at < end && bytes[at] !== octet; at++) if (bytes[at] === 34) at = closingQuote(bytes, at, end)
  return Math.min(at, end)
}

function trimmed(source: Source, from: number, stop: number): string {
  const start = skipBlanks(source.bytes, from, stop)
  return slice(source, start, Math.max(start, trimBlanks(source.bytes, start, stop)))
}

/** The value as it is to be written. gen-value and uri-parameter values need no quotes, others get them. */
function checkValue(name: string, value: string | number | undefined): string {
  assertToken(name, name)
  const text = String(value ?? '')
  assertPlain(text, name)
  if (text === '' || isToken(text) || isQuoted(text)) return text
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 33 || code > 126 || '";,<>=?@\\'.includes(text.charAt(at))) return quoteString(text)
  }
  return text
}

/** Whether the text is one whole quoted string. */
function isQuoted(text: string): boolean {
  if (text.charCodeAt(0) !== 34) return false
  const { bytes } = sourceOfText(text)
  return closingQuote(bytes, 0, bytes.length) === bytes.length - 1
}

import type { Reader } from './attempt.js'
import { numberIn, skipBlanks, trimEnd } from './characters.js'
import { findComma, readList } from './comma-list.js'
import { ParseError } from './errors.js'
import { FOLDED, NUMBER, PLACE } from './field-index.js'
import { assertPlain, assertToken } from './guards.js'
import { CONTENT_LENGTH, isCommaList, nameOf, numberOf, sectionOf } from './header-names.js'
import { slice, Source, sourceOfText } from './octets.js'

/** How the values of a header field are read: see `HeaderFields.read`. */
export interface HeaderField<T> {
  readonly name: string
  /** Where it is described: `RFC 6665 §8.2.1`. */
  readonly section: string
  /** A comma separates values (RFC 3261 §7.3.1). */
  readonly comma?: boolean
  /** @internal One value; throws ParseError. */
  readonly read: Reader<T>
}

/** Of a kind: from this bit on stands the number of the source; what came later has other sources than what was received. */
const SOURCE_SHIFT = 8

/** What has been decoded is kept up to here; nobody reads a message in more ways. */
const mostDecoded = 64

/**
 * The header fields of a message in order. Names compare without case, a compact form equals its long form (RFC 3261 §7.3.1, §7.3.3).
 *
 * Values are raw text: unfolded, trimmed, and decoded from UTF-8 (octets that are not UTF-8 read as Latin-1).
 * Fields nobody touches are written back as they came. What is set, appended or prepended may hold neither CR, LF nor NUL:
 * such text throws BuildError `line-break` at once, a name that is no token throws `token`.
 */
export class HeaderFields implements Iterable<[name: string, value: string]> {
  /** Four numbers per field: see field-index.ts. */
  #places: number[]
  #sources: Source[]
  /** The places and sources are those of a copy, too. */
  #shared: boolean
  /** Keys, each with its values: a number for the first value of a name, `~number` for all, a `HeaderField` for what it reads. */
  #decoded: unknown[] | undefined

  /** @internal */
  constructor(places: number[], sources: Source[] = [], decoded?: unknown[], shared = false) {
    this.#places = places
    this.#sources = sources
    this.#shared = shared
    this.#decoded = decoded
  }

  /** First value text of the name. */
  get(name: string): string | undefined {
    const at = this.#find(name)
    return at < 0 ? undefined : this.#text(at)
  }

  /** Value text of every field of the name; comma lists are not split. */
  getAll(name: string): string[] {
    return this.#findAll(name).map((at) => this.#text(at))
  }

  has(name: string): boolean {
    return this.#find(name) >= 0
  }

  /** How many fields have the name. */
  count(name: string): number {
    return this.#findAll(name).length
  }

  /**
   * Typed values of every field of the name, decoded once; empty when there is none. Throws ParseError when one cannot be read.
   *
   * @example message.headers.read(contentType)[0]?.essence
   */
  read<T>(field: HeaderField<T>): readonly T[] {
    const number = numberOf(field.name)
    return this.#values(field, number, lowerOf(field.name, number), field.read, field.comma === true || isCommaList(number), field.section)
  }

  /** One field of the name, where the first one stood, or at the end. */
  set(name: string, value: string): void {
    const line = lineOf(name, value)
    const [first = this.#places.length, ...others] = this.#findAll(name)
    for (const other of others.reverse()) this.#splice(other, 1)
    this.#splice(first, 1, name, line)
  }

  /** A field below all others. */
  append(name: string, value: string): void {
    const line = lineOf(name, value)
    const kind = this.#addSource(line)
    this.#places.push(numberOf(name) | kind, 0, name.length, line.text.length)
  }

  /** @internal Fields below all others, each with its number, all in one source. */
  appendAll(source: Source, places: number[]): void {
    if (this.#sources.length === 0) {
      this.#places = places
      this.#sources = [source]
      return
    }
    const kind = this.#addSource(source)
    for (let at = 0; at < places.length; at++) this.#places.push(at % PLACE === 0 ? (places[at] ?? 0) | kind : (places[at] ?? 0))
  }

  /** A field above the first of its name, or on top. */
  prepend(name: string, value: string): void {
    this.#splice(Math.max(0, this.#find(name)), 0, name, lineOf(name, value))
  }

  /** Another first value: of a comma list only the first value changes, otherwise the first field. Without such a field it is prepended. */
  replaceFirst(name: string, value: string): void {
    const at = this.#find(name)
    const rest = this.#afterFirst(at)
    this.#splice(Math.max(0, at), at < 0 ? 0 : 1, name, lineOf(name, rest === '' ? value : `${value}, ${rest}`))
  }

  /** Takes the first value away: of a comma list only the first value, otherwise the first field. */
  removeFirst(name: string): void {
    const at = this.#find(name)
    const rest = this.#afterFirst(at)
    if (at >= 0) this.#splice(at, 1, name, rest === '' ? undefined : lineOf(name, rest))
  }

  /** Takes away every field of the name. */
  delete(name: string): void {
    for (const at of this.#findAll(name).reverse()) this.#splice(at, 1)
  }

  /** Names as written, with the value text. */
  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (let at = 0; at < this.#places.length; at += PLACE) yield [this.#name(at), this.#text(at)]
  }

  /** A copy to change; both share the text they came from. */
  clone(): HeaderFields {
    this.#shared = true
    return new HeaderFields(this.#places, this.#sources, this.#decoded, true)
  }

  /** @internal A copy of the fields whose name has a number that passes. */
  pick(passes: (number: number) => boolean): HeaderFields {
    const places: number[] = []
    for (let at = 0; at < this.#places.length; at += PLACE) if (passes(this.#number(at))) for (let of = 0; of < PLACE; of++) places.push(this.#places[at + of] ?? 0)
    return new HeaderFields(places, this.#sources, undefined, true)
  }

  /** @internal Text behind the first field of a name, whose line stays as it is otherwise. */
  extendFirst(name: string, suffix: string): void {
    const at = this.#find(name)
    if (at < 0) return
    const { text, bytes, ascii } = this.#source(at)
    const start = this.#start(at)
    const colon = this.#colon(at) - start
    const folded = this.#kind(at) & FOLDED
    this.#splice(at, 1, name, new Source(`${text.slice(start, trimEnd(bytes, start, this.#next(at)))}${suffix}\r\n`, ascii))
    this.#places[at] = this.#kind(at) | folded
    this.#places[at + 2] = colon
  }

  /** @internal What the reader makes of the first field whose name has this number; undefined when there is none. Throws ParseError. */
  first<T>(number: number, read: Reader<T>): T | undefined {
    const known = this.#recall(number) as T | undefined
    if (known !== undefined) return known
    const at = this.#seek(number, '', 0)
    return at < 0 ? undefined : this.#keep(number, this.#decode(at, read))
  }

  /** @internal Every value of the comma lists whose name has this number. Throws ParseError. */
  all<T>(number: number, read: Reader<T>): readonly T[] {
    return this.#values(~number, number, '', read, true)
  }

  /** @internal The header section with its empty line and this Content-Length, one character per octet. */
  toText(contentLength: number): string {
    const places = this.#places
    let out = ''
    let written = false
    // Fields that still stand one behind the other are written in one piece.
    let run = 0
    let start = 0
    let end = 0
    for (let at = 0; at < places.length; at += PLACE) {
      const kind = places[at] ?? 0
      const isLength = (kind & NUMBER) === CONTENT_LENGTH
      const kept = !isLength || (!written && this.#contentLength(at) === contentLength)
      if (!kept || this.#start(at) !== end || kind >> SOURCE_SHIFT !== run) {
        out += this.#lines(run, start, end)
        run = kind >> SOURCE_SHIFT
        start = end = this.#start(at)
      }
      if (kept) end = this.#next(at)
      else if (!written) out += `${this.#name(at)}: ${contentLength}\r\n`
      if (isLength) written = true
    }
    out += this.#lines(run, start, end)
    return written ? `${out}\r\n` : `${out}Content-Length: ${contentLength}\r\n\r\n`
  }

  /** Lines of a source, as they are to be written. */
  #lines(source: number, start: number, end: number): string {
    const { text, bareLineFeed } = this.#sources[source] ?? Source.empty
    const lines = text.slice(start, end)
    return bareLineFeed ? lines.replaceAll(/\r?\n/g, '\r\n') : lines
  }

  /** Takes fields away at this place, and puts one there. */
  #splice(at: number, fields: number, name = '', line?: Source): void {
    if (line === undefined) this.#own().splice(at, fields * PLACE)
    else {
      const kind = this.#addSource(line)
      this.#places.splice(at, fields * PLACE, numberOf(name) | kind, 0, name.length, line.text.length)
    }
  }

  /** Adds a source; returns what it adds to the kind of its fields. */
  #addSource(source: Source): number {
    this.#own()
    return (this.#sources.push(source) - 1) << SOURCE_SHIFT
  }

  /** The places, to be changed. */
  #own(): number[] {
    if (this.#shared) {
      this.#places = this.#places.slice()
      this.#sources = this.#sources.slice()
      this.#shared = false
    }
    this.#decoded = undefined
    return this.#places
  }

  #recall(key: unknown): unknown {
    const decoded = this.#decoded
    if (decoded !== undefined) for (let at = 0; at < decoded.length; at += 2) if (decoded[at] === key) return decoded[at + 1]
    return undefined
  }

  #keep<T>(key: unknown, values: T): T {
    if (values === undefined) return values
    if (this.#decoded === undefined || this.#decoded.length > mostDecoded) this.#decoded = [key, values]
    else this.#decoded.push(key, values)
    return values
  }

  /** Values of every field of a name, kept under the key. */
  #values<T>(key: unknown, number: number, lower: string, read: Reader<T>, list: boolean, section?: string): readonly T[] {
    const known = this.#recall(key) as readonly T[] | undefined
    if (known !== undefined) return known
    const values: T[] = []
    let at = this.#seek(number, lower, 0)
    if (at < 0) return values
    const reader: Reader<unknown> = list ? (source, start, end) => readList(read, source, start, end, values) : (source, start, end) => values.push(read(source, start, end, true))
    for (; at >= 0; at = this.#seek(number, lower, at + PLACE)) this.#decode(at, reader, section)
    return this.#keep(key, values)
  }

  #find(name: string): number {
    const number = numberOf(name)
    return this.#seek(number, lowerOf(name, number), 0)
  }

  #findAll(name: string): number[] {
    const number = numberOf(name)
    const lower = lowerOf(name, number)
    const found: number[] = []
    for (let at = this.#seek(number, lower, 0); at >= 0; at = this.#seek(number, lower, at + PLACE)) found.push(at)
    return found
  }

  /** Place of the first field of a name from here on, or -1. */
  #seek(number: number, lower: string, from: number): number {
    for (let at = from; at < this.#places.length; at += PLACE) {
      if (this.#number(at) === number && (number > 0 || this.#name(at).toLowerCase() === lower)) return at
    }
    return -1
  }

  #kind(at: number): number {
    return this.#places[at] ?? 0
  }

  #number(at: number): number {
    return this.#kind(at) & NUMBER
  }

  #source(at: number): Source {
    return this.#sources[this.#kind(at) >> SOURCE_SHIFT] ?? Source.empty
  }

  #start(at: number): number {
    return this.#places[at + 1] ?? 0
  }

  #colon(at: number): number {
    return this.#places[at + 2] ?? 0
  }

  #next(at: number): number {
    return this.#places[at + 3] ?? 0
  }

  #name(at: number): string {
    return this.#source(at).text.slice(this.#start(at), this.#colon(at)).trimEnd()
  }

  #text(at: number): string {
    const source = this.#source(at)
    const next = this.#next(at)
    const start = skipBlanks(source.bytes, this.#colon(at) + 1, next)
    const text = slice(source, start, trimEnd(source.bytes, start, next))
    // Line end and blanks around it become one SP (RFC 3261 §7.3.1).
    return (this.#kind(at) & FOLDED) === 0 ? text : text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join(' ')
  }

  /** The number in a Content-Length field. */
  #contentLength(at: number): number {
    const { bytes } = this.#source(at)
    const next = this.#next(at)
    const start = skipBlanks(bytes, this.#colon(at) + 1, next)
    return numberIn(bytes, start, trimEnd(bytes, start, next))
  }

  /** What the reader makes of a field. Throws ParseError with the place in the message. */
  #decode<T>(at: number, read: Reader<T>, section?: string): T {
    const kind = this.#kind(at)
    const next = this.#next(at)
    let source = this.#source(at)
    let start = skipBlanks(source.bytes, this.#colon(at) + 1, next)
    let end = trimEnd(source.bytes, start, next)
    let shift = 0
    if ((kind & FOLDED) !== 0) {
      // Readers go over the message itself, only a folded value is copied.
      shift = start
      source = sourceOfText(this.#text(at))
      start = 0
      end = source.text.length
    }
    try {
      return read(source, start, end, true)
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      throw error.with({ offset: error.offset + shift, header: nameOf(this.#number(at)) || this.#name(at), section: section ?? sectionOf(this.#number(at)) })
    }
  }

  /** What follows the first value in the field, or ''. */
  #afterFirst(at: number): string {
    if (at < 0 || !isCommaList(this.#number(at))) return ''
    const text = this.#text(at)
    if (!text.includes(',')) return ''
    const source = sourceOfText(text)
    const comma = findComma(source, 0, source.text.length)
    return slice(source, skipBlanks(source.bytes, comma + 1, source.text.length), source.text.length)
  }
}

/** What a name without a number is compared by. */
function lowerOf(name: string, number: number): string {
  return number === 0 ? name.toLowerCase() : ''
}

/** A header line as it is to be written. Throws BuildError. */
function lineOf(name: string, value: string): Source {
  if (numberOf(name) === 0) assertToken(name, name)
  const line = `${name}: ${value.trim()}\r\n`
  // Most values hold nothing but printable ASCII, which needs no further look.
  if (!/[^\t -~]/.test(value)) return new Source(line, true)
  assertPlain(value, name)
  return sourceOfText(line)
}

import type { Reader } from './attempt.js'
import { skipBlanks, trimLine } from './characters.js'
import { ParseError } from './errors.js'
import type { Field } from './field-index.js'
import { assertPlain, assertToken } from './guards.js'
import { CONTENT_LENGTH, isCommaList, nameOf, numberOf, sectionOf } from './header-names.js'
import { makeSource, slice, sourceOfText, toOctetText, writeOctets, type Source } from './octets.js'
import { findComma } from './quoting.js'

/**
 * The header fields of a message in order. Names compare without case, a compact form equals its long form (RFC 3261 §7.3.1, §7.3.3).
 *
 * Values are raw text: unfolded, trimmed, and decoded from UTF-8 (octets that are not UTF-8 read as Latin-1).
 * Fields nobody touches are written back as they came. What is set, appended or prepended may hold neither CR, LF nor NUL:
 * such text throws BuildError `line-break` at once, a name that is no token throws `token`.
 */
export class HeaderFields implements Iterable<[name: string, value: string]> {
  readonly #fields: Field[]
  /** Some line of the message ended without CR. */
  readonly #bareLineFeed: boolean
  /** @internal The fields that came in are ASCII: their octets are text as they stand. */
  readonly ascii: boolean

  private constructor(fields: Field[], bareLineFeed: boolean, ascii: boolean) {
    this.#fields = fields
    this.#bareLineFeed = bareLineFeed
    this.ascii = ascii
  }

  /** @internal */
  static of(fields: Field[], bareLineFeed: boolean, ascii: boolean): HeaderFields {
    return new HeaderFields(fields, bareLineFeed, ascii)
  }

  /** First value text of the name. */
  get(name: string): string | undefined {
    const field = this.#fields[this.#find(name)]
    return field && valueOf(field)
  }

  /** Value text of every field of the name; comma lists are not split. */
  getAll(name: string): string[] {
    const values: string[] = []
    for (let at = this.#find(name), field = this.#fields[at]; field !== undefined; at = this.#find(name, at + 1), field = this.#fields[at])
      values.push(valueOf(field))
    return values
  }

  has(name: string): boolean {
    return this.#find(name) >= 0
  }

  /** How many fields have the name. */
  count(name: string): number {
    return this.getAll(name).length
  }

  /** One field of the name, where the first one stood, or at the end. */
  set(name: string, value: string): void {
    const field = makeField(name, value)
    const at = this.#find(name)
    if (at < 0) this.#fields.push(field)
    else {
      this.#fields[at] = field
      this.#deleteFrom(name, at + 1)
    }
  }

  /** A field below all others. */
  append(name: string, value: string): void {
    this.#fields.push(makeField(name, value))
  }

  /** A field above the first of its name, or on top. */
  prepend(name: string, value: string): void {
    this.#fields.splice(Math.max(0, this.#find(name)), 0, makeField(name, value))
  }

  /** Another first value: of a comma list only the first value changes, otherwise the first field. Without such a field it is prepended. */
  replaceFirst(name: string, value: string): void {
    const at = this.#find(name)
    const rest = afterFirst(this.#fields[at])
    this.#fields.splice(Math.max(0, at), at < 0 ? 0 : 1, makeField(name, rest === '' ? value : `${value}, ${rest}`))
  }

  /** Takes the first value away: of a comma list only the first value, otherwise the first field. */
  removeFirst(name: string): void {
    const at = this.#find(name)
    const field = this.#fields[at]
    if (field === undefined) return
    const rest = afterFirst(field)
    if (rest === '') this.#fields.splice(at, 1)
    else this.#fields[at] = makeField(nameText(field), rest)
  }

  /** Takes away every field of the name. */
  delete(name: string): void {
    this.#deleteFrom(name, 0)
  }

  /** Names as written, with the value text. */
  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (const field of this.#fields) yield [nameText(field), valueOf(field)]
  }

  /** A copy to change; both share the text they came from. */
  clone(): HeaderFields {
    return new HeaderFields([...this.#fields], this.#bareLineFeed, this.ascii)
  }

  /** @internal Text behind the first field of a name, whose line stays as it is otherwise. */
  extendFirst(number: number, suffix: string): void {
    const at = this.#fields.findIndex((field) => field.number === number)
    const field = this.#fields[at]
    if (field === undefined) return
    const { start, value, folded } = field
    const source = sourceOfField(field)
    const text = `${source.text.slice(start, endOfField(field, source))}${suffix}\r\n`
    const bytes = new Uint8Array(text.length)
    writeOctets(text, bytes)
    const extended = makeSource(bytes, text, source.ascii)
    this.#fields[at] = { number, source: extended, line: undefined, start: 0, value: value - start, next: text.length, folded, decoded: undefined }
  }

  /** @internal A copy of the fields whose name has a number that passes. */
  pick(passes: (number: number) => boolean): HeaderFields {
    return new HeaderFields(this.#fields.filter((field) => passes(field.number)), this.#bareLineFeed, this.ascii)
  }

  /**
   * @internal The first field with this number, decoded once; undefined when there is none.
   * Throws ParseError with the place in the message when it cannot be read.
   */
  first<T>(number: number, read: Reader<T>): T | undefined {
    const fields = this.#fields
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at]
      if (field?.number === number) return (field.decoded === undefined ? decode(field, read) : field.decoded) as T
    }
    return undefined
  }

  /** @internal Every value of the fields with this number, decoded once. Throws ParseError. */
  all<T>(number: number, read: Reader<readonly T[]>): readonly T[] {
    let first: readonly T[] | undefined
    let joined: T[] | undefined
    for (const field of this.#fields) {
      if (field.number !== number) continue
      const values = (field.decoded === undefined ? decode(field, read) : field.decoded) as readonly T[]
      if (first === undefined) first = values
      else {
        joined ??= [...first]
        for (const value of values) joined.push(value)
      }
    }
    return joined ?? first ?? []
  }

  /**
   * @internal The header section with its empty line and this Content-Length. Where all that came in is ASCII it is text to be written
   * as UTF-8, otherwise it has one character per octet.
   */
  toText(contentLength: number): string {
    let out = ''
    let written = false
    // Neighbours that nobody touched are copied in one piece.
    let text = ''
    let from = 0
    let to = 0
    for (const field of this.#fields) {
      const { source, start, next } = field
      let line = this.ascii || field.line === undefined ? field.line : toOctetText(field.line)
      if (field.number === CONTENT_LENGTH) {
        if (written) line = ''
        else if (Number(valueOf(field)) !== contentLength) line = `${nameText(field)}: ${contentLength}\r\n`
        written = true
      }
      if (line === undefined && source !== undefined) {
        if (this.#bareLineFeed) line = source.text.slice(start, next).replaceAll('\r', '').replaceAll('\n', '\r\n')
        else if (start === to && source.text === text) {
          to = next
          continue
        }
      }
      out += text.slice(from, to) + (line ?? '')
      text = line === undefined && source !== undefined ? source.text : ''
      from = start
      to = next
    }
    out += text.slice(from, to)
    return written ? `${out}\r\n` : `${out}Content-Length: ${contentLength}\r\n\r\n`
  }

  #find(name: string, from = 0): number {
    const number = numberOf(name)
    const lower = number === 0 ? name.toLowerCase() : ''
    for (let at = from; at < this.#fields.length; at++) {
      const field = this.#fields[at]
      if (field?.number === number && (number !== 0 || nameText(field).toLowerCase() === lower)) return at
    }
    return -1
  }

  #deleteFrom(name: string, from: number): void {
    for (let at = this.#find(name, from); at >= 0; at = this.#find(name, at)) this.#fields.splice(at, 1)
  }
}

function makeField(name: string, value: string): Field {
  const number = numberOf(name)
  if (number === 0) assertToken(name, name)
  assertPlain(value, name)
  const line = `${name}: ${value.trim()}\r\n`
  // Offsets count octets, of which only those before the value are sure to be characters, too.
  return { number, source: undefined, line, start: 0, value: name.length + 2, next: -1, folded: false, decoded: undefined }
}

function sourceOfField(field: Field): Source {
  return (field.source ??= sourceOfText(field.line ?? ''))
}

function endOfField(field: Field, source: Source): number {
  return trimLine(source.bytes, field.value, field.next < 0 ? source.bytes.length : field.next)
}

function nameText(field: Field): string {
  const text = field.line ?? field.source?.text ?? ''
  return text.slice(field.start, text.indexOf(':', field.start)).trimEnd()
}

function valueOf(field: Field): string {
  if (field.line !== undefined) return field.line.slice(field.value, -2)
  const source = sourceOfField(field)
  const text = slice(source, field.value, endOfField(field, source))
  // Line end and blanks around it become one SP (RFC 3261 §7.3.1).
  return field.folded ? text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join(' ') : text
}

function decode<T>(field: Field, read: Reader<T>): T {
  const { value: start, folded } = field
  // Readers go over the message itself, only a folded value is copied.
  const source = folded ? sourceOfText(valueOf(field)) : sourceOfField(field)
  try {
    const value = folded ? read(source, 0, source.bytes.length) : read(source, start, endOfField(field, source))
    field.decoded = value
    return value
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const details = { header: nameOf(field.number), section: sectionOf(field.number) }
    throw new ParseError(error.code, folded ? start + error.offset : error.offset, details)
  }
}

/** What follows the first value in the field, or ''. */
function afterFirst(field: Field | undefined): string {
  if (field === undefined || !isCommaList(field.number)) return ''
  const source = sourceOfText(valueOf(field))
  const { length } = source.bytes
  return slice(source, skipBlanks(source.bytes, findComma(source.bytes, 0, length) + 1, length), length)
}

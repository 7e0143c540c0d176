import type { Reader } from './attempt.js'
import { BLANK, skipClass } from './characters.js'
import { findComma, listReader } from './comma-list.js'
import { ParseError } from './errors.js'
import type { Field } from './field-index.js'
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

/**
 * The header fields of a message in order. Names compare without case, a compact form equals its long form (RFC 3261 §7.3.1, §7.3.3).
 *
 * Values are raw text: unfolded, trimmed, and decoded from UTF-8 (octets that are not UTF-8 read as Latin-1).
 * Fields nobody touches are written back as they came. What is set, appended or prepended may hold neither CR, LF nor NUL:
 * such text throws BuildError `line-break` at once, a name that is no token throws `token`.
 */
export class HeaderFields implements Iterable<[name: string, value: string]> {
  #fields: Field[]

  /** @internal */
  constructor(fields: Field[]) {
    this.#fields = fields
  }

  /** First value text of the name. */
  get(name: string): string | undefined {
    const field = this.#fields[this.#find(name)]
    return field && textOf(field)
  }

  /** Value text of every field of the name; comma lists are not split. */
  getAll(name: string): string[] {
    return this.#fields.filter(named(name)).map(textOf)
  }

  has(name: string): boolean {
    return this.#find(name) >= 0
  }

  /** How many fields have the name. */
  count(name: string): number {
    return this.getAll(name).length
  }

  /**
   * Typed values of every field of the name, decoded once; empty when there is none. Throws ParseError when one cannot be read.
   *
   * @example message.headers.read(contentType)[0]?.essence
   */
  read<T>(field: HeaderField<T>): readonly T[] {
    return joined(this.#fields.filter(named(field.name)), field.read, field)
  }

  /** One field of the name, where the first one stood, or at the end. */
  set(name: string, value: string): void {
    const field = makeField(name, value)
    const at = this.#find(name)
    this.delete(name)
    this.#fields.splice(at < 0 ? this.#fields.length : at, 0, field)
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
    const rest = afterFirst(this.#fields[at])
    if (at >= 0) this.#fields.splice(at, 1, ...(rest === '' ? [] : [makeField(name, rest)]))
  }

  /** Takes away every field of the name. */
  delete(name: string): void {
    const matches = named(name)
    this.#fields = this.#fields.filter((field) => !matches(field))
  }

  /** Names as written, with the value text. */
  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (const field of this.#fields) yield [nameIn(field), textOf(field)]
  }

  /** A copy to change; both share the text they came from. */
  clone(): HeaderFields {
    return this.pick(() => true)
  }

  /** @internal A copy of the fields whose name has a number that passes. */
  pick(passes: (number: number) => boolean): HeaderFields {
    return new HeaderFields(this.#fields.filter((field) => passes(field.number)))
  }

  /** @internal Text behind the first field of a name, whose line stays as it is otherwise. */
  extendFirst(name: string, suffix: string): void {
    const at = this.#find(name)
    const field = this.#fields[at]
    if (field === undefined) return
    const { number, source, start, value, end, folded } = field
    this.#fields[at] = fieldOf(number, new Source(`${source.text.slice(start, end)}${suffix}\r\n`, source.ascii), value - start, folded)
  }

  /** @internal The first value of the field with this number; undefined when there is none. Throws ParseError. */
  first<T>(number: number, read: Reader<T>): T | undefined {
    for (const field of this.#fields) if (field.number === number) return valuesOf(field, read)[0]
    return undefined
  }

  /** @internal Every value of the fields with this number. Throws ParseError. */
  all<T>(number: number, read: Reader<T>): readonly T[] {
    return joined(this.#fields.filter((field) => field.number === number), read)
  }

  /** @internal The header section with its empty line and this Content-Length, one character per octet. */
  toText(contentLength: number): string {
    let out = ''
    let written = false
    for (const field of this.#fields) {
      const { source, start, next } = field
      let line = source.text.slice(start, next)
      if (field.number === CONTENT_LENGTH) {
        if (written) line = ''
        else if (Number(textOf(field)) !== contentLength) line = `${nameIn(field)}: ${contentLength}\r\n`
        written = true
      }
      out += source.bareLineFeed ? line.replaceAll(/\r?\n/g, '\r\n') : line
    }
    return `${out}${written ? '' : `Content-Length: ${contentLength}\r\n`}\r\n`
  }

  #find(name: string): number {
    return this.#fields.findIndex(named(name))
  }
}

/** Whether a field has the name. */
function named(name: string): (field: Field) => boolean {
  const number = numberOf(name)
  if (number > 0) return (field) => field.number === number
  const lower = name.toLowerCase()
  return (field) => field.number === 0 && nameIn(field).toLowerCase() === lower
}

function makeField(name: string, value: string): Field {
  const number = numberOf(name)
  if (number === 0) assertToken(name, name)
  const line = `${name}: ${value.trim()}\r\n`
  // Most values hold nothing but printable ASCII, which needs no further look.
  const odd = /[^\t -~]/.test(value)
  if (odd) assertPlain(value, name)
  return fieldOf(number, odd ? sourceOfText(line) : new Source(line, true), name.length + 2, false)
}

/** A field that is all of its source. */
function fieldOf(number: number, source: Source, value: number, folded: boolean): Field {
  const next = source.text.length
  return { number, source, start: 0, value, end: next - 2, next, folded, comma: isCommaList(number) && source.text.includes(',', value), decoded: undefined }
}

function nameIn({ source: { text }, start }: Field): string {
  return text.slice(start, text.indexOf(':', start)).trimEnd()
}

function textOf({ source, value, end, folded }: Field): string {
  const text = slice(source, value, end)
  // Line end and blanks around it become one SP (RFC 3261 §7.3.1).
  return folded ? text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join(' ') : text
}

function joined<T>(fields: readonly Field[], read: Reader<T>, as?: HeaderField<T>): readonly T[] {
  const [first] = fields
  return first !== undefined && fields.length === 1 ? valuesOf(first, read, as) : fields.flatMap((field) => valuesOf(field, read, as))
}

/** The values of a field, decoded once. Throws ParseError with the place in the message. */
function valuesOf<T>(field: Field, read: Reader<T>, as?: HeaderField<T>): readonly T[] {
  return ((field.as === as && field.decoded) || decode(field, read, as)) as readonly T[]
}

function decode<T>(field: Field, read: Reader<T>, as?: HeaderField<T>): readonly T[] {
  const { number, value, folded } = field
  // Readers go over the message itself, only a folded value is copied.
  const source = folded ? sourceOfText(textOf(field)) : field.source
  const start = folded ? 0 : value
  const end = folded ? source.text.length : field.end
  try {
    const values = field.comma || as?.comma === true || (start === end && isCommaList(number)) ? listReader(read)(source, start, end) : [read(source, start, end, true)]
    field.as = as
    return (field.decoded = values)
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw error.with({ offset: error.offset + (folded ? value : 0), header: nameOf(number) || nameIn(field), section: as?.section ?? sectionOf(number) })
  }
}

/** What follows the first value in the field, or ''. */
function afterFirst(field: Field | undefined): string {
  if (field?.comma !== true) return ''
  const source = sourceOfText(textOf(field))
  const { length } = source.text
  return slice(source, skipClass(source.bytes, findComma(source.bytes, 0, length) + 1, length, BLANK), length)
}

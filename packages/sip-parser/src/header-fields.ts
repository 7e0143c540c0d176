import { BuildError, ParseError } from './errors.js'
import { NAME, NEXT, START, STRIDE, VALUE, VALUE_END, type FieldIndex } from './field-index.js'
import { assertPlain, assertToken } from './guards.js'
import { isCommaList, lookUpName, nameOf } from './header-names.js'
import { fromOctetText, isAscii, toOctetText } from './octets.js'
import { findComma } from './quoting.js'
import { skipBlanks } from './characters.js'

/**
 * The header fields of a message in order. Names compare without case, a compact form equals its long form (RFC 3261 §7.3.1, §7.3.3).
 *
 * Values are raw text: unfolded, trimmed, and decoded from UTF-8 (octets that are not UTF-8 read as Latin-1).
 * Fields nobody touches are written back as they came. What is set, appended or prepended may hold neither CR, LF nor NUL:
 * such text throws BuildError `line-break` at once, a name that is no token throws `token`.
 */
export class HeaderFields implements Iterable<[name: string, value: string]> {
  /** One character per octet; the index points into it. */
  readonly #text: string
  readonly #fields: number[]
  /** Texts of fields set here: their offsets count from the start of their own text. */
  #own: (string | undefined)[] = none
  /** What typed accessors made of a field. */
  #decoded: unknown[] = []
  /** Values can be taken as they stand: no folding, no octet over 127. */
  #plain: boolean
  readonly #bareLineFeed: boolean

  private constructor(text: string, fields: number[], plain: boolean, bareLineFeed: boolean) {
    this.#text = text
    this.#fields = fields
    this.#plain = plain
    this.#bareLineFeed = bareLineFeed
  }

  /** No fields. */
  static create(): HeaderFields {
    return new HeaderFields('', [], true, false)
  }

  /** Over a text with one character per octet that `indexFields` went through. */
  static over(text: string, ascii: boolean, index: FieldIndex): HeaderFields {
    return new HeaderFields(text, index.fields, ascii && !index.folded, index.bareLineFeed >= 0)
  }

  /** First value text of the name. */
  get(name: string): string | undefined {
    const at = this.#find(numberOf(name), name, 0)
    return at < 0 ? undefined : this.#value(at)
  }

  /** Value text of every field of the name; comma lists are not split. */
  getAll(name: string): string[] {
    const number = numberOf(name)
    const values: string[] = []
    for (let at = this.#find(number, name, 0); at >= 0; at = this.#find(number, name, at + STRIDE)) values.push(this.#value(at))
    return values
  }

  has(name: string): boolean {
    return this.#find(numberOf(name), name, 0) >= 0
  }

  /** How many fields have the name. */
  count(name: string): number {
    return this.getAll(name).length
  }

  /** One field of the name, where the first one stood, or at the end. */
  set(name: string, value: string): void {
    const line = lineOf(name, value)
    const at = this.#find(line.number, name, 0)
    if (at < 0) {
      this.#insert(this.#fields.length, line)
      return
    }
    this.#replace(at, line)
    this.#remove(line.number, name, at + STRIDE)
  }

  /** A field below all others. */
  append(name: string, value: string): void {
    this.#insert(this.#fields.length, lineOf(name, value))
  }

  /** A field above the first of its name, or on top. */
  prepend(name: string, value: string): void {
    const line = lineOf(name, value)
    this.#insert(Math.max(0, this.#find(line.number, name, 0)), line)
  }

  /** Another first value: of a comma list only the first value changes, otherwise the first field. Without such a field it is prepended. */
  replaceFirst(name: string, value: string): void {
    const line = lineOf(name, value)
    const at = this.#find(line.number, name, 0)
    if (at < 0) {
      this.#insert(0, line)
      return
    }
    const rest = this.#afterFirst(at, line.number)
    this.#replace(at, rest === undefined ? line : lineOf(name, `${value}, ${rest}`))
  }

  /** Takes the first value away: of a comma list only the first value, otherwise the first field. */
  removeFirst(name: string): void {
    const number = numberOf(name)
    const at = this.#find(number, name, 0)
    if (at < 0) return
    const rest = this.#afterFirst(at, number)
    if (rest === undefined) this.#splice(at)
    else this.#replace(at, lineOf(this.#name(at), rest))
  }

  /** Takes away every field of the name. */
  delete(name: string): void {
    this.#remove(numberOf(name), name, 0)
  }

  /** Names as written, with the value text. */
  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (let at = 0; at < this.#fields.length; at += STRIDE) yield [this.#name(at), this.#value(at)]
  }

  /** A copy to change; both share the text they came from. */
  clone(): HeaderFields {
    return this.pick(() => true)
  }

  /** A copy of the fields whose name has a number that passes. For packages of this repository. */
  pick(passes: (number: number) => boolean): HeaderFields {
    const copy = new HeaderFields(this.#text, [], this.#plain, this.#bareLineFeed)
    for (let at = 0; at < this.#fields.length; at += STRIDE) {
      if (!passes(this.#at(at + NAME))) continue
      const index = copy.#fields.length / STRIDE
      for (let part = 0; part < STRIDE; part++) copy.#fields.push(this.#at(at + part))
      const own = this.#own[at / STRIDE]
      if (own !== undefined) {
        if (copy.#own === none) copy.#own = []
        copy.#own[index] = own
      }
      const decoded = this.#decoded[at / STRIDE]
      if (decoded !== undefined) copy.#decoded[index] = decoded
    }
    return copy
  }

  /**
   * The first field with this number, decoded once. undefined when there is none; throws ParseError with the place in the message
   * when it cannot be read. For the typed accessors.
   */
  first<T>(number: number, read: (text: string) => T): T | undefined {
    const at = this.#find(number, '', 0)
    return at < 0 ? undefined : this.#decode(at, read)
  }

  /** Every field with this number, decoded once. For the typed accessors. */
  all<T>(number: number, read: (text: string) => T): T[] {
    const values: T[] = []
    for (let at = this.#find(number, '', 0); at >= 0; at = this.#find(number, '', at + STRIDE)) values.push(this.#decode(at, read))
    return values
  }

  /** The header section, one character per octet, with the Content-Length given here. For `serializeMessage`. */
  toOctetText(contentLengthNumber: number, contentLength: number): string {
    let out = ''
    let runStart = -1
    let runEnd = -1
    let written = false
    for (let at = 0; at < this.#fields.length; at += STRIDE) {
      const own = this.#own[at / STRIDE]
      const start = this.#at(at + START)
      const next = this.#at(at + NEXT)
      const isLength = this.#at(at + NAME) === contentLengthNumber
      if (isLength && (written || Number(this.#value(at)) !== contentLength)) {
        out += this.#text.slice(runStart, runEnd) + (written ? '' : `${this.#name(at)}: ${contentLength}\r\n`)
        runStart = runEnd = -1
        written = true
        continue
      }
      written ||= isLength
      if (own === undefined && start === runEnd && !this.#bareLineFeed) {
        runEnd = next
        continue
      }
      if (runEnd > 0) out += this.#text.slice(runStart, runEnd)
      runStart = runEnd = -1
      if (own !== undefined) out += own
      else if (this.#bareLineFeed) out += this.#text.slice(start, next).replaceAll('\r', '').replaceAll('\n', '\r\n')
      else {
        runStart = start
        runEnd = next
      }
    }
    if (runEnd > 0) out += this.#text.slice(runStart, runEnd)
    return written ? out : `${out}Content-Length: ${contentLength}\r\n`
  }

  #at(position: number): number {
    return this.#fields[position] ?? 0
  }

  #find(number: number, name: string, from: number): number {
    const fields = this.#fields
    for (let at = from; at < fields.length; at += STRIDE) {
      if (fields[at] === number && (number !== 0 || this.#name(at).toLowerCase() === name.toLowerCase())) return at
    }
    return -1
  }

  #source(at: number): string {
    return this.#own[at / STRIDE] ?? this.#text
  }

  #name(at: number): string {
    const source = this.#source(at)
    const start = this.#at(at + START)
    return source.slice(start, source.indexOf(':', start)).trimEnd()
  }

  #value(at: number): string {
    const text = this.#source(at).slice(this.#at(at + VALUE), this.#at(at + VALUE_END))
    return this.#plain ? text : fromOctetText(unfold(text))
  }

  #decode<T>(at: number, read: (text: string) => T): T {
    const index = at / STRIDE
    const known = this.#decoded[index]
    if (known !== undefined) return known as T
    try {
      const value = read(this.#value(at))
      this.#decoded[index] = value
      return value
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      const number = this.#at(at + NAME)
      throw error.with({ offset: this.#at(at + VALUE) + error.offset, header: number === 0 ? this.#name(at) : nameOf(number) })
    }
  }

  /** What follows the first value in the field, or undefined. */
  #afterFirst(at: number, number: number): string | undefined {
    if (!isCommaList(number)) return undefined
    const text = this.#value(at)
    const comma = findComma(text, 0)
    if (comma < 0) return undefined
    const rest = text.slice(skipBlanks(text, comma + 1, text.length))
    return rest === '' ? undefined : rest
  }

  #insert(at: number, line: Line): void {
    this.#edit(at, 0, line)
  }

  #replace(at: number, line: Line): void {
    this.#edit(at, 1, line)
  }

  #splice(at: number): void {
    this.#edit(at, 1, undefined)
  }

  #remove(number: number, name: string, from: number): void {
    for (let at = this.#find(number, name, from); at >= 0; at = this.#find(number, name, at)) this.#splice(at)
  }

  #edit(at: number, removed: number, line: Line | undefined): void {
    const index = at / STRIDE
    if (this.#own === none) this.#own = []
    // Sparse arrays: their length must reach the place, or splice would act at their end.
    if (this.#own.length < index + removed) this.#own.length = index + removed
    if (this.#decoded.length < index + removed) this.#decoded.length = index + removed
    if (line === undefined) {
      this.#fields.splice(at, removed * STRIDE)
      this.#own.splice(index, removed)
      this.#decoded.splice(index, removed)
      return
    }
    this.#fields.splice(at, removed * STRIDE, line.number, 0, line.value, line.text.length - 2, line.text.length)
    this.#own.splice(index, removed, line.text)
    this.#decoded.splice(index, removed, undefined)
    if (!line.ascii) this.#plain = false
  }
}

const none: (string | undefined)[] = []

interface Line {
  readonly number: number
  /** `Name: value CRLF`, one character per octet. */
  readonly text: string
  /** Where the value starts. */
  readonly value: number
  readonly ascii: boolean
}

function lineOf(name: string, value: string): Line {
  assertToken(name, 'header name')
  assertPlain(value, name)
  const octets = toOctetText(value.trim())
  return { number: numberOf(name), text: `${name}: ${octets}\r\n`, value: name.length + 2, ascii: isAscii(octets) }
}

function numberOf(name: string): number {
  return name === '' ? 0 : lookUpName(name, 0, name.length)
}

/** Line end and blanks around it become one SP (RFC 3261 §7.3.1). */
function unfold(text: string): string {
  return text.includes('\n') ? text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join(' ') : text
}

/** Throws BuildError `missing-header`: an accessor met a message that was built without the field. */
export function missing(header: string): never {
  throw new BuildError('missing-header', `${header} is missing`, header)
}

import { isBlank, isToken, skipBlanks, trimBlanks } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertPlain, assertToken } from '../guards.js'
import { equalsLower } from '../header-names.js'
import { closingQuote, quoteString, unquoteString } from '../quoting.js'

/** Names and values to build parameters from; a value that is undefined or '' makes a flag. */
export type ParameterList = Iterable<readonly [name: string, value: string | number | undefined]>

/**
 * Parameters of a URI or a header field, in order, names compared without case (RFC 3261 §7.3.1, §19.1.1).
 * Immutable; kept as text and read when asked for. Of two with one name the first counts.
 */
export class Parameters implements Iterable<[name: string, value: string]> {
  static readonly empty: Parameters = /* @__PURE__ */ new Parameters('', ';')
  readonly #text: string
  readonly #separator: string

  private constructor(text: string, separator: string) {
    this.#text = text
    this.#separator = separator
  }

  /** From names and values; a value that is not a token, host or quoted string is quoted. Throws BuildError. */
  static of(list: ParameterList): Parameters {
    return Parameters.join(list, ';')
  }

  /** Parameters with another separator, as those of a challenge. Throws BuildError. */
  static join(list: ParameterList, separator: string): Parameters {
    let text = ''
    for (const [name, value] of list) text += separator + print(name, value)
    return text === '' && separator === ';' ? Parameters.empty : new Parameters(text, separator)
  }

  /** Over text as received, e.g. `;a=b;c`. Throws ParseError on a quote that is not closed. */
  static read(text: string, separator = ';'): Parameters {
    if (text === '' && separator === ';') return Parameters.empty
    for (let open = text.indexOf('"'); open >= 0; ) {
      const close = closingQuote(text, open)
      if (close < 0) throw new ParseError('header-value', 'quoted string is not closed', { offset: open })
      open = text.indexOf('"', close + 1)
    }
    return new Parameters(text, separator)
  }

  /** The value: '' for a flag, a quoted string without its quotes; undefined when there is no such parameter. */
  get(name: string): string | undefined {
    const raw = this.raw(name)
    return raw === undefined ? undefined : unquoteString(raw)
  }

  /** The value as written, quotes included. */
  raw(name: string): string | undefined {
    if (this.#text === '') return undefined
    let found: string | undefined
    const lower = name.toLowerCase()
    this.#each((start, end) => {
      const text = this.#text
      if (end - start < lower.length || !equalsLower(text, start, lower)) return true
      const at = skipBlanks(text, start + lower.length, end)
      if (at < end && text.charCodeAt(at) !== 61) return true
      found = at < end ? text.slice(skipBlanks(text, at + 1, end), end) : ''
      return false
    })
    return found
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined
  }

  /** A copy where `name` has this value, at its old place or at the end; undefined takes it out. Throws BuildError. */
  with(name: string, value: string | number | undefined): Parameters {
    if (value === undefined) return this.without(name)
    const part = this.#separator + print(name, value)
    let out = ''
    let placed = false
    this.#eachNamed((start, end, own) => {
      if (own.toLowerCase() !== name.toLowerCase()) out += this.#separator + this.#text.slice(start, end)
      else if (!placed) {
        out += part
        placed = true
      }
    })
    return new Parameters(placed ? out : out + part, this.#separator)
  }

  without(name: string): Parameters {
    if (!this.has(name)) return this
    let out = ''
    this.#eachNamed((start, end, own) => {
      if (own.toLowerCase() !== name.toLowerCase()) out += this.#separator + this.#text.slice(start, end)
    })
    return out === '' && this.#separator === ';' ? Parameters.empty : new Parameters(out, this.#separator)
  }

  get size(): number {
    let size = 0
    this.#each(() => ++size > 0)
    return size
  }

  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (const [name, raw] of this.entriesAsWritten()) yield [name, unquoteString(raw)]
  }

  /** Names and values with the quotes they were written with. */
  entriesAsWritten(): [name: string, raw: string][] {
    const entries: [string, string][] = []
    this.#eachNamed((start, end, name) => {
      const equals = skipBlanks(this.#text, start + name.length, end)
      entries.push([name, equals < end ? this.#text.slice(skipBlanks(this.#text, equals + 1, end), end) : ''])
    })
    return entries
  }

  /** `;a=b;c`, or `a=b, c` for a challenge; empty parameters and stray blanks are gone. */
  toString(): string {
    const parts = this.entriesAsWritten().map(([name, raw]) => (raw === '' ? name : `${name}=${raw}`))
    if (this.#separator !== ';') return parts.join(', ')
    return parts.length === 0 ? '' : `;${parts.join(';')}`
  }

  #eachNamed(visit: (start: number, end: number, name: string) => void): void {
    this.#each((start, end) => {
      const equals = this.#text.indexOf('=', start)
      const stop = equals < 0 || equals > end ? end : equals
      visit(start, end, this.#text.slice(start, trimBlanks(this.#text, start, stop)))
      return true
    })
  }

  /** Visits every non-empty parameter until the visitor says false. One pass: the next quote is looked for once. */
  #each(visit: (start: number, end: number) => boolean): void {
    const text = this.#text
    let quote = text.indexOf('"')
    for (let from = 0; from < text.length; ) {
      let stop = text.indexOf(this.#separator, from)
      while (quote >= 0 && stop >= 0 && quote < stop) {
        const close = closingQuote(text, quote)
        if (close > stop) stop = text.indexOf(this.#separator, close)
        quote = text.indexOf('"', close + 1)
      }
      if (stop < 0) stop = text.length
      const start = skipBlanks(text, from, stop)
      const end = trimBlanks(text, start, stop)
      // A name is needed: `;;`, `;=` and `;=x` hold nothing anybody could ask for.
      if (start < end && text.charCodeAt(start) !== 61 && !visit(start, end)) return
      from = stop + 1
    }
  }
}

function print(name: string, value: string | number | undefined): string {
  assertToken(name, 'parameter name')
  if (value === undefined || value === '') return name
  const text = String(value)
  assertPlain(text, name)
  return `${name}=${isPlainValue(text) ? text : quoteString(text)}`
}

/** gen-value or uri-parameter value that needs no quotes: token, host with brackets, or an already quoted string. */
function isPlainValue(text: string): boolean {
  if (isToken(text)) return true
  if (text.charCodeAt(0) === 34) return closingQuote(text, 0) === text.length - 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isBlank(code) || code < 33 || code > 126 || '";,<>=?@\\'.includes(text.charAt(at))) return false
  }
  return true
}

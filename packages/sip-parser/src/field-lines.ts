import { PLACE } from './field-index.js'
import { assertPlain, assertToken } from './guards.js'
import type { HeaderFields } from './header-fields.js'
import { CONTENT_TYPE, numberOf } from './header-names.js'
import { isAscii, Source, sourceOfText } from './octets.js'

/**
 * Header lines to be appended in one go. Values are checked when all are there: two native searches per line of one text
 * are cheaper than looking at every value alone.
 */
export class FieldLines {
  #text = ''
  readonly #places: number[] = []
  /** A Content-Type was added. */
  typed = false

  /** Throws BuildError on a name that is no token. */
  add(name: string, value: string): void {
    const number = numberOf(name)
    if (number === 0) assertToken(name, name)
    if (number === CONTENT_TYPE) this.typed = true
    const trimmed = value.trim()
    if (trimmed.length < value.length) assertPlain(value, name)
    const start = this.#text.length
    const line = `${name}: ${trimmed}\r\n`
    this.#text += line
    this.#places.push(number, start, start + name.length, start + line.length)
  }

  /** Throws BuildError when a value holds CR, LF or NUL. */
  appendTo(headers: HeaderFields): void {
    const text = this.#text
    const places = this.#places
    let plain = !text.includes('\0')
    for (let at = 0; at < places.length && plain; at += PLACE) {
      const start = places[at + 1] ?? 0
      const next = places[at + 3] ?? 0
      plain = text.indexOf('\n', start) === next - 1 && text.indexOf('\r', start) === next - 2
    }
    if (plain && isAscii(text)) headers.appendAll(new Source(text, true), places)
    else this.#appendOneByOne(headers)
  }

  #appendOneByOne(headers: HeaderFields): void {
    const lines: Source[] = []
    for (let at = 0; at < this.#places.length; at += PLACE) {
      const [, start = 0, colon = 0, next = 0] = this.#places.slice(at, at + PLACE)
      assertPlain(this.#text.slice(colon, next - 2), this.#text.slice(start, colon))
      lines.push(sourceOfText(this.#text.slice(start, next)))
    }
    lines.forEach((line, index) => {
      const [number = 0, start = 0, colon = 0] = this.#places.slice(index * PLACE, index * PLACE + 3)
      headers.appendAll(line, [number, 0, colon - start, line.text.length])
    })
  }
}

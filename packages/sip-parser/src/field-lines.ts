import { PLACE } from './field-index.js'
import { assertPlain, assertToken, isPlain } from './guards.js'
import type { HeaderFields } from './header-fields.js'
import { CONTENT_TYPE, numberOf } from './header-names.js'
import { isAscii, Source } from './octets.js'

/**
 * Header lines to be appended in one go. Values are checked when all are there: native searches of one text
 * are cheaper than looking at every value alone.
 */
export class FieldLines {
  #text = ''
  /** All values, one behind the other. */
  #values = ''
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
    this.#values += trimmed
    this.#text += `${name}: ${trimmed}\r\n`
    this.#places.push(number, start, start + name.length, this.#text.length)
  }

  /** Throws BuildError when a value holds CR, LF or NUL. */
  appendTo(headers: HeaderFields): void {
    const text = this.#text
    const places = this.#places
    if (isPlain(this.#values) && isAscii(this.#values)) headers.appendAll(new Source(text, true), places)
    else {
      // One of them is at fault, or each gets octets of its own.
      for (let at = 0; at < places.length; at += PLACE) {
        const colon = places[at + 2] ?? 0
        headers.append(text.slice(places[at + 1], colon), text.slice(colon + 2, (places[at + 3] ?? 0) - 2))
      }
    }
  }
}

import { nameOf, numberOf } from '../header-names.js'
import { sourceOfText } from '../octets.js'

/** Where something stands in a message, in octets. */
export interface Place {
  readonly offset: number
  readonly length: number
}

/** Finds start line and header fields in the text of a message, one character per octet. */
export class Places {
  readonly #text: string
  readonly #startLine: Place
  readonly #fields = new Map<string, Place[]>()

  constructor(text: string) {
    this.#text = text
    const start = /[^\r\n]|$/.exec(text)?.index ?? 0
    this.#startLine = { offset: start, length: lineEnd(text, start) - start }
    for (let at = nextLine(text, lineEnd(text, start)); at < text.length; ) {
      const end = lineEnd(text, at)
      if (end === at) break
      const [before = '', name = ''] = /^([\w\-.!%*+`'~]+)\s*:\s*/.exec(text.slice(at, end)) ?? []
      const key = keyOf(name)
      const places = this.#fields.get(key) ?? []
      places.push({ offset: at + before.length, length: Math.max(0, end - at - before.length) })
      this.#fields.set(key, places)
      at = nextLine(text, end)
    }
  }

  /** Where the text stands in a field of the name: in any of them, else the value of the first; the start line for '' or a field that is not there. */
  find(header: string, text: string | undefined): Place {
    const places = header === '' ? [] : this.#fields.get(keyOf(header)) ?? []
    for (const { offset, length } of places.length === 0 ? [this.#startLine] : places) {
      const wanted = sourceOfText(text ?? '').text
      const at = wanted === '' ? -1 : this.#text.slice(offset, offset + length).toLowerCase().indexOf(wanted.toLowerCase())
      if (at >= 0) return { offset: offset + at, length: wanted.length }
    }
    // What is said twice is pointed at where it is said again.
    return (text === undefined ? places.at(-1) : places[0]) ?? this.#startLine
  }
}

function keyOf(name: string): string {
  return (nameOf(numberOf(name)) || name).toLowerCase()
}

/** Where a line ends that may go on, folded, in more lines; without its CR. */
function lineEnd(text: string, at: number): number {
  let feed = text.indexOf('\n', at)
  while (feed > at + 1 && (text[feed + 1] === ' ' || text[feed + 1] === '\t')) feed = text.indexOf('\n', feed + 1)
  const end = feed < 0 ? text.length : feed
  return text[end - 1] === '\r' && end > at ? end - 1 : end
}

function nextLine(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1
}

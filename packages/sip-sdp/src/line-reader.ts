import type { SdpLimits } from './limits.js'
import { SdpError, type SdpErrorCode } from './sdp-error.js'

/** What `LineReader.next()` gives behind the last line. */
export const END = 0

const EQUALS = 0x3d

/** Walks a description line by line without cutting it up; looks at each character a constant number of times. */
export class LineReader {
  readonly text: string
  /** Number of the current line, from 1. */
  line = 0
  /** Where the current line starts: its type letter. */
  start = 0
  /** Where the current line's value ends: its CR or LF. */
  end = 0

  readonly #maxLines: number
  #position = 0
  #nextColon = -1
  #nextReturn = -1

  constructor(text: string, limits: SdpLimits) {
    if (text.length > limits.maxBytes) throw new SdpError('too-large', `The description is longer than ${limits.maxBytes} bytes`)
    if (text.includes('\0')) throw new SdpError('bad-character', 'The description contains a NUL')
    this.text = text
    this.#maxLines = limits.maxLines
  }

  /**
   * Steps to the next line that is not empty. LF alone ends a line as CRLF does (RFC 8866 §5).
   * @returns the code of its type letter, or `END`
   */
  next(): number {
    const { text } = this
    for (;;) {
      const start = this.#position
      if (start >= text.length) return END
      let end = text.indexOf('\n', start)
      if (end === -1) end = text.length
      this.#position = end + 1
      this.line += 1
      if (this.line > this.#maxLines) throw this.fault('too-large', `The description has more than ${this.#maxLines} lines`)
      if (this.#carriageReturn(start) < end) {
        end -= 1
        if (this.#nextReturn !== end) throw this.fault('bad-character', 'A CR stands inside a line')
      }
      if (end === start) continue
      if (text.charCodeAt(start + 1) !== EQUALS) throw this.fault('bad-line', 'A line must be a letter, "=" and a value')
      this.start = start
      this.end = end
      return text.charCodeAt(start)
    }
  }

  /** The current line's value: all behind `=`. */
  value(): string {
    return this.text.slice(this.start + 2, this.end)
  }

  /** Where the first colon of the current value stands, or -1. */
  colon(): number {
    const from = this.start + 2
    // A colon found further down is remembered, so that no text is searched twice.
    if (this.#nextColon < from) this.#nextColon = this.#find(':', from)
    return this.#nextColon < this.end ? this.#nextColon : -1
  }

  /** The current value's words, no more than one above `limit`. */
  words(limit: number): string[] {
    const words = this.value().split(' ', limit + 1)
    return words.includes('') ? words.filter((word) => word !== '') : words
  }

  /** An error at the current line. */
  fault(code: SdpErrorCode, message: string): SdpError {
    return new SdpError(code, message, this.line)
  }

  #carriageReturn(from: number): number {
    if (this.#nextReturn < from) this.#nextReturn = this.#find('\r', from)
    return this.#nextReturn
  }

  #find(character: string, from: number): number {
    const found = this.text.indexOf(character, from)
    return found === -1 ? Infinity : found
  }
}

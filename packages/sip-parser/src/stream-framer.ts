import { ParseError } from './errors.js'
import { indexFields } from './field-index.js'
import { defaultLimits, type Limits } from './limits.js'
import { sourceOf } from './octets.js'
import type { SipRequest } from './request.js'
import { salvageRequest } from './salvage-request.js'

/** What came out of a stream, in order. */
export type FramedItem =
  | { readonly type: 'message'; readonly bytes: Uint8Array }
  /** CRLF CRLF: the peer wants a CRLF back (RFC 5626 §3.5.1). */
  | { readonly type: 'ping' }
  /** A CRLF alone. */
  | { readonly type: 'pong' }
  /** The place of the next message is lost: the stream is to be closed. */
  | { readonly type: 'error'; readonly error: ParseError<SipRequest> }

/**
 * Cuts a byte stream into messages by Content-Length, 0 when absent (RFC 3261 §18.3). Memory follows the bytes that came, never a number the peer announced.
 * A CRLF with which a push ends is reported as a pong at once; if the next push makes it a CRLF CRLF, a ping is reported as well.
 */
export class StreamFramer {
  readonly #limits: Limits
  #buffer: Uint8Array = new Uint8Array(0)
  #size = 0
  /** From where the end of the header section is still to be looked for. */
  #scanned = 0
  /** Size of the message at the start of the buffer, once its header section is whole. */
  #expected = 0
  /** The last item was a pong made of the CRLF just before. */
  #halfPing = false
  #failed = false

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...defaultLimits, ...limits }
  }

  /** Bytes that wait for the rest of their message. */
  get buffered(): number {
    return this.#size
  }

  /** Takes the next bytes of the stream; they are not kept. After an error item nothing more comes. */
  push(bytes: Uint8Array): FramedItem[] {
    const items: FramedItem[] = []
    if (this.#failed) return items
    this.#append(bytes)
    let start = 0
    try {
      for (let next = this.#next(start, items); next > start; next = this.#next(start, items)) start = next
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      this.#failed = true
      const request = salvageRequest(sourceOf(this.#buffer.subarray(start, Math.min(this.#size, start + this.#limits.maxHeaderBytes))))
      items.push({ type: 'error', error: (error as ParseError<SipRequest>).with({ request }) })
      start = this.#size
    }
    this.#drop(start)
    return items
  }

  #append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length
    if (size > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(size, Math.min(2 * this.#buffer.length, size + 65_536)))
      grown.set(this.#buffer.subarray(0, this.#size))
      this.#buffer = grown
    }
    this.#buffer.set(bytes, this.#size)
    this.#size = size
  }

  #drop(count: number): void {
    if (count === 0) return
    this.#size -= count
    if (this.#size === 0) this.#buffer = new Uint8Array(0)
    else this.#buffer = this.#buffer.slice(count, count + this.#size)
  }

  /** Takes one item that starts at `start`; returns where the next one starts, or `start` when bytes are missing. */
  #next(start: number, items: FramedItem[]): number {
    if (start >= this.#size) return start
    if (this.#expected === 0) {
      const first = this.#buffer[start]
      if (first === 13 || first === 10) return this.#lineEnd(start, items)
      this.#halfPing = false
      const end = this.#endOfHeader(start)
      if (end < 0) return start
      this.#expected = this.#measure(start, end)
    }
    if (this.#size - start < this.#expected) return start
    const end = start + this.#expected
    items.push({ type: 'message', bytes: this.#buffer.slice(start, end) })
    this.#expected = 0
    this.#scanned = 0
    return end
  }

  #lineEnd(start: number, items: FramedItem[]): number {
    if (this.#buffer[start] === 10) return start + 1
    if (start + 1 >= this.#size) return start
    if (this.#buffer[start + 1] !== 10) throw new ParseError('control-character', 0)
    const double = this.#buffer[start + 2] === 13 && this.#buffer[start + 3] === 10 && start + 3 < this.#size
    items.push({ type: double || this.#halfPing ? 'ping' : 'pong' })
    const end = start + (double && !this.#halfPing ? 4 : 2)
    this.#halfPing = !double && !this.#halfPing
    return end
  }

  /** Offset after the empty line, or -1; goes on where the last search stopped. */
  #endOfHeader(start: number): number {
    const buffer = this.#buffer
    let feed = buffer.indexOf(10, start + this.#scanned)
    while (feed >= 0 && feed < this.#size) {
      if (buffer[feed + 1] === 10 && feed + 1 < this.#size) return feed + 2
      if (buffer[feed + 1] === 13 && buffer[feed + 2] === 10 && feed + 2 < this.#size) return feed + 3
      if (feed + 2 >= this.#size) break
      feed = buffer.indexOf(10, feed + 1)
    }
    const waiting = this.#size - start
    if (waiting > this.#limits.maxHeaderBytes) throw new ParseError('too-large', this.#limits.maxHeaderBytes)
    this.#scanned = (feed >= 0 && feed < this.#size ? feed : this.#size) - start
    return -1
  }

  #measure(start: number, end: number): number {
    const source = sourceOf(this.#buffer.subarray(start, end))
    const index = indexFields(source, source.text.indexOf('\n') + 1, this.#limits, false)
    const size = index.end + Math.max(0, index.contentLength)
    if (size > this.#limits.maxMessageBytes) throw new ParseError('too-large', this.#limits.maxMessageBytes)
    return size
  }
}

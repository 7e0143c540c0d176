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
 *
 * CRLF CRLF in one push is a ping, a CRLF alone a pong, reported at once. Two CRLFs in two pushes are two pongs or one ping cut in half,
 * nobody can tell: they are reported as two pongs and a ping.
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

  /** Takes the next bytes of the stream, which are neither kept nor changed. After an error item nothing more comes. */
  push(bytes: Uint8Array): FramedItem[] {
    const items: FramedItem[] = []
    if (this.#failed) return items
    const borrowed = this.#size === 0
    if (borrowed) this.#buffer = bytes
    else this.#append(bytes)
    this.#size += bytes.length
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
    if (borrowed || start > 0) this.#buffer = copyOf(this.#buffer, start, this.#size)
    this.#size -= start
    return items
  }

  #append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length
    if (size > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#buffer.length))
      grown.set(this.#buffer.subarray(0, this.#size))
      this.#buffer = grown
    }
    this.#buffer.set(bytes, this.#size)
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
    items.push({ type: 'message', bytes: copyOf(this.#buffer, start, end) })
    this.#expected = 0
    this.#scanned = 0
    return end
  }

  #lineEnd(start: number, items: FramedItem[]): number {
    if (this.#buffer[start] === 10) return start + 1
    if (start + 1 >= this.#size) return start
    if (this.#buffer[start + 1] !== 10) throw new ParseError('control-character', 0)
    const double = this.#buffer[start + 2] === 13 && this.#buffer[start + 3] === 10 && start + 3 < this.#size
    if (double && !this.#halfPing) {
      items.push({ type: 'ping' })
      return start + 4
    }
    items.push({ type: 'pong' })
    if (this.#halfPing) items.push({ type: 'ping' })
    this.#halfPing = !this.#halfPing
    return start + 2
  }

  /** Offset after the empty line, or -1; goes on where the last search stopped. */
  #endOfHeader(start: number): number {
    const size = this.#size
    // Without the room to grow: a search that finds nothing would go through all of it, at every push.
    const buffer = this.#buffer.subarray(0, size)
    let feed = indexOrEnd(buffer, start + this.#scanned, size)
    while (feed < size) {
      if (buffer[feed + 1] === 10 && feed + 1 < size) return feed + 2
      if (buffer[feed + 1] === 13 && buffer[feed + 2] === 10 && feed + 2 < size) return feed + 3
      if (feed + 2 >= size) break
      feed = indexOrEnd(buffer, feed + 1, size)
    }
    if (size - start > this.#limits.maxHeaderBytes) throw new ParseError('too-large', this.#limits.maxHeaderBytes)
    this.#scanned = feed - start
    return -1
  }

  #measure(start: number, end: number): number {
    const source = sourceOf(this.#buffer.subarray(start, end))
    const index = indexFields(source, source.text.indexOf('\n') + 1, this.#limits)
    const size = index.end + Math.max(0, index.contentLength)
    if (size > this.#limits.maxMessageBytes) throw new ParseError('too-large', this.#limits.maxMessageBytes)
    return size
  }
}

/** Where the next LF stands, or `end`. */
function indexOrEnd(bytes: Uint8Array, start: number, end: number): number {
  // The buffer goes on behind `end`.
  const feed = bytes.subarray(start, end).indexOf(10)
  return feed < 0 ? end : start + feed
}

/** A copy even where `slice` would give a view, as that of Node's Buffer does. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start)
  copy.set(bytes.subarray(start, end))
  return copy
}

// Inside, a message is a string with one character per octet, so that string offsets are byte offsets.

/** What Node's Buffer can do by itself; other byte arrays take the slower way. */
interface SelfDecoding {
  utf8Slice(start: number, end: number): string
  latin1Slice(start: number, end: number): string
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
const strictUtf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
export const encoder: TextEncoder = /* @__PURE__ */ new TextEncoder()

/** The octets of a message, or of a value read alone, in both forms: single octets are tested in the one, found and cut out in the other. */
export class Source {
  /** No octets. */
  static readonly empty: Source = /* @__PURE__ */ new Source('', true)
  /** One character per octet. */
  readonly text: string
  /** All octets are below 128: no part needs UTF-8 decoding. */
  readonly ascii: boolean
  /** Some line ends without CR. */
  bareLineFeed = false
  #bytes: Uint8Array | undefined

  constructor(text: string, ascii: boolean, bytes?: Uint8Array) {
    this.text = text
    this.ascii = ascii
    this.#bytes = bytes
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= octetsOf(this.text))
  }
}

/** Octets with their text. A UTF-8 decoding as long as its input, without replacement characters, is pure ASCII: that is the quick way. */
export function sourceOf(bytes: Uint8Array): Source {
  const size = bytes.length
  const native = bytes as Uint8Array & Partial<SelfDecoding>
  let text = native.utf8Slice?.(0, size) ?? utf8.decode(bytes)
  const ascii = text.length === size && !text.includes('\ufffd')
  if (!ascii) {
    text = native.latin1Slice?.(0, size) ?? ''
    for (let at = text.length; at < size; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  }
  return new Source(text, ascii, bytes)
}

/** Text as UTF-8 octets. */
export function sourceOfText(text: string): Source {
  return isAscii(text) ? new Source(text, true) : sourceOf(encodeUtf8(text))
}

/** Text of the octets in [start, end); what is not UTF-8 is taken as Latin-1. */
export function slice({ text, ascii }: Source, start: number, end: number): string {
  const part = text.slice(start, end)
  if (ascii || isAscii(part)) return part
  try {
    return strictUtf8.decode(octetsOf(part))
  } catch {
    return part
  }
}

/** Writes text with one character per octet at the start of `target`, which is large enough. */
export function writeOctets(text: string, target: Uint8Array): void {
  // Natively what is ASCII; what that leaves behind when it is not is written over.
  const { read, written } = encoder.encodeInto(text, target)
  if (read < text.length || written > read) for (let at = 0; at < text.length; at++) target[at] = text.charCodeAt(at)
}

/** Text to UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

function octetsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  writeOctets(text, bytes)
  return bytes
}

/** Whether all characters are below 128. */
export function isAscii(text: string): boolean {
  if (text.length < 32 || text.length > scratch.length) return !/[\u0080-\uffff]/.test(text)
  // The native way, for what it costs to call it.
  return encoder.encodeInto(text, scratch).written === text.length
}

const scratch: Uint8Array = /* @__PURE__ */ new Uint8Array(4096)

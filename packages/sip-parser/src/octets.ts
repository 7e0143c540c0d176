// Inside, a message is a string with one character per octet, so that string offsets are byte offsets.

/** What Node's Buffer can do by itself; other byte arrays take the slower way. */
interface SelfDecoding {
  utf8Slice(start: number, end: number): string
  latin1Slice(start: number, end: number): string
}

/** The octets of a message, or of a value read alone, in both forms: single octets are tested in the one, found and cut out in the other. */
export interface Source {
  readonly bytes: Uint8Array
  /** One character per octet. */
  readonly text: string
  /** All octets are below 128: no part needs UTF-8 decoding. */
  readonly ascii: boolean
  /** What is known of commas: there is none from `commaFrom` up to `comma`. */
  commaFrom: number
  comma: number
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
const strictUtf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
const encoder = /* @__PURE__ */ new TextEncoder()

/**
 * Octets with their text. A UTF-8 decoding as long as its input, without replacement characters, is pure ASCII: that is the quick way.
 */
export function sourceOf(bytes: Uint8Array): Source {
  const size = bytes.length
  const native = bytes as Uint8Array & Partial<SelfDecoding>
  const quick = native.utf8Slice !== undefined ? native.utf8Slice(0, size) : utf8.decode(bytes)
  if (quick.length === size && !quick.includes('\ufffd')) return makeSource(bytes, quick, true)
  if (native.latin1Slice !== undefined) return makeSource(bytes, native.latin1Slice(0, size), false)
  let text = ''
  for (let at = 0; at < size; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return makeSource(bytes, text, false)
}

/** Text as UTF-8 octets. */
export function sourceOfText(text: string): Source {
  const bytes = encoder.encode(text)
  return bytes.length === text.length ? makeSource(bytes, text, true) : sourceOf(bytes)
}

/** Octets and their text, when both are there. */
export function makeSource(bytes: Uint8Array, text: string, ascii: boolean): Source {
  return { bytes, text, ascii, commaFrom: 0, comma: -1 }
}

/** Whether there is a comma in [start, end). Going forward, no octet is searched twice. */
export function hasComma(source: Source, start: number, end: number): boolean {
  if (start < source.commaFrom || start > source.comma) {
    const at = source.text.indexOf(',', start)
    source.commaFrom = start
    source.comma = at < 0 ? source.text.length : at
  }
  return source.comma < end
}

/** Text of the octets in [start, end); what is not UTF-8 is taken as Latin-1. */
export function slice(source: Source, start: number, end: number): string {
  const text = source.text.slice(start, end)
  return source.ascii ? text : fromOctetText(text)
}

/** Writes text at the start of `target`, which has room for its length; false when it is not ASCII, what was written then counts for nothing. */
export function writeAscii(text: string, target: Uint8Array): boolean {
  const { read, written } = encoder.encodeInto(text, target)
  return read === text.length && written === read
}

/** Writes text with one character per octet at the start of `target`, which is large enough. */
export function writeOctets(text: string, target: Uint8Array): void {
  for (let at = 0; at < text.length; at++) target[at] = text.charCodeAt(at)
}

/** Whether every character is below 128. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

/** Unicode text to the one-character-per-octet text of its UTF-8 form. */
export function toOctetText(text: string): string {
  return sourceOfText(text).text
}

/** The reverse; text that is not UTF-8 is taken as Latin-1 and returned as it is. */
export function fromOctetText(text: string): string {
  if (isAscii(text)) return text
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return text
  }
}

/** Text to UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

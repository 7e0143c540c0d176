import type { Diagnostic, DiagnosticCode } from '../diagnostics.js'
import { ParseError } from '../errors.js'
import { encodeUtf8, sourceOfText } from '../octets.js'
import type { SipMessage } from '../parse-message.js'
import type { Result } from '../result.js'
import { MediaType } from '../values/media-type.js'
import { bareContentId, BodyPart, type Multipart } from './body-part.js'
import { findDelimiter } from './delimiter.js'
import { readPartHead } from './part-head.js'
import { resultOf } from './result-of.js'

/** Bounds of a multipart body, checked before anything is made for what they bound. */
export interface MultipartLimits {
  /** How deep bodies may hold bodies; 1 allows no body inside one. Default 8. */
  readonly maxDepth: number
  /** Parts of all depths together. Default 64. */
  readonly maxParts: number
}

export const defaultMultipartLimits: MultipartLimits = { maxDepth: 8, maxParts: 64 }

/** What one reading goes by, at every depth. */
interface Reading {
  readonly bytes: Uint8Array
  readonly limits: MultipartLimits
  readonly diagnostics: Diagnostic[]
  parts: number
}

/**
 * Reads a multipart body (RFC 2046 §5.1, RFC 5621 §4), in one pass over the octets for each depth. They are shared, not copied.
 * A missing close delimiter, a part without header section and the like are diagnostics; a missing `boundary` parameter, a body without any delimiter
 * (`multipart`), too many parts or depths (`too-many-parts`, `too-deep`) and control characters in the header of a part are errors. Offsets count from the start of `body`.
 *
 * @example parseMultipart(message.body, message.headers.get('Content-Type') ?? '')
 */
export function parseMultipart(body: Uint8Array, contentType: MediaType | string, limits: Partial<MultipartLimits> = {}): Result<Multipart, ParseError> {
  return resultOf(() => {
    const source = sourceOfText(String(contentType))
    const type = contentType instanceof MediaType ? contentType : MediaType.read(source, 0, source.text.length)
    const multipart = split({ bytes: body, limits: { ...defaultMultipartLimits, ...limits }, diagnostics: [], parts: 0 }, 0, body.length, type, 1)
    return multipart ?? fail('multipart', 0)
  })
}

/** The body of a message with the parts in it, whatever its type: see `parseMultipart`. */
export function readBody(message: Pick<SipMessage, 'headers' | 'body'>, limits?: Partial<MultipartLimits>): Result<BodyPart, ParseError> {
  const { headers, body } = message
  const whole = new BodyPart(headers, body)
  if (!hasParts(whole)) return { ok: true, value: whole }
  const result = parseMultipart(body, whole.contentType, limits)
  return result.ok ? { ok: true, value: new BodyPart(headers, body, body, result.value) } : result
}

function hasParts(part: BodyPart): boolean {
  return part.contentType.type === 'multipart' && part.encodings.length === 0
}

function fail(code: 'multipart' | 'too-deep' | 'too-many-parts', offset: number): never {
  throw new ParseError(code, offset, { section })
}

/** Splits the octets in [start, end); undefined when there is nothing to split them at. Throws ParseError. */
function split(reading: Reading, start: number, end: number, contentType: MediaType, depth: number): Multipart | undefined {
  const { bytes, limits, diagnostics } = reading
  if (depth > limits.maxDepth) fail('too-deep', start)
  const boundary = contentType.parameters.get('boundary')?.trimEnd() ?? ''
  const marker = encodeUtf8(`--${boundary}`)
  const first = /^$|[\r\n]/.test(boundary) ? undefined : findDelimiter(bytes, start, end, marker)
  if (first === undefined) return undefined
  const parts: BodyPart[] = []
  let delimiter = first
  while (!delimiter.close) {
    const next = findDelimiter(bytes, delimiter.end, end, marker) ?? { start: end, end, close: true }
    if (next.start === end) report(reading, 'no-close-delimiter', end)
    // A delimiter that the body ends with opens no part.
    if (delimiter.end < end) {
      if (++reading.parts > limits.maxParts) fail('too-many-parts', delimiter.end)
      parts.push(readPart(reading, delimiter.end, next.start, contentType, depth))
    }
    delimiter = next
  }
  if (parts.length === 0) report(reading, 'no-parts', start)
  const id = contentType.parameters.get('start')
  return {
    contentType, parts, root: parts.find((part) => id !== undefined && part.contentId === bareContentId(id)) ?? parts[0],
    preamble: bytes.subarray(start, first.start), epilogue: bytes.subarray(delimiter.end, end), diagnostics,
  }
}

function readPart(reading: Reading, start: number, end: number, { subtype }: MediaType, depth: number): BodyPart {
  const { bytes } = reading
  const { headers, body, odd } = readPartHead(bytes, start, end)
  if (odd !== undefined) report(reading, odd.code, odd.offset)
  const make = (multipart?: Multipart): BodyPart => new BodyPart(headers, bytes.subarray(body, end), bytes.subarray(start, end), multipart, subtype === 'digest' ? 'message/rfc822' : undefined)
  const part = make()
  if (!hasParts(part)) return part
  const multipart = split(reading, body, end, part.contentType, depth + 1)
  // The other parts can be read all the same.
  if (multipart === undefined) report(reading, 'multipart', body)
  return make(multipart)
}

const section = 'RFC 2046 §5.1.1'

function report({ diagnostics }: Reading, code: DiagnosticCode, offset: number): void {
  diagnostics.push({ code, offset, severity: 'error', section })
}

import { attempt } from '../attempt.js'
import type { Diagnostic, DiagnosticCode, Severity } from '../diagnostics.js'
import { ParseError } from '../errors.js'
import type { SipMessage } from '../parse-message.js'
import type { Result } from '../result.js'
import { MediaType } from '../values/media-type.js'
import { BodyPart, type Multipart } from './body-part.js'
import { bareContentId } from './content-id.js'
import { dashBoundary, type Delimiter, findDelimiter } from './delimiter.js'
import { readPartHead } from './part-head.js'

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
  try {
    const type = typeof contentType === 'string' ? attempt(MediaType.read, contentType.trim()) : { ok: true as const, value: contentType }
    if (!type.ok) return type
    return { ok: true, value: split({ bytes: body, limits: { ...defaultMultipartLimits, ...limits }, diagnostics: [], parts: 0 }, 0, body.length, type.value, 1) }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error }
    throw error
  }
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

/** Splits the octets in [start, end). Throws ParseError. */
function split(reading: Reading, start: number, end: number, contentType: MediaType, depth: number): Multipart {
  const { bytes, limits, diagnostics } = reading
  if (depth > limits.maxDepth) throw new ParseError('too-deep', start, { section: 'RFC 2046 §5.1.2' })
  const boundary = contentType.parameters.get('boundary')?.trimEnd() ?? ''
  const marker = dashBoundary(boundary)
  const first = boundary === '' || /[\r\n]/.test(boundary) ? undefined : findDelimiter(bytes, start, end, marker)
  if (first === undefined) throw new ParseError('multipart', start, { section: 'RFC 2046 §5.1.1' })
  const parts: BodyPart[] = []
  let delimiter: Delimiter = first
  while (!delimiter.close) {
    const next = findDelimiter(bytes, delimiter.end, end, marker)
    if (next === undefined) {
      report(reading, 'no-close-delimiter', end)
      // A delimiter that the body ends with opens no part.
      if (delimiter.end === end) break
    }
    if (++reading.parts > limits.maxParts) throw new ParseError('too-many-parts', delimiter.end, { section: 'RFC 2046 §5.1' })
    parts.push(readPart(reading, delimiter.end, next?.start ?? end, contentType, depth))
    delimiter = next ?? { start: end, end, close: true }
  }
  if (parts.length === 0) report(reading, 'no-parts', start)
  const id = contentType.parameters.get('start')
  return {
    contentType, parts, root: parts.find((part) => id !== undefined && part.contentId === bareContentId(id)) ?? parts[0],
    preamble: bytes.subarray(start, first.start), epilogue: bytes.subarray(delimiter.end, end), diagnostics,
  }
}

function readPart(reading: Reading, start: number, end: number, within: MediaType, depth: number): BodyPart {
  const { bytes } = reading
  const { headers, body, odd } = readPartHead(bytes, start, end)
  if (odd !== undefined) report(reading, odd.code, odd.offset)
  const octets = bytes.subarray(body, end)
  const whole = bytes.subarray(start, end)
  const defaultType = within.subtype === 'digest' ? 'message/rfc822' : 'text/plain'
  const part = new BodyPart(headers, octets, whole, undefined, defaultType)
  if (!hasParts(part)) return part
  try {
    return new BodyPart(headers, octets, whole, split(reading, body, end, part.contentType, depth + 1), defaultType)
  } catch (error) {
    if (!(error instanceof ParseError) || error.code !== 'multipart') throw error
    // The other parts can be read all the same.
    report(reading, 'multipart', body)
    return part
  }
}

const sections: Partial<Record<DiagnosticCode, string>> = { multipart: '5.1.2' }

function report({ diagnostics }: Reading, code: DiagnosticCode, offset: number, severity: Severity = 'error'): void {
  diagnostics.push({ code, offset, severity, section: `RFC 2046 §${sections[code] ?? '5.1.1'}` })
}

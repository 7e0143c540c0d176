import { isToken } from './characters.js'
import type { Diagnostic, DiagnosticCode } from './diagnostics.js'
import { ParseError } from './errors.js'
import { indexFields, type FieldIndex } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { CALL_ID, CSEQ, FROM, nameOf, TO } from './header-names.js'
import { defaultLimits, type Limits } from './limits.js'
import type { MessageParts } from './message.js'
import { decodeOctets, encodeUtf8, fromOctetText, type OctetText } from './octets.js'
import { SipRequest } from './request.js'
import { SipResponse } from './response.js'
import type { Result } from './result.js'
import { salvageRequest } from './salvage-request.js'
import { readUri } from './values/uri.js'

export type SipMessage = SipRequest | SipResponse

/** How `parseMessage` reads. */
export interface ParseOptions {
  readonly limits?: Partial<Limits>
  /**
   * `datagram` (default): octets beyond Content-Length are cut off, without Content-Length the body goes to the end.
   * `stream`: the body must have the announced size, which is 0 when absent (RFC 3261 §18.3).
   */
  readonly framing?: 'datagram' | 'stream'
}

/**
 * Reads one SIP message. Never throws on what a peer may send.
 * Text is taken as UTF-8. The octets are kept, not copied: do not write to them while the message is in use.
 */
export function parseMessage(input: Uint8Array | string, options: ParseOptions = {}): Result<SipMessage, ParseError<SipRequest>> {
  const limits = options.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits }
  let source: OctetText = nothing
  try {
    // A string never has fewer octets than characters.
    if (input.length > limits.maxMessageBytes) throw tooLarge(limits)
    const bytes = typeof input === 'string' ? encodeUtf8(input) : input
    if (bytes.length > limits.maxMessageBytes) throw tooLarge(limits)
    source = typeof input === 'string' && bytes.length === input.length ? { text: input, ascii: true } : decodeOctets(bytes)
    return { ok: true, value: read(source, bytes, limits, options.framing === 'stream') }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { ok: false, error: (error as ParseError<SipRequest>).with({ request: salvageRequest(source) }) }
  }
}

const nothing: OctetText = { text: '', ascii: true }

function tooLarge(limits: Limits): ParseError {
  return new ParseError('too-large', `message is over ${limits.maxMessageBytes} bytes`, { offset: limits.maxMessageBytes, statusCode: 513 })
}

function read(source: OctetText, bytes: Uint8Array, limits: Limits, stream: boolean): SipMessage {
  const { text } = source
  // CRLF before the start line is to be ignored (RFC 3261 §7.5).
  let start = 0
  while (text.charCodeAt(start) === 13 || text.charCodeAt(start) === 10) start++
  if (start === text.length) throw new ParseError('empty', 'nothing but line ends', { section: 'RFC 3261 §7.5' })
  const feed = text.indexOf('\n', start)
  if (feed < 0 || feed >= limits.maxHeaderBytes) throw new ParseError('start-line', 'start line has no end', { offset: start })
  const lineEnd = text.charCodeAt(feed - 1) === 13 ? feed - 1 : feed
  const line = text.slice(start, lineEnd)
  if (line.includes('\r') || line.includes('\0')) throw new ParseError('control-character', 'CR or NUL in the start line', { offset: start })
  const index = indexFields(text, feed + 1, limits)
  const diagnostics: Diagnostic[] = []
  if (index.bareLineFeed >= 0 || lineEnd === feed) note(diagnostics, 'bare-line-feed', lineEnd === feed ? feed : index.bareLineFeed)
  if (index.open) note(diagnostics, 'no-empty-line', text.length)
  const parts = {
    headers: HeaderFields.over(text, source.ascii, index),
    body: { bytes, start: index.end, end: endOfBody(index, text.length, stream, diagnostics) },
    diagnostics,
  }
  const message = line.charCodeAt(3) === 47 && line.slice(0, 4).toUpperCase() === 'SIP/'
    ? readResponse(line, start, parts)
    : readRequest(line, start, parts, diagnostics)
  checkMandatory(message, index)
  return message
}

function note(diagnostics: Diagnostic[], code: DiagnosticCode, offset: number): void {
  diagnostics.push({ code, offset })
}

function endOfBody(index: FieldIndex, size: number, stream: boolean, diagnostics: Diagnostic[]): number {
  const { contentLength, end } = index
  if (contentLength < 0) {
    note(diagnostics, 'no-content-length', end)
    if (!stream) return size
  }
  const stop = end + Math.max(0, contentLength)
  if (stop > size || (stream && stop < size))
    throw new ParseError('body-length', 'body does not have the announced size', { offset: end, header: 'Content-Length', section: 'RFC 3261 §18.3' })
  if (stop < size) note(diagnostics, 'trailing-octets', stop)
  return stop
}

/** Request-Line = Method SP Request-URI SP SIP-Version (RFC 3261 §7.1). Blanks too many are forgiven and not passed on. */
function readRequest(line: string, offset: number, parts: MessageParts, diagnostics: Diagnostic[]): SipRequest {
  const trimmed = line.trimEnd()
  const first = trimmed.indexOf(' ')
  const last = trimmed.lastIndexOf(' ')
  const method = trimmed.slice(0, Math.max(0, first))
  if (first === last || !isToken(method)) throw new ParseError('start-line', 'not a SIP request or response', { offset, section: 'RFC 3261 §7.1' })
  checkVersion(trimmed.slice(last + 1), offset + last + 1)
  const target = trimmed.slice(first + 1, last).trim()
  const clean = trimmed.length === line.length && target.length === last - first - 1
  if (!clean) note(diagnostics, 'start-line-blanks', offset)
  try {
    const uri = readUri(fromOctetText(target))
    if (uri.scheme !== 'tel' && 'headers' in uri && uri.headers !== undefined)
      throw new ParseError('uri', 'Request-URI has header fields', { offset: target.indexOf('?'), section: 'RFC 3261 §19.1.1' })
    return new SipRequest(method, uri, parts, clean ? line : undefined)
  } catch (error) {
    throw error instanceof ParseError ? error.with({ offset: offset + first + 1 + error.offset }) : error
  }
}

/** Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 §7.2); the reason and its SP may be missing. */
function readResponse(line: string, offset: number, parts: MessageParts): SipResponse {
  const first = line.indexOf(' ')
  checkVersion(line.slice(0, first < 0 ? line.length : first), offset)
  const digits = line.slice(first + 1, first + 4)
  const statusCode = Number(digits)
  const after = line.charAt(first + 4)
  if (first < 0 || !isToken(digits) || !(statusCode >= 100 && statusCode <= 699) || !Number.isInteger(statusCode) || (after !== '' && after !== ' '))
    throw new ParseError('start-line', 'status code is not in 100 to 699', { offset: offset + first + 1, section: 'RFC 3261 §7.2' })
  return new SipResponse(statusCode, fromOctetText(line.slice(first + 5)), parts)
}

function checkVersion(version: string, offset: number): void {
  if (version === 'SIP/2.0' || version.toUpperCase() === 'SIP/2.0') return
  if (version.toUpperCase().startsWith('SIP/'))
    throw new ParseError('version', 'SIP version is not 2.0', { offset, section: 'RFC 3261 §7.1', statusCode: 505 })
  throw new ParseError('start-line', 'not a SIP request or response', { offset, section: 'RFC 3261 §7.1' })
}

/** Reads what every message must have, so that its accessors never fail later (RFC 3261 §8.1.1). */
function checkMandatory(message: SipMessage, index: FieldIndex): void {
  for (const name of [FROM, TO, CALL_ID, CSEQ]) {
    if (((index.seen >> name) & 1) === 0) throw missingField(nameOf(name))
  }
  if (!message.headers.has('Via')) throw missingField('Via')
  if (message.headers.get('Call-ID') === '') throw missingField('Call-ID')
  if ((message.via as unknown) === undefined) throw missingField('Via')
  void message.from
  void message.to
  if (message.kind === 'request' && message.cseq.method !== message.method)
    throw new ParseError('method-mismatch', 'CSeq has another method than the start line', { header: 'CSeq', section: 'RFC 3261 §8.1.1.5' })
  void message.cseq
}

function missingField(header: string): ParseError {
  return new ParseError('missing-header', `${header} is missing`, { header, section: 'RFC 3261 §8.1.1' })
}

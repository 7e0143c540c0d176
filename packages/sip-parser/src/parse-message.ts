import { equalsLower, findOctet, skipBlanks, skipClass, TOKEN, trimBlanks } from './characters.js'
import type { Diagnostic } from './diagnostics.js'
import { BuildError, ParseError } from './errors.js'
import { indexFields, type FieldIndex } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { defaultLimits, type Limits } from './limits.js'
import type { MessageParts } from './message.js'
import { slice, sourceOf, sourceOfText, type Source } from './octets.js'
import { SipRequest } from './request.js'
import { SipResponse } from './response.js'
import type { Result } from './result.js'
import { salvageRequest } from './salvage-request.js'
import { SipUri } from './values/sip-uri.js'
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
  let source: Source | undefined
  try {
    // A text never has fewer octets than characters.
    checkSize(input.length, limits)
    source = typeof input === 'string' ? sourceOfText(input) : sourceOf(input)
    checkSize(source.bytes.length, limits)
    return { ok: true, value: read(source, limits, options.framing === 'stream') }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const request = source && salvageRequest(source)
    return { ok: false, error: request === undefined ? (error as ParseError<SipRequest>) : (error as ParseError<SipRequest>).with({ request }) }
  }
}

function checkSize(size: number, limits: Limits): void {
  if (size > limits.maxMessageBytes) throw new ParseError('too-large', limits.maxMessageBytes)
}

function read(source: Source, limits: Limits, stream: boolean): SipMessage {
  const { text, bytes } = source
  // CRLF before the start line is to be ignored (RFC 3261 §7.5).
  let start = 0
  while (bytes[start] === 13 || bytes[start] === 10) start++
  if (start === bytes.length) throw new ParseError('empty', 0)
  const feed = text.indexOf('\n', start)
  if (feed < 0 || feed >= limits.maxHeaderBytes) throw new ParseError('start-line', start)
  const lineEnd = bytes[feed - 1] === 13 ? feed - 1 : feed
  if (findOctet(bytes, start, lineEnd, 13) < lineEnd) throw new ParseError('control-character', start)
  const index = indexFields(source, feed + 1, limits, false)
  const diagnostics: Diagnostic[] = []
  if (index.bareLineFeed >= 0 || lineEnd === feed) diagnostics.push({ code: 'bare-line-feed', offset: lineEnd === feed ? feed : index.bareLineFeed })
  if (index.open) diagnostics.push({ code: 'no-empty-line', offset: bytes.length })
  const end = endOfBody(index, bytes.length, stream, diagnostics)
  const parts = { headers: HeaderFields.of(index.fields, index.bareLineFeed >= 0, source.ascii), bytes, start: index.end, end, diagnostics }
  const message = equalsLower(bytes, start, 'sip/')
    ? readResponse(source, start, lineEnd, parts)
    : readRequest(source, start, lineEnd, parts, diagnostics)
  return checkMandatory(message, index.end)
}

function endOfBody(index: FieldIndex, size: number, stream: boolean, diagnostics: Diagnostic[]): number {
  const { contentLength, end } = index
  if (contentLength < 0) {
    diagnostics.push({ code: 'no-content-length', offset: end })
    if (!stream) return size
  }
  const stop = end + Math.max(0, contentLength)
  if (stop > size || (stream && stop < size)) throw new ParseError('body-length', end, { header: 'Content-Length' })
  if (stop < size) diagnostics.push({ code: 'trailing-octets', offset: stop })
  return stop
}

/** Request-Line = Method SP Request-URI SP SIP-Version (RFC 3261 §7.1). Blanks too many are forgiven and not passed on. */
function readRequest(source: Source, start: number, lineEnd: number, parts: MessageParts, diagnostics: Diagnostic[]): SipRequest {
  const { bytes } = source
  const end = trimBlanks(bytes, start, lineEnd)
  const methodEnd = skipClass(bytes, start, end, TOKEN)
  let version = end
  while (version > methodEnd && bytes[version - 1] !== 32) version--
  const target = skipBlanks(bytes, methodEnd, version)
  const targetEnd = trimBlanks(bytes, target, version)
  if (methodEnd === start || target === methodEnd || target >= targetEnd) throw new ParseError('start-line', start)
  checkVersion(bytes, version, end)
  const clean = end === lineEnd && target - methodEnd === 1 && version - targetEnd === 1
  if (!clean) diagnostics.push({ code: 'start-line-blanks', offset: start })
  const uri = readUri(source, target, targetEnd)
  // A URI with header fields is a recipe for a request, it cannot be the target of one (RFC 3261 §19.1.1).
  if (uri instanceof SipUri && uri.headers !== undefined) throw new ParseError('uri', target)
  return new SipRequest(source.text.slice(start, methodEnd), uri, parts, clean ? source.text.slice(start, lineEnd) : undefined)
}

/** Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 §7.2); the reason and its SP may be missing. */
function readResponse(source: Source, start: number, lineEnd: number, parts: MessageParts): SipResponse {
  const { bytes } = source
  const at = findOctet(bytes, start, lineEnd, 32)
  checkVersion(bytes, start, at)
  const digits = source.text.slice(at + 1, Math.min(lineEnd, at + 4))
  const statusCode = Number(digits)
  const reason = at + 4
  if (!(statusCode >= 100 && statusCode < 700) || String(statusCode) !== digits || (reason < lineEnd && bytes[reason] !== 32))
    throw new ParseError('start-line', at)
  return new SipResponse(statusCode, slice(source, reason + 1, Math.max(reason + 1, lineEnd)), parts)
}

function checkVersion(bytes: Uint8Array, start: number, end: number): void {
  if (!equalsLower(bytes, start, 'sip/')) throw new ParseError('start-line', start)
  if (end - start !== 7 || !equalsLower(bytes, start, 'sip/2.0')) throw new ParseError('version', start)
}

/** Reads what every message must have, so that its accessors never fail later (RFC 3261 §8.1.1). */
function checkMandatory(message: SipMessage, offset: number): SipMessage {
  try {
    message.check()
    if (message.kind === 'response' || message.cseq.method === message.method) return message
  } catch (error) {
    throw error instanceof BuildError ? new ParseError('missing-header', offset, { header: error.header }) : error
  }
  throw new ParseError('method-mismatch', offset, { header: 'CSeq' })
}

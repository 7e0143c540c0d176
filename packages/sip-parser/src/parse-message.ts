import { equalsLower, numberIn, skipBlanks, skipClass, TOKEN, trimEnd } from './characters.js'
import { oddity, type Diagnostic } from './diagnostics.js'
import { BuildError, ParseError } from './errors.js'
import { indexFields, type FieldIndex } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { defaultLimits, type Limits } from './limits.js'
import { readMandatory } from './mandatory-fields.js'
import type { BodyPlace } from './message.js'
import { slice, sourceOf, sourceOfText, type Source } from './octets.js'
import { SipRequest } from './request.js'
import { SipResponse } from './response.js'
import type { Result } from './result.js'
import { salvageRequest } from './salvage-request.js'
import { SipUri } from './values/sip-uri.js'
import { readUri } from './values/uri.js'

export type SipMessage = SipRequest | SipResponse

/** A judge of whole messages: `strict` of `@offhook/sip-parser/strict`. A value, so that only who imports it carries the grammar. */
export interface StrictMode {
  /** @internal Throws ParseError for what the grammar forbids in a message, one character per octet; what it only wants to say goes to `diagnostics`. */
  readonly check: (text: string, diagnostics: Diagnostic[]) => void
}

/** How `parseMessage` reads. */
export interface ParseOptions {
  /** `tolerant` (default): what can be understood is read, oddities are diagnostics. `strict`: what the grammar of the RFC forbids is refused, too. */
  readonly mode?: 'tolerant' | StrictMode
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
 *
 * Values point into the text of their message, and engines cut strings out of it without copying: who keeps a tag or a URI much longer than the message
 * keeps the whole message, unless the text is copied, as by `` ` ${tag}`.slice(1) ``, and a URI read anew from such a copy.
 */
export function parseMessage(input: Uint8Array | string, options: ParseOptions = {}): Result<SipMessage, ParseError<SipRequest>> {
  const limits = options.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits }
  let source: Source | undefined
  try {
    // A text never has fewer octets than characters.
    checkSize(input.length, limits)
    source = typeof input === 'string' ? sourceOfText(input) : sourceOf(input)
    checkSize(source.text.length, limits)
    return { ok: true, value: read(source, limits, options) }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { ok: false, error: (error as ParseError<SipRequest>).with({ request: source && salvageRequest(source) }) }
  }
}

function checkSize(size: number, limits: Limits): void {
  if (size > limits.maxMessageBytes) throw new ParseError('too-large', limits.maxMessageBytes)
}

function read(source: Source, limits: Limits, { mode, framing }: ParseOptions): SipMessage {
  const { text, bytes } = source
  // CRLF before the start line is to be ignored (RFC 3261 §7.5).
  let start = 0
  while (bytes[start] === 13 || bytes[start] === 10) start++
  if (start === bytes.length) throw new ParseError('empty', 0)
  const feed = text.indexOf('\n', start)
  if (feed < 0 || feed >= limits.maxHeaderBytes) throw new ParseError('start-line', start)
  const carriage = text.indexOf('\r', start)
  if (carriage >= 0 && carriage < feed - 1) throw new ParseError('control-character', carriage)
  const lineEnd = carriage === feed - 1 ? carriage : feed
  const index = indexFields(source, feed + 1, limits)
  const diagnostics: Diagnostic[] = []
  if (lineEnd === feed || index.bareLineFeed >= 0) diagnostics.push(oddity('bare-line-feed', lineEnd === feed ? feed : index.bareLineFeed))
  if (index.open) diagnostics.push(oddity('no-empty-line', bytes.length))
  const body = { source, start: index.end, end: endOfBody(index, bytes.length, framing === 'stream', diagnostics) }
  const readStartLine = equalsLower(bytes, start, 'sip/') ? readResponse : readRequest
  const mandatory = readMandatory(source, index)
  const message = readStartLine(source, start, lineEnd, new HeaderFields(index.places, [source], mandatory), body, diagnostics)
  if (mandatory === undefined) checkMandatory(message, index.end)
  if (message.kind === 'request' && message.cseq.method !== message.method) throw new ParseError('method-mismatch', index.end, { header: 'CSeq' })
  if (typeof mode === 'object') mode.check(text, diagnostics)
  return message
}

function endOfBody({ contentLength, end }: FieldIndex, size: number, stream: boolean, diagnostics: Diagnostic[]): number {
  if (contentLength < 0) diagnostics.push(oddity('no-content-length', end))
  if (contentLength < 0 && !stream) return size
  const stop = end + Math.max(0, contentLength)
  if (stop > size || (stream && stop < size)) throw new ParseError('body-length', end, { header: 'Content-Length' })
  if (stop < size) diagnostics.push(oddity('trailing-octets', stop))
  return stop
}

/** @internal Request-Line = Method SP Request-URI SP SIP-Version (RFC 3261 §7.1). Blanks too many are forgiven and not passed on. */
export function readRequest(source: Source, start: number, lineEnd: number, headers: HeaderFields, body: BodyPlace, diagnostics: Diagnostic[]): SipRequest {
  const { bytes, text } = source
  const end = trimEnd(bytes, start, lineEnd)
  const methodEnd = skipClass(bytes, start, end, TOKEN)
  let version = end
  while (version > methodEnd && bytes[version - 1] !== 32) version--
  const target = skipBlanks(bytes, methodEnd, version)
  const targetEnd = trimEnd(bytes, target, version)
  if (methodEnd === start || target === methodEnd || target >= targetEnd) throw new ParseError('start-line', start)
  checkVersion(bytes, version, end)
  const clean = end === lineEnd && target - methodEnd === 1 && version - targetEnd === 1
  if (!clean) diagnostics.push(oddity('start-line-blanks', start))
  const uri = readUri(source, target, targetEnd)
  // A URI with header fields is a recipe for a request, it cannot be the target of one (RFC 3261 §19.1.1).
  if (uri instanceof SipUri && uri.headers !== undefined) throw new ParseError('uri', target)
  return new SipRequest(text.slice(start, methodEnd), uri, headers, body, diagnostics, clean ? text.slice(start, lineEnd) : undefined)
}

/** @internal Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 §7.2); the reason and its SP may be missing. */
export function readResponse(source: Source, start: number, lineEnd: number, headers: HeaderFields, body: BodyPlace, diagnostics: Diagnostic[]): SipResponse {
  const { bytes, text } = source
  const space = text.indexOf(' ', start)
  const reason = space + 4
  const statusCode = numberIn(bytes, space + 1, reason)
  if (space < 0 || reason > lineEnd || (reason < lineEnd && bytes[reason] !== 32)) throw new ParseError('start-line', start)
  checkVersion(bytes, start, space)
  if (!(statusCode >= 100 && statusCode < 700)) throw new ParseError('start-line', space)
  return new SipResponse(statusCode, slice(source, Math.min(reason + 1, lineEnd), lineEnd), headers, body, diagnostics)
}

function checkVersion(bytes: Uint8Array, start: number, end: number): void {
  if (end - start !== 7 || !equalsLower(bytes, start, 'sip/2.0')) throw new ParseError(equalsLower(bytes, start, 'sip/') ? 'version' : 'start-line', start)
}

/** Reads what every message must have, so that its accessors never fail later (RFC 3261 §8.1.1). */
function checkMandatory(message: SipMessage, offset: number): void {
  try {
    message.check()
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    throw new ParseError('missing-header', offset, { header: error.header })
  }
}

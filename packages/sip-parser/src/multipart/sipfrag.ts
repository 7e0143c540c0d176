import { isToken } from '../characters.js'
import { createRequest, type BodyOptions } from '../create-message.js'
import type { Diagnostic } from '../diagnostics.js'
import { BuildError, ParseError } from '../errors.js'
import { indexFields } from '../field-index.js'
import { assertPlain } from '../guards.js'
import { HeaderFields } from '../header-fields.js'
import { defaultLimits } from '../limits.js'
import { Message, type BodyPlace } from '../message.js'
import { encodeUtf8, slice, Source, sourceOf, sourceOfText } from '../octets.js'
import { reasonPhraseOf } from '../reason-phrases.js'
import { SipRequest } from '../request.js'
import { assertStatusCode, SipResponse } from '../response.js'
import type { Result } from '../result.js'
import { MediaType } from '../values/media-type.js'
import { readUri, type Uri } from '../values/uri.js'
import type { CreatedBody } from './create-multipart.js'
import { joinOctets, printFields } from './printed-part.js'

/** Header fields of a message without its start line (RFC 3420 §2). */
export class SipFragment extends Message {
  readonly kind = 'fragment'
}

/**
 * Reads a `message/sipfrag` body (RFC 3420): a start line, any header fields, a body, each of which may be missing.
 * The accessors of fields that every message has (`via`, `from` …) throw BuildError `missing-header` for those that are not there.
 *
 * @example
 * const told = parseSipfrag(notify.body)
 * if (told.ok && told.value.kind === 'response') console.log(told.value.statusCode)
 */
export function parseSipfrag(input: Uint8Array | string): Result<SipRequest | SipResponse | SipFragment, ParseError> {
  try {
    if (input.length > defaultLimits.maxMessageBytes) throw new ParseError('too-large', defaultLimits.maxMessageBytes)
    return { ok: true, value: read(withLineEnd(typeof input === 'string' ? sourceOfText(input) : sourceOf(input))) }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error }
    throw error
  }
}

/** Without a body the last line may have no line end. */
function withLineEnd(source: Source): Source {
  const { text, ascii } = source
  return text.endsWith('\n') || /\n\r?\n|^\r?\n/.test(text) || text === '' ? source : new Source(`${text}\r\n`, ascii)
}

function read(source: Source): SipRequest | SipResponse | SipFragment {
  const { text, bytes } = source
  const [whole = '', line = ''] = /^([^\n]*?)\r?\n/.exec(text) ?? []
  const startsWithField = line === '' || isToken(line.slice(0, Math.max(0, line.indexOf(':'))).trimEnd())
  const index = indexFields(source, startsWithField ? 0 : whole.length, defaultLimits)
  const { contentLength } = index
  if (index.end + contentLength > bytes.length) throw new ParseError('body-length', index.end, { header: 'Content-Length' })
  const body = { bytes, start: index.end, end: contentLength < 0 ? bytes.length : index.end + contentLength }
  const headers = new HeaderFields(index.fields)
  return startsWithField ? new SipFragment(headers, body, []) : readStartLine(source, line, headers, body)
}

/** The start line must be whole and valid (RFC 3420 §3.2). */
function readStartLine(source: Source, line: string, headers: HeaderFields, body: BodyPlace): SipRequest | SipResponse {
  const none: readonly Diagnostic[] = []
  const [, status, reason = ''] = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(line) ?? []
  if (status !== undefined) return new SipResponse(Number(status), slice(source, line.length - reason.length, line.length), headers, body, none)
  const [, method = '', uri = '', version] = /^([^ ]+) ([^ ]+) SIP\/([\d.]+)$/i.exec(line) ?? []
  if (version === undefined || !isToken(method)) throw new ParseError('start-line', 0)
  if (version !== '2.0') throw new ParseError('version', line.length - version.length)
  const start = method.length + 1
  return new SipRequest(method, readUri(source, start, start + uri.length), headers, body, none, line)
}

/** The parts of a message to show: the start line of a request or of a response, or none; header fields; a body with its type. */
export type SipfragOptions = BodyOptions & (
  | { readonly method: string; readonly requestUri: Uri | string; readonly statusCode?: undefined }
  | { readonly statusCode: number; readonly reasonPhrase?: string; readonly method?: undefined }
  | { readonly statusCode?: undefined; readonly method?: undefined }
)

/**
 * Builds a `message/sipfrag` body, for a NOTIFY about a REFER (RFC 3420, RFC 3515 §2.4.5) as for a signed copy of some header fields.
 * Throws BuildError for what may not stand in a message, and `missing-header` for a body without `contentType` (RFC 3420 §2).
 *
 * @example createRequest({ method: 'NOTIFY', requestUri, headers, ...createSipfrag({ statusCode: 200 }) })
 * @example createSipfrag({ statusCode: 400, headers: [['Warning', response.headers.getAll('Warning')]] })
 */
export function createSipfrag(options: SipfragOptions): CreatedBody {
  const { body = '', contentType } = options
  const octets = typeof body === 'string' ? encodeUtf8(body) : body
  if (octets.length > 0 && contentType === undefined) throw new BuildError('missing-header', 'Content-Type', '')
  const text = startLineOf(options) + printFields(options)
  // Only a body has a length to be told, and an empty line before it.
  const head = encodeUtf8(octets.length > 0 ? `${text}Content-Length: ${octets.length}\r\n\r\n` : text)
  return { contentType: MediaType.of('message', 'sipfrag', [['version', '2.0']]), body: joinOctets([head, octets]) }
}

function startLineOf(options: SipfragOptions): string {
  if (options.method !== undefined) {
    const { method, requestUri } = createRequest({ method: options.method, requestUri: options.requestUri })
    return `${method} ${requestUri.toString()} SIP/2.0\r\n`
  }
  const { statusCode } = options
  if (statusCode === undefined) return ''
  const reasonPhrase = options.reasonPhrase ?? reasonPhraseOf(statusCode)
  assertStatusCode(statusCode)
  assertPlain(reasonPhrase, 'reason phrase')
  return `SIP/2.0 ${statusCode} ${reasonPhrase}\r\n`
}

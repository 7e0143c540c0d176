import { equalsLower } from '../characters.js'
import { createRequest, type BodyOptions } from '../create-message.js'
import { BuildError, ParseError } from '../errors.js'
import { assertPlain } from '../guards.js'
import { defaultLimits } from '../limits.js'
import { Message } from '../message.js'
import { encodeUtf8, Source, sourceOf, sourceOfText } from '../octets.js'
import { readRequest, readResponse, type SipMessage } from '../parse-message.js'
import { reasonPhraseOf } from '../reason-phrases.js'
import { assertStatusCode } from '../response.js'
import type { Result } from '../result.js'
import { MediaType } from '../values/media-type.js'
import type { Uri } from '../values/uri.js'
import type { CreatedBody } from './create-multipart.js'
import { readHeaderSection, startsField } from './header-section.js'
import { joinOctets, printFields } from './printed-part.js'
import { resultOf } from './result-of.js'

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
export function parseSipfrag(input: Uint8Array | string): Result<SipMessage | SipFragment, ParseError> {
  return resultOf(() => {
    if (input.length > defaultLimits.maxMessageBytes) throw new ParseError('too-large', defaultLimits.maxMessageBytes)
    const source = typeof input === 'string' ? sourceOfText(input) : sourceOf(input)
    // Without a body there may be no empty line, not even the end of the last one.
    return read(/^\r?\n|\n\r?\n/.test(source.text) ? source : new Source(`${source.text}\r\n`, source.ascii))
  })
}

function read(source: Source): SipMessage | SipFragment {
  const { text, bytes } = source
  const feed = text.indexOf('\n')
  const lineEnd = text[feed - 1] === '\r' ? feed - 1 : feed
  const whole = lineEnd > 0 && !startsField(bytes, 0, lineEnd)
  const { headers, contentLength, end: start } = readHeaderSection(source, whole ? feed + 1 : 0)
  const end = contentLength < 0 ? text.length : start + contentLength
  if (end > text.length) throw new ParseError('body-length', start, { header: 'Content-Length' })
  const body = { source, start, end }
  if (!whole) return new SipFragment(headers, body, [])
  const carriage = text.indexOf('\r')
  if (carriage >= 0 && carriage < lineEnd) throw new ParseError('control-character', carriage)
  // The start line must be whole and valid (RFC 3420 §3.2).
  return (equalsLower(bytes, 0, 'sip/') ? readResponse : readRequest)(source, 0, lineEnd, headers, body, [])
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

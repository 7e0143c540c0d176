import type { BodyOptions } from '../create-message.js'
import { BuildError } from '../errors.js'
import { encodeUtf8 } from '../octets.js'
import { quoteString } from '../quoting.js'
import { MediaType } from '../values/media-type.js'
import type { ParameterList } from '../values/parameters.js'
import { BodyPart } from './body-part.js'
import { dashBoundary, startsWith } from './delimiter.js'
import { joinOctets, printFields } from './printed-part.js'

/** A body with its type: what `createRequest` and `createResponse` take, and what may be a part again. */
export interface CreatedBody {
  readonly contentType: MediaType
  readonly body: Uint8Array
}

/** What a multipart body is made of. */
export interface MultipartOptions {
  /** `mixed` (default), `alternative` with the best part last, `related` with the root first, `signed` … */
  readonly subtype?: string
  /** A part that came with a message goes out octet for octet. */
  readonly parts: Iterable<BodyOptions | BodyPart>
  /** Default: one that stands nowhere in the parts. */
  readonly boundary?: string
  /** Of the Content-Type, besides `boundary`; `related` has the `type` of its first part if none is given (RFC 2387 §3.1). */
  readonly parameters?: ParameterList
}

/**
 * Builds a multipart body (RFC 2046 §5.1.1). Throws BuildError: `value` for no parts, for a boundary that is none or stands in a part;
 * `line-break` and `token` for header fields that may not be sent.
 *
 * @example createRequest({ method: 'INVITE', requestUri, headers, ...createMultipart({ parts: [{ contentType: 'application/sdp', body: sdp }, { contentType: 'application/pidf+xml', body: location }] }) })
 */
export function createMultipart(options: MultipartOptions): CreatedBody {
  const { subtype = 'mixed', parameters = [] } = options
  const given = Array.from(options.parts)
  const parts = given.map((part) => (part instanceof BodyPart ? part.bytes : printPart(part)))
  const boundary = options.boundary ?? freeBoundary(parts)
  if (parts.length === 0 || !/^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/.test(boundary) || parts.some((part) => occurrences(part, dashBoundary(boundary)).length > 0)) throw new BuildError('value', 'Content-Type', boundary)
  const chunks: Uint8Array[] = parts.flatMap((part, at) => [encodeUtf8(`${at === 0 ? '' : '\r\n'}--${boundary}\r\n`), part])
  chunks.push(encodeUtf8(`\r\n--${boundary}--\r\n`))
  const list = Array.from(parameters)
  const [root] = given
  if (subtype.toLowerCase() === 'related' && !list.some(([name]) => name.toLowerCase() === 'type')) list.push(['type', quoteString(essenceOf(root))])
  return { contentType: MediaType.of('multipart', subtype, [['boundary', /^[\w-]+$/.test(boundary) ? boundary : quoteString(boundary)], ...list]), body: joinOctets(chunks) }
}

function essenceOf(part: BodyOptions | BodyPart | undefined): string {
  return String(part?.contentType ?? 'text/plain').split(';')[0]?.trim() ?? ''
}

function printPart(options: BodyOptions): Uint8Array {
  const { body = '' } = options
  return joinOctets([encodeUtf8(`${printFields(options)}\r\n`), typeof body === 'string' ? encodeUtf8(body) : body])
}

const prefix = 'offhook-'
const width = 6

/** A boundary that no part holds, not even as the start of another text: the first number that follows the prefix nowhere. */
function freeBoundary(parts: readonly Uint8Array[]): string {
  const marker = dashBoundary(prefix)
  const taken = new Set(parts.flatMap((part) => occurrences(part, marker).map((at) => String.fromCharCode(...part.subarray(at, at + width)))))
  let number = 0
  const text = (): string => number.toString(36).padStart(width, '0')
  while (taken.has(text())) number++
  return prefix + text()
}

/** The places behind each occurrence, wherever in a line it stands: some readers look no closer. */
function occurrences(bytes: Uint8Array, marker: Uint8Array): number[] {
  const places: number[] = []
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 45 && startsWith(bytes, at, bytes.length, marker)) places.push(at + marker.length)
  return places
}

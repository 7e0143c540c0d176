import type { BodyOptions } from '../create-message.js'
import { BuildError } from '../errors.js'
import { encodeUtf8, sourceOf } from '../octets.js'
import { quoteString } from '../quoting.js'
import { MediaType } from '../values/media-type.js'
import type { ParameterList } from '../values/parameters.js'
import { BodyPart } from './body-part.js'
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
  const texts = parts.map((part) => sourceOf(part).text)
  const boundary = options.boundary ?? freeBoundary(texts)
  if (parts.length === 0 || !/^(?!.* $)[\w'()+,\-./:=? ]{1,70}$/.test(boundary) || texts.some((text) => text.includes(`--${boundary}`))) throw new BuildError('value', 'Content-Type', boundary)
  const delimiter = `\r\n--${boundary}`
  const chunks = parts.flatMap((part, at) => [encodeUtf8(`${delimiter}\r\n`.slice(at === 0 ? 2 : 0)), part])
  const list = Array.from(parameters)
  if (/^related$/i.test(subtype) && !list.some(([name]) => /^type$/i.test(name))) list.push(['type', quoteString(String(given[0]?.contentType ?? 'text/plain').replace(/\s*;.*/s, ''))])
  return { contentType: MediaType.of('multipart', subtype, [['boundary', /^[\w-]+$/.test(boundary) ? boundary : quoteString(boundary)], ...list]), body: joinOctets([...chunks, encodeUtf8(`${delimiter}--\r\n`)]) }
}

function printPart(options: BodyOptions): Uint8Array {
  const { body = '' } = options
  return joinOctets([encodeUtf8(`${printFields(options)}\r\n`), typeof body === 'string' ? encodeUtf8(body) : body])
}

/** A boundary that no part holds, wherever in a line and not even as the start of another text: the first number that follows the prefix nowhere. */
function freeBoundary(texts: readonly string[]): string {
  const taken = new Set(texts.flatMap((text) => text.match(/(?<=--offhook-).{6}/gs) ?? []))
  let number = 0
  const next = (): string => String(number++).padStart(6, '0')
  let free = next()
  while (taken.has(free)) free = next()
  return `offhook-${free}`
}

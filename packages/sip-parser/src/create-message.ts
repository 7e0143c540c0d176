import { BuildError, ParseError } from './errors.js'
import { FieldLines } from './field-lines.js'
import { assertPlain, assertToken } from './guards.js'
import { HeaderFields } from './header-fields.js'
import { CALL_ID, CSEQ, FROM, RECORD_ROUTE, TIMESTAMP, TO, VIA } from './header-names.js'
import { reasonPhraseOf } from './reason-phrases.js'
import { SipRequest } from './request.js'
import { assertStatusCode, SipResponse } from './response.js'
import { parseUri, type Uri } from './values/uri.js'

/** One value, or a list that makes one field each. Values of this package print themselves. */
export type HeaderValue = string | number | { toString(): string } | readonly (string | number | { toString(): string })[]
/** Names and values, in the order they are to be written. */
export type HeaderList = Iterable<readonly [name: string, value: HeaderValue]>

/** Body of a message to build; text becomes UTF-8. */
export interface BodyOptions {
  readonly headers?: HeaderList | undefined
  readonly body?: Uint8Array | string | undefined
  readonly contentType?: string | { toString(): string } | undefined
}

export interface CreateRequestOptions extends BodyOptions {
  readonly method: string
  readonly requestUri: Uri | string
}

export interface CreateResponseOptions extends BodyOptions {
  readonly statusCode: number
  /** Default: the registered one. */
  readonly reasonPhrase?: string | undefined
  /** Tag for To when the request has none there. */
  readonly toTag?: string | undefined
}

/** Builds a request. Throws BuildError on a method, URI, name or value that may not be sent. */
export function createRequest(options: CreateRequestOptions): SipRequest {
  assertToken(options.method, 'method')
  const headers = new HeaderFields([])
  return new SipRequest(options.method, uriOf(options.requestUri), headers, fill(headers, options))
}

/**
 * Builds the response to a request: Via, From, To, Call-ID and CSeq are copied as they came, To gets `toTag` when it has no tag (RFC 3261 §8.2.6),
 * Timestamp goes into a 100 (§8.2.6.1), Record-Route into what may set up a dialog (§12.1.1). Throws BuildError.
 */
export function createResponse(request: SipRequest, options: CreateResponseOptions): SipResponse {
  const { statusCode, toTag } = options
  assertStatusCode(statusCode)
  const reasonPhrase = options.reasonPhrase ?? reasonPhraseOf(statusCode)
  assertPlain(reasonPhrase, 'reason phrase')
  const route = statusCode > 100 && statusCode < 300 && dialogMethods.includes(request.method)
  const headers = request.headers.pick((name) => {
    switch (name) {
      case VIA: case FROM: case TO: case CALL_ID: case CSEQ: return true
      case RECORD_ROUTE: return route
      case TIMESTAMP: return statusCode === 100
      default: return false
    }
  })
  if (toTag !== undefined && statusCode > 100) addTag(headers, request, toTag)
  return new SipResponse(statusCode, reasonPhrase, headers, fill(headers, options))
}

const dialogMethods: readonly string[] = ['INVITE', 'SUBSCRIBE', 'REFER']

function addTag(headers: HeaderFields, request: SipRequest, tag: string): void {
  assertToken(tag, 'tag')
  let present: boolean
  try {
    present = request.to.tag !== undefined
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    present = (request.headers.get('To') ?? '').toLowerCase().includes(';tag=')
  }
  if (!present) headers.extendFirst('To', `;tag=${tag}`)
}

/** Puts the fields of the options below those that are there; returns the body. */
function fill(headers: HeaderFields, { headers: list = [], contentType, body = '' }: BodyOptions): Uint8Array | string {
  const lines = new FieldLines()
  for (const field of list) {
    const value: unknown = field[1]
    if (Array.isArray(value)) for (const one of value as readonly unknown[]) lines.add(field[0], String(one))
    else lines.add(field[0], String(value))
  }
  const type = contentType === undefined ? undefined : String(contentType)
  const replaced = type !== undefined && lines.typed
  if (type !== undefined && !replaced) lines.add('Content-Type', type)
  lines.appendTo(headers)
  if (replaced) headers.set('Content-Type', type)
  return body
}

function uriOf(uri: Uri | string): Uri {
  if (typeof uri !== 'string') {
    assertPlain(uri.toString(), 'Request-URI')
    return uri
  }
  const parsed = parseUri(uri)
  if (!parsed.ok) throw new BuildError('value', 'Request-URI', uri)
  return parsed.value
}

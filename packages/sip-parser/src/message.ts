import type { Diagnostic } from './diagnostics.js'
import { missing, type HeaderFields } from './header-fields.js'
import { CALL_ID, CONTACT, CONTENT_LENGTH, CONTENT_TYPE, CSEQ, EXPIRES, FROM, lookUpName, MAX_FORWARDS, RECORD_ROUTE, ROUTE, TO, VIA } from './header-names.js'
import { splitList } from './quoting.js'
import { Challenge, Credentials } from './values/challenge.js'
import { CSeq } from './values/cseq.js'
import { MediaType } from './values/media-type.js'
import { NameAddr } from './values/name-addr.js'
import { readDigits, readSeconds } from './values/numbers.js'
import { TokenValue } from './values/token-value.js'
import { Via } from './values/via.js'

/** The octets of a body inside the message they came with. */
export interface BodyRange {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** What a message is made of besides its start line. */
export interface MessageParts {
  readonly headers: HeaderFields
  readonly body: Uint8Array | BodyRange
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * What requests and responses share. Typed accessors follow one rule: an absent field is undefined (a list is empty),
 * a field that is there but cannot be read throws ParseError. Via, From, To, Call-ID and CSeq are checked by
 * `parseMessage`, so on its messages these never throw; on a message built without them they throw BuildError `missing-header`.
 * Values are decoded once and kept until the field is changed.
 */
export abstract class Message {
  readonly headers: HeaderFields
  readonly diagnostics: readonly Diagnostic[]
  #body: Uint8Array | BodyRange

  constructor(parts: MessageParts) {
    this.headers = parts.headers
    this.diagnostics = parts.diagnostics
    this.#body = parts.body
  }

  /** The octets of the body, shared with the input. Setting it is enough: Content-Length is written by `serializeMessage`. */
  get body(): Uint8Array {
    const body = this.#body
    if (body instanceof Uint8Array) return body
    return (this.#body = body.bytes.subarray(body.start, body.end))
  }
  set body(body: Uint8Array) {
    this.#body = body
  }

  /** The topmost Via value. */
  get via(): Via {
    return this.headers.first(VIA, readVias)?.[0] ?? missing('Via')
  }
  /** Every Via value, topmost first. */
  get vias(): readonly Via[] {
    return this.headers.all(VIA, readVias).flat()
  }
  get from(): NameAddr {
    return this.headers.first(FROM, readNameAddr) ?? missing('From')
  }
  get to(): NameAddr {
    return this.headers.first(TO, readNameAddr) ?? missing('To')
  }
  get callId(): string {
    return this.headers.first(CALL_ID, readText) ?? missing('Call-ID')
  }
  get cseq(): CSeq {
    return this.headers.first(CSEQ, readCSeq) ?? missing('CSeq')
  }
  /** 0 to 255; a larger number counts as 255 (RFC 3261 §20.22). */
  get maxForwards(): number | undefined {
    return this.headers.first(MAX_FORWARDS, readHops)
  }
  /** Every Contact value, or '*' (RFC 3261 §20.10). */
  get contacts(): readonly NameAddr[] | '*' {
    const fields = this.headers.all(CONTACT, readContacts)
    if (fields.includes('*')) return '*'
    return fields.length === 1 && fields[0] !== undefined ? fields[0] : (fields as NameAddr[][]).flat()
  }
  /** The first Contact value; undefined for '*'. */
  get contact(): NameAddr | undefined {
    const field = this.headers.first(CONTACT, readContacts)
    return field === '*' ? undefined : field?.[0]
  }
  get route(): readonly NameAddr[] {
    return this.headers.all(ROUTE, readNameAddrs).flat()
  }
  get recordRoute(): readonly NameAddr[] {
    return this.headers.all(RECORD_ROUTE, readNameAddrs).flat()
  }
  /** RFC 3327. */
  get path(): readonly NameAddr[] {
    return this.headers.all(number('Path'), readNameAddrs).flat()
  }
  /** RFC 3608. */
  get serviceRoute(): readonly NameAddr[] {
    return this.headers.all(number('Service-Route'), readNameAddrs).flat()
  }

  get contentType(): MediaType | undefined {
    return this.headers.first(CONTENT_TYPE, readMediaType)
  }
  /** Bytes, as the field says; what is sent is the size of `body`. */
  get contentLength(): number | undefined {
    return this.headers.first(CONTENT_LENGTH, readLength)
  }
  get contentDisposition(): TokenValue | undefined {
    return this.headers.first(number('Content-Disposition'), readTokenValue)
  }
  /** Seconds, at most 2^32-1 (RFC 3261 §20.19). */
  get expires(): number | undefined {
    return this.headers.first(EXPIRES, readSeconds)
  }
  /** Seconds (RFC 3261 §20.23). */
  get minExpires(): number | undefined {
    return this.headers.first(number('Min-Expires'), readSeconds)
  }
  /** Seconds, without comment and parameters (RFC 3261 §20.33). */
  get retryAfter(): number | undefined {
    return this.headers.first(number('Retry-After'), readSeconds)
  }
  /** Event package and parameters (RFC 6665 §8.2.1). */
  get event(): TokenValue | undefined {
    return this.headers.first(number('Event'), readTokenValue)
  }

  get allow(): readonly string[] {
    return this.#tokens('Allow')
  }
  get supported(): readonly string[] {
    return this.#tokens('Supported')
  }
  get require(): readonly string[] {
    return this.#tokens('Require')
  }
  get proxyRequire(): readonly string[] {
    return this.#tokens('Proxy-Require')
  }
  get unsupported(): readonly string[] {
    return this.#tokens('Unsupported')
  }

  get wwwAuthenticate(): readonly Challenge[] {
    return this.headers.all(number('WWW-Authenticate'), readChallenge)
  }
  get proxyAuthenticate(): readonly Challenge[] {
    return this.headers.all(number('Proxy-Authenticate'), readChallenge)
  }
  get authorization(): readonly Credentials[] {
    return this.headers.all(number('Authorization'), readCredentials)
  }
  get proxyAuthorization(): readonly Credentials[] {
    return this.headers.all(number('Proxy-Authorization'), readCredentials)
  }

  #tokens(name: string): readonly string[] {
    return this.headers.all(number(name), splitList).flat()
  }
}

function number(name: string): number {
  return lookUpName(name, 0, name.length)
}

const readVias = (text: string): Via[] => splitList(text).map(Via.read)
const readNameAddr = (text: string): NameAddr => NameAddr.read(text)
const readNameAddrs = (text: string): NameAddr[] => splitList(text).map(NameAddr.read)
const readContacts = (text: string): NameAddr[] | '*' => (text === '*' ? '*' : readNameAddrs(text))
const readCSeq = (text: string): CSeq => CSeq.read(text)
const readMediaType = (text: string): MediaType => MediaType.read(text)
const readTokenValue = (text: string): TokenValue => TokenValue.read(text)
const readChallenge = (text: string): Challenge => Challenge.read(text)
const readCredentials = (text: string): Credentials => Credentials.read(text)
const readHops = (text: string): number => readDigits(text, 255)
const readLength = (text: string): number => readDigits(text, Number.MAX_SAFE_INTEGER)
/** An empty Call-ID identifies nothing. */
const readText = (text: string): string | undefined => (text === '' ? undefined : text)

import type { Reader } from './attempt.js'
import type { Diagnostic } from './diagnostics.js'
import { BuildError } from './errors.js'
import type { HeaderFields } from './header-fields.js'
import {
  ALLOW, AUTHORIZATION, CALL_ID, CONTACT, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, CSEQ, EVENT, EXPIRES, FROM,
  MAX_FORWARDS, MIN_EXPIRES, PATH, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, PROXY_REQUIRE, RECORD_ROUTE, REQUIRE, RETRY_AFTER, ROUTE, SERVICE_ROUTE, SUPPORTED, TO, UNSUPPORTED, VIA, WWW_AUTHENTICATE,
  nameOf,
} from './header-names.js'
import { slice } from './octets.js'
import { readList } from './quoting.js'
import { Challenge, Credentials } from './values/challenge.js'
import { CSeq } from './values/cseq.js'
import { MediaType } from './values/media-type.js'
import { NameAddr, readNameAddrs } from './values/name-addr.js'
import { readHops, readLength, readSeconds } from './values/numbers.js'
import { TokenValue } from './values/token-value.js'
import { Via } from './values/via.js'

/** What a message is made of besides its start line. */
export interface MessageParts {
  readonly headers: HeaderFields
  /** Octets that hold the body, from `start` to `end`. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
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
  /** What was odd, but read all the same. */
  readonly diagnostics: readonly Diagnostic[]
  readonly #parts: MessageParts
  #body: Uint8Array | undefined

  constructor(parts: MessageParts) {
    this.headers = parts.headers
    this.diagnostics = parts.diagnostics
    this.#parts = parts
  }

  /** The octets of the body, shared with the input. Setting it is enough: Content-Length is written by `serializeMessage`. */
  get body(): Uint8Array {
    return (this.#body ??= this.#parts.bytes.subarray(this.#parts.start, this.#parts.end))
  }
  set body(body: Uint8Array) {
    this.#body = body
  }

  /** The topmost Via value. */
  get via(): Via {
    return this.headers.first(VIA, readVias)?.[0] ?? missing(VIA)
  }
  /** Every Via value, topmost first. */
  get vias(): readonly Via[] {
    return this.headers.all(VIA, readVias)
  }
  get from(): NameAddr {
    return this.headers.first(FROM, NameAddr.readParty) ?? missing(FROM)
  }
  get to(): NameAddr {
    return this.headers.first(TO, NameAddr.readParty) ?? missing(TO)
  }
  get callId(): string {
    return this.headers.first(CALL_ID, readText) || missing(CALL_ID)
  }
  get cseq(): CSeq {
    return this.headers.first(CSEQ, CSeq.read) ?? missing(CSEQ)
  }
  /** 0 to 255; a larger number counts as 255 (RFC 3261 §20.22). */
  get maxForwards(): number | undefined {
    return this.headers.first(MAX_FORWARDS, readHops)
  }
  /** Every Contact value, or '*' (RFC 3261 §20.10). */
  get contacts(): readonly NameAddr[] | '*' {
    const contacts = this.headers.all(CONTACT, readContacts)
    return contacts.includes('*') ? '*' : (contacts as readonly NameAddr[])
  }
  /** The first Contact value; undefined for '*'. */
  get contact(): NameAddr | undefined {
    const contact = this.headers.first(CONTACT, readContacts)?.[0]
    return contact === '*' ? undefined : contact
  }
  get route(): readonly NameAddr[] {
    return this.headers.all(ROUTE, readNameAddrs)
  }
  get recordRoute(): readonly NameAddr[] {
    return this.headers.all(RECORD_ROUTE, readNameAddrs)
  }
  /** RFC 3327. */
  get path(): readonly NameAddr[] {
    return this.headers.all(PATH, readNameAddrs)
  }
  /** RFC 3608. */
  get serviceRoute(): readonly NameAddr[] {
    return this.headers.all(SERVICE_ROUTE, readNameAddrs)
  }

  get contentType(): MediaType | undefined {
    return this.headers.first(CONTENT_TYPE, MediaType.read)
  }
  /** Bytes, as the field says; what is sent is the size of `body`. */
  get contentLength(): number | undefined {
    return this.headers.first(CONTENT_LENGTH, readLength)
  }
  get contentDisposition(): TokenValue | undefined {
    return this.headers.first(CONTENT_DISPOSITION, TokenValue.read)
  }
  /** Seconds, at most 2^32-1 (RFC 3261 §20.19). */
  get expires(): number | undefined {
    return this.headers.first(EXPIRES, readSeconds)
  }
  /** Seconds (RFC 3261 §20.23). */
  get minExpires(): number | undefined {
    return this.headers.first(MIN_EXPIRES, readSeconds)
  }
  /** Seconds, without comment and parameters (RFC 3261 §20.33). */
  get retryAfter(): number | undefined {
    return this.headers.first(RETRY_AFTER, readSeconds)
  }
  /** Event package and parameters (RFC 6665 §8.2.1). */
  get event(): TokenValue | undefined {
    return this.headers.first(EVENT, TokenValue.read)
  }

  get allow(): readonly string[] {
    return this.headers.all(ALLOW, readTexts)
  }
  get supported(): readonly string[] {
    return this.headers.all(SUPPORTED, readTexts)
  }
  get require(): readonly string[] {
    return this.headers.all(REQUIRE, readTexts)
  }
  get proxyRequire(): readonly string[] {
    return this.headers.all(PROXY_REQUIRE, readTexts)
  }
  get unsupported(): readonly string[] {
    return this.headers.all(UNSUPPORTED, readTexts)
  }

  get wwwAuthenticate(): readonly Challenge[] {
    return this.headers.all(WWW_AUTHENTICATE, readChallenge)
  }
  get proxyAuthenticate(): readonly Challenge[] {
    return this.headers.all(PROXY_AUTHENTICATE, readChallenge)
  }
  get authorization(): readonly Credentials[] {
    return this.headers.all(AUTHORIZATION, readCredentials)
  }
  get proxyAuthorization(): readonly Credentials[] {
    return this.headers.all(PROXY_AUTHORIZATION, readCredentials)
  }

  /** @internal Reads what every message has; throws what the accessors throw. */
  check(): readonly unknown[] {
    return [this.via, this.from, this.to, this.callId, this.cseq]
  }

  /** @internal What a copy of this message is made of. */
  protected parts(): MessageParts {
    const { body } = this
    return { headers: this.headers.clone(), bytes: body, start: 0, end: body.length, diagnostics: this.diagnostics }
  }
}

const readText: Reader<string> = slice
const readTexts: Reader<string[]> = (source, start, end) => readList(source, start, end, slice)
const readVias: Reader<Via[]> = (source, start, end) => readList(source, start, end, Via.read)
const readContacts: Reader<readonly (NameAddr | '*')[]> = (source, start, end) =>
  end - start === 1 && source.bytes[start] === 42 ? ['*'] : readNameAddrs(source, start, end)
// A comma separates parameters here, not values (RFC 3261 §7.3.1).
const readChallenge: Reader<Challenge[]> = (source, start, end) => [Challenge.read(source, start, end)]
const readCredentials: Reader<Credentials[]> = (source, start, end) => [Credentials.read(source, start, end)]

function missing(number: number): never {
  throw new BuildError('missing-header', nameOf(number), '')
}

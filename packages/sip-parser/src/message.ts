import type { Reader } from './attempt.js'
import { firstReader, listReader } from './comma-list.js'
import type { Diagnostic } from './diagnostics.js'
import { BuildError } from './errors.js'
import type { HeaderFields } from './header-fields.js'
import {
  ALLOW, CALL_ID, CONTACT, CONTENT_LENGTH, CSEQ, EXPIRES, FROM, MAX_FORWARDS, MIN_EXPIRES, PATH, PROXY_REQUIRE, RECORD_ROUTE, REQUIRE, RETRY_AFTER, ROUTE, SERVICE_ROUTE, SUPPORTED, TO, UNSUPPORTED, VIA,
  nameOf,
} from './header-names.js'
import { encodeUtf8, slice, type Source } from './octets.js'
import { CSeq } from './values/cseq.js'
import { NameAddr } from './values/name-addr.js'
import { readHops, readLength, readSeconds } from './values/numbers.js'
import { Via } from './values/via.js'

/** Where a body stands that nobody asked for yet. */
export interface BodyPlace {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/**
 * What requests and responses share. Typed accessors follow one rule: an absent field is undefined (a list is empty),
 * a field that is there but cannot be read throws ParseError. Via, From, To, Call-ID and CSeq are checked by
 * `parseMessage`, so on its messages these never throw; on a message built without them they throw BuildError `missing-header`.
 * Values are decoded once and kept until the field is changed. Fields without an accessor are read by `headers.read`.
 */
export abstract class Message {
  readonly headers: HeaderFields
  /** What was odd, but read all the same. */
  readonly diagnostics: readonly Diagnostic[]
  #body: Uint8Array | BodyPlace | string

  constructor(headers: HeaderFields, body: Uint8Array | BodyPlace | string, diagnostics: readonly Diagnostic[]) {
    this.headers = headers
    this.diagnostics = diagnostics
    this.#body = body
  }

  /** The octets of the body, shared with the input. Setting it is enough: Content-Length is written by `serializeMessage`. */
  get body(): Uint8Array {
    const body = this.#body
    if (body instanceof Uint8Array) return body
    return (this.#body = typeof body === 'string' ? encodeUtf8(body) : body.source.bytes.subarray(body.start, body.end))
  }
  set body(body: Uint8Array) {
    this.#body = body
  }

  /** The topmost Via value. */
  get via(): Via {
    return this.headers.first(VIA, readTopVia) ?? missing(VIA)
  }
  /** Every Via value, topmost first. */
  get vias(): readonly Via[] {
    return this.headers.all(VIA, Via.read)
  }
  get from(): NameAddr {
    return this.headers.first(FROM, NameAddr.readParty) ?? missing(FROM)
  }
  get to(): NameAddr {
    return this.headers.first(TO, NameAddr.readParty) ?? missing(TO)
  }
  get callId(): string {
    return this.headers.first(CALL_ID, slice) || missing(CALL_ID)
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
    const contacts = this.headers.all(CONTACT, readContact)
    return contacts.includes('*') ? '*' : (contacts as readonly NameAddr[])
  }
  /** The first Contact value; undefined for '*'. */
  get contact(): NameAddr | undefined {
    const contact = this.headers.first(CONTACT, readFirstContact)
    return contact === '*' ? undefined : contact
  }
  get route(): readonly NameAddr[] {
    return this.headers.all(ROUTE, NameAddr.read)
  }
  get recordRoute(): readonly NameAddr[] {
    return this.headers.all(RECORD_ROUTE, NameAddr.read)
  }
  /** RFC 3327. */
  get path(): readonly NameAddr[] {
    return this.headers.all(PATH, NameAddr.read)
  }
  /** RFC 3608. */
  get serviceRoute(): readonly NameAddr[] {
    return this.headers.all(SERVICE_ROUTE, NameAddr.read)
  }

  /** Bytes, as the field says; what is sent is the size of `body`. */
  get contentLength(): number | undefined {
    return this.headers.first(CONTENT_LENGTH, readLength)
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

  get allow(): readonly string[] {
    return this.headers.all(ALLOW, slice)
  }
  get supported(): readonly string[] {
    return this.headers.all(SUPPORTED, slice)
  }
  get require(): readonly string[] {
    return this.headers.all(REQUIRE, slice)
  }
  get proxyRequire(): readonly string[] {
    return this.headers.all(PROXY_REQUIRE, slice)
  }
  get unsupported(): readonly string[] {
    return this.headers.all(UNSUPPORTED, slice)
  }


  /** @internal The body as text, when it is still there as such, so that it can be written together with the header section; undefined otherwise. */
  get bodyText(): string | undefined {
    const body = this.#body
    if (typeof body === 'string') return body
    return 'source' in body && body.source.ascii ? body.source.text.slice(body.start, body.end) : undefined
  }

  /** @internal Reads what every message has; throws what the accessors throw. */
  check(): readonly unknown[] {
    this.headers.first(VIA, readWholeVia)
    return [this.via, this.from, this.to, this.callId, this.cseq]
  }
}

/** @internal The topmost Via value. Throws ParseError. */
export const readTopVia: Reader<Via | undefined> = /* @__PURE__ */ firstReader(Via.read)
const readVias: Reader<Via[]> = /* @__PURE__ */ listReader(Via.read)

/** The topmost Via value, when all in its field can be read. */
const readWholeVia: Reader<Via | undefined> = (source, start, end) => readVias(source, start, end)[0]

/** `*` stands alone (RFC 3261 §20.10). */
const readContact: Reader<NameAddr | '*'> = (source, start, end, alone) =>
  alone && end - start === 1 && source.bytes[start] === 42 ? '*' : NameAddr.read(source, start, end)
const readFirstContact: Reader<NameAddr | '*' | undefined> = /* @__PURE__ */ firstReader(readContact)

function missing(number: number): never {
  throw new BuildError('missing-header', nameOf(number), '')
}

import type { Diagnostic } from './diagnostics.js'
import { assertPlain, assertToken } from './guards.js'
import type { HeaderFields } from './header-fields.js'
import { Message, type BodyPlace } from './message.js'
import { sourceOfText } from './octets.js'
import type { Uri } from './values/uri.js'

/** A SIP request (RFC 3261 §7.1). Made by `parseMessage` or `createRequest`. */
export class SipRequest extends Message {
  readonly kind = 'request'
  #method: string
  #requestUri: Uri
  /** The start line as it came, until it is changed. */
  #startLine: string | undefined

  constructor(method: string, requestUri: Uri, headers: HeaderFields, body: Uint8Array | BodyPlace | string, diagnostics: readonly Diagnostic[] = [], startLine?: string) {
    super(headers, body, diagnostics)
    this.#method = method
    this.#requestUri = requestUri
    this.#startLine = startLine
  }

  /** Upper case by custom; compared with case (RFC 3261 §7.1). Setting text that is no token throws BuildError. */
  get method(): string {
    return this.#method
  }
  set method(method: string) {
    assertToken(method, 'method')
    this.#method = method
    this.#startLine = undefined
  }

  get requestUri(): Uri {
    return this.#requestUri
  }
  set requestUri(uri: Uri) {
    assertPlain(uri.toString(), 'Request-URI')
    this.#requestUri = uri
    this.#startLine = undefined
  }

  /** @internal The start line without its line end, one character per octet. */
  get startLine(): string {
    return this.#startLine ?? sourceOfText(`${this.#method} ${this.#requestUri.toString()} SIP/2.0`).text
  }

  /** A copy whose fields can be changed apart; the bytes are shared. */
  clone(): SipRequest {
    return new SipRequest(this.#method, this.#requestUri, this.headers.clone(), this.body, this.diagnostics, this.#startLine)
  }
}

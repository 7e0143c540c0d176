import { assertPlain, assertToken } from './guards.js'
import { Message, type MessageParts } from './message.js'
import { toOctetText } from './octets.js'
import type { Uri } from './values/uri.js'

/** A SIP request (RFC 3261 §7.1). Made by `parseMessage` or `createRequest`. */
export class SipRequest extends Message {
  readonly kind = 'request'
  #method: string
  #requestUri: Uri
  /** The start line as it came, until it is changed. */
  #startLine: string | undefined

  constructor(method: string, requestUri: Uri, parts: MessageParts, startLine?: string) {
    super(parts)
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

  /** @internal The start line without its line end, as text or octets like `headers.toText`. */
  get startLine(): string {
    if (this.#startLine !== undefined) return this.#startLine
    const text = `${this.#method} ${this.#requestUri.toString()} SIP/2.0`
    return this.headers.ascii ? text : toOctetText(text)
  }

  /** A copy whose fields can be changed apart; the bytes are shared. */
  clone(): SipRequest {
    return new SipRequest(this.#method, this.#requestUri, this.parts(), this.#startLine)
  }
}

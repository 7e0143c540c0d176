import type { Diagnostic } from './diagnostics.js'
import { BuildError } from './errors.js'
import { assertPlain } from './guards.js'
import type { HeaderFields } from './header-fields.js'
import { Message, type BodyPlace } from './message.js'
import { sourceOfText } from './octets.js'

/** A SIP response (RFC 3261 §7.2). Made by `parseMessage` or `createResponse`. */
export class SipResponse extends Message {
  readonly kind = 'response'
  #statusCode: number
  #reasonPhrase: string

  constructor(statusCode: number, reasonPhrase: string, headers: HeaderFields, body: Uint8Array | BodyPlace | string, diagnostics: readonly Diagnostic[] = []) {
    super(headers, body, diagnostics)
    this.#statusCode = statusCode
    this.#reasonPhrase = reasonPhrase
  }

  /** 100 to 699; setting anything else throws BuildError. */
  get statusCode(): number {
    return this.#statusCode
  }
  set statusCode(statusCode: number) {
    assertStatusCode(statusCode)
    this.#statusCode = statusCode
  }

  /** May be empty; setting text with a line break throws BuildError. */
  get reasonPhrase(): string {
    return this.#reasonPhrase
  }
  set reasonPhrase(reasonPhrase: string) {
    assertPlain(reasonPhrase, 'reason phrase')
    this.#reasonPhrase = reasonPhrase
  }

  /** @internal The start line without its line end, one character per octet. */
  get startLine(): string {
    return sourceOfText(`SIP/2.0 ${this.#statusCode} ${this.#reasonPhrase}`).text
  }

  /** A copy whose fields can be changed apart; the bytes are shared. */
  clone(): SipResponse {
    return new SipResponse(this.#statusCode, this.#reasonPhrase, this.headers.clone(), this.body, this.diagnostics)
  }
}

/** Throws BuildError `value` unless 100 to 699. */
export function assertStatusCode(statusCode: number): void {
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 699)
    throw new BuildError('value', 'status code', String(statusCode))
}

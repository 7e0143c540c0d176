import { BuildError } from './errors.js'
import { assertPlain } from './guards.js'
import { Message, type MessageParts } from './message.js'
import { toOctetText } from './octets.js'

/** A SIP response (RFC 3261 §7.2). Made by `parseMessage` or `createResponse`. */
export class SipResponse extends Message {
  readonly kind = 'response'
  #statusCode: number
  #reasonPhrase: string

  constructor(statusCode: number, reasonPhrase: string, parts: MessageParts) {
    super(parts)
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

  /** @internal The start line without its line end, as text or octets like `headers.toText`. */
  get startLine(): string {
    const text = `SIP/2.0 ${this.#statusCode} ${this.#reasonPhrase}`
    return this.headers.ascii ? text : toOctetText(text)
  }

  /** A copy whose fields can be changed apart; the bytes are shared. */
  clone(): SipResponse {
    return new SipResponse(this.#statusCode, this.#reasonPhrase, this.parts())
  }
}

/** Throws BuildError `value` unless 100 to 699. */
export function assertStatusCode(statusCode: number): void {
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 699)
    throw new BuildError('value', 'status code', String(statusCode))
}

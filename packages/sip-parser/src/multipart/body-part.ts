import type { Diagnostic } from '../diagnostics.js'
import { ParseError } from '../errors.js'
import type { HeaderField, HeaderFields } from '../header-fields.js'
import { contentType, MediaType } from '../values/media-type.js'
import { contentDisposition } from '../values/token-value.js'
import { bareContentId } from './content-id.js'

/** A body that holds bodies (RFC 2046 §5.1). */
export interface Multipart {
  readonly contentType: MediaType
  readonly parts: readonly BodyPart[]
  /** The part to start with: of `multipart/related` the one that `start` names, otherwise the first one (RFC 5621 §7.1). */
  readonly root: BodyPart | undefined
  /** Octets before the first delimiter, to be ignored (RFC 2046 §5.1.1). */
  readonly preamble: Uint8Array
  /** Octets behind the last delimiter, to be ignored. */
  readonly epilogue: Uint8Array
  /** What was odd, in this body and those inside it; offsets count from the start of the outermost body. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A body and the header fields that say what it is: that of a message, or a part of it (RFC 2046 §5.1, RFC 5621).
 * The octets are shared with the message they came from. Its accessors do not throw: a field that cannot be read counts as absent
 * (RFC 2045 §5.2), its text stays in `headers`.
 */
export class BodyPart {
  readonly headers: HeaderFields
  readonly body: Uint8Array
  /** Header section and body as they came, which is what a signature is about (RFC 1847 §2.1); of a whole message the body alone. */
  readonly bytes: Uint8Array
  /** The parts of a body that has some. */
  readonly multipart: Multipart | undefined
  readonly #defaultType: 'text/plain' | 'message/rfc822'

  /** @internal */
  constructor(headers: HeaderFields, body: Uint8Array, bytes: Uint8Array = body, multipart?: Multipart, defaultType: 'text/plain' | 'message/rfc822' = 'text/plain') {
    this.headers = headers
    this.body = body
    this.bytes = bytes
    this.multipart = multipart
    this.#defaultType = defaultType
  }

  /** `text/plain` when absent, in a digest `message/rfc822` (RFC 2046 §5.1.1, §5.1.5). */
  get contentType(): MediaType {
    return this.#read(contentType) ?? MediaType.of(...(this.#defaultType.split('/') as [string, string]))
  }

  /** Disposition type in lower case; when absent `session` for SDP, `render` for others (RFC 3261 §20.11). */
  get disposition(): string {
    return this.#read(contentDisposition)?.token.toLowerCase() ?? (this.contentType.essence === 'application/sdp' ? 'session' : 'render')
  }

  /** What a receiver that does not understand the body does: refuse the request, or ignore the body (RFC 5621 §8.1). */
  get handling(): 'required' | 'optional' {
    return this.#read(contentDisposition)?.parameters.get('handling')?.toLowerCase() === 'optional' ? 'optional' : 'required'
  }

  /** Without `<` and `>` (RFC 2045 §7). */
  get contentId(): string | undefined {
    const id = this.headers.get('Content-ID')
    return id && bareContentId(id)
  }

  /** What is to be undone before the body can be read, the last one first: `gzip`, `base64`; in lower case (RFC 3261 §20.12, RFC 2045 §6.1). */
  get encodings(): readonly string[] {
    return [...this.headers.getAll('Content-Encoding'), ...this.headers.getAll('Content-Transfer-Encoding')].flatMap((list) => list.toLowerCase().split(','))
      .map((one) => one.trim()).filter((one) => !['', 'identity', 'binary', '7bit', '8bit'].includes(one))
  }

  /** This part or the one inside it with the Content-ID: bare, in brackets, or as a `cid:` URL (RFC 5621 §9.1). */
  withId(id: string): BodyPart | undefined {
    if (this.contentId === bareContentId(id)) return this
    for (const part of this.multipart?.parts ?? []) {
      const found = part.withId(id)
      if (found !== undefined) return found
    }
    return undefined
  }

  #read<T>(field: HeaderField<T>): T | undefined {
    try {
      return this.headers.read(field)[0]
    } catch (error) {
      if (error instanceof ParseError) return undefined
      throw error
    }
  }
}

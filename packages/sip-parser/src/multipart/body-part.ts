import { attempt, type Reader } from '../attempt.js'
import type { Diagnostic } from '../diagnostics.js'
import type { HeaderFields } from '../header-fields.js'
import { unescape } from '../escapes.js'
import { sourceOfText } from '../octets.js'
import { MediaType } from '../values/media-type.js'
import { TokenValue } from '../values/token-value.js'

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
  readonly #defaultType: string

  /** @internal */
  constructor(headers: HeaderFields, body: Uint8Array, bytes: Uint8Array = body, multipart?: Multipart, defaultType = 'text/plain') {
    this.headers = headers
    this.body = body
    this.bytes = bytes
    this.multipart = multipart
    this.#defaultType = defaultType
  }

  /** `text/plain` when absent, in a digest `message/rfc822` (RFC 2046 §5.1.1, §5.1.5). */
  get contentType(): MediaType {
    return this.#read('Content-Type', MediaType.read) ?? MediaType.read(sourceOfText(this.#defaultType), 0, this.#defaultType.length)
  }

  /** Disposition type in lower case; when absent `session` for SDP, `render` for others (RFC 3261 §20.11). */
  get disposition(): string {
    return this.#disposition?.token.toLowerCase() ?? (this.contentType.essence === 'application/sdp' ? 'session' : 'render')
  }

  /** What a receiver that does not understand the body does: refuse the request, or ignore the body (RFC 5621 §8.1). */
  get handling(): 'required' | 'optional' {
    return this.#disposition?.parameters.get('handling')?.toLowerCase() === 'optional' ? 'optional' : 'required'
  }

  /** Without `<` and `>` (RFC 2045 §7). */
  get contentId(): string | undefined {
    const id = this.headers.get('Content-ID')
    return id && bareContentId(id)
  }

  /** What is to be undone before the body can be read, the last one first: `gzip`, `base64`; in lower case (RFC 3261 §20.12, RFC 2045 §6.1). */
  get encodings(): readonly string[] {
    const all = [...this.headers.getAll('Content-Encoding'), ...this.headers.getAll('Content-Transfer-Encoding')].join().toLowerCase()
    return all.split(/[\s,]+/).filter((one) => !/^(?:identity|binary|[78]bit)?$/.test(one))
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

  get #disposition(): TokenValue | undefined {
    return this.#read('Content-Disposition', TokenValue.read)
  }

  #read<T>(name: string, read: Reader<T>): T | undefined {
    const result = attempt(read, this.headers.get(name) ?? '')
    return result.ok ? result.value : undefined
  }
}

/** @internal A Content-ID without `<` and `>`, or from a `cid:` URL without its escapes (RFC 2045 §7, RFC 2392 §2). */
export function bareContentId(text: string): string {
  return /^cid:/i.test(text) ? unescape(text.slice(4)) : text.replace(/^<(.*)>$/s, '$1')
}

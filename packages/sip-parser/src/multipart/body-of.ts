import type { SipMessage } from '../parse-message.js'
import type { BodyPart } from './body-part.js'
import { type MultipartLimits, readBody } from './parse-multipart.js'

/** What `bodyOf` looks for, and how far. */
export interface BodySearch extends Partial<MultipartLimits> {
  /** Default: `session` for SDP (RFC 3261 §20.11), for other types any but `by-reference`. */
  readonly disposition?: string
}

/**
 * The body of this type, wherever it stands in a message: the whole body or a part at any depth; undefined when there is none, as in a message without a body.
 * Of `multipart/alternative` it is the last one of the type (RFC 5621 §6.1), of `multipart/related` the root comes first (§7.1), of others the first one counts.
 * A body that is there `by-reference` is found by the reference only (§9.4: `BodyPart.withId`), and one that is compressed or in base64 not at all.
 * Throws ParseError when the multipart body cannot be read.
 *
 * @example bodyOf(invite, 'application/sdp')?.body
 */
export function bodyOf(message: Pick<SipMessage, 'headers' | 'body'>, type: string, options: BodySearch = {}): BodyPart | undefined {
  if (message.body.length === 0) return undefined
  const essence = type.toLowerCase()
  const disposition = options.disposition?.toLowerCase() ?? (essence === 'application/sdp' ? 'session' : undefined)
  return find(bodyWithParts(message, options), (part) => part.contentType.essence === essence && part.encodings.length === 0
    && (disposition === undefined ? part.disposition !== 'by-reference' : part.disposition === disposition))
}

/**
 * The first body that has to be understood and is not: the reason for a 415 (RFC 5621 §8.4); undefined when the request can go on.
 * What is `handling=optional` may be skipped with all that is inside it (§8.2); of `multipart/alternative` one part is enough, whatever handling the parts ask for (§8.3).
 * Throws ParseError when the multipart body cannot be read.
 *
 * @example unsupportedBody(invite, (part) => part.contentType.essence === 'application/sdp')
 */
export function unsupportedBody(message: Pick<SipMessage, 'headers' | 'body'>, understands: (part: BodyPart) => boolean, limits: Partial<MultipartLimits> = {}): BodyPart | undefined {
  return message.body.length === 0 ? undefined : notUnderstood(bodyWithParts(message, limits), understands, false)
}

function bodyWithParts(message: Pick<SipMessage, 'headers' | 'body'>, limits: Partial<MultipartLimits>): BodyPart {
  const result = readBody(message, limits)
  if (result.ok) return result.value
  throw result.error
}

/** What `look` gives for the first part that it gives something for. */
function first(parts: readonly BodyPart[], look: (part: BodyPart) => BodyPart | undefined): BodyPart | undefined {
  for (const part of parts) {
    const found = look(part)
    if (found !== undefined) return found
  }
  return undefined
}

function find(part: BodyPart, wanted: (part: BodyPart) => boolean): BodyPart | undefined {
  const { multipart } = part
  if (multipart === undefined) return wanted(part) ? part : undefined
  const { parts, root, contentType } = multipart
  const ordered = contentType.subtype === 'alternative' ? [...parts].reverse() : [...parts].sort((a, b) => Number(b === root) - Number(a === root))
  return first(ordered, (inner) => find(inner, wanted))
}

function notUnderstood(part: BodyPart, understands: (part: BodyPart) => boolean, required: boolean): BodyPart | undefined {
  if (!required && part.handling === 'optional') return undefined
  const { multipart } = part
  if (multipart === undefined) return understands(part) ? undefined : part
  const { parts, contentType } = multipart
  if (contentType.subtype === 'alternative') return parts.some((one) => notUnderstood(one, understands, true) === undefined) ? undefined : part
  return first(parts, (inner) => notUnderstood(inner, understands, false))
}

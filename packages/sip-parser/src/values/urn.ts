import { normalizeEscapes } from '../escapes.js'
import { AbsoluteUri } from './absolute-uri.js'
import type { Uri } from './uri.js'

/** The parts of a URN (RFC 8141 §2), as written but for the namespace. */
export interface Urn {
  /** Namespace identifier in lower case: `service`, `uuid`. */
  readonly namespace: string
  /** Namespace specific string: what is named. */
  readonly specific: string
  /** For the resolver, behind `?+`. */
  readonly resolution: string | undefined
  /** For the thing that is named, behind `?=`. */
  readonly query: string | undefined
  /** Behind `#`. */
  readonly fragment: string | undefined
}

/** The parts of `urn:namespace:specific?+r?=q#f`; undefined for a URI that is no URN (RFC 8141 §2). */
export function parseUrn(uri: Uri): Urn | undefined {
  if (!(uri instanceof AbsoluteUri) || uri.scheme !== 'urn') return undefined
  const [, namespace, specific, resolution, query, fragment] = /^([\da-z][\da-z-]{0,30}[\da-z]):([^?#/][^?#]*)(?:\?\+([^#]+?))?(?:\?=([^#]+))?(?:#(.*))?$/i.exec(uri.opaque) ?? []
  if (namespace === undefined || specific === undefined) return undefined
  return { namespace: namespace.toLowerCase(), specific, resolution, query, fragment }
}

/**
 * The service that a service URN names, in lower case: `sos.fire` for `urn:service:sos.fire`; undefined for another URI (RFC 5031 §3).
 *
 * @example serviceOf(request.requestUri)?.split('.')[0] === 'sos' // an emergency call
 */
export function serviceOf(uri: Uri): string | undefined {
  const urn = parseUrn(uri)
  return urn?.namespace === 'service' && /^[\da-z-]+(?:\.[\da-z-]+)*$/i.test(urn.specific) ? urn.specific.toLowerCase() : undefined
}

/** The text that equal URNs share: what is named, not how to come by it (RFC 8141 §3.1); services and UUIDs compare without case (RFC 5031 §3, RFC 4122 §3). */
export function canonicalUrn({ namespace, specific }: Urn): string {
  // Escapes are not undone, only their digits have no case.
  const name = normalizeEscapes(specific, /(?!)/)
  return `urn:${namespace}:${namespace === 'service' || namespace === 'uuid' ? name.toLowerCase() : name}`
}

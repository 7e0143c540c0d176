import { attributeOf } from './section.js'
import type { MediaDescription, SessionDescription } from './session-description.js'

/** A certificate's hash: `a=fingerprint` (RFC 8122 §5). */
export interface Fingerprint {
  /** `sha-256`, lower case. */
  readonly algorithm: string
  /** Pairs of hex digits with colons between, upper case. */
  readonly value: string
}

/** The stream's certificate fingerprint, else the session's; undefined when there is none or it is malformed. */
export function fingerprintOf(media: MediaDescription, session?: SessionDescription): Fingerprint | undefined {
  const text = attributeOf(media, 'fingerprint') ?? (session === undefined ? undefined : attributeOf(session, 'fingerprint'))
  const [algorithm, value, more] = (text ?? '').split(' ', 4).filter((word) => word !== '')
  if (algorithm === undefined || value === undefined || more !== undefined || !/^[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2})*$/.test(value)) return undefined
  return { algorithm: algorithm.toLowerCase(), value: value.toUpperCase() }
}

/** Who opens the connection: `a=setup` (RFC 4145 §4, RFC 5763 §5). */
export type Setup = 'active' | 'passive' | 'actpass' | 'holdconn'

/** The stream's connection role, else the session's. */
export function setupOf(media: MediaDescription, session?: SessionDescription): Setup | undefined {
  const text = attributeOf(media, 'setup') ?? (session === undefined ? undefined : attributeOf(session, 'setup'))
  return text === 'active' || text === 'passive' || text === 'actpass' || text === 'holdconn' ? text : undefined
}

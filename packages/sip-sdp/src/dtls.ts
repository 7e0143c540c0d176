import { type AttributeField, readAttribute } from './attributes/attribute-field.js'
import { type Fingerprint, fingerprint, type Setup, setup } from './attributes/dtls-fields.js'
import type { MediaDescription, SessionDescription } from './session-description.js'

/** The stream's certificate fingerprint, else the session's; undefined when there is none or it is malformed. */
export function fingerprintOf(media: MediaDescription, session?: SessionDescription): Fingerprint | undefined {
  return either(media, session, fingerprint)
}

/** The stream's connection role, else the session's. */
export function setupOf(media: MediaDescription, session?: SessionDescription): Setup | undefined {
  return either(media, session, setup)
}

function either<T>(media: MediaDescription, session: SessionDescription | undefined, field: AttributeField<T>): T | undefined {
  return readAttribute(media, field) ?? (session === undefined ? undefined : readAttribute(session, field))
}

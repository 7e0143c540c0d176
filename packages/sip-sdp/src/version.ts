import { SdpError } from './sdp-error.js'
import { serializeSessionDescription } from './serialize-session-description.js'
import type { SessionDescription } from './session-description.js'

/**
 * Gives a description that follows another of ours its `o=` line (RFC 3264 §8): the previous one's, with
 * the version one higher if anything else changed.
 * @throws SdpError `invalid-value` when the previous version is no number
 */
export function nextVersion(previous: SessionDescription, next: SessionDescription): SessionDescription {
  const same = { ...next, origin: previous.origin }
  if (isSameDescription(previous, same)) return same
  const { sessionVersion } = previous.origin
  if (!/^\d{1,40}$/.test(sessionVersion)) throw new SdpError('invalid-value', `"${sessionVersion}" is not a version number`)
  return { ...next, origin: { ...previous.origin, sessionVersion: String(BigInt(sessionVersion) + 1n) } }
}

/** Whether both print the same text: a repeated offer or answer, with nothing to do (RFC 3264 §8). */
export function isSameDescription(one: SessionDescription, other: SessionDescription): boolean {
  return one === other || serializeSessionDescription(one) === serializeSessionDescription(other)
}

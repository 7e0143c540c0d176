import type { MediaDescription, Section, SessionDescription } from './session-description.js'
import { attributeOf, connectionOf } from './section.js'

/** Which way media flows, seen from whoever wrote the description (RFC 8866 §6.7). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** Direction from its two halves. */
export function directionFrom(sends: boolean, receives: boolean): Direction {
  if (sends) return receives ? 'sendrecv' : 'sendonly'
  return receives ? 'recvonly' : 'inactive'
}

/** Whether that direction includes sending. */
export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly'
}

/** Whether that direction includes receiving. */
export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly'
}

/** The same direction seen from the other end. */
export function reverseDirection(direction: Direction): Direction {
  return directionFrom(receives(direction), sends(direction))
}

/** What both directions allow. */
export function intersectDirections(one: Direction, other: Direction): Direction {
  return directionFrom(sends(one) && sends(other), receives(one) && receives(other))
}

/** The direction attribute of this section itself, the last when there are several. */
export function writtenDirection(section: Section): Direction | undefined {
  for (let index = section.attributes.length - 1; index >= 0; index -= 1) {
    const name = section.attributes[index]?.name
    if (isDirection(name)) return name
  }
  return undefined
}

/** Whether the text is one of the four direction attributes. */
export function isDirection(text: string | undefined): text is Direction {
  return text === 'sendrecv' || text === 'sendonly' || text === 'recvonly' || text === 'inactive'
}

/** Whether the address is the one that nothing can be sent to. */
export function isNowhere(address: string | undefined): boolean {
  return address === '0.0.0.0' || address === '::'
}

/**
 * A stream's direction: its own attribute, else the session's, else `sendrecv`. A connection address of
 * `0.0.0.0` or `::` takes the receiving half away, the hold of RFC 2543 (RFC 3264 §8.4), unless ICE is in use,
 * where that address only means that no candidate is known yet (RFC 8840 §4.1.1).
 */
export function directionOf(media: MediaDescription, session?: SessionDescription): Direction {
  const written = writtenDirection(media) ?? (session === undefined ? undefined : writtenDirection(session)) ?? 'sendrecv'
  if (!isNowhere(connectionOf(media, session)?.address)) return written
  const usesIce = attributeOf(media, 'ice-ufrag') !== undefined || (session !== undefined && attributeOf(session, 'ice-ufrag') !== undefined)
  return usesIce ? written : directionFrom(sends(written), false)
}

import { type Direction, directionFrom, directionOf, isDirection, sends } from './direction.js'
import type { MediaDescription, SessionDescription } from './session-description.js'
import { nextVersion } from './version.js'

/**
 * The description with every running stream in the given direction. `o=` is left as it is.
 * @param direction the direction, or what finds it from a stream and its present direction
 */
export function withDirection(
  description: SessionDescription,
  direction: Direction | ((present: Direction, media: MediaDescription, index: number) => Direction),
): SessionDescription {
  const media = description.media.map((stream, index) => {
    const present = directionOf(stream, description)
    const wanted = stream.port === 0 ? present : typeof direction === 'function' ? direction(present, stream, index) : direction
    return setDirection(stream, wanted)
  })
  return { ...description, attributes: description.attributes.filter(({ name }) => !isDirection(name)), media }
}

/**
 * The offer that puts the peer on hold, made from our last description: no stream receives any more,
 * `sendrecv` becomes `sendonly` and `recvonly` becomes `inactive` (RFC 3264 §8.4); version one higher.
 */
export function holdOffer(description: SessionDescription): SessionDescription {
  return nextVersion(description, withDirection(description, (present) => directionFrom(sends(present), false)))
}

/** The offer that ends a hold: every running stream receives again. */
export function resumeOffer(description: SessionDescription): SessionDescription {
  return nextVersion(description, withDirection(description, (present) => directionFrom(sends(present), true)))
}

function setDirection(media: MediaDescription, direction: Direction): MediaDescription {
  const at = media.attributes.findIndex(({ name }) => isDirection(name))
  if (at === -1) return direction === 'sendrecv' ? media : { ...media, attributes: [...media.attributes, { name: direction }] }
  const others = media.attributes.filter(({ name }, index) => index === at || !isDirection(name))
  return { ...media, attributes: others.map((attribute, index) => (index === at ? { name: direction } : attribute)) }
}


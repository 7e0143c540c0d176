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

/** How to hold. */
export interface HoldOptions {
  /** True to name 0.0.0.0 as our address as well: the hold of RFC 2543, for peers that know no directions. They then send nothing at all. */
  readonly oldStyle?: boolean | undefined
}

/**
 * The offer that puts the peer on hold, made from our last description: no stream receives any more,
 * `sendrecv` becomes `sendonly` and `recvonly` becomes `inactive` (RFC 3264 §8.4); version one higher.
 * What ends an old-style hold is `resumeOffer` of the description before it, under the version of this one.
 */
export function holdOffer(description: SessionDescription, { oldStyle = false }: HoldOptions = {}): SessionDescription {
  const held = withDirection(description, (present) => directionFrom(sends(present), false))
  return nextVersion(description, oldStyle ? withoutAddress(held) : held)
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


/** Every address that media is sent to becomes 0.0.0.0. */
function withoutAddress(description: SessionDescription): SessionDescription {
  const nowhere = { networkType: 'IN', addressType: 'IP4', address: '0.0.0.0' }
  return {
    ...description,
    connection: description.connection === undefined ? undefined : nowhere,
    media: description.media.map((media) => (media.connection === undefined ? media : { ...media, connection: nowhere })),
  }
}

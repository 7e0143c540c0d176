import type { MediaCapability } from './capabilities.js'
import type { SessionDescription } from './session-description.js'

/**
 * Which of our capabilities stands on which `m=` line of a later offer (RFC 3264 §8): a running stream keeps its line, one that
 * is new takes the line of one that is over (§8.1), of its own kind first, or a line behind all others. A line without a capability is closed (§8.2).
 */
export function placeStreams(capabilities: readonly MediaCapability[], previous: SessionDescription | undefined): readonly (MediaCapability | undefined)[] {
  if (previous === undefined) return capabilities
  const free = new Set(capabilities)
  const places: (MediaCapability | undefined)[] = previous.media.map(({ kind, port, protocol }) => {
    if (port === 0) return undefined
    const ofKind = [...free].filter((capability) => capability.kind === kind)
    const found = ofKind.find(({ protocols }) => protocols.includes(protocol)) ?? ofKind[0]
    if (found !== undefined) free.delete(found)
    return found
  })
  for (const capability of free) {
    const isOver = (index: number): boolean => places[index] === undefined && previous.media[index]?.port === 0
    const indexes = previous.media.map((_, index) => index).filter(isOver)
    const place = indexes.find((index) => previous.media[index]?.kind === capability.kind) ?? indexes[0] ?? places.length
    places[place] = capability
  }
  return places
}

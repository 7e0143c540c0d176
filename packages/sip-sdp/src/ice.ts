import { type IceCandidate, parseIceCandidate } from './ice-candidate.js'
import { attributeOf, attributesOf } from './section.js'
import type { Section } from './session-description.js'

/** What a stream says about ICE (RFC 8839 §5). */
export interface IceParts {
  readonly ufrag?: string | undefined
  readonly pwd?: string | undefined
  /** `trickle`, `renomination`… */
  readonly options: readonly string[]
  readonly lite: boolean
  /** Candidates that could be read; others are left out. */
  readonly candidates: readonly IceCandidate[]
  readonly endOfCandidates: boolean
}

/** A stream's ICE credentials, options and candidates; the session's stand in where the stream has none (RFC 8839 §5.4). */
export function icePartsOf(media: Section, session?: Section): IceParts {
  const either = (name: string): string | undefined => attributeOf(media, name) ?? (session === undefined ? undefined : attributeOf(session, name))
  const candidates: IceCandidate[] = []
  for (const value of attributesOf(media, 'candidate')) {
    const candidate = parseIceCandidate(value)
    if (candidate !== undefined) candidates.push(candidate)
  }
  return {
    ufrag: either('ice-ufrag'),
    pwd: either('ice-pwd'),
    options: (either('ice-options') ?? '').split(' ').filter((word) => word !== ''),
    lite: either('ice-lite') !== undefined,
    candidates,
    endOfCandidates: either('end-of-candidates') !== undefined,
  }
}

import { type IceParts, icePartsOf } from './ice.js'
import { parseIceCandidate } from './ice-candidate.js'
import { attributesOf, midOf } from './section.js'
import type { SdpFragment } from './sdp-fragment.js'
import type { Section, SessionDescription } from './session-description.js'

/** What a fragment brought that is new, for one stream. */
export interface TrickledStream {
  /** Which `m=` line of the description it is, from 0. */
  readonly index: number
  /** Its `a=mid`. */
  readonly mid: string
  /** The user name fragment of the generation they belong to. */
  readonly ufrag: string
  /** Values of `a=candidate` as written, in order: what `RTCPeerConnection.addIceCandidate` takes behind `candidate:`. */
  readonly candidates: readonly string[]
  /** Whether the peer says, for the first time, that there will be no more. */
  readonly endOfCandidates: boolean
}

/** More of a stream's candidates are not taken: nobody has so many addresses. */
const MOST_CANDIDATES = 256

interface KnownStream { readonly index: number; readonly ufrag: string; readonly pwd: string; readonly candidates: Set<string>; ended: boolean }

/**
 * The candidates of a peer, as its description and its fragments bring them. Fragments repeat what was said before;
 * each candidate is given once and in order, and those of another generation not at all (RFC 8840 §4.4).
 * Make a new one when the peer's credentials change, which is an ICE restart.
 */
export class TrickledCandidates {
  readonly #streams = new Map<string, KnownStream>()

  /** @param remote the peer's description: its candidates are known already */
  constructor(remote: SessionDescription) {
    for (const [index, media] of remote.media.entries()) {
      const mid = midOf(media)
      const { ufrag, pwd, endOfCandidates } = icePartsOf(media, remote)
      if (mid === undefined || ufrag === undefined || pwd === undefined || this.#streams.has(mid)) continue
      const stream: KnownStream = { index, ufrag, pwd, candidates: new Set(), ended: endOfCandidates }
      this.#streams.set(mid, stream)
      takeNew(stream, attributesOf(media, 'candidate'))
    }
  }

  /** What is new in this fragment, stream by stream; a stream without news is left out. */
  take(fragment: SdpFragment): readonly TrickledStream[] {
    const session = lowerCased(fragment)
    const news: TrickledStream[] = []
    const seen = new Set<string>()
    for (const media of fragment.media.map(lowerCased)) {
      const mid = midOf(media)
      const stream = mid === undefined ? undefined : this.#streams.get(mid)
      if (mid === undefined || stream === undefined) continue
      seen.add(mid)
      const parts = icePartsOf(media, session)
      if (isOfGeneration(stream, parts)) push(news, mid, stream, takeNew(stream, attributesOf(media, 'candidate')), parts.endOfCandidates)
    }
    // Above all streams it ends those that are not named as well.
    const ofAll = icePartsOf(session)
    if (ofAll.endOfCandidates) for (const [mid, stream] of this.#streams) if (!seen.has(mid) && isOfGeneration(stream, ofAll)) push(news, mid, stream, [], true)
    return news
  }
}

function isOfGeneration(stream: KnownStream, { ufrag, pwd }: IceParts): boolean {
  return ufrag === stream.ufrag && pwd === stream.pwd
}

function push(news: TrickledStream[], mid: string, stream: KnownStream, candidates: readonly string[], ends: boolean): void {
  const endOfCandidates = ends && !stream.ended
  stream.ended ||= ends
  if (candidates.length > 0 || endOfCandidates) news.push({ index: stream.index, mid, ufrag: stream.ufrag, candidates, endOfCandidates })
}

/** Those that were not known: two are one when address, port, transport and component are the same. */
function takeNew({ candidates }: KnownStream, values: readonly string[]): readonly string[] {
  return values.filter((value) => {
    const candidate = parseIceCandidate(value)
    if (candidate === undefined || candidates.size >= MOST_CANDIDATES) return false
    const { component, transport, address, port } = candidate
    const key = `${component} ${transport} ${address.toLowerCase()} ${port}`
    if (candidates.has(key)) return false
    candidates.add(key)
    return true
  })
}

/** Names of attributes do not depend on case in a fragment (RFC 8840 §9.2). */
function lowerCased<T extends Section>(section: T): T {
  return { ...section, attributes: section.attributes.map(({ name, value }) => ({ name: name.toLowerCase(), value })) }
}

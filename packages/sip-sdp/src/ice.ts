import { attributeOf, attributesOf } from './section.js'
import type { MediaDescription, SessionDescription } from './session-description.js'

/** One `a=candidate` line (RFC 8839 §5.1). */
export interface IceCandidate {
  readonly foundation: string
  /** 1 for RTP, 2 for RTCP. */
  readonly component: number
  /** `udp` or `tcp`, lower case. */
  readonly transport: string
  readonly priority: number
  /** An IP address or a name ending in `.local`. */
  readonly address: string
  readonly port: number
  /** `host`, `srflx`, `prflx` or `relay`. */
  readonly type: string
  readonly relatedAddress?: string | undefined
  readonly relatedPort?: number | undefined
  /** Further name and value pairs, as `tcptype active`. */
  readonly extensions: ReadonlyMap<string, string>
}

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
export function icePartsOf(media: MediaDescription, session?: SessionDescription): IceParts {
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

/** Reads the value of an `a=candidate` line, with or without the word `candidate:` before it; undefined when it is malformed. */
export function parseIceCandidate(value: string): IceCandidate | undefined {
  const text = value.startsWith('candidate:') ? value.slice(10) : value
  const words = text.split(' ', 128).filter((word) => word !== '')
  const [foundation, component, transport, priority, address, port, typ, type] = words
  if (foundation === undefined || transport === undefined || address === undefined || typ !== 'typ' || type === undefined) return undefined
  const numbers = [component, priority, port].map((word) => (word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : NaN))
  const [componentNumber = NaN, priorityNumber = NaN, portNumber = NaN] = numbers
  if (numbers.some(Number.isNaN) || portNumber > 65_535) return undefined
  const extensions = new Map<string, string>()
  for (let index = 8; index + 1 < words.length; index += 2) extensions.set(words[index] ?? '', words[index + 1] ?? '')
  const relatedAddress = extensions.get('raddr')
  const relatedPort = extensions.get('rport')
  extensions.delete('raddr')
  extensions.delete('rport')
  return {
    foundation, component: componentNumber, transport: transport.toLowerCase(), priority: priorityNumber, address, port: portNumber, type,
    relatedAddress, relatedPort: relatedPort !== undefined && /^\d{1,5}$/.test(relatedPort) ? Number(relatedPort) : undefined, extensions,
  }
}

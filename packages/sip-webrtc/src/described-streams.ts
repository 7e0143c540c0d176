/** A stream as a session description has it, seen from whoever wrote the description. */
export interface DescribedStream {
  /** `audio`, `video`, or what the line says. */
  readonly kind: string
  readonly sends: boolean
  readonly receives: boolean
}

/**
 * The running streams of a description, in its order (RFC 8866 §5.14, §6.7). The address `0.0.0.0` takes the receiving half away,
 * the hold of RFC 2543 (RFC 3264 §8.4), unless ICE is in use. Only a reading for people and buttons: the browser has the last word.
 */
export function streamsIn(sdp: string): readonly DescribedStream[] {
  const [session = '', ...sections] = sdp.split(/^m=/m)
  return sections.flatMap((section) => {
    const [kind = '', port] = section.split(' ', 2)
    if (port === '0') return []
    const direction = (DIRECTION.exec(section) ?? DIRECTION.exec(session))?.[1] ?? 'sendrecv'
    const isNowhere = (ADDRESS.exec(section) ?? ADDRESS.exec(session))?.[1] === '0.0.0.0' && !/^a=ice-ufrag:/m.test(session + section)
    return [{ kind, sends: direction.startsWith('send'), receives: direction.includes('recv') && !isNowhere }]
  })
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m
const ADDRESS = /^c=IN IP4 (\S+)/m

/** Whether whoever wrote the description holds us: none of its streams, or none of that kind, wants to receive (RFC 3264 §8.4). */
export function holds(sdp: string | undefined, only?: 'audio' | 'video'): boolean {
  const streams = streamsIn(sdp ?? '').filter(({ kind }) => (only === undefined ? kind === 'audio' || kind === 'video' : kind === only))
  return streams.length > 0 && !streams.some(({ receives }) => receives)
}

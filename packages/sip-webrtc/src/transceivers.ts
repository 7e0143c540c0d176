import type { LocalTracks } from './local-tracks.js'

/** What the tracks of a call are to be to its transceivers. */
export interface TransceiverWish {
  readonly tracks: LocalTracks
  /** Whether the peer's picture is wanted though we send none. */
  readonly receiveVideo: boolean
  /** Whether transceivers may be added: in an offer of ours. */
  readonly mayAdd: boolean
}

/**
 * Gives each transceiver a track of ours of its kind and its direction (RFC 8829 §4.2.3): what we have is sent;
 * sound, and picture if we send one or want one, is received unless the peer is on hold. Other kinds are refused.
 * An m-line that has no track any more is taken before another is opened (RFC 3264 §8.1); one for the peer's sound there always is.
 */
export async function directTransceivers(connection: RTCPeerConnection, { tracks, receiveVideo, mayAdd }: TransceiverWish): Promise<void> {
  const free = new Set(tracks.all)
  const transceivers = running(connection)
  for (const { sender } of transceivers) if (sender.track !== null) free.delete(sender.track)
  for (const { sender, receiver: { track: { kind } } } of transceivers) {
    if (sender.track !== null && tracks.all.includes(sender.track)) continue
    const track = [...free].find((candidate) => candidate.kind === kind)
    if (track !== undefined) free.delete(track)
    if (track !== undefined || sender.track !== null) await sender.replaceTrack(track ?? null)
  }
  if (mayAdd) {
    for (const track of free) connection.addTransceiver(track)
    if (transceivers.length === 0 && !tracks.has('audio')) connection.addTransceiver('audio')
  }
  for (const transceiver of running(connection)) {
    const { sender, receiver: { track: { kind } }, mid } = transceiver
    const sends = sender.track !== null
    const isWanted = kind === 'audio' || tracks.has(kind) || receiveVideo
    // One that was never agreed on would only stand in later offers.
    if (!sends && !isWanted && mid === null) transceiver.stop()
    else transceiver.direction = directionOf(sends, isWanted && !tracks.isHeld(kind))
  }
}

function running(connection: RTCPeerConnection): readonly RTCRtpTransceiver[] {
  return connection.getTransceivers().filter(({ currentDirection }) => currentDirection !== 'stopped')
}

function directionOf(sends: boolean, receives: boolean): RTCRtpTransceiverDirection {
  if (sends) return receives ? 'sendrecv' : 'sendonly'
  return receives ? 'recvonly' : 'inactive'
}

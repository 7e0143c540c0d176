/** Opens a transceiver for each track of ours, and one for the peer's sound when we have none. */
export function addTransceivers(connection: RTCPeerConnection, tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) connection.addTransceiver(track)
  if (!tracks.some(({ kind }) => kind === 'audio')) connection.addTransceiver('audio')
}

/**
 * Gives each transceiver a track of ours of its kind and its direction (RFC 8829 §4.2.3): what we have is sent;
 * sound, and picture if we send one, is received unless the peer is on hold. Other kinds are refused.
 */
export async function directTransceivers(connection: RTCPeerConnection, tracks: readonly MediaStreamTrack[], held: boolean): Promise<void> {
  const transceivers = connection.getTransceivers().filter(({ currentDirection }) => currentDirection !== 'stopped')
  const free = new Set(tracks)
  for (const { sender } of transceivers) if (sender.track !== null) free.delete(sender.track)
  for (const transceiver of transceivers) {
    const { sender, receiver: { track: { kind } } } = transceiver
    if (sender.track === null) {
      const track = [...free].find((candidate) => candidate.kind === kind)
      if (track !== undefined) {
        free.delete(track)
        await sender.replaceTrack(track)
      }
    }
    const sends = sender.track !== null
    const receives = !held && (kind === 'audio' || tracks.some((track) => track.kind === kind))
    transceiver.direction = sends ? (receives ? 'sendrecv' : 'sendonly') : receives ? 'recvonly' : 'inactive'
  }
}

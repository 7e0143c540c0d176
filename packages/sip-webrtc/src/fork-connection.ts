/** What tells one phone's answer from another's to the same offer: its ICE user fragment (RFC 8839 §5.4). */
export function forkIn(sdp: string): string {
  return /^a=ice-ufrag:(.*?)\r?$/m.exec(sdp)?.[1] ?? sdp
}

/**
 * Makes `twin` speak for an offer that `first` has made, to another phone that answered it (RFC 3261 §13.2.2.4): the same streams,
 * ICE credentials and, by its configuration, certificate. The phone learns of the twin's addresses from its checks (RFC 8445 §7.3.1.3).
 * Rejects where the browser lets no other connection take up an offer.
 */
export async function takeUpOffer(twin: RTCPeerConnection, first: RTCPeerConnection): Promise<void> {
  for (const { sender, receiver, direction } of first.getTransceivers()) twin.addTransceiver(sender.track ?? receiver.track.kind, { direction })
  await twin.createOffer()
  const sdp = (first.localDescription?.sdp ?? '').replace(/^a=candidate.*\n/gm, '')
  await twin.setLocalDescription({ type: 'offer', sdp })
}

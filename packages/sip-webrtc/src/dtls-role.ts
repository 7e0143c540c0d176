/**
 * An answer to a later offer with the DTLS role that the peer has already. Firefox takes the active role anew when ICE restarts, though
 * the association goes on with the same certificate (RFC 8842 §4); two active ends are what Chromium refuses.
 */
export function keepDtlsRole(answer: string, { currentLocalDescription: local, currentRemoteDescription: remote }: RTCPeerConnection): string {
  if (local === null || remote === null || FINGERPRINT.exec(answer)?.[0] !== FINGERPRINT.exec(remote.sdp)?.[0]) return answer
  const setup = SETUP.exec((local.type === 'answer' ? local : remote).sdp)?.[1]
  if (setup === undefined) return answer
  const theirs = (setup === 'active') === (local.type === 'answer') ? 'passive' : 'active'
  return answer.replace(/^(a=setup:)(?:active|passive)/gm, `$1${theirs}`)
}

const FINGERPRINT = /^a=fingerprint:.*/m
const SETUP = /^a=setup:(active|passive)/m

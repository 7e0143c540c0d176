const OPPOSITE: Readonly<Record<string, string>> = { active: 'passive', passive: 'active' }

/**
 * An answer to a later offer with the DTLS role that the peer has already. Firefox takes the active role anew when ICE restarts, though
 * the association goes on with the same certificate (RFC 8842 §4); two active ends are what Chromium refuses.
 */
export function keepDtlsRole(answer: string, { currentLocalDescription: local, currentRemoteDescription: remote }: RTCPeerConnection): string {
  if (local === null || remote === null || valueOf('fingerprint', answer) !== valueOf('fingerprint', remote.sdp)) return answer
  const own = local.type === 'answer' ? valueOf('setup', local.sdp) : OPPOSITE[valueOf('setup', remote.sdp)]
  const theirs = OPPOSITE[own ?? '']
  return theirs === undefined ? answer : answer.replace(/^(a=setup:)(?:active|passive)/gm, `$1${theirs}`)
}

function valueOf(name: 'setup' | 'fingerprint', sdp: string): string {
  return new RegExp(`^a=${name}:(.*?)\\r?$`, 'm').exec(sdp)?.[1]?.toLowerCase() ?? ''
}

import { describe, expect, it } from 'vitest'
import { keepDtlsRole } from '../src/dtls-role.js'

const sdp = (setup: string, fingerprint = 'sha-256 AA:BB'): string => `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:${fingerprint}\r\na=setup:${setup}\r\n`

function connection(local: [RTCSdpType, string] | undefined, remote: [RTCSdpType, string] | undefined): RTCPeerConnection {
  const description = (given: [RTCSdpType, string] | undefined): unknown => (given === undefined ? null : { type: given[0], sdp: sdp(given[1]) })
  return { currentLocalDescription: description(local), currentRemoteDescription: description(remote) } as RTCPeerConnection
}

describe('RFC 8842 §4: the roles of a DTLS association stay', () => {
  it.each<{ title: string; local?: [RTCSdpType, string]; remote?: [RTCSdpType, string]; answer: string; kept: string }>([
    { title: 'we answered as active', local: ['answer', 'active'], remote: ['offer', 'actpass'], answer: 'active', kept: 'passive' },
    { title: 'we answered as passive', local: ['answer', 'passive'], remote: ['offer', 'actpass'], answer: 'passive', kept: 'active' },
    { title: 'the peer answered as active', local: ['offer', 'actpass'], remote: ['answer', 'active'], answer: 'passive', kept: 'active' },
    { title: 'nothing to mend', local: ['offer', 'actpass'], remote: ['answer', 'active'], answer: 'active', kept: 'active' },
    { title: 'a first answer', answer: 'active', kept: 'active' },
  ])('$title', ({ local, remote, answer, kept }) => {
    expect(keepDtlsRole(sdp(answer), connection(local, remote))).toBe(sdp(kept))
  })

  it('another certificate is another association', () => {
    const answer = sdp('active', 'sha-256 CC:DD')
    expect(keepDtlsRole(answer, connection(['answer', 'active'], ['offer', 'actpass']))).toBe(answer)
  })
})

import { describe, expect, it } from 'vitest'
import {
  createSdpFragment, parseSdpFragment, SDP_FRAGMENT_TYPE, type SdpFragment, serializeSdpFragment, TrickledCandidates, withDirection,
} from '../src/index.js'
import { lines, read } from './read.js'

function fragment(text: string): SdpFragment {
  const result = parseSdpFragment(text)
  if (!result.ok) throw result.error
  return result.value
}

/** RFC 8840 §4.4, figure 7, with its long lines in one. */
const FIGURE_7 = lines(`
  a=ice-pwd:asd88fgpdd777uzjYhagZg
  a=ice-ufrag:8hhY
  m=audio 9 RTP/AVP 0
  a=mid:1
  a=candidate:1 1 UDP 2130706432 2001:db8:a0b:12f0::1 5000 typ host
  a=candidate:1 2 UDP 2130706432 2001:db8:a0b:12f0::1 5001 typ host
  a=candidate:2 1 UDP 1694498815 192.0.2.3 5010 typ srflx raddr 192.0.2.1 rport 8998
  a=end-of-candidates
  m=audio 9 RTP/AVP 0
  a=mid:2
  a=candidate:1 1 UDP 2130706432 2001:db8:a0b:12f0::1 6000 typ host
  a=end-of-candidates`)

const REMOTE = read(`v=0
o=- 1 1 IN IP4 192.0.2.1
s=-
c=IN IP4 0.0.0.0
t=0 0
a=ice-options:trickle
a=ice-ufrag:8hhY
a=ice-pwd:asd88fgpdd777uzjYhagZg
m=audio 9 RTP/AVP 0
a=mid:1
a=candidate:1 1 UDP 2130706432 2001:DB8:a0b:12f0::1 5000 typ host
m=video 9 RTP/AVP 31
a=mid:2
m=video 9 RTP/AVP 31
a=mid:3
a=ice-ufrag:other
a=ice-pwd:othersotherothersother
`)

describe('RFC 8840 §9: application/trickle-ice-sdpfrag', () => {
  it('is read and written back byte for byte', () => {
    expect(SDP_FRAGMENT_TYPE).toBe('application/trickle-ice-sdpfrag')
    expect(serializeSdpFragment(fragment(FIGURE_7))).toBe(FIGURE_7)
    expect(fragment(FIGURE_7)).toMatchObject({ attributes: [{ name: 'ice-pwd' }, { name: 'ice-ufrag', value: '8hhY' }], media: [{ kind: 'audio', formats: ['0'] }, {}] })
  })

  it.each([
    ['nothing', ''], ['attributes alone', 'a=end-of-candidates\r\n'], ['a stream alone', 'm=audio 9 RTP/AVP 0\r\n'], ['other lines', 'x=1\r\na=b\r\ns=-\r\ni=i\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\ni=i\r\nx=2\r\n'],
    ['a session', 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n'], ['a connection', 'a=x\r\nc=IN IP4 192.0.2.1\r\n'],
  ])('survives: %s', (_, text) => expect(serializeSdpFragment(fragment(text))).toBe(text))

  it.each([
    ['garbage\r\n', 'bad-line'], ['m=audio\r\n', 'bad-media'], ['a=x\0\r\n', 'bad-character'], ['a=x\r\n'.repeat(5001), 'too-large'], ['m=audio 9 RTP/AVP 0\r\n'.repeat(129), 'too-large'],
    [`m=audio 9 RTP/AVP${' 0'.repeat(257)}\r\n`, 'too-large'],
  ])('is refused with a code: %j', (text, code) => {
    const result = parseSdpFragment(new TextEncoder().encode(text))
    expect(result.ok ? 'ok' : result.error.code).toBe(code)
  })

  it('may not be made to hold a line of its own', () => {
    expect(() => serializeSdpFragment({ attributes: [{ name: 'x', value: 'y\r\nm=audio 9 RTP/AVP 0' }], media: [] })).toThrow(expect.objectContaining({ code: 'invalid-value' }) as Error)
  })
})

describe('RFC 8840 §4.4: what we tell', () => {
  it('is all candidates, named by mid, with the credentials where the description has them', () => {
    const local = read(lines(`
      v=0
      o=- 1 1 IN IP4 192.0.2.1
      s=-
      t=0 0
      a=group:BUNDLE 0 1
      a=ice-ufrag:8hhY
      a=ice-pwd:asd88fgpdd777uzjYhagZg
      a=ice-options:trickle
      a=sendrecv
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      c=IN IP4 0.0.0.0
      a=rtpmap:111 opus/48000/2
      a=candidate:1 1 udp 1 192.0.2.1 5000 typ host
      a=end-of-candidates
      a=rtcp-mux
      a=mid:0
      m=video 9 UDP/TLS/RTP/SAVPF 96
      a=mid:1
      a=ice-ufrag:abcd
      m=video 9 UDP/TLS/RTP/SAVPF 96`))
    expect(serializeSdpFragment(createSdpFragment(local))).toBe(lines(`
      a=group:BUNDLE 0 1
      a=ice-ufrag:8hhY
      a=ice-pwd:asd88fgpdd777uzjYhagZg
      a=ice-options:trickle
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      a=mid:0
      a=candidate:1 1 udp 1 192.0.2.1 5000 typ host
      a=end-of-candidates
      a=rtcp-mux
      m=video 9 UDP/TLS/RTP/SAVPF 96
      a=mid:1
      a=ice-ufrag:abcd`))
  })
})

describe('RFC 8840 §4.4: what we are told', () => {
  it('is taken once, in order, without what the description said', () => {
    const known = new TrickledCandidates(REMOTE)
    expect(known.take(fragment(FIGURE_7))).toEqual([
      {
        index: 0, mid: '1', ufrag: '8hhY', endOfCandidates: true,
        candidates: ['1 2 UDP 2130706432 2001:db8:a0b:12f0::1 5001 typ host', '2 1 UDP 1694498815 192.0.2.3 5010 typ srflx raddr 192.0.2.1 rport 8998'],
      },
      { index: 1, mid: '2', ufrag: '8hhY', endOfCandidates: true, candidates: ['1 1 UDP 2130706432 2001:db8:a0b:12f0::1 6000 typ host'] },
    ])
    expect(known.take(fragment(FIGURE_7))).toEqual([])
    const more = FIGURE_7 + 'a=candidate:9 1 udp 1 192.0.2.9 9 typ host\r\n'
    expect(known.take(fragment(more))).toEqual([{ index: 1, mid: '2', ufrag: '8hhY', endOfCandidates: false, candidates: ['9 1 udp 1 192.0.2.9 9 typ host'] }])
  })

  it('does not count from another generation, for a stream nobody knows, or without a name', () => {
    const take = (text: string) => new TrickledCandidates(REMOTE).take(fragment(text))
    expect(take(FIGURE_7.replace('8hhY', '8hhX'))).toEqual([])
    expect(take(FIGURE_7.replace('asd88', 'asd99'))).toEqual([])
    expect(take(FIGURE_7.replace('a=ice-ufrag:8hhY\r\n', ''))).toEqual([])
    expect(take(FIGURE_7.replaceAll('a=mid:', 'a=mid:x'))).toEqual([])
    expect(take(FIGURE_7.replace(/a=mid:.\r\n/g, ''))).toEqual([])
    expect(take(FIGURE_7.replaceAll('a=mid:2', 'a=mid:3')).map(({ mid }) => mid)).toEqual(['1'])
  })

  it('is understood in capitals, and above all streams ends all that share its credentials', () => {
    const known = new TrickledCandidates(REMOTE)
    expect(known.take(fragment('a=ICE-UFRAG:8hhY\r\na=Ice-Pwd:asd88fgpdd777uzjYhagZg\r\na=end-of-candidates\r\nm=audio 9 RTP/AVP 0\r\na=MID:1\r\na=CANDIDATE:9 1 udp 1 192.0.2.9 9 typ host\r\n'))).toEqual([
      { index: 0, mid: '1', ufrag: '8hhY', endOfCandidates: true, candidates: ['9 1 udp 1 192.0.2.9 9 typ host'] },
      { index: 1, mid: '2', ufrag: '8hhY', endOfCandidates: true, candidates: [] },
    ])
  })

  it('is bounded: no more than 256 candidates of a stream, whatever a peer sends', () => {
    const many = Array.from({ length: 1000 }, (_, port) => `a=candidate:1 1 udp 1 192.0.2.1 ${port + 1} typ host\r\n`).join('')
    const [stream] = new TrickledCandidates(REMOTE).take(fragment(`a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\nm=audio 9 RTP/AVP 0\r\na=mid:2\r\na=candidate:x\r\n${many}`))
    expect(stream?.candidates).toHaveLength(256)
  })

  it('leaves the description alone', () => {
    const before = withDirection(REMOTE, 'sendrecv')
    new TrickledCandidates(before).take(fragment(FIGURE_7))
    expect(before).toEqual(withDirection(REMOTE, 'sendrecv'))
  })
})

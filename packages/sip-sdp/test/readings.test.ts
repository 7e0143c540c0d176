import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  attributeOf, attributesOf, codecsOf, connectionOf, directionOf, fingerprintOf, groupsOf, icePartsOf, type MediaDescription, midOf, parseIceCandidate, ptimeOf,
  receives, reverseDirection, rtcpMux, sends, setupOf,
} from '../src/index.js'
import { read } from './read.js'

const chrome = read(readFileSync(new URL('corpus/chrome-156.sdp', import.meta.url), 'utf8'))
const firefox = read(readFileSync(new URL('corpus/firefox-153.sdp', import.meta.url), 'utf8'))
const audio = chrome.media[0]!
const video = chrome.media[1]!

/** A stream of one `m=` line and attributes, in a session of its own. */
function stream(line: string, ...attributes: readonly string[]): MediaDescription {
  return read(['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 't=0 0', `m=${line}`, ...attributes.map((value) => `a=${value}`)].join('\r\n')).media[0]!
}

describe('RFC 8866 §6.6 codecs', () => {
  it('gives them in the order of the m= line, with parameters and feedback', () => {
    expect(codecsOf(audio).map(({ payloadType, encoding, clockRate, channels }) => `${payloadType} ${encoding}/${clockRate}/${channels}`)).toEqual([
      '111 opus/48000/2', '63 red/48000/2', '9 G722/8000/1', '0 PCMU/8000/1', '8 PCMA/8000/1', '13 CN/8000/1', '110 telephone-event/48000/1', '126 telephone-event/8000/1',
    ])
    expect(codecsOf(audio)[0]).toEqual({ payloadType: 111, encoding: 'opus', clockRate: 48_000, channels: 2, fmtp: 'minptime=10;useinbandfec=1', feedback: ['transport-cc'] })
    expect(codecsOf(video)[0]?.feedback).toEqual(['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'])
    expect(codecsOf(video)).toHaveLength(23)
  })

  it('knows the static payload types of RFC 3551 §6 and leaves unknown ones out', () => {
    expect(codecsOf(stream('audio 9 RTP/AVP 0 3 4 8 9 13 18 1 77 x 128 008 -1')).map(({ encoding }) => encoding)).toEqual(['PCMU', 'GSM', 'G723', 'PCMA', 'G722', 'CN', 'G729'])
    expect(codecsOf(stream('video 9 RTP/AVP 31 34'))[0]).toMatchObject({ encoding: 'H261', clockRate: 90_000 })
  })

  it('lets an a=rtpmap redefine a static number, and an odd one take the codec out', () => {
    expect(codecsOf(stream('audio 9 RTP/AVP 0', 'rtpmap:0 L16/16000'))[0]).toMatchObject({ encoding: 'L16', clockRate: 16_000 })
    for (const map of ['0', '0 ', '0 PCMU', '0 /8000', '0 PCMU/x', '0 PCMU/8000/0', '0 PCMU/8000/1/1', '0 PCMU/99999999999']) {
      expect(codecsOf(stream('audio 9 RTP/AVP 0 8', `rtpmap:${map}`)).map(({ encoding }) => encoding)).toContain('PCMA')
    }
    expect(codecsOf(stream('audio 9 RTP/AVP 96', 'rtpmap:96 PCMU'))).toEqual([])
  })

  it('gives feedback for every format its place and each format once', () => {
    const codecs = codecsOf(stream('video 9 RTP/AVPF 31 32 31', 'rtcp-fb:* nack', 'rtcp-fb:32 ccm fir'))
    expect(codecs.map(({ feedback }) => feedback)).toEqual([['nack'], ['nack', 'ccm fir']])
  })

  it('finds none where formats are no payload types', () => {
    expect(codecsOf(chrome.media[2]!)).toEqual([])
    expect(codecsOf(stream('image 9 udptl t38'))).toEqual([])
  })
})

describe('RFC 8866 §6.7 direction', () => {
  const session = (text: string) => read(`v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\n${text}`)
  it.each([
    ['t=0 0\nm=audio 9 RTP/AVP 0', 'sendrecv'],
    ['t=0 0\na=recvonly\nm=audio 9 RTP/AVP 0', 'recvonly'],
    ['t=0 0\na=recvonly\nm=audio 9 RTP/AVP 0\na=sendonly', 'sendonly'],
    ['t=0 0\nm=audio 9 RTP/AVP 0\na=sendonly\na=inactive', 'inactive'],
    ['c=IN IP4 0.0.0.0\nt=0 0\nm=audio 9 RTP/AVP 0', 'sendonly'],
    ['t=0 0\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=recvonly', 'inactive'],
    ['c=IN IP4 0.0.0.0\nt=0 0\nm=audio 9 RTP/AVP 0\na=ice-ufrag:x', 'sendrecv'],
    ['t=0 0\nm=audio 9 RTP/AVP 0\na=SendOnly', 'sendrecv'],
  ])('%j is %s', (text, direction) => {
    const description = session(text)
    expect(directionOf(description.media[0]!, description)).toBe(direction)
  })

  it('turns round', () => {
    const turned = (['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const).map((direction) => [reverseDirection(direction), sends(direction), receives(direction)])
    expect(turned).toEqual([['sendrecv', true, true], ['recvonly', true, false], ['sendonly', false, true], ['inactive', false, false]])
  })
})

describe('the other readings', () => {
  it('RFC 8839: credentials, options and candidates', () => {
    expect(icePartsOf(firefox.media[0]!, firefox)).toMatchObject({
      ufrag: '9d3c1a2b', pwd: '0cd2c5a4f2a1f7f9c1a2b3c4d5e6f708', options: ['trickle'], lite: false, endOfCandidates: true,
      candidates: [
        { foundation: '0', component: 1, transport: 'udp', priority: 2_122_252_543, address: '192.0.2.51', port: 54_609, type: 'host' },
        { transport: 'tcp', tcpType: 'active', extensions: new Map() },
        { type: 'srflx', address: '203.0.113.7', relatedAddress: '192.0.2.51', relatedPort: 54_609 },
      ],
    })
    expect(icePartsOf(audio, chrome)).toMatchObject({ ufrag: 'bhIQ', endOfCandidates: false, candidates: [{ address: '9baf2d8a-fb83-4027-ba78-e09993e915de.local' }, {}] })
    expect(icePartsOf(stream('audio 9 RTP/AVP 0'))).toEqual({ options: [], lite: false, candidates: [], endOfCandidates: false })
  })

  it.each(['', 'x', '1 1 udp 1 192.0.2.1 9 typ', '1 1 udp 1 192.0.2.1 9 host typ', '1 1 udp x 192.0.2.1 9 typ host', '1 1 udp 1 192.0.2.1 65536 typ host', '1 -1 udp 1 192.0.2.1 9 typ host'])(
    'RFC 8839 §5.1: %j is no candidate', (text) => expect(parseIceCandidate(text)).toBeUndefined())

  it('RFC 8122, RFC 5763: fingerprint and setup, the session standing in for the stream', () => {
    expect(fingerprintOf(firefox.media[0]!, firefox)).toEqual(fingerprintOf(audio))
    expect(fingerprintOf(audio)).toMatchObject({ algorithm: 'sha-256', value: expect.stringMatching(/^5E:BE:.*:EB$/) as string })
    expect(setupOf(audio)).toBe('actpass')
    for (const value of ['sha-256', 'sha-256 5E:B', 'sha-256 5E EB', 'sha-256 xx:yy']) expect(fingerprintOf(stream('audio 9 RTP/AVP 0', `fingerprint:${value}`))).toBeUndefined()
    expect(setupOf(stream('audio 9 RTP/AVP 0', 'setup:later'))).toBeUndefined()
  })

  it('RFC 5888, RFC 5761, RFC 8866: groups, names, rtcp-mux, ptime, connection', () => {
    expect(groupsOf(chrome)).toEqual([{ semantics: 'BUNDLE', mids: ['0', '1', '2'] }])
    expect(chrome.media.map(midOf)).toEqual(['0', '1', '2'])
    expect(chrome.media.map(rtcpMux)).toEqual([true, true, false])
    expect(['20', ' 20 ', '0', '-1', 'x', ''].map((value) => ptimeOf(stream('audio 9 RTP/AVP 0', `ptime:${value}`)))).toEqual([20, 20, undefined, undefined, undefined, undefined])
    expect(connectionOf(firefox.media[0]!, firefox)?.address).toBe('192.0.2.51')
    expect(attributesOf(firefox.media[0]!, 'candidate')).toHaveLength(3)
    expect([attributeOf(audio, 'rtcp-mux'), attributeOf(audio, 'absent')]).toEqual(['', undefined])
  })
})

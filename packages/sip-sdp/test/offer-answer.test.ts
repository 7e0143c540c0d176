import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  answerOffer, type AnswerOptions, type Capabilities, type CodecCapability, createOffer, holdOffer, isSameDescription, type MediaCapability, negotiatedStreams, nextVersion,
  resumeOffer, SdpError, type SessionDescription, withDirection,
} from '../src/index.js'
import { printed, read } from './read.js'

const PCMU = { encoding: 'PCMU', clockRate: 8000 }
const PCMA = { encoding: 'PCMA', clockRate: 8000 }
const ILBC = { encoding: 'iLBC', clockRate: 8000 }
const EVENTS = { encoding: 'telephone-event', clockRate: 8000 }
const OPUS = { encoding: 'opus', clockRate: 48_000, channels: 2 }
const H261 = { encoding: 'H261', clockRate: 90_000 }
const MPV = { encoding: 'MPV', clockRate: 90_000 }

function audio(port: number, codecs: readonly CodecCapability[], more: Partial<MediaCapability> = {}): MediaCapability {
  return { kind: 'audio', port, protocols: ['RTP/AVP'], codecs, ...more }
}
function video(port: number, codecs: readonly CodecCapability[]): MediaCapability {
  return { kind: 'video', port, protocols: ['RTP/AVP'], codecs }
}
function bob(...media: readonly MediaCapability[]): Capabilities {
  return { origin: { username: 'bob', sessionId: '2808844564', sessionVersion: '2808844564' }, address: 'host.biloxi.example.com', name: '', media }
}
function offer(...lines: readonly string[]): SessionDescription {
  const head = ['v=0', 'o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com', 's=', 'c=IN IP4 host.atlanta.example.com', 't=0 0']
  return read([...head, ...lines].join('\r\n'))
}
function answer(to: SessionDescription, capabilities: Capabilities, options?: AnswerOptions): SessionDescription {
  const result = answerOffer(to, capabilities, options)
  if (!result.ok) throw result.error
  return result.value
}
function refusal(to: SessionDescription, capabilities: Capabilities, options?: AnswerOptions): string {
  const result = answerOffer(to, capabilities, options)
  if (result.ok) return 'ok'
  expect(result.error.statusCode).toBe(488)
  return result.error.code
}
/** The lines below the session's. */
function mediaLines(description: SessionDescription): readonly string[] {
  const all = printed(description)
  return all.slice(all.findIndex((line) => line.startsWith('m=')))
}
const HEAD = ['v=0', 'o=bob 2808844564 2808844564 IN IP4 host.biloxi.example.com', 's=', 'c=IN IP4 host.biloxi.example.com', 't=0 0']
const ALICE = ['m=audio 49170 RTP/AVP 0 8 97', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:97 iLBC/8000', 'm=video 51372 RTP/AVP 31 32', 'a=rtpmap:31 H261/90000', 'a=rtpmap:32 MPV/90000']

describe('RFC 4317 §2: the answers printed there come out', () => {
  it('2.1 audio and video 1', () => {
    expect(printed(answer(offer(...ALICE), bob(audio(49174, [PCMU]), video(49170, [MPV]))))).toEqual([
      ...HEAD, 'm=audio 49174 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=video 49170 RTP/AVP 32', 'a=rtpmap:32 MPV/90000',
    ])
  })

  it('2.2 audio and video 2: video declined, then one codec', () => {
    const capabilities = bob(audio(49172, [PCMU, PCMA]))
    const first = answer(offer(...ALICE), capabilities)
    expect(printed(first)).toEqual([...HEAD, 'm=audio 49172 RTP/AVP 0 8', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000', 'm=video 0 RTP/AVP 31'])
    const second = answer(offer('m=audio 51372 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=video 0 RTP/AVP 31', 'a=rtpmap:31 H261/90000'), capabilities, { previous: first })
    expect(printed(second)[1]).toBe('o=bob 2808844564 2808844565 IN IP4 host.biloxi.example.com')
    expect(mediaLines(second)).toEqual(['m=audio 49172 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=video 0 RTP/AVP 31'])
  })

  it('2.3 audio and video 3: one codec each, under the offer\'s payload types', () => {
    expect(mediaLines(answer(offer(...ALICE), bob(audio(49172, [ILBC]), video(51374, [H261]))))).toEqual([
      'm=audio 49172 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000', 'm=video 51374 RTP/AVP 31', 'a=rtpmap:31 H261/90000',
    ])
  })

  it('2.4 two audio streams, one for telephone events', () => {
    const to = offer('m=audio 49170 RTP/AVP 0 97', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:97 iLBC/8000', 'm=audio 49172 RTP/AVP 98', 'a=rtpmap:98 telephone-event/8000', 'a=sendonly')
    expect(mediaLines(answer(to, bob(audio(49172, [ILBC]), audio(49174, [EVENTS]))))).toEqual([
      'm=audio 49172 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000', 'm=audio 49174 RTP/AVP 98', 'a=rtpmap:98 telephone-event/8000', 'a=recvonly',
    ])
  })

  it('2.5 audio and video 4: the same answer again keeps its version', () => {
    const capabilities = bob(audio(49170, [ILBC]), video(51372, [H261]))
    const to = offer('m=audio 49174 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000', 'm=video 49170 RTP/AVP 31', 'a=rtpmap:31 H261/90000')
    const first = answer(to, capabilities)
    const moved = { ...to, connection: { networkType: 'IN', addressType: 'IP4', address: 'newhost.biloxi.example.com' } }
    expect(answer(moved, capabilities, { previous: first })).toEqual(first)
  })

  it('2.6 audio only: the first declined, the second taken with its events', () => {
    const to = offer('m=audio 49170 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=audio 51372 RTP/AVP 97 101', 'a=rtpmap:97 iLBC/8000', 'a=rtpmap:101 telephone-event/8000')
    expect(mediaLines(answer(to, bob(audio(49170, [ILBC, EVENTS]))))).toEqual([
      'm=audio 0 RTP/AVP 0', 'm=audio 49170 RTP/AVP 97 101', 'a=rtpmap:97 iLBC/8000', 'a=rtpmap:101 telephone-event/8000',
    ])
  })

  it('2.8 audio and video 6: video at another address', () => {
    const capabilities = bob(audio(49174, [PCMU]), { ...video(49172, [MPV]), address: 'otherhost.biloxi.example.com' })
    expect(mediaLines(answer(offer(...ALICE), capabilities)).slice(2)).toEqual([
      'm=video 49172 RTP/AVP 32', 'c=IN IP4 otherhost.biloxi.example.com', 'a=rtpmap:32 MPV/90000',
    ])
  })

  it('3.1 hold and unhold: answered on hold, resumed by an offer', () => {
    const held = answer(offer('m=audio 49170 RTP/AVP 0 97', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:97 iLBC/8000'), bob(audio(49172, [ILBC], { direction: 'sendonly' })))
    expect(mediaLines(held)).toEqual(['m=audio 49172 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000', 'a=sendonly'])
    const resumed = resumeOffer(held)
    expect(printed(resumed)[1]).toBe('o=bob 2808844564 2808844565 IN IP4 host.biloxi.example.com')
    expect(mediaLines(resumed)).toEqual(['m=audio 49172 RTP/AVP 97', 'a=rtpmap:97 iLBC/8000', 'a=sendrecv'])
  })
})

describe('RFC 3264 §10', () => {
  it('10.1 an audio stream taken, a video stream refused in its place, another taken; then a stream added', () => {
    const to = offer('m=audio 49170 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=video 51372 RTP/AVP 31', 'a=rtpmap:31 H261/90000', 'm=video 53000 RTP/AVP 32', 'a=rtpmap:32 MPV/90000')
    const capabilities = bob(audio(49920, [PCMU]), video(53000, [MPV]))
    expect(mediaLines(answer(to, capabilities))).toEqual(['m=audio 49920 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=video 0 RTP/AVP 31', 'm=video 53000 RTP/AVP 32', 'a=rtpmap:32 MPV/90000'])
    const more = { ...to, media: [...to.media, ...offer('m=audio 51434 RTP/AVP 110', 'a=rtpmap:110 telephone-events/8000', 'a=recvonly').media] }
    const added = answer(more, { ...capabilities, media: [...capabilities.media, audio(53122, [{ encoding: 'telephone-events', clockRate: 8000 }])] }, { previous: answer(to, capabilities) })
    expect(mediaLines(added).slice(-3)).toEqual(['m=audio 53122 RTP/AVP 110', 'a=rtpmap:110 telephone-events/8000', 'a=sendonly'])
    expect(added.origin.sessionVersion).toBe('2808844565')
  })

  it('10.2 one of N codecs: an inactive stream stays inactive, then one codec is locked', () => {
    const capabilities = bob(audio(54344, [PCMU, { encoding: 'G723', clockRate: 8000 }]))
    const first = answer(offer('m=audio 62986 RTP/AVP 0 4 18', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:4 G723/8000', 'a=rtpmap:18 G729/8000', 'a=inactive'), capabilities)
    expect(mediaLines(first)).toEqual(['m=audio 54344 RTP/AVP 0 4', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:4 G723/8000', 'a=inactive'])
    const second = answer(offer('m=audio 62986 RTP/AVP 4', 'a=rtpmap:4 G723/8000', 'a=sendrecv'), capabilities, { previous: first })
    expect(mediaLines(second)).toEqual(['m=audio 54344 RTP/AVP 4', 'a=rtpmap:4 G723/8000', 'a=sendrecv'])
  })

  it('one of N the other way: the answerer keeps the first common codec and its events', () => {
    const to = offer('m=audio 9 RTP/AVP 8 0 96 101 102', 'a=rtpmap:96 opus/48000/2', 'a=rtpmap:101 telephone-event/48000', 'a=rtpmap:102 telephone-event/8000')
    expect(answer(to, bob(audio(4000, [OPUS, PCMU, PCMA, EVENTS, { ...EVENTS, clockRate: 48_000 }])), { codecs: 'first' }).media[0]?.formats).toEqual(['8', '102'])
  })
})

describe('RFC 3264 §6.1: direction', () => {
  const all = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const
  const expected = [
    ['sendrecv', 'sendonly', 'recvonly', 'inactive'],
    ['recvonly', 'inactive', 'recvonly', 'inactive'],
    ['sendonly', 'sendonly', 'inactive', 'inactive'],
    ['inactive', 'inactive', 'inactive', 'inactive'],
  ]
  it.each(all.flatMap((offered, row) => all.map((wish, column) => [offered, wish, expected[row]?.[column]] as const)))('offered %s, wished %s: %s', (offered, wish, result) => {
    expect(mediaLines(answer(offer('m=audio 9 RTP/AVP 0', `a=${offered}`), bob(audio(4000, [PCMU], { direction: wish })))).at(-1)).toBe(`a=${result ?? ''}`)
  })

  it('of the session counts for its streams', () => {
    const to = { ...offer('m=audio 9 RTP/AVP 0'), attributes: [{ name: 'sendonly' }] }
    expect(mediaLines(answer(to, bob(audio(4000, [PCMU])))).at(-1)).toBe('a=recvonly')
  })

  it('0.0.0.0 holds (§8.4), the port staying', () => {
    const answered = answer(offer('m=audio 9 RTP/AVP 0', 'c=IN IP4 0.0.0.0'), bob(audio(4000, [PCMU])))
    expect(mediaLines(answered)).toEqual(['m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=recvonly'])
  })
})

describe('RFC 3264 §6: what is refused', () => {
  const ours = bob(audio(4000, [PCMU, EVENTS]))
  it('nothing in common in all streams: the offer as a whole', () => {
    expect(refusal(offer('m=audio 9 RTP/AVP 8'), ours)).toBe('no-common-media')
    expect(refusal(offer('m=video 9 RTP/AVP 0'), ours)).toBe('no-common-media')
    expect(refusal(offer('m=audio 9 RTP/AVP'), ours)).toBe('no-common-media')
    expect(refusal(offer('m=audio 9 RTP/AVP 96', 'a=rtpmap:96 PCMU/16000'), ours)).toBe('no-common-media')
    expect(refusal(offer('m=audio 9 RTP/AVP 96', 'a=rtpmap:96 PCMU/8000/2'), ours)).toBe('no-common-media')
  })
  it('events without the voice they belong to', () => {
    expect(refusal(offer('m=audio 9 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000'), ours)).toBe('no-common-media')
  })
  it('a transport profile that we do not do, without falling back', () => {
    for (const protocol of ['RTP/SAVP', 'RTP/AVPF', 'RTP/SAVPF', 'UDP/TLS/RTP/SAVPF', 'TCP/RTP/AVP', 'rtp/avp', 'udptl']) {
      expect(refusal(offer(`m=audio 9 ${protocol} 0`), ours), protocol).toBe('no-common-media')
    }
    const secured = bob(audio(4000, [PCMU], { protocols: ['UDP/TLS/RTP/SAVPF'] }))
    expect(refusal(offer('m=audio 9 RTP/AVP 0'), secured)).toBe('no-common-media')
  })
  it('a multicast group', () => {
    expect(refusal(offer('m=audio 9 RTP/AVP 0', 'c=IN IP4 224.2.36.42/127'), ours)).toBe('no-common-media')
    expect(refusal(offer('m=audio 9 RTP/AVP 0', 'c=IN IP6 FF15::101/3'), ours)).toBe('no-common-media')
    expect(refusal(offer('m=audio 9 RTP/AVP 0', 'c=IN IP4 223.2.36.42'), ours)).toBe('ok')
  })
  it('but not an offer that is empty or has only closed streams', () => {
    expect(printed(answer(offer(), ours))).toEqual(HEAD)
    expect(mediaLines(answer(offer('m=audio 0 RTP/AVP 0 8', 'a=x', 'm=video 0 RTP/AVP 31'), ours))).toEqual(['m=audio 0 RTP/AVP 0', 'm=video 0 RTP/AVP 31'])
  })
  it('the third audio stream of two', () => {
    const answered = answer(offer('m=audio 9 RTP/AVP 0', 'm=audio 9 RTP/AVP 8', 'm=audio 9 RTP/AVP 0', 'm=audio 9 RTP/AVP 0'), bob(audio(4000, [PCMU]), audio(4002, [PCMU])))
    expect(answered.media.map(({ port }) => port)).toEqual([4000, 0, 4002, 0])
  })
})

describe('codecs in the answer', () => {
  it('keep the offer\'s order and numbers, match without regard to case, and take fmtp from the offer unless we have our own', () => {
    const to = offer('m=audio 9 RTP/AVP 101 97 0 96', 'a=rtpmap:96 OPUS/48000/2', 'a=fmtp:96 stereo=1', 'a=rtpmap:97 ilbc/8000/1', 'a=fmtp:97 mode=30', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=fmtp:0 x')
    expect(mediaLines(answer(to, bob(audio(4000, [{ ...OPUS, fmtp: 'useinbandfec=1' }, { ...PCMU, fmtp: '' }, ILBC, EVENTS]))))).toEqual([
      'm=audio 4000 RTP/AVP 101 97 0 96', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=rtpmap:97 ilbc/8000', 'a=fmtp:97 mode=30',
      'a=rtpmap:0 PCMU/8000', 'a=rtpmap:96 OPUS/48000/2', 'a=fmtp:96 useinbandfec=1',
    ])
  })

  it('a browser\'s video: the profile we accept, its retransmission, the feedback we understand, mid and our attributes', () => {
    const chrome = read(readFileSync(new URL('corpus/chrome-156.sdp', import.meta.url), 'utf8'))
    const answered = answer(chrome, bob({
      kind: 'video', port: 9, protocols: ['UDP/TLS/RTP/SAVPF'], direction: 'recvonly',
      attributes: (offered) => [{ name: 'setup', value: offered === undefined ? 'actpass' : 'passive' }, { name: 'rtcp-mux' }],
      codecs: [
        { encoding: 'H264', clockRate: 90_000, feedback: ['nack', 'nack pli'], accepts: ({ fmtp }) => fmtp?.includes('packetization-mode=1;profile-level-id=42e01f') === true },
        { encoding: 'rtx', clockRate: 90_000 },
      ],
    }))
    expect(mediaLines(answered)).toEqual([
      'm=audio 0 UDP/TLS/RTP/SAVPF 111', 'a=mid:0',
      'm=video 9 UDP/TLS/RTP/SAVPF 108 109', 'a=rtpmap:108 H264/90000', 'a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
      'a=rtcp-fb:108 nack', 'a=rtcp-fb:108 nack pli', 'a=rtpmap:109 rtx/90000', 'a=fmtp:109 apt=108', 'a=setup:passive', 'a=rtcp-mux', 'a=recvonly', 'a=mid:1',
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:2',
    ])
  })

  it('formats that are no payload types are compared as written', () => {
    expect(mediaLines(answer(offer('m=image 9 udptl t38 x'), bob({ kind: 'image', port: 5000, protocols: ['udptl'], formats: ['t38'] })))).toEqual(['m=image 5000 udptl t38'])
  })
})

describe('RFC 3264 §8: a later offer', () => {
  const ours = bob(audio(4000, [PCMU], { protocols: ['RTP/SAVP', 'RTP/AVP'] }))
  const first = answer(offer('m=audio 9 RTP/SAVP 0', 'm=video 9 RTP/AVP 31'), ours)
  it('must keep every stream in its place', () => {
    expect(refusal(offer('m=audio 9 RTP/SAVP 0'), ours, { previous: first })).toBe('media-mismatch')
  })
  it('CVE-2022-39269: may not go on without the protection it had', () => {
    expect(refusal(offer('m=audio 9 RTP/AVP 0', 'm=video 0 RTP/AVP 31'), ours, { previous: first })).toBe('weaker-transport')
    expect(refusal(offer('m=audio 9 RTP/SAVP 0', 'm=video 0 RTP/AVP 31'), ours, { previous: first })).toBe('ok')
    expect(refusal(offer('m=audio 0 RTP/AVP 0', 'm=video 0 RTP/AVP 31', 'm=audio 9 RTP/AVP 0'), ours, { previous: first })).toBe('weaker-transport')
    expect(refusal(offer('m=audio 0 RTP/AVP 0', 'm=video 0 RTP/AVP 31', 'm=audio 9 RTP/SAVP 0'), ours, { previous: first })).toBe('ok')
  })
  it('of the same content leaves the version alone, beyond 2^53 too', () => {
    const description = { ...first, origin: { ...first.origin, sessionVersion: '18446744073709551615' } }
    expect(nextVersion(description, { ...first })).toEqual(description)
    expect(nextVersion(description, { ...first, name: 'x' }).origin.sessionVersion).toBe('18446744073709551616')
    expect(isSameDescription(first, { ...first })).toBe(true)
    expect(isSameDescription(first, description)).toBe(false)
    expect(() => nextVersion({ ...first, origin: { ...first.origin, sessionVersion: 'x' } }, { ...first, name: 'x' })).toThrow(SdpError)
  })
})

describe('RFC 3264 §5: our offer', () => {
  const alice: Capabilities = {
    origin: { sessionId: '1' }, address: '2001:db8::1',
    media: [audio(4000, [OPUS, PCMU, { ...EVENTS, fmtp: '0-16' }, { ...ILBC, payloadType: 97 }, { encoding: 'speex', clockRate: 16_000 }], { attributes: [{ name: 'ptime', value: '20' }] })],
  }
  it('numbers the codecs: their own number, RFC 3551\'s, or the next free one', () => {
    expect(printed(createOffer(alice))).toEqual([
      'v=0', 'o=- 1 1 IN IP6 2001:db8::1', 's=-', 'c=IN IP6 2001:db8::1', 't=0 0', 'm=audio 4000 RTP/AVP 96 0 98 97 99', 'a=rtpmap:96 opus/48000/2', 'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:98 telephone-event/8000', 'a=fmtp:98 0-16', 'a=rtpmap:97 iLBC/8000', 'a=rtpmap:99 speex/16000', 'a=ptime:20',
    ])
  })
  it('later in a session keeps numbers and places, and closes what we no longer have', () => {
    const previous = answer(offer('m=audio 9 RTP/AVP 120 96', 'a=rtpmap:120 opus/48000/2', 'a=rtpmap:96 iLBC/8000', 'm=video 9 RTP/AVP 31', 'a=mid:v'), { ...alice, media: [...alice.media, video(5000, [H261])] })
    const later = createOffer({ ...alice, media: [audio(4000, [OPUS, { encoding: 'speex', clockRate: 16_000 }], { direction: 'sendonly' })] }, { previous })
    expect(mediaLines(later)).toEqual(['m=audio 4000 RTP/AVP 120 97', 'a=rtpmap:120 opus/48000/2', 'a=rtpmap:97 speex/16000', 'a=sendonly', 'm=video 0 RTP/AVP 31', 'a=mid:v'])
    expect(later.origin).toEqual({ ...previous.origin, sessionVersion: '2' })
    expect(createOffer(alice, { previous: createOffer(alice) })).toEqual(createOffer(alice))
  })
})

describe('RFC 3264 §8.4: hold', () => {
  const before = read('v=0\no=- 1 7 IN IP4 192.0.2.1\ns=-\nt=0 0\na=recvonly\na=x\nm=audio 9 RTP/AVP 0\nm=audio 9 RTP/AVP 0\na=y\na=sendrecv\na=z\na=inactive\nm=audio 9 RTP/AVP 0\na=sendrecv\nm=video 0 RTP/AVP 31\na=sendrecv\n')
  it('takes away receiving, stream by stream, and leaves closed ones alone', () => {
    const held = holdOffer(before)
    expect(printed(held)).toEqual([
      'v=0', 'o=- 1 8 IN IP4 192.0.2.1', 's=-', 't=0 0', 'a=x', 'm=audio 9 RTP/AVP 0', 'a=inactive', 'm=audio 9 RTP/AVP 0', 'a=y', 'a=inactive', 'a=z', 'm=audio 9 RTP/AVP 0', 'a=sendonly',
      'm=video 0 RTP/AVP 31', 'a=sendrecv',
    ])
    expect(holdOffer(held)).toEqual(held)
    expect(mediaLines(resumeOffer(held)).filter((line) => /^a=(send|recv|inactive)/.test(line))).toEqual(['a=recvonly', 'a=recvonly', 'a=sendrecv', 'a=sendrecv'])
  })
  it('withDirection sets one direction and keeps o=', () => {
    const set = withDirection(before, 'sendonly')
    expect(set.origin).toEqual(before.origin)
    expect(mediaLines(set).filter((line) => line === 'a=sendonly')).toHaveLength(3)
    expect(withDirection(withDirection(before, 'sendrecv'), 'sendrecv').media[0]?.attributes).toEqual([])
  })
})

describe('what was agreed on', () => {
  it('is read off both sides: where to send, with what, under the peer\'s numbers', () => {
    const theirs = offer('m=audio 49170 RTP/AVP 8 120 101', 'a=rtpmap:120 opus/48000/2', 'a=rtpmap:101 telephone-event/8000', 'a=ptime:30', 'a=sendonly', 'm=video 9 RTP/AVP 31')
    const ours = answer(theirs, bob(audio(4000, [OPUS, PCMA, EVENTS])))
    const result = negotiatedStreams(ours, theirs)
    expect(result.ok && result.value).toMatchObject([
      {
        index: 0, kind: 'audio', protocol: 'RTP/AVP', active: true, direction: 'recvonly', localPort: 4000, remoteAddress: 'host.atlanta.example.com', remotePort: 49170, ptime: 30,
        codecs: [{ encoding: 'PCMA', payloadType: 8 }, { encoding: 'opus', payloadType: 120 }], auxiliary: [{ encoding: 'telephone-event', payloadType: 101 }],
      },
      { index: 1, kind: 'video', active: false, direction: 'inactive', codecs: [] },
    ])
    const other = negotiatedStreams(theirs, ours)
    expect(other.ok && other.value[0]).toMatchObject({ direction: 'sendonly', remotePort: 4000, remoteAddress: 'host.biloxi.example.com', codecs: [{ payloadType: 8 }, { payloadType: 120 }] })
  })
  it.each([
    ['media-mismatch', ['m=audio 9 RTP/AVP 0'], ['m=audio 9 RTP/AVP 0', 'm=audio 9 RTP/AVP 0']],
    ['media-mismatch', ['m=audio 9 RTP/AVP 0'], ['m=video 9 RTP/AVP 0']],
    ['weaker-transport', ['m=audio 9 RTP/SAVP 0'], ['m=audio 9 RTP/AVP 0']],
    ['weaker-transport', ['m=audio 9 RTP/AVP 0'], ['m=audio 9 UDP/TLS/RTP/SAVPF 0']],
  ])('%s', (code, local, remote) => {
    const result = negotiatedStreams(offer(...local), offer(...remote))
    expect(result.ok ? 'ok' : result.error.code).toBe(code)
  })
})

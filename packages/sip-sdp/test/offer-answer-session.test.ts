import { describe, expect, it } from 'vitest'
import {
  type Capabilities, type CodecCapability, createCapabilities, createOffer, holdOffer, type MediaCapability, OfferAnswer, type Result, SdpError, type SessionDescription,
} from '../src/index.js'
import { printed, read } from './read.js'

const PCMU = { encoding: 'PCMU', clockRate: 8000 }
const PCMA = { encoding: 'PCMA', clockRate: 8000 }
const OPUS = { encoding: 'opus', clockRate: 48_000, channels: 2 }
const ILBC = { encoding: 'iLBC', clockRate: 8000 }
const EVENTS = { encoding: 'telephone-event', clockRate: 8000, fmtp: '0-15' }
const H261 = { encoding: 'H261', clockRate: 90_000 }

function audio(port: number, codecs: readonly CodecCapability[] = [PCMU, PCMA], more: Partial<MediaCapability> = {}): MediaCapability {
  return { kind: 'audio', port, protocols: ['RTP/AVP'], codecs, ...more }
}
function video(port: number, codecs: readonly CodecCapability[] = [H261]): MediaCapability {
  return { kind: 'video', port, protocols: ['RTP/AVP'], codecs }
}
function capabilities(...media: readonly MediaCapability[]): Capabilities {
  return { origin: { sessionId: '1' }, address: '192.0.2.1', media }
}
function peer(...lines: readonly string[]): SessionDescription {
  return read(['v=0', 'o=peer 7 7 IN IP4 192.0.2.2', 's=-', 'c=IN IP4 192.0.2.2', 't=0 0', ...lines].join('\r\n'))
}
function valueOf<T>(result: Result<T, SdpError>): T {
  if (!result.ok) throw result.error
  return result.value
}
const codeOf = (result: Result<unknown, SdpError>): string => (result.ok ? 'ok' : `${result.error.code} ${result.error.statusCode}`)
const versionOf = ({ origin }: SessionDescription): string => origin.sessionVersion
const mediaOf = (description: SessionDescription): readonly string[] => printed(description).filter((line) => line.startsWith('m='))
const linesOf = (description: SessionDescription, name: string): readonly string[] => printed(description).filter((line) => line.startsWith(`a=${name}:`))

describe('RFC 3264 §4: one offer at a time', () => {
  it('an offer waits for its answer, which settles it', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    expect(session.agreement).toBeUndefined()
    const offer = session.createOffer()
    expect(session.isOffering).toBe(true)
    expect(valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 8')))).toMatchObject([{ remoteAddress: '192.0.2.2', remotePort: 5000, codecs: [{ encoding: 'PCMA' }] }])
    expect(session.isOffering).toBe(false)
    expect(session.agreement?.local).toBe(offer)
  })

  it('offers that cross: 491; an answer without an offer: 488; a second offer of ours: a mistake of the caller', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    expect(codeOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 8')))).toBe('no-offer 488')
    session.createOffer()
    expect(codeOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 8')))).toBe('offer-pending 491')
    expect(() => session.createOffer()).toThrow(expect.objectContaining({ name: 'SdpError', code: 'offer-pending' }) as Error)
    session.rollback()
    expect(codeOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 8')))).toBe('ok')
  })

  it('an early answer may be followed by another, and a bad one changes nothing', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    session.createOffer()
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 8'), false))
    expect(codeOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 8', 'm=audio 9 RTP/AVP 0')))).toBe('media-mismatch 488')
    expect(session.isOffering).toBe(true)
    expect(valueOf(session.applyAnswer(peer('m=audio 6000 RTP/AVP 0')))[0]?.remotePort).toBe(6000)
    expect(session.isOffering).toBe(false)
  })
})

describe('RFC 3264 §8: the version of o=', () => {
  it('goes up by one with each change and stays without one', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    expect(versionOf(session.createOffer())).toBe('1')
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0')))
    const again = session.createOffer()
    expect([versionOf(again), again.origin.sessionId]).toEqual(['1', '1'])
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0')))
    expect(versionOf(session.createOffer({ hold: true }))).toBe('2')
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0', 'a=recvonly')))
    expect(versionOf(valueOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 0 8'), { hold: false })))).toBe('3')
    expect(versionOf(valueOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 0 8'))))).toBe('3')
  })

  it('that was refused is not used for anything else', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    valueOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 0 8')))
    expect(versionOf(session.createOffer({ hold: true }))).toBe('2')
    session.rollback()
    expect(session.isHolding).toBe(false)
    const unchanged = session.createOffer()
    expect(versionOf(unchanged)).toBe('3')
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0 8')))
    expect(versionOf(session.createOffer())).toBe('3')
  })
})

describe('RFC 3264 §8.4: hold', () => {
  const session = (): OfferAnswer => {
    const one = new OfferAnswer(capabilities(audio(4000)))
    valueOf(one.answerOffer(peer('m=audio 5000 RTP/AVP 0')))
    return one
  }

  it('of the peer lasts until it is ended, also through offers of the peer', () => {
    const one = session()
    expect(printed(one.createOffer({ hold: true }))).toContain('a=sendonly')
    expect(valueOf(one.applyAnswer(peer('m=audio 5000 RTP/AVP 0', 'a=recvonly')))[0]?.direction).toBe('sendonly')
    expect(one.isHolding).toBe(true)
    expect(printed(valueOf(one.answerOffer(peer('m=audio 5002 RTP/AVP 0'))))).toContain('a=sendonly')
    expect(printed(valueOf(one.answerOffer(peer('m=audio 5002 RTP/AVP 0', 'a=sendonly'))))).toContain('a=inactive')
    expect([one.isHolding, one.isHeld]).toEqual([true, true])
    expect(printed(one.createOffer({ hold: false })).filter((line) => /^a=(send|recv|inact)/.test(line))).toEqual([])
  })

  it.each([['a=sendonly'], ['a=inactive'], ['c=IN IP4 0.0.0.0'], ['c=IN IP6 ::']])('by the peer, %s', (line) => {
    const one = session()
    expect(one.isHeld).toBe(false)
    const answer = valueOf(one.answerOffer(peer('m=audio 5000 RTP/AVP 0', line)))
    expect(printed(answer).at(-1)).toMatch(/^a=(recvonly|inactive)$/)
    expect(answer.media[0]?.port).toBe(4000)
    expect(one.isHeld).toBe(true)
    valueOf(one.answerOffer(peer('m=audio 5000 RTP/AVP 0')))
    expect(one.isHeld).toBe(false)
  })

  it('in the old style names 0.0.0.0, for every stream', () => {
    const { local } = session().agreement!
    expect(printed(holdOffer(local, { oldStyle: true })).filter((line) => /^[oca]=/.test(line))).toEqual(['o=- 1 2 IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0', 'a=rtpmap:0 PCMU/8000', 'a=sendonly'])
    const own = { ...local, media: local.media.map((media) => ({ ...media, connection: local.connection })) }
    expect(printed(holdOffer(own, { oldStyle: true })).filter((line) => line === 'c=IN IP4 0.0.0.0')).toHaveLength(2)
  })
})

describe('RFC 3264 §8: streams keep their lines', () => {
  it('§8.1 added behind the others, §8.2 closed with port 0, §8.1 the place used again', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    session.createOffer()
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0')))
    session.setCapabilities(capabilities(audio(4000), video(4002)))
    expect(mediaOf(session.createOffer())).toEqual(['m=audio 4000 RTP/AVP 0 8', 'm=video 4002 RTP/AVP 31'])
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0', 'm=video 5002 RTP/AVP 31')))
    session.setCapabilities(capabilities(audio(4000)))
    expect(mediaOf(session.createOffer())).toEqual(['m=audio 4000 RTP/AVP 0 8', 'm=video 0 RTP/AVP 31'])
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0', 'm=video 0 RTP/AVP 31')))
    session.setCapabilities(capabilities(audio(4000), { kind: 'image', port: 4004, protocols: ['udptl'], formats: ['t38'] }))
    expect(mediaOf(session.createOffer())).toEqual(['m=audio 4000 RTP/AVP 0 8', 'm=image 4004 udptl t38'])
  })

  it('whatever order our capabilities come in', () => {
    const session = new OfferAnswer(capabilities(audio(4000), video(4002)))
    valueOf(session.answerOffer(peer('m=video 5002 RTP/AVP 31', 'm=audio 5000 RTP/AVP 0', 'm=text 9 RTP/AVP 98', 'a=mid:t')))
    expect(mediaOf(session.createOffer())).toEqual(['m=video 4002 RTP/AVP 31', 'm=audio 4000 RTP/AVP 0 8', 'm=text 0 RTP/AVP 98'])
  })

  it('bad and closed lines are refused one by one, the others taken', () => {
    const session = new OfferAnswer(capabilities(audio(4000)))
    const answer = valueOf(session.answerOffer(peer(
      'm=audio 0 RTP/AVP 0', 'a=bundle-only', 'm=audio 9 RTP/AVP', 'm=x-new 9 x/y/z 1 2 3', 'm=audio 9 RTP/AVP 0', 'c=IN IP4 239.1.1.1/127', 'm=audio 9 RTP/AVP 999 x', 'm=audio 9 RTP/AVP 0', 'm=audio 9 rtp/avp 0',
    )))
    expect(mediaOf(answer)).toEqual(['m=audio 0 RTP/AVP 0', 'm=audio 0 RTP/AVP 0', 'm=x-new 0 x/y/z 1', 'm=audio 0 RTP/AVP 0', 'm=audio 0 RTP/AVP 999', 'm=audio 4000 RTP/AVP 0', 'm=audio 0 rtp/avp 0'])
    expect(session.agreement?.streams.map(({ active }) => active)).toEqual([false, false, false, false, false, true, false])
  })
})

describe('RFC 3264 §8.3.2: payload types', () => {
  it('that meant a codec never mean another, even when it was gone in between', () => {
    const session = new OfferAnswer(capabilities(audio(4000, [OPUS, ILBC, PCMU])))
    expect(linesOf(session.createOffer(), 'rtpmap')).toEqual(['a=rtpmap:96 opus/48000/2', 'a=rtpmap:97 iLBC/8000', 'a=rtpmap:0 PCMU/8000'])
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 96 97 0', 'a=rtpmap:96 opus/48000/2', 'a=rtpmap:97 iLBC/8000')))
    session.setCapabilities(capabilities(audio(4000, [PCMU])))
    session.createOffer()
    valueOf(session.applyAnswer(peer('m=audio 5000 RTP/AVP 0')))
    session.setCapabilities(capabilities(audio(4000, [{ encoding: 'speex', clockRate: 16_000, payloadType: 96 }, PCMU, OPUS])))
    expect(linesOf(session.createOffer(), 'rtpmap')).toEqual(['a=rtpmap:98 speex/16000', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:96 opus/48000/2'])
  })

  it('are the peer\'s where it offered first', () => {
    const session = new OfferAnswer(capabilities(audio(4000, [OPUS, ILBC, PCMU])))
    valueOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 120 96', 'a=rtpmap:120 opus/48000/2', 'a=rtpmap:96 G726-32/8000')))
    expect(linesOf(session.createOffer(), 'rtpmap')).toEqual(['a=rtpmap:120 opus/48000/2', 'a=rtpmap:97 iLBC/8000', 'a=rtpmap:0 PCMU/8000'])
  })

  it('differ for two formats of one encoding, and stay with theirs', () => {
    const h264 = (fmtp: string): CodecCapability => ({ encoding: 'H264', clockRate: 90_000, fmtp })
    const session = new OfferAnswer(capabilities(video(4000, [h264('profile-level-id=64001f;packetization-mode=1'), h264('profile-level-id=42e01f;packetization-mode=1')])))
    session.createOffer()
    const [stream] = valueOf(session.applyAnswer(peer('m=video 9 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 profile-level-id=42e00a;packetization-mode=1')))
    expect(stream?.codecs.map(({ payloadType }) => payloadType)).toEqual([97])
    session.setCapabilities(capabilities(video(4000, [h264('profile-level-id=42e01f;packetization-mode=1'), h264('profile-level-id=64001f;packetization-mode=1')])))
    expect(mediaOf(session.createOffer())).toEqual(['m=video 4000 RTP/AVP 97 96'])
  })
})

describe('which codecs, which events', () => {
  const h264 = { encoding: 'H264', clockRate: 90_000, fmtp: 'profile-level-id=42e01f;packetization-mode=1' }
  it('RFC 6184 §8.2.2: only the offered H.264 of our profile and mode, at the lower level', () => {
    const answer = valueOf(new OfferAnswer(capabilities(video(4000, [h264]))).answerOffer(peer(
      'm=video 9 RTP/AVP 100 101 102', 'a=rtpmap:100 H264/90000', 'a=fmtp:100 profile-level-id=42e01f', 'a=rtpmap:101 H264/90000', 'a=fmtp:101 profile-level-id=64001f;packetization-mode=1',
      'a=rtpmap:102 H264/90000', 'a=fmtp:102 profile-level-id=42e00d;packetization-mode=1',
    )))
    expect(printed(answer).slice(5)).toEqual(['m=video 4000 RTP/AVP 102', 'a=rtpmap:102 H264/90000', 'a=fmtp:102 packetization-mode=1;profile-level-id=42e00d'])
  })

  it('RFC 4733 §2.5.1.2: events with the clock of a voice that was taken, else those there are', () => {
    const all = [OPUS, PCMU, EVENTS, { ...EVENTS, clockRate: 48_000 }]
    const offered = ['a=rtpmap:96 opus/48000/2', 'a=rtpmap:100 telephone-event/48000', 'a=rtpmap:101 telephone-event/8000']
    const chosen = (line: string, ...codecs: readonly CodecCapability[]) => {
      const session = new OfferAnswer(capabilities(audio(4000, codecs)))
      valueOf(session.answerOffer(peer(line, ...offered)))
      const [stream] = session.agreement?.streams ?? []
      return [stream?.auxiliary.map(({ payloadType }) => payloadType), stream?.telephoneEvent?.payloadType]
    }
    expect(chosen('m=audio 9 RTP/AVP 96 0 101 100', ...all)).toEqual([[101, 100], 100])
    expect(chosen('m=audio 9 RTP/AVP 0 96 100 101', ...all)).toEqual([[100, 101], 101])
    expect(chosen('m=audio 9 RTP/AVP 0 100 101', ...all)).toEqual([[101], 101])
    expect(chosen('m=audio 9 RTP/AVP 96 101', ...all)).toEqual([[101], 101])
    expect(chosen('m=audio 9 RTP/AVP 96', ...all)).toEqual([[], undefined])
  })

  it('RFC 3605, RFC 5761: where RTCP goes', () => {
    const session = new OfferAnswer(capabilities(audio(4000, [PCMU], { rtcpMux: true })))
    const rtcp = (...lines: readonly string[]) => {
      const answer = valueOf(session.answerOffer(peer('m=audio 5000 RTP/AVP 0', ...lines)))
      const [stream] = session.agreement?.streams ?? []
      return [stream?.rtcpMux, stream?.remoteRtcp.address, stream?.remoteRtcp.port, printed(answer).includes('a=rtcp-mux')]
    }
    expect(rtcp('a=rtcp-mux', 'a=rtcp:9')).toEqual([true, '192.0.2.2', 5000, true])
    expect(rtcp()).toEqual([false, '192.0.2.2', 5001, false])
    expect(rtcp('a=rtcp:5555')).toEqual([false, '192.0.2.2', 5555, false])
    expect(rtcp('a=rtcp:5555 IN IP4 192.0.2.9')).toEqual([false, '192.0.2.9', 5555, false])
    expect(printed(session.createOffer())).toContain('a=rtcp-mux')
  })
})

describe('RFC 3264 §9: capabilities for OPTIONS', () => {
  it('are all streams, profiles and codecs, with port 0 and without keys', () => {
    const described = createCapabilities(capabilities(
      audio(4000, [OPUS, PCMU, EVENTS], { protocols: ['RTP/SAVP', 'RTP/AVP'], direction: 'sendonly', crypto: { suites: ['AES_CM_128_HMAC_SHA1_80'], createKey: () => { throw new RangeError('no key is wanted') } } }), video(4002),
    ))
    const rtpmaps = ['a=rtpmap:96 opus/48000/2', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:97 telephone-event/8000', 'a=fmtp:97 0-15']
    expect(printed(described)).toEqual([
      'v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0',
      'm=audio 0 RTP/SAVP 96 0 97', ...rtpmaps, 'm=audio 0 RTP/AVP 96 0 97', ...rtpmaps, 'm=video 0 RTP/AVP 31', 'a=rtpmap:31 H261/90000',
    ])
  })

  it('one description made twice is the same', () => {
    const ours = capabilities(audio(4000), video(4002))
    expect(createOffer(ours)).toEqual(createOffer(ours))
  })
})

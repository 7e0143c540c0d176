import { describe, expect, it } from 'vitest'
import { type Capabilities, type MediaCapability, OfferAnswer, type Result, type SdpError, type SessionDescription } from '../src/index.js'
import { printed, read } from './read.js'

const STRONG = 'AES_CM_128_HMAC_SHA1_80'
const SHORT = 'AES_CM_128_HMAC_SHA1_32'
const THEIRS = 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz'
const KEYS = `a=crypto:1 ${STRONG} inline:${THEIRS}`

/** Every key another one. */
function keyMaker(): (suite: string) => string {
  let made = 0
  return () => String((made += 1)).padStart(40, 'A')
}

function capabilities(protocols: readonly string[], more: Partial<MediaCapability> = {}): Capabilities {
  const crypto = { suites: [STRONG, SHORT], createKey: keyMaker() }
  return { origin: { sessionId: '1' }, address: '192.0.2.1', media: [{ kind: 'audio', port: 4000, protocols, codecs: [{ encoding: 'PCMU', clockRate: 8000 }], crypto, ...more }] }
}
function peer(...lines: readonly string[]): SessionDescription {
  return read(['v=0', 'o=peer 7 7 IN IP4 192.0.2.2', 's=-', 'c=IN IP4 192.0.2.2', 't=0 0', ...lines].join('\r\n'))
}
function valueOf<T>(result: Result<T, SdpError>): T {
  if (!result.ok) throw result.error
  return result.value
}
const codeOf = (result: Result<unknown, SdpError>): string => (result.ok ? 'ok' : result.error.code)
const crypto = (description: SessionDescription): readonly string[] => printed(description).filter((line) => line.startsWith('a=crypto:'))

const SAVP = 'm=audio 5000 RTP/SAVP 0'
const AVP = 'm=audio 5000 RTP/AVP 0'

describe('RFC 4568 §5.1: keys in offer and answer', () => {
  it('§5.1.1 one line for each suite; the answer\'s tag tells which', () => {
    const session = new OfferAnswer(capabilities(['RTP/SAVP']))
    expect(crypto(session.createOffer())).toEqual([`a=crypto:1 ${STRONG} inline:${'1'.padStart(40, 'A')}`, `a=crypto:2 ${SHORT} inline:${'2'.padStart(40, 'A')}`])
    const [stream] = valueOf(session.applyAnswer(peer(SAVP, `a=crypto:2 ${SHORT} inline:${THEIRS}`)))
    expect(stream?.crypto).toMatchObject({ suite: SHORT, local: { tag: 2, keys: [{ keySalt: '2'.padStart(40, 'A') }] }, remote: { keys: [{ keySalt: THEIRS }] } })
  })

  it('§5.1.2 the first line that we can do, under its tag, with a key of ours', () => {
    const session = new OfferAnswer(capabilities(['RTP/SAVP']))
    const answer = valueOf(session.answerOffer(peer(SAVP, `a=crypto:4 F8_128_HMAC_SHA1_80 inline:${THEIRS}`, `a=crypto:5 ${SHORT} inline:${THEIRS}|2^20`, `a=crypto:6 ${STRONG} inline:${THEIRS}`)))
    expect(crypto(answer)).toEqual([`a=crypto:5 ${SHORT} inline:${'1'.padStart(40, 'A')}`])
    expect(session.agreement?.streams[0]?.crypto).toMatchObject({ suite: SHORT, remote: { tag: 5, keys: [{ keySalt: THEIRS }] } })
  })

  it('§7.1.4 a later description keeps our key as long as the suite stays', () => {
    const session = new OfferAnswer(capabilities(['RTP/SAVP']))
    const first = valueOf(session.answerOffer(peer(SAVP, KEYS)))
    const later = valueOf(session.answerOffer(peer(SAVP, KEYS, 'a=sendonly')))
    expect(crypto(later)).toEqual(crypto(first))
    expect(crypto(session.createOffer())[0]).toBe(crypto(first)[0])
  })

  it.each([
    ['none', SAVP], ['a suite we do not have', SAVP, `a=crypto:1 F8_128_HMAC_SHA1_80 inline:${THEIRS}`], ['an unreadable line', SAVP, 'a=crypto:1'],
    ['one that leaves RTP unencrypted', SAVP, `${KEYS} UNENCRYPTED_SRTP`], ['one that leaves RTCP unencrypted', SAVP, `${KEYS} UNENCRYPTED_SRTCP`],
    ['one that authenticates nothing', SAVP, `${KEYS} unauthenticated_srtp`], ['key identifiers', SAVP, `${KEYS}|1:4`], ['two keys', SAVP, `${KEYS};inline:${THEIRS}`],
    ['keys on a profile we were not given', 'm=audio 5000 RTP/SAVPF 0', KEYS], ['keys in the clear', AVP, KEYS],
  ])('a secured stream with %s is refused', (_, ...lines) => {
    expect(codeOf(new OfferAnswer(capabilities(['RTP/SAVP'])).answerOffer(peer(...lines)))).toBe('no-common-media')
  })
})

describe('CVE-2022-39269: SRTP is not weakened without a word', () => {
  const running = (protocols: readonly string[] = ['RTP/SAVP', 'RTP/AVP']): OfferAnswer => {
    const session = new OfferAnswer(capabilities(protocols))
    valueOf(session.answerOffer(peer(SAVP, KEYS)))
    return session
  }

  it.each([
    ['another profile', [AVP]], ['another profile, its keys for show', [AVP, `${KEYS} UNENCRYPTED_SRTP`]], ['no keys any more', [SAVP]], ['keys that protect nothing', [SAVP, `${KEYS} UNENCRYPTED_SRTP`]],
    ['the stream closed and opened in the clear', ['m=audio 0 RTP/SAVP 0', AVP]], ['its line used again in the clear', [AVP, 'm=audio 0 RTP/SAVP 0']],
  ])('by a later offer: %s', (_, lines) => {
    const session = running()
    const before = session.agreement
    expect(codeOf(session.answerOffer(peer(...lines)))).toBe('weaker-transport')
    expect(session.agreement).toBe(before)
  })

  it.each([
    ['another profile', [AVP]], ['no keys', [SAVP]], ['a tag that was not offered', [SAVP, `a=crypto:9 ${STRONG} inline:${THEIRS}`]], ['another suite under the tag', [SAVP, `a=crypto:2 ${STRONG} inline:${THEIRS}`]],
    ['keys that protect nothing', [SAVP, `${KEYS} UNENCRYPTED_SRTCP`]],
  ])('by an answer: %s', (_, lines) => {
    const session = new OfferAnswer(capabilities(['RTP/SAVP']))
    session.createOffer()
    expect(codeOf(session.applyAnswer(peer(...lines)))).toBe('weaker-transport')
    expect(session.agreement).toBeUndefined()
  })

  it('by ourselves: capabilities that cannot go on are a mistake of the caller', () => {
    const session = running()
    session.setCapabilities(capabilities(['RTP/AVP'], { crypto: undefined }))
    expect(() => session.createOffer()).toThrow(expect.objectContaining({ code: 'weaker-transport' }) as Error)
    expect(session.isOffering).toBe(false)
  })

  it('but may change its keys, be closed, and go on by DTLS', () => {
    expect(codeOf(running().answerOffer(peer(SAVP, `a=crypto:1 ${SHORT} inline:${THEIRS}`)))).toBe('ok')
    expect(codeOf(running().answerOffer(peer('m=audio 0 RTP/SAVP 0')))).toBe('ok')
    expect(codeOf(running(['RTP/SAVP', 'UDP/TLS/RTP/SAVP']).answerOffer(peer('m=audio 5000 UDP/TLS/RTP/SAVP 0')))).toBe('ok')
  })

  it('and a stream that the peer refused was never protected', () => {
    const session = new OfferAnswer(capabilities(['RTP/SAVP', 'RTP/AVP']))
    session.createOffer()
    valueOf(session.applyAnswer(peer('m=audio 0 RTP/SAVP 0')))
    expect(codeOf(session.answerOffer(peer(AVP)))).toBe('ok')
  })
})

describe('RFC 8643: protected on RTP/AVP where both can', () => {
  it('an offer with keys is answered with keys, one without in the clear', () => {
    const session = new OfferAnswer(capabilities(['RTP/AVP']))
    expect(crypto(valueOf(session.answerOffer(peer(AVP, KEYS))))).toHaveLength(1)
    expect(session.agreement?.streams[0]).toMatchObject({ protocol: 'RTP/AVP', crypto: { suite: STRONG } })
    const other = new OfferAnswer(capabilities(['RTP/AVP']))
    expect(crypto(valueOf(other.answerOffer(peer(AVP))))).toEqual([])
    expect(other.agreement?.streams[0]?.crypto).toBeUndefined()
  })

  it('an offer of ours may be answered either way', () => {
    const session = new OfferAnswer(capabilities(['RTP/AVP']))
    expect(crypto(session.createOffer())).toHaveLength(2)
    expect(valueOf(session.applyAnswer(peer(AVP, KEYS), false))[0]?.crypto?.suite).toBe(STRONG)
    const other = new OfferAnswer(capabilities(['RTP/AVP']))
    other.createOffer()
    expect(valueOf(other.applyAnswer(peer(AVP)))[0]?.crypto).toBeUndefined()
  })

  it('and from then on stays so', () => {
    const session = new OfferAnswer(capabilities(['RTP/AVP']))
    valueOf(session.answerOffer(peer(AVP, KEYS)))
    expect(codeOf(session.answerOffer(peer(AVP)))).toBe('weaker-transport')
    session.createOffer()
    expect(codeOf(session.applyAnswer(peer(AVP)))).toBe('weaker-transport')
    session.rollback()
    session.setCapabilities(capabilities(['RTP/AVP'], { crypto: undefined }))
    expect(() => session.createOffer()).toThrow(expect.objectContaining({ code: 'weaker-transport' }) as Error)
  })
})

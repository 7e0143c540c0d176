import { describe, expect, it } from 'vitest'
import { amr, av1, h264, opus, parametersOf, readFormat, red, rtx, telephoneEvent, vpx } from '../../src/attributes/index.js'
import { answeredFormat, isSameFormat } from '../../src/formats/format-match.js'

const codec = (encoding: string, fmtp?: string) => ({ encoding, fmtp })

describe('RFC 4855 §3: parameters', () => {
  it('are pairs with semicolons between, names without regard to case, blanks around them nothing', () => {
    expect([...parametersOf(' Mode-Set = 0,2 ; octet-align=1;; x;octet-align=0;=y;__proto__=z')]).toEqual([['mode-set', '0,2'], ['octet-align', '1'], ['x', ''], ['__proto__', 'z']])
    expect(parametersOf(undefined).size).toBe(0)
  })
})

describe('what a format says', () => {
  it('RFC 7587 §6.1: opus', () => {
    expect(readFormat(codec('OPUS', 'minptime=10; useinbandfec=1; stereo=1; maxaveragebitrate=20000'), opus)).toEqual({
      minPtime: 10, maxPlaybackRate: 48_000, sendingMaxCaptureRate: 48_000, maxAverageBitrate: 20_000, stereo: true, sendsStereo: false, constantBitrate: false, inbandFec: true, discontinuous: false,
    })
    expect(readFormat(codec('PCMU'), opus)).toBeUndefined()
    expect(opus.write({ minPtime: 10, inbandFec: true, maxAverageBitrate: undefined })).toBe('minptime=10;useinbandfec=1')
    expect(readFormat(codec('opus', 'stereo=yes;maxplaybackrate=-1;minptime=99999999999999999'), opus)).toMatchObject({ stereo: false, maxPlaybackRate: 48_000, minPtime: undefined })
  })

  it('RFC 4733 §7.1.1: telephone-event', () => {
    const events = (fmtp?: string) => readFormat(codec('telephone-event', fmtp), telephoneEvent)?.events
    const digits = Array.from({ length: 16 }, (_, event) => event)
    expect(events('0-15')).toEqual(digits)
    expect(events()).toEqual(digits)
    expect(events('0-16')).toEqual([...digits, 16])
    expect(events('66, 70,0-3')).toEqual([0, 1, 2, 3, 66, 70])
    expect(events('events=0-2')).toEqual([0, 1, 2])
    for (const odd of ['x', '-', '1-', '256', '5-4', '0-999999999', '']) expect(events(odd), odd).toEqual(digits)
    expect(events('250-999')).toEqual([250, 251, 252, 253, 254, 255])
    expect(telephoneEvent.write({ events: [70, 0, 1, 2, 66, 2] })).toBe('0-2,66,70')
  })

  it('RFC 6184 §8.1: H264', () => {
    expect(readFormat(codec('H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'), h264)).toMatchObject({
      levelAsymmetryAllowed: true, packetizationMode: 1, profileLevel: { profile: 66, constraints: 0xe0, level: 31 },
    })
    expect(readFormat(codec('H264'), h264)).toMatchObject({ packetizationMode: 0, profileLevel: { profile: 66, constraints: 0, level: 10 } })
    expect(readFormat(codec('H264', 'profile-level-id=42e01;packetization-mode=3'), h264)).toMatchObject({ packetizationMode: 0, profileLevel: { level: 10 } })
    expect(h264.write({ packetizationMode: 1, profileLevel: { profile: 66, constraints: 0xe0, level: 31 } })).toBe('packetization-mode=1;profile-level-id=42e01f')
  })

  it('RFC 7741 §6.1, RFC 9628 §7.1, AV1, RFC 4588 §8.1, RFC 2198 §5', () => {
    expect(readFormat(codec('VP8', 'max-fs=12288;max-fr=60'), vpx)).toEqual({ maxFrameRate: 60, maxFrameSize: 12_288, profileId: 0 })
    expect(readFormat(codec('VP9', 'profile-id=2'), vpx)?.profileId).toBe(2)
    expect(readFormat(codec('AV1', 'level-idx=5;profile=1;tier=0'), av1)).toEqual({ levelIndex: 5, profile: 1, tier: 0 })
    expect(readFormat(codec('rtx', 'apt=96;rtx-time=3000'), rtx)).toEqual({ payloadType: 96, time: 3000 })
    expect(readFormat(codec('rtx', 'apt=128'), rtx)?.payloadType).toBeUndefined()
    expect(readFormat(codec('red', '111/111'), red)).toEqual({ payloadTypes: [111, 111] })
    expect(readFormat(codec('red', '1//2'), red)).toEqual({ payloadTypes: [] })
    expect(red.write({ payloadTypes: [111, 111] })).toBe('111/111')
  })

  it('RFC 4867 §8.1: AMR and AMR-WB', () => {
    expect(readFormat(codec('AMR-WB', 'octet-align=1; mode-set=0,2,5; mode-change-capability=2; max-red=220'), amr)).toEqual({
      octetAlign: true, modeSet: [0, 2, 5], modeChangePeriod: 1, modeChangeCapability: 2, modeChangeNeighbor: false, crc: false, robustSorting: false, interleaving: undefined, maxRedundancy: 220,
    })
    expect(readFormat(codec('AMR', 'mode-set=,,,=;octet-align'), amr)).toMatchObject({ modeSet: undefined, octetAlign: false })
    expect(amr.write({ octetAlign: true, modeSet: [0, 2] })).toBe('octet-align=1;mode-set=0,2')
  })
})

describe('which formats are one', () => {
  it.each([
    ['H264', 'profile-level-id=42e01f;packetization-mode=1', 'profile-level-id=42e00a;packetization-mode=1', true],
    ['h264', 'profile-level-id=42e01f;packetization-mode=1', 'profile-level-id=42e01f', false],
    ['H264', 'profile-level-id=42e01f', 'profile-level-id=42001f', false],
    ['H264', 'profile-level-id=42e01f', 'profile-level-id=4d801f', true],
    ['H264', 'profile-level-id=42a01e', 'profile-level-id=42001f', true],
    ['H264', 'profile-level-id=64001f', 'profile-level-id=640c1f', false],
    ['H264', 'profile-level-id=f4001f', 'profile-level-id=f4000a', true],
    ['H264', 'profile-level-id=42b00b', 'profile-level-id=42a01e', true],
    ['H264', undefined, 'profile-level-id=42000a', true],
    ['VP9', undefined, 'profile-id=0', true], ['VP9', 'profile-id=2', undefined, false], ['AV1', 'profile=0;level-idx=5', 'level-idx=8', true],
    ['AMR', undefined, 'octet-align=0', true], ['AMR-WB', 'octet-align=1', undefined, false], ['AMR', 'mode-set=7', 'mode-set=0', false], ['H265', 'profile-id=1;level-id=93', 'level-id=156', true],
    ['opus', 'stereo=1', 'stereo=0', true], ['constructor', 'x', 'y', true],
  ])('%s "%s" and "%s": %s', (encoding, one, other, same) => {
    expect(isSameFormat(encoding, one, other)).toBe(same)
    expect(isSameFormat(encoding, other, one)).toBe(same)
  })

  it('RFC 6184 §8.2.2: the level of an answer is the lower one unless both allow for two', () => {
    const offered = 'profile-level-id=42e00d;packetization-mode=1'
    expect(answeredFormat('H264', offered, 'packetization-mode=1;profile-level-id=42e01f')).toBe('packetization-mode=1;profile-level-id=42e00d')
    expect(answeredFormat('H264', 'profile-level-id=42e01f', 'profile-level-id=42e00d')).toBe('profile-level-id=42e00d')
    expect(answeredFormat('H264', `${offered};level-asymmetry-allowed=1`, 'level-asymmetry-allowed=1;profile-level-id=42e01f')).toBe('level-asymmetry-allowed=1;profile-level-id=42e01f')
    expect(answeredFormat('H264', 'profile-level-id=42b00b', 'profile-level-id=42a01e')).toBe('profile-level-id=42b00b')
    expect(answeredFormat('opus', 'stereo=1', undefined)).toBe('stereo=1')
    expect(answeredFormat('opus', 'stereo=1', '')).toBe('')
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mutate, nastyPieces } from '../../sip-parser/test/mutation.js'
import { below, casesOr, oneOf, seeded, seedOr } from '../../sip-parser/test/random.js'
import { attributeFields } from '../src/attributes/index.js'
import {
  type Capabilities, codecsOf, OfferAnswer, parseSdpFragment, parseSessionDescription, type Result, SdpError, type Section, serializeSdpFragment, serializeSessionDescription, type SessionDescription, TrickledCandidates,
} from '../src/index.js'
import { read } from './read.js'
import { descriptionsIn, rfcText } from './rfc-examples.js'

// `pnpm --filter @offhook/sip-sdp fuzz` is the long job; FUZZ_INPUTS and SEED say how many inputs, and which.
const long = process.env['MODE'] === 'fuzz'
const inputs = casesOr('FUZZ_INPUTS', long ? 2_000_000 : 30_000)
const seed = seedOr(long ? Date.now() % 2 ** 31 : 20_261_124)

const KEYS = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz'
const SHORT = [
  `v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n${KEYS}\r\na=rtcp:4001\r\na=sendonly\r\n`,
  'v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nb=AS:64\r\nt=0 0\r\nr=7d 1h 0\r\nz=1 -1h\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\nm=audio 9 RTP/AVP 96 0\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 stereo=1;minptime=10\r\na=mid:0\r\na=ptime:20\r\nm=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=fmtp:97 profile-level-id=42e01f;packetization-mode=1\r\na=rtcp-fb:* nack pli\r\na=rid:1 send pt=97;max-width=1280\r\na=simulcast:send 1,~2;3 recv 4\r\na=mid:1\r\n',
]
const FRAGMENT = 'a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 UDP 2130706432 192.0.2.1 5000 typ srflx raddr 192.0.2.2 rport 9 tcptype active\r\na=end-of-candidates\r\n'
const pieces = [
  ...nastyPieces, 'a=', 'm=', 'c=IN IP4 0.0.0.0\r\n', 'a=inactive\r\n', 'v=0\r\n', 'o=', 'm=audio 9 RTP/AVP 0\r\n', 'm=audio 1/2147483647 RTP/AVP 0\r\n', 'a=rtpmap:', 'a=fmtp:0 ', 'a=candidate:', ' typ host', '|1:4', ' UNENCRYPTED_SRTP', 'RTP/AVP', 'UDP/TLS/RTP/SAVPF', 'pt=', '~',
]

function originals(): readonly string[] {
  const printed = [3264, 4317, 8866].flatMap((number) => descriptionsIn(rfcText(number) ?? '')).filter((text) => text.includes('\no='))
  const browsers = ['chrome-156', 'firefox-153'].map((name) => readFileSync(new URL(`corpus/${name}.sdp`, import.meta.url), 'utf8'))
  return [...SHORT, ...printed, ...(long ? browsers : [])]
}

function capabilities(): Capabilities {
  const crypto = { suites: ['AES_CM_128_HMAC_SHA1_80'], createKey: () => 'A'.repeat(40) }
  const codecs = [{ encoding: 'opus', clockRate: 48_000, channels: 2 }, { encoding: 'PCMU', clockRate: 8000 }, { encoding: 'telephone-event', clockRate: 8000, fmtp: '0-15' }]
  return {
    origin: { sessionId: '1' }, address: '192.0.2.1',
    media: [
      { kind: 'audio', port: 4000, protocols: ['RTP/SAVP', 'RTP/AVP', 'UDP/TLS/RTP/SAVPF'], codecs, crypto, rtcpMux: true },
      { kind: 'video', port: 4002, protocols: ['RTP/AVP'], codecs: [{ encoding: 'H264', clockRate: 90_000, fmtp: 'profile-level-id=42e01f;packetization-mode=1' }] },
    ],
  }
}

/** Everything that has a type can be read without a throw, and is written as something that reads the same. */
function examineAttributes({ attributes }: Section): void {
  for (const { name, value } of attributes) {
    for (const field of attributeFields) {
      if (field.name !== name) continue
      const first = field.read(value ?? '')
      if (first !== undefined) expect(field.read(field.write(first) ?? '')).toEqual(first)
    }
  }
}

function examineSession(description: SessionDescription, first: SessionDescription): void {
  const session = new OfferAnswer(capabilities())
  session.answerOffer(first)
  const before = session.agreement
  const answer = session.answerOffer(description)
  if (!answer.ok) {
    expect(session.agreement).toBe(before)
    expect([400, 488]).toContain(answer.error.statusCode)
    return
  }
  expect(answer.value.media.map(({ kind }) => kind)).toEqual(description.media.map(({ kind }) => kind))
  expect(read(serializeSessionDescription(answer.value)).media).toHaveLength(description.media.length)
  // What had keys has keys: nobody may talk us out of them.
  for (const { index, active, crypto } of before?.streams ?? []) {
    const now = session.agreement?.streams[index]
    if (active && crypto !== undefined && now?.active === true) expect(now.crypto !== undefined || now.protocol.startsWith('UDP/TLS/')).toBe(true)
  }
  expect(session.createOffer().media.length).toBeGreaterThanOrEqual(description.media.length)
}

function examine(input: string | Uint8Array, first: SessionDescription): 'read' | 'refused' {
  const known = (result: Result<unknown, SdpError>): boolean => {
    if (!result.ok) expect(result.error).toBeInstanceOf(SdpError)
    return result.ok
  }
  const fragment = parseSdpFragment(input)
  if (known(fragment) && fragment.ok) {
    const text = serializeSdpFragment(fragment.value)
    const again = parseSdpFragment(text)
    expect(again.ok && serializeSdpFragment(again.value)).toBe(text)
    new TrickledCandidates(first).take(fragment.value)
  }
  const result = parseSessionDescription(input)
  if (!known(result) || !result.ok) return 'refused'
  const description = result.value
  const text = serializeSessionDescription(description)
  expect(serializeSessionDescription(read(text))).toBe(text)
  for (const section of [description, ...description.media]) examineAttributes(section)
  for (const media of description.media) codecsOf(media)
  examineSession(description, first)
  return 'read'
}

describe('abuse', () => {
  it(`${inputs} changed descriptions, seed ${seed}: nothing is thrown but typed errors, what is written reads back, no key is lost`, () => {
    const random = seeded(seed)
    const texts = originals()
    const firsts = SHORT.map(read)
    const outcomes = { read: 0, refused: 0 }
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = long ? stackTraceLimit : 0
    for (let run = 1; run <= inputs; run++) {
      const text = mutate(below(random, 8) === 0 ? FRAGMENT : oneOf(random, texts), random, 4, pieces)
      try {
        outcomes[examine(run % 4 === 0 ? Buffer.from(text, 'latin1') : text, oneOf(random, firsts))]++
      } catch (error) {
        throw new Error(`input ${run} of seed ${seed}: ${String(error)}\n${JSON.stringify(text)}`, { cause: error })
      }
      if (long && run % 100_000 === 0) console.log(`${run} inputs, ${JSON.stringify(outcomes)}`)
    }
    Error.stackTraceLimit = stackTraceLimit
    // Changes that only ever spoil the description would show little.
    expect(outcomes.read).toBeGreaterThan(inputs / 10)
    expect(outcomes.refused).toBeGreaterThan(inputs / 10)
  }, 120_000 + inputs)
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerOffer, codecsOf, directionOf, icePartsOf, type MediaDescription, negotiatedStreams, parseSessionDescription, SdpError, serializeSessionDescription, type SessionDescription } from '../src/index.js'
import { read } from './read.js'

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

/** Mulberry32: numbers from 0 to below `bound`, the same for the same seed. */
function dice(from: number): (bound: number) => number {
  let state = from
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296 * bound) | 0
  }
}

function someDescription(roll: (bound: number) => number): SessionDescription {
  const pick = <T>(...choices: readonly T[]): T => choices[roll(choices.length)]!
  const times = <T>(limit: number, make: () => T): readonly T[] => Array.from({ length: roll(limit + 1) }, make)
  const token = (): string => pick('x', 'rtpmap', 'a.b', '9', 'ü', '__proto__', '%00', '-')
  const text = (): string => pick('', ' ', ':', 'a b', '張 三', '\t', '=', 'x:y z', '\u2028', 'IN IP4 0.0.0.0')
  const maybe = <T>(make: () => T): T | undefined => (roll(3) === 0 ? make() : undefined)
  const connection = () => ({ networkType: token(), addressType: token(), address: token() })
  const common = () => ({
    connection: maybe(connection), bandwidths: times(2, () => ({ type: token(), value: roll(1e6) })), key: maybe(text),
    attributes: times(5, () => ({ name: token(), value: maybe(text) })), otherLines: [], order: undefined,
  })
  return {
    version: 0, origin: { username: token(), sessionId: token(), sessionVersion: token(), networkType: token(), addressType: token(), address: token() },
    name: text(), information: maybe(text), uri: maybe(text), emails: times(2, text), phones: times(2, text),
    times: [{ start: token(), stop: token(), repeats: roll(2) === 0 ? undefined : [text()], zone: maybe(text) }], ...common(),
    media: times(4, (): MediaDescription => ({
      kind: token(), port: roll(65_536), portCount: undefined, protocol: token(), formats: times(4, token), title: maybe(text), ...common(),
    })),
  }
}

describe(`random descriptions (SEED=${seed})`, () => {
  it('parse ∘ print is the identity', () => {
    const roll = dice(seed)
    for (let round = 0; round < 2_000; round += 1) {
      const description = someDescription(roll)
      expect(read(serializeSessionDescription(description)), `round ${round}`).toEqual(description)
    }
  })

  it('print ∘ parse is the identity whatever order lines come in', () => {
    const roll = dice(seed + 1)
    for (let round = 0; round < 2_000; round += 1) {
      const [first = '', ...rest] = serializeSessionDescription(someDescription(roll)).split('\r\n').slice(0, -1)
      for (let swaps = roll(6); swaps > 0; swaps -= 1) {
        const [one, other] = [roll(rest.length), roll(rest.length)]
        ;[rest[one], rest[other]] = [rest[other]!, rest[one]!]
      }
      if (roll(2) === 0) rest.splice(roll(rest.length + 1), 0, 'x=?')
      const text = [first, ...rest].join('\r\n') + '\r\n'
      const result = parseSessionDescription(text)
      if (!result.ok) continue
      const printed = serializeSessionDescription(result.value)
      // An s= or t= that slid below an m= line is replaced above it.
      if (printed.length === text.length) expect(printed, `round ${round}`).toBe(text)
      expect(serializeSessionDescription(read(printed)), `round ${round}`).toBe(printed)
    }
  })

  it('broken browser offers are read or refused, answered or refused, and printed again', () => {
    const roll = dice(seed + 2)
    const originals = ['chrome-156', 'firefox-153'].map((name) => readFileSync(new URL(`corpus/${name}.sdp`, import.meta.url), 'utf8'))
    const capabilities = {
      origin: { sessionId: '1' }, address: '192.0.2.1',
      media: [{ kind: 'audio', port: 4000, protocols: ['UDP/TLS/RTP/SAVPF'], codecs: [{ encoding: 'opus', clockRate: 48_000, channels: 2 }, { encoding: 'PCMU', clockRate: 8000 }] }],
    }
    let answered = 0
    for (let round = 0; round < 1_500; round += 1) {
      let text = originals[roll(2)]!
      for (let edits = 1 + roll(4); edits > 0; edits -= 1) {
        const [from, length] = [roll(text.length), roll(12)]
        const filling = ['', '\r\n', '\n', '\0', ' ', ':', '=', 'a=', 'm=', 'é', '0', '99999', text.slice(from, from + 40)][roll(13)]!
        text = text.slice(0, from) + filling + text.slice(from + length)
      }
      const result = parseSessionDescription(text)
      if (!result.ok) {
        expect(result.error).toBeInstanceOf(SdpError)
        continue
      }
      const printed = serializeSessionDescription(result.value)
      expect(serializeSessionDescription(read(printed)), `round ${round}`).toBe(printed)
      for (const media of result.value.media) for (const reading of [codecsOf, directionOf, icePartsOf]) reading(media, result.value)
      const answer = answerOffer(result.value, capabilities)
      if (!answer.ok) continue
      answered += 1
      expect(answer.value.media.map(({ kind }) => kind)).toEqual(result.value.media.map(({ kind }) => kind))
      expect(negotiatedStreams(answer.value, result.value).ok).toBe(true)
      expect(read(serializeSessionDescription(answer.value)).media).toHaveLength(result.value.media.length)
    }
    expect(answered).toBeGreaterThan(100)
  })
})

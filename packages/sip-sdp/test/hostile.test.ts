import { describe, expect, it } from 'vitest'
import {
  answerOffer, codecsOf, createOffer, fingerprintOf, groupsOf, icePartsOf, parseSessionDescription, ptimeOf, SdpError, serializeSessionDescription, setupOf, directionOf,
} from '../src/index.js'
import { read } from './read.js'

const HEAD = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n'

function codeOf(text: string | Uint8Array): string {
  const result = parseSessionDescription(text)
  return result.ok ? 'ok' : result.error.code
}

/** Everything that can be asked of a description. */
function readAll(text: string | Uint8Array): void {
  const result = parseSessionDescription(text)
  if (!result.ok) {
    expect(result.error).toBeInstanceOf(SdpError)
    expect(result.error.statusCode).toBe(400)
    return
  }
  const description = result.value
  groupsOf(description)
  for (const media of description.media) for (const reading of [codecsOf, directionOf, icePartsOf, fingerprintOf, setupOf, ptimeOf]) reading(media, description)
  const text1 = serializeSessionDescription(description)
  expect(serializeSessionDescription(read(text1))).toBe(text1)
}

describe('broken descriptions get a code and a line', () => {
  it.each([
    ['', 'missing-line'], ['\r\n\r\n', 'missing-line'], ['o=- 1 1 IN IP4 192.0.2.1\r\nv=0', 'missing-line'], ['v=0\r\ns=-\r\n', 'missing-line'],
    ['v=1\r\n', 'bad-version'], ['v=\r\n', 'bad-version'], ['v=0\r\nv=0\r\n', 'duplicate-line'], [HEAD + HEAD, 'duplicate-line'], [HEAD + 'm=audio 9 RTP/AVP 0\r\n' + HEAD, 'duplicate-line'],
    ['v=0\r\no=\r\n', 'bad-origin'], ['v=0\r\no=- 1 1 IN IP4\r\n', 'bad-origin'], ['v=0\r\no=1 1 IN IP4 192.0.2.1\r\n', 'bad-origin'],
    [HEAD + 'c=IN\r\n', 'bad-connection'], [HEAD + 'c=IN IP4 192.0.2.1 more\r\n', 'bad-connection'], ['v=0\r\nt=0\r\n', 'bad-time'],
    [HEAD + 'garbage\r\n', 'bad-line'], [HEAD + '=\r\n', 'bad-line'], [HEAD + 'a\r\n', 'bad-line'], [HEAD + ' a=x\r\n', 'bad-line'], [HEAD + 'a', 'bad-line'],
    [HEAD + 'a=x\0\r\n', 'bad-character'], [HEAD + 'a=x\ra=y\r\n', 'bad-character'], [HEAD + 'a=x\r\r\n', 'bad-character'],
    ['\uFEFF' + HEAD, 'bad-line'],
  ])('%j: %s', (text, code) => expect(codeOf(text)).toBe(code))

  it('names the line', () => {
    const result = parseSessionDescription(HEAD + '\r\na=x\r\nm=audio x RTP/AVP 0\r\n')
    expect(result.ok ? undefined : [result.error.code, result.error.line, result.error.message]).toEqual(['bad-media', 7, 'The ports of an "m=" line must lie within 0 to 65535 (line 7)'])
  })
})

describe('CVE-2026-46334, CVE-2022-31003, CVE-2018-1000098, CVE-2018-1000099: lines without colon, empty lines, bad fmtp', () => {
  it.each([
    'a=rtpmap', 'a=rtpmap:', 'a=rtpmap: ', 'a=rtpmap:0', 'a=rtpmap:0 ', 'a=rtpmap:0 /', 'a=fmtp', 'a=fmtp:', 'a=fmtp:0', 'a=fmtp:0 ', 'a=fmtp:;;;', 'a=fmtp:999999999999 x', 'a=fmtp:16 mode-set=,,,=;',
    'a=rtcp-fb:', 'a=rtcp-fb:*', 'a=candidate', 'a=candidate:', 'a=candidate:1', 'a=fingerprint:', 'a=fingerprint: :', 'a=setup', 'a=ptime:', 'a=mid', 'b=', 'b=:', 'b=AS', 'b=AS:', 'i=', 'k=', 'k', '', ' ', 'a', 'm=', 'm= ', 'm=audio', 'c=', 'r=', 'z=',
  ])('%j', (line) => {
    for (const text of [`${HEAD}${line}\r\nm=audio 9 RTP/AVP 0 16\r\n${line}\r\n`, `${HEAD}m=audio 9 RTP/AVP 0 16\r\n${line}`, `${HEAD}${line}\n\n\nm=audio 9 RTP/AVP 0\n\n`]) readAll(text)
  })
})

describe('CVE-2017-11521: media, port and format counts', () => {
  it.each(['audio 1/2147483647 RTP/AVP 0', 'audio 65535/2 RTP/AVP 0', 'audio 1/0 RTP/AVP 0', 'audio 1/ RTP/AVP 0', 'audio 1/-1 RTP/AVP 0', 'audio 65536 RTP/AVP 0', 'audio -1 RTP/AVP 0', 'audio 4294967297 RTP/AVP 0', 'audio 1e3 RTP/AVP 0', 'audio 9', 'audio'])(
    'm=%s is refused', (line) => expect(codeOf(`${HEAD}m=${line}\r\n`)).toBe('bad-media'))

  it('holds its limits', () => {
    expect(codeOf(HEAD + 'm=audio 9 RTP/AVP 0\r\n'.repeat(128))).toBe('ok')
    expect(codeOf(HEAD + 'm=audio 9 RTP/AVP 0\r\n'.repeat(129))).toBe('too-large')
    expect(codeOf(HEAD + `m=audio 9 RTP/AVP${' 0'.repeat(256)}\r\n`)).toBe('ok')
    expect(codeOf(HEAD + `m=audio 9 RTP/AVP${' 0'.repeat(257)}\r\n`)).toBe('too-large')
    expect(codeOf(HEAD + `m=audio 9 RTP/AVP${' 0'.repeat(100_000)}\r\n`)).toBe('too-large')
    expect(codeOf(HEAD + 'a=\r\n'.repeat(4996))).toBe('ok')
    expect(codeOf(HEAD + 'a=\r\n'.repeat(4997))).toBe('too-large')
    expect(codeOf(HEAD + '\n'.repeat(5000))).toBe('too-large')
    expect(codeOf(HEAD + 'a=' + 'x'.repeat(262_144))).toBe('too-large')
    expect(codeOf(new TextEncoder().encode(HEAD + 'a=' + 'x'.repeat(262_144)))).toBe('too-large')
    const result = parseSessionDescription(HEAD + 'm=audio 9 RTP/AVP 0\r\n'.repeat(2), { maxMedia: 1 })
    expect(result.ok).toBe(false)
  })
})

describe('CVE-2008-3199: memory in proportion to the wire', () => {
  it('keeps no more objects than lines, and shares what applies to every format', () => {
    const general = Array.from({ length: 2000 }, (_, index) => `a=rtcp-fb:* x${index}\r\n`).join('')
    const { media: [media] } = read(`${HEAD}m=video 9 RTP/AVPF${Array.from({ length: 35 }, (_, index) => ` ${index}`).join('')}\r\n${general}`)
    const codecs = codecsOf(media!)
    expect(codecs.length).toBeGreaterThan(20)
    expect(new Set(codecs.map(({ feedback }) => feedback)).size).toBe(1)
  })
})

describe('what a caller may not print', () => {
  const description = read(HEAD + 'm=audio 9 RTP/AVP 0\r\na=x:y\r\n')
  const media = description.media[0]!
  it.each([
    ['LF in a value', { ...description, name: 'x\na=y' }],
    ['CR in a value', { ...description, name: 'x\ra=y' }],
    ['CRLF in an attribute', { ...description, media: [{ ...media, attributes: [{ name: 'x', value: 'y\r\nm=audio 9 RTP/AVP 0' }] }] }],
    ['CRLF in a name', { ...description, attributes: [{ name: 'x\r\na=y' }] }],
    ['CRLF in a user name', { ...description, origin: { ...description.origin, username: 'x\r\na=y' } }],
    ['NUL', { ...description, information: 'x\0' }],
    ['CRLF in another line', { ...description, otherLines: [{ type: 'x', value: '\r\n' }] }],
    ['a type of two letters', { ...description, otherLines: [{ type: 'xy', value: '' }] }],
    ['a space in an address', { ...description, connection: { networkType: 'IN', addressType: 'IP4', address: '192.0.2.1 x' } }],
    ['no address', { ...description, connection: { networkType: 'IN', addressType: 'IP4', address: '' } }],
    ['no user name', { ...description, origin: { ...description.origin, username: '' } }],
    ['a format of two words', { ...description, media: [{ ...media, formats: ['0 8'] }] }],
    ['a port out of range', { ...description, media: [{ ...media, port: 65_536 }] }],
    ['half a port', { ...description, media: [{ ...media, port: 0.5 }] }],
  ])('%s', (_, wrong) => {
    expect(() => serializeSessionDescription(wrong)).toThrow(expect.objectContaining({ name: 'SdpError', code: 'invalid-value' }) as Error)
  })

  it('an offer without formats or protocols, or with more codecs than numbers', () => {
    const base = { origin: { sessionId: '1' }, address: '192.0.2.1' }
    const many = Array.from({ length: 40 }, (_, index) => ({ encoding: `x${index}`, clockRate: 8000 }))
    for (const wrong of [{ protocols: ['RTP/AVP'] }, { protocols: [], codecs: many }, { protocols: ['udptl'] }, { protocols: ['RTP/AVP'], codecs: many }]) {
      expect(() => createOffer({ ...base, media: [{ kind: 'audio', port: 9, ...wrong }] })).toThrow(SdpError)
    }
  })
})

describe('names that objects have', () => {
  it('are names like any other', () => {
    const text = `${HEAD}a=__proto__:x\r\na=constructor:y\r\nm=__proto__ 9 RTP/AVP 0\r\na=rtpmap:__proto__ x/1\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host __proto__ x\r\n`
    const description = read(text)
    expect(serializeSessionDescription(description)).toBe(text)
    readAll(text)
    expect(answerOffer(description, { origin: { sessionId: '1' }, address: '192.0.2.1', media: [] }).ok).toBe(false)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

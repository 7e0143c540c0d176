import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  attributeFields, type AttributeField, bundleOnly, candidate, connection, content, crypto, endOfCandidates, extmap, fingerprint, fmtp, framerate, group, iceOptions, icePacing, icePwd, iceUfrag,
  label, maxMessageSize, maxptime, mid, msid, ptime, readAttribute, readAttributes, remoteCandidates, rid, rtcp, rtcpFb, rtcpMux, rtpmap, sctpPort, setup, simulcast, ssrc, ssrcGroup, tlsId, writeAttribute,
} from '../../src/attributes/index.js'
import { SdpError } from '../../src/index.js'
import { read } from '../read.js'
import { rfcText } from '../rfc-examples.js'

const send = (...rids: readonly string[]) => rids.map((name) => [{ rid: name, paused: false }])
const KEY = 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz'

/** Field, text, what it says. Each is written back as it is here. */
const readable: readonly (readonly [field: AttributeField<unknown>, text: string, value: unknown])[] = [
  [rtpmap, '111 opus/48000/2', { payloadType: 111, encoding: 'opus', clockRate: 48_000, channels: 2 }],
  [rtpmap, '0 PCMU/8000', { payloadType: 0, encoding: 'PCMU', clockRate: 8000, channels: 1 }],
  [fmtp, '111 minptime=10;useinbandfec=1', { format: '111', parameters: 'minptime=10;useinbandfec=1' }],
  [fmtp, '101 0-15', { format: '101', parameters: '0-15' }],
  [rtcpFb, '96 nack pli', { payloadType: 96, kind: 'nack', parameters: 'pli' }],
  [rtcpFb, '* trr-int 100', { payloadType: '*', kind: 'trr-int', parameters: '100' }],
  [rtcpFb, '96 transport-cc', { payloadType: 96, kind: 'transport-cc' }],
  [rtcpFb, '98 ccm tmmbr smaxpr=120', { payloadType: 98, kind: 'ccm', parameters: 'tmmbr smaxpr=120' }],
  [extmap, '1 urn:ietf:params:rtp-hdrext:toffset', { id: 1, uri: 'urn:ietf:params:rtp-hdrext:toffset' }],
  [extmap, '4096/sendonly http://example.com/082005/ext.htm#xmeta short', { id: 4096, direction: 'sendonly', uri: 'http://example.com/082005/ext.htm#xmeta', parameters: 'short' }],
  [mid, 'audio-1', 'audio-1'],
  [group, 'BUNDLE 0 1 2', { semantics: 'BUNDLE', mids: ['0', '1', '2'] }],
  [group, 'BUNDLE', { semantics: 'BUNDLE', mids: [] }],
  [msid, 'examplefoo examplebar', { stream: 'examplefoo', track: 'examplebar' }],
  [msid, '-', { stream: '-' }],
  [ssrc, '11111 cname:user3@example.com', { ssrc: 11_111, attribute: 'cname', value: 'user3@example.com' }],
  [ssrc, '4294967295 x', { ssrc: 4_294_967_295, attribute: 'x' }],
  [ssrc, '1 fmtp:96 a=b:c', { ssrc: 1, attribute: 'fmtp', value: '96 a=b:c' }],
  [ssrcGroup, 'FID 1 2', { semantics: 'FID', ssrcs: [1, 2] }],
  [rid, '1 send pt=97;max-width=1280;max-height=720', { id: '1', direction: 'send', payloadTypes: [97], restrictions: new Map([['max-width', '1280'], ['max-height', '720']]) }],
  [rid, 'hi recv', { id: 'hi', direction: 'recv', restrictions: new Map() }],
  [rid, '2 send depend=1,0;max-fps', { id: '2', direction: 'send', restrictions: new Map([['depend', '1,0'], ['max-fps', '']]) }],
  [simulcast, 'send 1;2;3', { send: send('1', '2', '3') }],
  [simulcast, 'send 1,~4;2 recv c', { send: [[{ rid: '1', paused: false }, { rid: '4', paused: true }], [{ rid: '2', paused: false }]], recv: send('c') }],
  [rtcp, '53020', { port: 53_020 }],
  [rtcp, '53020 IN IP6 2001:db8::1', { port: 53_020, connection: { networkType: 'IN', addressType: 'IP6', address: '2001:db8::1' } }],
  [crypto, `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20|1:4 FEC_ORDER=FEC_SRTP`, {
    tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', keys: [{ keySalt: KEY, lifetime: '2^20', mki: { value: '1', length: 4 } }], sessionParameters: ['FEC_ORDER=FEC_SRTP'],
  }],
  [crypto, `2 F8_128_HMAC_SHA1_80 inline:${KEY}|2^20|1:4;inline:${KEY}|2^20|2:4 KDR=3 UNENCRYPTED_SRTCP`, {
    tag: 2, suite: 'F8_128_HMAC_SHA1_80', keys: [{ keySalt: KEY, lifetime: '2^20', mki: { value: '1', length: 4 } }, { keySalt: KEY, lifetime: '2^20', mki: { value: '2', length: 4 } }],
    sessionParameters: ['KDR=3', 'UNENCRYPTED_SRTCP'],
  }],
  [crypto, `1 AES_CM_128_HMAC_SHA1_32 inline:${KEY}|1:1`, { tag: 1, suite: 'AES_CM_128_HMAC_SHA1_32', keys: [{ keySalt: KEY, mki: { value: '1', length: 1 } }], sessionParameters: [] }],
  [fingerprint, 'sha-256 12:DF:3E', { algorithm: 'sha-256', value: '12:DF:3E' }],
  [setup, 'holdconn', 'holdconn'],
  [connection, 'existing', 'existing'],
  [tlsId, 'abc3de65cddef001be82', 'abc3de65cddef001be82'],
  [candidate, '1 1 udp 2130706431 203.0.113.141 8998 typ host', {
    foundation: '1', component: 1, transport: 'udp', priority: 2_130_706_431, address: '203.0.113.141', port: 8998, type: 'host', extensions: new Map(),
  }],
  [candidate, '2 1 tcp 1694498815 192.0.2.3 9 typ srflx raddr 203.0.113.141 rport 8998 tcptype active generation 0', {
    foundation: '2', component: 1, transport: 'tcp', priority: 1_694_498_815, address: '192.0.2.3', port: 9, type: 'srflx', relatedAddress: '203.0.113.141', relatedPort: 8998,
    tcpType: 'active', extensions: new Map([['generation', '0']]),
  }],
  [remoteCandidates, '1 192.0.2.3 45664 2 192.0.2.3 45665', [{ component: 1, address: '192.0.2.3', port: 45_664 }, { component: 2, address: '192.0.2.3', port: 45_665 }]],
  [iceUfrag, '9uB6', '9uB6'],
  [icePwd, 'YH75Fviy6338Vbrhrlp8Yh', 'YH75Fviy6338Vbrhrlp8Yh'],
  [iceOptions, 'ice2 trickle', ['ice2', 'trickle']],
  [icePacing, '50', 50],
  [ptime, '20', 20], [ptime, '2.5', 2.5], [maxptime, '120', 120], [framerate, '29.97', 29.97],
  [label, '1', '1'], [content, 'slides,main', ['slides', 'main']],
  [sctpPort, '5000', 5000], [maxMessageSize, '0', 0],
] as unknown as readonly (readonly [AttributeField<unknown>, string, unknown])[]

/** Field, texts that are none of its values. */
const unreadable: readonly (readonly [field: AttributeField<unknown>, ...texts: readonly string[]])[] = [
  [rtpmap, '', '0', '0 ', '0 PCMU', '0 /8000', '0 PCMU/x', '0 PCMU/8000/0', '0 PCMU/8000/1/1', '128 PCMU/8000', '-1 PCMU/8000', 'x PCMU/8000', '0 P(/8000', '0 PCMU/99999999999'],
  [fmtp, '', '96', '96 ', ' '], [rtcpFb, '', '96', '128 nack', '** nack', '* '],
  [extmap, '', '1', '0 urn:x', '256 urn:x', '4352 urn:x', '1/ urn:x', '1/both urn:x', '1/sendonly', 'x urn:x'],
  [mid, '', 'a b', '(', 'ä'], [group, '', '(', 'BUNDLE ('], [msid, '', 'a b c', '(', 'a )'],
  [ssrc, '', '1', '4294967296 x', '-1 x', 'x cname:y', '1 :x'], [ssrcGroup, '', 'FID x', 'FID 4294967296', '( 1'],
  [rid, '', '1', '1 both', '( send', '1 send pt=x', '1 send pt=', '1 send pt=128', '1 send ;', '1 send =x'],
  [simulcast, '', 'send', 'send ', 'send 1 send 2', 'both 1', 'send 1;', 'send ,', 'send ~', 'send 1 recv', 'send 1 recv 2 send 3', 'send ('],
  [rtcp, '', 'x', '65536', '-1', '1 IN', '1 IN IP4', '1 IN IP4 192.0.2.1 x'],
  [crypto, '', '1', '1 X', `1 X ${KEY}`, '1 X inline:', '1 X inline:(', `x X inline:${KEY}`, `1234567890 X inline:${KEY}`, `1 X-Y inline:${KEY}`, `1 X inline:${KEY}|x`, `1 X inline:${KEY}|1:0`,
    `1 X inline:${KEY}|1:129`, `1 X inline:${KEY}|1:4|2^20`, `1 X inline:${KEY}|1|1:4|x`, `1 X inline:${KEY};`, `1 X inline:${KEY}|2^20|x:4`],
  [fingerprint, '', 'sha-256', 'sha-256 5E:B', 'sha-256 5E EB', 'sha-256 xx:yy', 'sha-256 5E:'], [setup, '', 'later', 'ACTPASS'], [connection, '', 'old'], [tlsId, '', 'short', '('.repeat(20)],
  [candidate, '', '1 1 udp 1 192.0.2.1 9 typ', '1 1 udp x 192.0.2.1 9 typ host', '1 1 udp 1 192.0.2.1 65536 typ host'],
  [remoteCandidates, '', '1', '1 192.0.2.1', '257 192.0.2.1 1', '1 192.0.2.1 65536', '1 192.0.2.1 1 2'],
  [iceUfrag, '', 'abc', 'a:bc', 'a b c'], [icePwd, '', 'short', '"'.repeat(22)], [iceOptions, '', ' '], [icePacing, '', 'x', '-1', '1.5', '99999999999'],
  [ptime, '', '0', '-1', 'x', '1e3', '.5', '1.'], [label, '', 'a b'], [content, '', 'a,', ',', 'a b'], [sctpPort, '', '65536', '-1', 'x'], [maxMessageSize, '', 'x', '9'.repeat(16)],
] as unknown as readonly (readonly [AttributeField<unknown>, ...string[]])[]

describe('what an attribute says', () => {
  it.each(readable.map(([field, text, value]) => [field.section, field.name, text, field, value] as const))('%s: a=%s:%s', (_section, name, text, field, value) => {
    const read = field.read(text)
    expect(read).toEqual(value)
    expect(writeAttribute(field, read)).toEqual({ name, value: text })
  })

  it.each(unreadable.flatMap(([field, ...texts]) => texts.map((text) => [field.name, text, field] as const)))('a=%s:%s cannot be read', (_name, text, field) => {
    const read = field.read(text)
    expect(read).toBeUndefined()
  })

  it('is not hidden by one before it that cannot be read', () => {
    const media = read('v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\nm=audio 9 RTP/AVP 0\na=rtcp:x\na=rtcp:7\na=rtcp:8\na=rtcp-mux\na=end-of-candidates\n').media[0]!
    expect(readAttribute(media, rtcp)).toEqual({ port: 7 })
    expect(readAttributes(media, rtcp)).toEqual([{ port: 7 }, { port: 8 }])
    expect([rtcpMux, endOfCandidates, bundleOnly].map((field) => readAttribute(media, field))).toEqual([true, true, undefined])
    expect(writeAttribute(rtcpMux, true)).toEqual({ name: 'rtcp-mux' })
  })

  it('is refused when it could not be read back', () => {
    const cases: readonly (() => unknown)[] = [
      () => writeAttribute(mid, 'a b'), () => writeAttribute(rtcp, { port: 65_536 }), () => writeAttribute(label, 'a\r\nb'), () => writeAttribute(setup, 'x' as never),
      () => writeAttribute(rtcpFb, { payloadType: 96, kind: 'nack', parameters: 'pli\r\na=x' }), () => writeAttribute(icePwd, 'short'), () => writeAttribute(extmap, { id: 1, uri: 'a b\n' }),
    ]
    for (const wrong of cases) expect(wrong).toThrow(expect.objectContaining({ name: 'SdpError', code: 'invalid-value' }) as SdpError)
  })

  it('has a field of each name once, with its section', () => {
    const names = attributeFields.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { section } of attributeFields) expect(section).toMatch(/^RFC \d{4} §[\d.]+$/)
  })
})

describe('what browsers write', () => {
  const untyped = new Set(['msid-semantic', 'rtcp-xr', 'sendrecv'])
  it.each(['chrome-156', 'firefox-153'])('%s: every attribute is typed, and written back as it came', (name) => {
    const description = read(readFileSync(new URL(`../corpus/${name}.sdp`, import.meta.url), 'utf8'))
    const fields = new Map(attributeFields.map((field) => [field.name, field]))
    for (const attribute of [description, ...description.media].flatMap(({ attributes }) => attributes)) {
      const field = fields.get(attribute.name)
      if (field === undefined) {
        expect(untyped).toContain(attribute.name)
        continue
      }
      const value = field.read(attribute.value ?? '')
      expect(value, JSON.stringify(attribute)).toBeDefined()
      const written = writeAttribute(field, value)
      // Firefox writes UDP, and one channel.
      const same = (text: string | undefined): string | undefined => (attribute.name === 'candidate' ? text?.toLowerCase() : text?.replace(/\/8000\/1$/, '/8000'))
      expect(same(written.value), JSON.stringify(attribute)).toBe(same(attribute.value))
    }
  })
})

describe.each([5576, 8285, 8839, 8842, 8851, 8853, 9143])('RFC %i, the attributes printed in it', (number) => {
  const text = rfcText(number)
  it.skipIf(text === undefined)('can be read and written back where they are whole', () => {
    const fields = new Map(attributeFields.map((field) => [field.name, field]))
    let seen = 0
    for (const [, name = '', value = ''] of (text ?? '').matchAll(/^ +a=([a-z-]+):(\S[^\n]*)$/gm)) {
      const field = fields.get(name)
      const read = field?.read(value.trim())
      if (field === undefined || read === undefined) continue
      seen += 1
      expect(field.read(field.write(read) ?? '')).toEqual(read)
    }
    expect(seen).toBeGreaterThan(0)
  })
  if (text === undefined) console.log(`skipped: the folder with RFC ${number} is not there`)
})

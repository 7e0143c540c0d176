import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseSessionDescription, serializeSessionDescription } from '../src/index.js'
import { lines, read } from './read.js'
import { descriptionsIn, rfcText } from './rfc-examples.js'

const FULL = lines(`
  v=0
  o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
  s=Call to John Smith
  i=SDP Offer #1
  u=http://www.jdoe.example.com/home.html
  e=Jane Doe <jane@jdoe.example.com>
  e=second@example.com
  p=+1 617 555-6011
  c=IN IP4 198.51.100.1
  b=CT:128
  b=X-YZ:64
  t=3034423619 3042462419
  r=604800 3600 0 90000
  r=7d 1h 0 25h
  z=3730928400 -1h 3749680800 0
  t=0 0
  k=prompt
  a=recvonly
  a=tool:offhook 1:2
  a=empty:
  m=audio 49170/2 RTP/AVP 0 8
  i=title
  c=IN IP6 2001:db8::2/3
  b=AS:64
  k=clear:secret
  a=ptime:20
  m=application 9 UDP/DTLS/SCTP webrtc-datachannel
  a=sctp-port:5000`)

describe('RFC 8866 §5 reading', () => {
  it('reads every line of a full description into the model', () => {
    expect(read(FULL)).toMatchObject({
      version: 0,
      origin: { username: 'jdoe', sessionId: '3724394400', sessionVersion: '3724394405', networkType: 'IN', addressType: 'IP4', address: '198.51.100.1' },
      name: 'Call to John Smith', information: 'SDP Offer #1', uri: 'http://www.jdoe.example.com/home.html',
      emails: ['Jane Doe <jane@jdoe.example.com>', 'second@example.com'], phones: ['+1 617 555-6011'],
      connection: { networkType: 'IN', addressType: 'IP4', address: '198.51.100.1' },
      bandwidths: [{ type: 'CT', value: 128 }, { type: 'X-YZ', value: 64 }],
      times: [
        { start: '3034423619', stop: '3042462419', repeats: ['604800 3600 0 90000', '7d 1h 0 25h'], zone: '3730928400 -1h 3749680800 0' },
        { start: '0', stop: '0' },
      ],
      key: 'prompt',
      attributes: [{ name: 'recvonly' }, { name: 'tool', value: 'offhook 1:2' }, { name: 'empty', value: '' }],
      otherLines: [],
      media: [
        {
          kind: 'audio', port: 49170, portCount: 2, protocol: 'RTP/AVP', formats: ['0', '8'], title: 'title', key: 'clear:secret',
          connection: { networkType: 'IN', addressType: 'IP6', address: '2001:db8::2/3' }, bandwidths: [{ type: 'AS', value: 64 }],
          attributes: [{ name: 'ptime', value: '20' }],
        },
        { kind: 'application', port: 9, protocol: 'UDP/DTLS/SCTP', formats: ['webrtc-datachannel'], attributes: [{ name: 'sctp-port', value: '5000' }] },
      ],
    })
  })

  it('writes it back byte for byte', () => {
    expect(serializeSessionDescription(read(FULL))).toBe(FULL)
  })

  it('takes LF for CRLF, a missing last line end, and empty lines', () => {
    const loose = '\n' + FULL.replaceAll('\r\n', '\n').replace('k=prompt\n', 'k=prompt\n\n\n').trimEnd()
    expect(serializeSessionDescription(read(loose))).toBe(FULL)
    expect(read(FULL.trimEnd() + '\r')).toEqual(read(FULL))
  })

  it('reads bytes as UTF-8, and as ISO 8859-1 when they are not', () => {
    const text = FULL.replace('John Smith', 'Jürgen 張')
    const result = parseSessionDescription(new TextEncoder().encode(text))
    expect(result.ok && result.value.name).toBe('Call to Jürgen 張')
    const latin = parseSessionDescription(Uint8Array.from('v=0\ns=J\xfcrgen\no=- 1 1 IN IP4 192.0.2.1\nt=0 0\n', (character) => character.charCodeAt(0)))
    expect(latin.ok && latin.value.name).toBe('Jürgen')
  })

  it('lets a missing s= and t= pass and prints them', () => {
    expect(serializeSessionDescription(read('v=0\no=- 1 1 IN IP4 192.0.2.1\n'))).toBe('v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n')
  })

  it('lets spaces in the user name pass, doubled spaces, and an m= line without formats', () => {
    const description = read('v=0\no=John Smith 1 1 IN IP4 192.0.2.1\ns= \nt=0  0\nm=video  0 RTP/AVP ')
    expect(description.origin.username).toBe('John Smith')
    expect(description.name).toBe(' ')
    expect(description.media[0]).toMatchObject({ kind: 'video', port: 0, formats: [] })
    expect(serializeSessionDescription(description)).toContain('m=video 0 RTP/AVP\r\n')
  })
})

describe('what is not understood', () => {
  const cases: Readonly<Record<string, string>> = {
    'lines of unknown type, everywhere': 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nx=1\r\ns=-\r\nt=0 0\r\nX=2\r\na=a\r\ny=\r\nm=audio 9 RTP/AVP 0\r\nq=:\r\na=b\r\nw=3\r\n',
    'a second line where there is one place': 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=one\r\ns=two\r\nc=IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n',
    'an unreadable bandwidth': 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nb=AS\r\nb=AS:064\r\nb=AS:64\r\nb=AS:-1\r\nb=:64\r\nb=A S:64\r\nt=0 0\r\n',
    'r= and z= where no t= stands': 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nr=1\r\ns=-\r\nt=0 0\r\nz=1 2\r\nr=7d\r\nz=3 4\r\nt=0 0\r\nr=1d\r\n',
    'lines out of order': 'v=0\r\ns=-\r\nt=0 0\r\no=- 1 1 IN IP4 192.0.2.1\r\na=x\r\nc=IN IP4 192.0.2.1\r\na=y\r\nm=audio 9 RTP/AVP 0\r\na=z\r\nb=AS:1\r\ni=late\r\na=zz\r\nt=0 0\r\n',
    'times before connection, as RFC 3264 §9 prints them': 'v=0\r\no=carol 28908764872 28908764872 IN IP4 100.3.6.6\r\ns=-\r\nt=0 0\r\nc=IN IP4 192.0.2.4\r\nm=audio 0 RTP/AVP 0 1 3\r\n',
    'attributes of any shape': 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\na=\r\na=:\r\na=:x\r\na=a:\r\na= \r\na=a::b\r\na==\r\n',
  }
  it.each(Object.entries(cases))('survives byte for byte and in its place: %s', (_, text) => {
    expect(serializeSessionDescription(read(text))).toBe(text)
  })

  it('keeps its place beside what was added since', () => {
    const description = read(cases['lines out of order'] ?? '')
    const [media] = description.media
    const changed = {
      ...description, information: 'new', attributes: [...description.attributes, { name: 'added' }],
      media: [{ ...media!, attributes: media!.attributes.slice(0, 1), title: undefined, key: 'prompt' }],
    }
    expect(serializeSessionDescription(changed)).toBe(lines(`
      v=0
      s=-
      i=new
      t=0 0
      o=- 1 1 IN IP4 192.0.2.1
      a=x
      c=IN IP4 192.0.2.1
      a=y
      a=added
      m=audio 9 RTP/AVP 0
      k=prompt
      a=z
      b=AS:1
      t=0 0`))
  })
})

describe.each([3264, 4317, 8866])('RFC %i, every description printed in it', (number) => {
  const text = rfcText(number)
  it.skipIf(text === undefined)('survives parsing and printing', () => {
    const examples = descriptionsIn(text ?? '').filter((example) => example.includes('\no='))
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(serializeSessionDescription(read(example))).toBe(example)
  })
  if (text === undefined) console.log(`skipped: the folder with RFC ${number} is not there`)
})

describe('what browsers write', () => {
  it.each(['chrome-156', 'firefox-153'])('survives byte for byte without an irregularity: %s', (name) => {
    const text = readFileSync(new URL(`corpus/${name}.sdp`, import.meta.url), 'utf8')
    const description = read(text)
    expect(serializeSessionDescription(description)).toBe(text)
    expect([description, ...description.media].map(({ order }) => order)).toEqual([undefined, ...description.media.map(() => undefined)])
  })
})

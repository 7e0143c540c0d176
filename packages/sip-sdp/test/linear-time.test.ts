import { describe, expect, it } from 'vitest'
import { growth } from '../../sip-parser/test/growth.js'
import { codecsOf, fingerprintOf, icePartsOf, parseSessionDescription, serializeSessionDescription } from '../src/index.js'

const HEAD = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n'
/** Wide enough for what is tried here: what is bounded needs no measuring. */
const limits = { maxBytes: 10_000_000, maxLines: 1_000_000, maxFormats: 1_000_000, maxMedia: 1_000_000 }

/** Everything that looks at all of it. */
function work(text: string): () => void {
  return () => {
    const result = parseSessionDescription(text, limits)
    if (!result.ok) return
    for (const media of result.value.media) for (const reading of [codecsOf, icePartsOf, fingerprintOf]) reading(media)
    serializeSessionDescription(result.value)
  }
}

/** So many octets, or hardly more, of this over and over. */
const filled = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length))

describe('time in proportion to the input: twice the octets take twice as long, not four times', () => {
  it.each([
    ['no colon anywhere', (size: number) => HEAD + filled('a=x\r\n', size)],
    ['one colon at the end', (size: number) => HEAD + filled('a=x\r\n', size) + 'a=x:y\r\n'],
    ['no CR anywhere', (size: number) => HEAD.replaceAll('\r', '') + filled('a=x\n', size)],
    ['one CR at the end', (size: number) => HEAD.replaceAll('\r', '') + filled('a=x\n', size) + 'a=y\r\n'],
    ['nothing but line ends', (size: number) => HEAD + filled('\n', size)],
    ['unknown and known lines in turn', (size: number) => HEAD + filled('x=x\r\na=x\r\n', size)],
    ['a connection and an attribute in turn', (size: number) => HEAD + filled('c=IN IP4 192.0.2.1\r\na=x\r\n', size)],
    ['one long line of spaces', (size: number) => HEAD + 'm=' + filled(' ', size) + '\r\n'],
    ['one long line', (size: number) => HEAD + 'a=' + filled('x', size) + '\r\n'],
    ['many formats', (size: number) => HEAD + 'm=audio 9 RTP/AVP' + filled(' 96', size) + '\r\n'],
    ['many streams', (size: number) => HEAD + filled('m=audio 9 RTP/AVP 0\r\n', size)],
    ['many maps of one format', (size: number) => HEAD + 'm=audio 9 RTP/AVP 96\r\n' + filled('a=rtpmap:96 opus/48000/2\r\n', size)],
    ['much feedback for every format', (size: number) => HEAD + 'm=audio 9 RTP/AVP' + filled(' 96 97 98', size / 2) + '\r\n' + filled('a=rtcp-fb:* nack\r\n', size / 2)],
    ['a long candidate', (size: number) => HEAD + 'm=audio 9 RTP/AVP 0\r\na=candidate:' + filled('1 ', size) + '\r\n'],
    ['a long fingerprint', (size: number) => HEAD + 'm=audio 9 RTP/AVP 0\r\na=fingerprint:x ' + filled('AA:', size) + '\r\n'],
  ])('%s', (_, make) => {
    expect(growth((size) => work(make(size)), 60_000)).toBeLessThan(3)
  })
})

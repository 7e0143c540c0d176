import { describe, expect, it } from 'vitest'
import { holds, streamsIn } from '../src/described-streams.js'
import { limitBandwidth } from '../src/features/limit-bandwidth.js'

const sdp = (...lines: readonly string[]): string => ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 't=0 0', ...lines, ''].join('\r\n')

describe('RFC 3264 §8.4: who holds what', () => {
  it.each([
    { title: 'nothing said', lines: ['m=audio 9 RTP/AVP 0'], all: false, audio: false, video: false },
    { title: 'sendonly', lines: ['m=audio 9 RTP/AVP 0', 'a=sendonly'], all: true, audio: true, video: false },
    { title: 'inactive for all', lines: ['a=inactive', 'm=audio 9 RTP/AVP 0', 'm=video 9 RTP/AVP 96'], all: true, audio: true, video: true },
    { title: 'the picture by itself', lines: ['m=audio 9 RTP/AVP 0', 'm=video 9 RTP/AVP 96', 'a=sendonly'], all: false, audio: false, video: true },
    { title: 'the sound by itself', lines: ['a=sendrecv', 'm=audio 9 RTP/AVP 0', 'a=inactive', 'm=video 9 RTP/AVP 96'], all: false, audio: true, video: false },
    { title: 'a refused picture does not count', lines: ['m=audio 9 RTP/AVP 0', 'a=inactive', 'm=video 0 RTP/AVP 96'], all: true, audio: true, video: false },
    { title: '0.0.0.0 of old', lines: ['c=IN IP4 0.0.0.0', 'm=audio 9 RTP/AVP 0'], all: true, audio: true, video: false },
    { title: '0.0.0.0 for want of candidates', lines: ['c=IN IP4 0.0.0.0', 'm=audio 9 RTP/AVP 0', 'a=ice-ufrag:abcd'], all: false, audio: false, video: false },
    { title: 'data only', lines: ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=inactive'], all: false, audio: false, video: false },
    { title: 'nothing at all', lines: [], all: false, audio: false, video: false },
  ])('$title', ({ lines, all, audio, video }) => {
    const text = sdp(...lines)
    expect({ all: holds(text), audio: holds(text, 'audio'), video: holds(text, 'video') }).toEqual({ all, audio, video })
    expect(holds(text.replace(/\r/g, ''))).toBe(all)
  })

  it('no text is none, and a hostile one takes linear time', () => {
    expect(holds(undefined)).toBe(false)
    const time = (lines: number): number => {
      const text = sdp(...Array.from({ length: lines }, (_, index) => `m=audio ${index + 1} RTP/AVP 0\r\na=sendonly${' '.repeat(30)}`))
      const started = performance.now()
      const { length } = streamsIn(text)
      expect(length).toBe(lines)
      return performance.now() - started
    }
    time(5_000)
    // Twice the lines are twice the time; ten times allow for a machine with other things to do.
    expect(time(40_000)).toBeLessThan(10 * 2 * Math.max(time(20_000), 5))
  })
})

describe('RFC 8866 §5.8: bandwidth said to the peer', () => {
  it('stands after the connection, in the streams it is for, in the place of what was there', () => {
    const { modifyLocal } = limitBandwidth({ audio: 32 })
    const text = sdp('m=audio 9 RTP/AVP 0', 'c=IN IP4 192.0.2.1', 'b=AS:64', 'a=mid:0', 'm=video 9 RTP/AVP 96', 'b=AS:900', 'a=mid:1')
    expect(modifyLocal(text)).toBe(sdp('m=audio 9 RTP/AVP 0', 'c=IN IP4 192.0.2.1', 'b=AS:32', 'b=TIAS:32000', 'a=mid:0', 'm=video 9 RTP/AVP 96', 'b=AS:900', 'a=mid:1'))
    expect(modifyLocal(modifyLocal(text))).toBe(modifyLocal(text))
  })
})

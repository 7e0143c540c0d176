import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createEchoMedia } from '../src/media/echo-media.js'
import { parseRtp, serializeRtp } from '../src/media/rtp-packet.js'

const context = { direction: 'incoming' as const, onDtmf: () => undefined, onConnectivity: () => undefined }

function offer(lines: readonly string[], address = '127.0.0.1'): { contentType: string; body: string } {
  const family = address.includes(':') ? 'IP6' : 'IP4'
  return { contentType: 'application/sdp', body: ['v=0', `o=- 1 1 IN ${family} ${address}`, 's=-', `c=IN ${family} ${address}`, 't=0 0', ...lines, ''].join('\r\n') }
}

function portOf(body: string): number {
  return Number(/m=audio (\d+)/.exec(body)?.[1])
}

describe('RFC 3264 answers of the echo', () => {
  it.each([['127.0.0.1', 'udp4'], ['::1', 'udp6']] as const)('over %s: echoes what the answer agreed on', async (address, family) => {
    const socket = createSocket(family)
    socket.bind(0, address)
    await once(socket, 'listening')
    const handler = createEchoMedia()(context)
    try {
      const answer = await handler.answerOffer(offer([`m=audio ${socket.address().port} RTP/AVP 0 18 101`, 'a=rtpmap:101 telephone-event/8000'], address), {})
      expect(answer.body).toMatch(new RegExp(`c=IN IP[46] ${address}\r\n`))
      expect(answer.body).toMatch(/m=audio \d+ RTP\/AVP 0 101\r\n/)
      expect(portOf(answer.body) % 2).toBe(0)
      const packet = serializeRtp({ payloadType: 0, sequence: 5, timestamp: 800, ssrc: 1 }, Uint8Array.of(9, 9))
      socket.send(packet, portOf(answer.body), address)
      const [echo] = (await once(socket, 'message')) as [Buffer]
      expect(parseRtp(echo)).toMatchObject({ payloadType: 0, sequence: 5, timestamp: 800 })
      expect([...echo.subarray(12)]).toEqual([9, 9])
    } finally {
      handler.close()
      handler.close()
      socket.close()
    }
  })

  it('answers hold with recvonly, and lets go again under the next version', async () => {
    const handler = createEchoMedia()(context)
    try {
      const first = await handler.answerOffer(offer(['m=audio 40000 RTP/AVP 8']), {})
      const held = await handler.answerOffer(offer(['m=audio 40000 RTP/AVP 8', 'a=sendonly']), {})
      expect(held.body).toContain('a=recvonly')
      expect(handler.remoteHold).toBe(true)
      const back = await handler.answerOffer(offer(['m=audio 40000 RTP/AVP 8']), {})
      expect(handler.remoteHold).toBe(false)
      expect(portOf(back.body)).toBe(portOf(first.body))
      const versions = [first, held, back].map(({ body }) => Number(/o=\S+ \d+ (\d+)/.exec(body)?.[1]))
      expect(versions[1]).toBe(versions[0]! + 1)
      expect(versions[2]).toBe(versions[1]! + 1)
    } finally {
      handler.close()
    }
  })

  it('refuses video beside audio, and alone says 488', async () => {
    const handler = createEchoMedia()(context)
    const both = await handler.answerOffer(offer(['m=video 5000 RTP/AVP 96', 'a=rtpmap:96 VP8/90000', 'm=audio 40000 RTP/AVP 0']), {})
    handler.close()
    expect(both.body).toMatch(/m=video 0 /)
    expect(portOf(both.body)).toBeGreaterThan(0)
    const other = createEchoMedia()(context)
    await expect(other.answerOffer(offer(['m=video 5000 RTP/AVP 96', 'a=rtpmap:96 VP8/90000']), {})).rejects.toMatchObject({ statusCode: 488 })
    await expect(other.answerOffer({ contentType: 'application/sdp', body: 'nonsense' }, {})).rejects.toMatchObject({ statusCode: 400 })
    await expect(other.answerOffer({ contentType: 'text/plain', body: 'v=0' }, {})).rejects.toMatchObject({ statusCode: 415 })
    other.close()
  })

  it('offers its codecs, holds with sendonly, and takes the answer', async () => {
    const handler = createEchoMedia({ towards: '127.0.0.1' })(context)
    try {
      const first = await handler.createOffer({})
      expect(first.body).toMatch(/m=audio \d+ RTP\/AVP 0 8 9 107 101\r\n/)
      await handler.applyAnswer(offer(['m=audio 40000 RTP/AVP 0']), true)
      expect(await handler.dtmf('1', { duration: 40, gap: 40 })).toBe(false) // the answer took no telephone-event
      const held = await handler.createOffer({ hold: true })
      expect(held.body).toContain('a=sendonly')
      await handler.rollback()
      await expect(handler.applyAnswer(offer(['m=audio 40000 RTP/AVP 0']), true)).rejects.toMatchObject({ code: 'no-offer' })
    } finally {
      handler.close()
    }
  })

  it('plays its tone to where the answer says', async () => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const handler = createEchoMedia({ towards: '127.0.0.1', tone: 440 })(context)
    try {
      expect((await handler.createOffer({})).body).toMatch(/m=audio \d+ RTP\/AVP 0 8 101\r\n/)
      await handler.applyAnswer(offer([`m=audio ${socket.address().port} RTP/AVP 8`]), true)
      const [packet] = (await once(socket, 'message')) as [Buffer]
      expect(parseRtp(packet)).toMatchObject({ payloadType: 8, marker: true })
      expect(packet).toHaveLength(172)
    } finally {
      handler.close()
      socket.close()
    }
  })
})

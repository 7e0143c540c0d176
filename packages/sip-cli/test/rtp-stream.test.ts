import { describe, expect, it } from 'vitest'
import { decodeG711, encodeG711 } from '../src/media/g711.js'
import { parseRtp, serializeRtp } from '../src/media/rtp-packet.js'
import { RtpStream } from '../src/media/rtp-stream.js'
import type { RtpAddress } from '../src/media/rtp-socket.js'
import { serializeTelephoneEvent } from '../src/media/telephone-event.js'
import { Tone } from '../src/media/tone.js'

const peer: RtpAddress = { host: '192.0.2.1', port: 4000 }
const stranger: RtpAddress = { host: '203.0.113.9', port: 4000 }

function voice(sequence: number, payloadType = 0): Uint8Array {
  return serializeRtp({ payloadType, sequence, timestamp: sequence * 160, ssrc: 7 }, Uint8Array.of(1, 2, 3))
}

function openStream(tone?: Tone) {
  const sent: { header: ReturnType<typeof parseRtp>; packet: Uint8Array; to: RtpAddress }[] = []
  const digits: string[] = []
  const steps = new Set<() => void>()
  let now = 0
  const stream = new RtpStream(
    {
      ssrc: 99,
      now: () => now,
      send: (packet, to) => void sent.push({ header: parseRtp(packet), packet, to }),
      onDtmf: (digit) => void digits.push(digit),
      every20ms(step) {
        steps.add(step)
        return () => void steps.delete(step)
      },
    },
    tone,
  )
  stream.agree({
    remote: peer, sending: true, payloadTypes: new Map([[0, 0], [107, 111]]),
    telephoneEvent: { receive: 101, send: 96, clockRate: 8000 }, g711: { payloadType: 0, law: 'PCMU' },
  })
  const tick = (): void => {
    now += 20
    for (const step of [...steps]) step()
  }
  return { stream, sent, digits, tick, steps }
}

describe('RTP echo', () => {
  it('gives packets back to where they came from, with its own SSRC and the payload type the peer takes', () => {
    const { stream, sent } = openStream()
    stream.receive(voice(10), { ...peer, port: 4444 })
    stream.receive(voice(11, 107), { ...peer, port: 4444 })
    expect(sent.map(({ header, to }) => [header?.sequence, header?.timestamp, header?.payloadType, to.port])).toEqual([[10, 1600, 0, 4444], [11, 1760, 111, 4444]])
    const first = sent[0]
    expect(new DataView(first!.packet.buffer).getUint32(8)).toBe(99)
    expect(first!.packet.subarray(12)).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('drops what is not RTP, what was not agreed on, and what strangers send', () => {
    const { stream, sent } = openStream()
    stream.receive(voice(1), peer)
    for (const junk of [new Uint8Array(0), new Uint8Array(11), Uint8Array.of(0x80, 200, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0), new Uint8Array(40)]) stream.receive(junk, peer)
    stream.receive(voice(2, 34), peer)
    stream.receive(voice(3), stranger)
    expect(sent).toHaveLength(1)
  })

  it('follows its peer to another port but not to another host', () => {
    const { stream, sent } = openStream()
    stream.receive(voice(1), peer)
    stream.receive(voice(2), { ...peer, port: 5000 })
    stream.receive(voice(3), stranger)
    expect(sent.map(({ to }) => to.port)).toEqual([4000, 5000])
  })

  it('is silent while on hold, muted, and after it was closed', () => {
    const { stream, sent } = openStream()
    stream.mute(true)
    stream.receive(voice(1), peer)
    stream.mute(false)
    stream.agree({ remote: peer, sending: false, payloadTypes: new Map([[0, 0]]) })
    stream.receive(voice(2), peer)
    stream.close()
    stream.receive(voice(3), peer)
    expect(sent).toHaveLength(0)
  })

  it('cuts off extensions and padding, and refuses lengths that lie', () => {
    const { stream, sent } = openStream()
    const extended = Uint8Array.of(0xb0, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, 0xbe, 0xde, 0, 1, 1, 1, 1, 1, 42, 0, 2)
    stream.receive(extended, peer)
    expect(sent[0]?.packet.subarray(12)).toEqual(Uint8Array.of(42))
    stream.receive(Uint8Array.of(0xb0, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, 0xbe, 0xde, 255, 255), peer)
    stream.receive(Uint8Array.of(0xa0, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, 200), peer)
    expect(sent).toHaveLength(1)
  })
})

describe('RFC 4733 telephone events', () => {
  it('reports each digit once, however often its packets come, and does not give it back', () => {
    const { stream, sent, digits } = openStream()
    const event = (timestamp: number, number: number, end: boolean): Uint8Array =>
      serializeRtp({ payloadType: 101, sequence: 1, timestamp, ssrc: 7 }, serializeTelephoneEvent(number, end, 160))
    for (const end of [false, false, true, true, true]) stream.receive(event(1000, 5, end), peer)
    stream.receive(event(2000, 11, false), peer)
    stream.receive(event(3000, 16, false), peer) // flash, no digit
    expect(digits).toEqual(['5', '#'])
    expect(sent).toHaveLength(0)
  })

  it('sends a digit as one event with a growing duration and its end three times, between the echoed packets', async () => {
    const { stream, sent, tick } = openStream()
    stream.receive(voice(1), peer)
    const done = stream.sendDigit('7', 100)
    for (let count = 0; count < 10; count++) tick()
    await done
    stream.receive(voice(2), peer)
    const events = sent.filter(({ header }) => header?.payloadType === 96)
    expect(events.map(({ packet }) => [...packet.subarray(12)])).toEqual([
      [7, 10, 0, 160], [7, 10, 1, 64], [7, 10, 1, 224], [7, 10, 2, 128], [7, 10, 3, 32], [7, 0x8a, 3, 32], [7, 0x8a, 3, 32], [7, 0x8a, 3, 32],
    ])
    expect(events.map(({ header }) => header?.marker)).toEqual([true, false, false, false, false, false, false, false])
    expect(new Set(events.map(({ header }) => header?.timestamp)).size).toBe(1)
    expect(sent.map(({ header }) => header?.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('tone', () => {
  it('goes out every 20 ms as the frequency asked for, and instead of an echo', () => {
    const { stream, sent, tick } = openStream(new Tone(440))
    for (let count = 0; count < 50; count++) tick()
    stream.receive(voice(1), peer)
    expect(sent.length).toBeGreaterThanOrEqual(50)
    expect(sent.length).toBeLessThanOrEqual(51)
    expect(sent.map(({ header }) => header?.timestamp)).toEqual(sent.map((_, index) => index * 160))
    const samples = sent.flatMap(({ packet }) => [...packet.subarray(12)].map((octet) => decodeG711('PCMU', octet)))
    expect(loudestFrequency(samples)).toBeCloseTo(440, -1)
  })

  it('stops on hold and when the call is over', () => {
    const { stream, steps } = openStream(new Tone(440))
    expect(steps.size).toBe(1)
    stream.agree({ remote: peer, sending: false, payloadTypes: new Map() })
    expect(steps.size).toBe(0)
  })

  it('keeps G.711 within its quantising error, in both laws', () => {
    for (const law of ['PCMU', 'PCMA'] as const) {
      for (let sample = -32_000; sample <= 32_000; sample += 37) {
        expect(Math.abs(decodeG711(law, encodeG711(law, sample)) - sample)).toBeLessThanOrEqual(Math.max(32, Math.abs(sample) / 24))
      }
      for (let octet = 0; octet < 256; octet++) {
        const again = encodeG711(law, decodeG711(law, octet))
        expect(again === octet || decodeG711(law, octet) === 0).toBe(true)
      }
    }
  })
})

function loudestFrequency(samples: readonly number[]): number {
  let best = { frequency: 0, power: 0 }
  for (let frequency = 100; frequency <= 1000; frequency += 5) {
    let real = 0
    let imaginary = 0
    for (const [index, sample] of samples.entries()) {
      real += sample * Math.cos((2 * Math.PI * frequency * index) / 8000)
      imaginary += sample * Math.sin((2 * Math.PI * frequency * index) / 8000)
    }
    const power = real ** 2 + imaginary ** 2
    if (power > best.power) best = { frequency, power }
  }
  return best.frequency
}

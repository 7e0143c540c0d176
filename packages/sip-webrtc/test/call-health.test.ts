import { describe, expect, it } from 'vitest'
import { textOfDiagnosis } from '../src/quality/call-diagnosis.js'
import { CallHealth } from '../src/quality/call-health.js'
import type { HealthProblemName } from '../src/quality/health-problem.js'
import type { QualityReport } from '../src/quality/quality-report.js'
import { voiceQualityReport } from '../src/quality/voice-quality-report.js'
import { FakeCall, type Second } from './fake-call.js'
import { ManualTimers } from './manual-timers.js'

const NAMES: readonly HealthProblemName[] = ['no-audio-in', 'no-audio-out', 'one-way', 'ice-failed', 'path-lost', 'poor-quality', 'muted-by-system']

function watch() {
  const timers = new ManualTimers()
  const fake = new FakeCall()
  const health = new CallHealth(fake.call, fake.media, { timers })
  const reports: QualityReport[] = []
  const log: string[] = []
  health.on('report', (report) => reports.push(report))
  for (const name of NAMES) health.on(name, ({ since }) => log.push(`${since} ${name}`))
  health.on('recovered', ({ name, until }) => log.push(`${until} ${name} over`))
  let now = 0
  /** Lets seconds pass, each with this. */
  const pass = async (seconds: number, second: Second = {}): Promise<void> => {
    for (let count = 0; count < seconds; count++) {
      fake.connection.pass(second)
      now += 1_000
      await timers.advance(now)
    }
  }
  fake.agree()
  return { timers, fake, health, reports, log, pass }
}

describe('the health of a call', () => {
  it('is reported every second, typed', async () => {
    const { reports, pass, log } = watch()
    await pass(3)
    expect(reports.map(({ at }) => at)).toEqual([1_000, 2_000, 3_000])
    expect(reports[2]).toMatchObject({
      interval: 1_000, roundTrip: 50,
      audioIn: { codec: 'opus', payloadType: 111, bytes: 15_000, packets: 150, newPackets: 50, bitrate: 40_000, lost: 0, loss: 0, level: 0.2, concealed: 0 },
      audioOut: { codec: 'opus', bytes: 15_000, newPackets: 50, level: 0.1, loss: 0, jitter: 2 },
      path: { local: { type: 'relay', relayProtocol: 'tls', address: '192.0.2.1' }, remote: { type: 'host' } },
    })
    expect(reports[2]?.audioIn?.jitter).toBeCloseTo(4)
    expect(reports[2]?.audioIn?.bufferDelay).toBeCloseTo(40)
    // 25 + 40 + 30 ms of delay, no loss.
    expect(reports[2]?.mos).toBeCloseTo(4.36, 1)
    expect(log).toEqual([])
  })

  it.each<{ title: string; play: (stage: ReturnType<typeof watch>) => Promise<void>; told: string[] }>([
    { title: 'nothing comes in', play: ({ pass }) => pass(5, { received: 0 }), told: ['3000 no-audio-in', '3000 one-way'] },
    { title: 'nothing goes out', play: ({ pass }) => pass(5, { sent: 0 }), told: ['3000 no-audio-out', '3000 one-way'] },
    { title: 'neither', play: ({ pass }) => pass(5, { sent: 0, received: 0 }), told: ['3000 no-audio-in', '3000 no-audio-out'] },
    { title: 'the peer gets nothing of ours', play: ({ pass }) => pass(4, { lostThere: 1 }), told: ['3000 one-way'] },
    { title: 'a silent microphone', play: ({ pass }) => pass(4, { level: 0 }), told: ['3000 no-audio-out'] },
    { title: 'two seconds of nothing are none', play: async ({ pass }) => { await pass(2, { received: 0 }); await pass(3) }, told: [] },
    { title: 'it comes and goes', play: async ({ pass }) => { await pass(3, { received: 0 }); await pass(3) }, told: ['3000 no-audio-in', '3000 one-way', '6000 no-audio-in over', '6000 one-way over'] },
    { title: 'held by us', play: async ({ pass, fake }) => { fake.localHold = true; await pass(5, { received: 0, sent: 0 }) }, told: [] },
    { title: 'held by the peer', play: async ({ pass, fake }) => { fake.remoteHold = true; await pass(5, { received: 0 }) }, told: [] },
    { title: 'muted by the user', play: async ({ pass, fake }) => { fake.muted = true; await pass(5, { level: 0 }) }, told: [] },
    { title: 'only listening was agreed on', play: async ({ pass, fake }) => { fake.connection.currentDirection = 'recvonly'; await pass(5, { sent: 0 }) }, told: [] },
    { title: 'heavy loss', play: ({ pass }) => pass(4, { received: 35, lost: 15 }), told: ['3000 poor-quality'] },
    { title: 'a satellite and some', play: ({ pass }) => pass(4, { roundTrip: 1.2 }), told: ['3000 poor-quality'] },
    { title: 'the system mutes', play: async ({ pass, fake }) => { fake.track.muted = true; await pass(2); fake.track.muted = false; await pass(1) }, told: ['1000 muted-by-system', '3000 muted-by-system over'] },
    { title: 'the headset is pulled out', play: async ({ pass, fake }) => { fake.track.readyState = 'ended'; await pass(1) }, told: ['1000 muted-by-system'] },
    { title: 'RFC 7675: consent is lost, and comes back', play: async ({ pass, fake, timers }) => { await timers.advance(400); fake.connection.become('disconnected', 'disconnected'); await timers.advance(700); fake.connection.become('connected', 'connected'); await pass(1) }, told: ['400 path-lost', '700 path-lost over'] },
    { title: 'the path fails: one thing is wrong, not four', play: async ({ pass, fake }) => { await pass(1); fake.connection.become('failed', 'failed'); await pass(5, { received: 0, sent: 0 }) }, told: ['1000 ice-failed'] },
  ])('$title', async ({ play, told }) => {
    const stage = watch()
    await play(stage)
    expect(stage.log).toEqual(told)
    for (const { description } of stage.health.problems) expect(description).toMatch(/^[A-Z].{20,}/)
  })

  it('goes on with the connection of another phone, whose counters begin anew', async () => {
    const { fake, reports, pass } = watch()
    await pass(2)
    const { StatsConnection } = await import('./fake-call.js')
    const other = new StatsConnection()
    Object.assign(fake.media, { connection: other })
    fake.events.emit('connection', other as unknown as RTCPeerConnection)
    other.pass({ received: 10 })
    await pass(1)
    expect(reports[2]?.audioIn).toMatchObject({ packets: 10, newPackets: 0 })
  })

  it('statistics that fail or are nonsense hurt nobody', async () => {
    const { fake, reports, pass, health } = watch()
    Object.assign(fake.connection, { getStats: () => Promise.reject(new TypeError('closed')) })
    await pass(2)
    Object.assign(fake.connection, { getStats: () => Promise.resolve(new Map<string, unknown>([['a', null], ['b', 7], ['c', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 'many', jitter: NaN }]])) })
    await pass(1)
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatchObject({ audioIn: { packets: 0, jitter: 0 }, mos: undefined })
    expect(health.report).toBe(reports[0])
  })
})

describe('the diagnosis', () => {
  async function endOf() {
    const stage = watch()
    await stage.pass(2)
    await stage.pass(4, { received: 0 })
    await stage.pass(4)
    stage.fake.end({ by: 'remote', cause: 'hung-up', reason: 'Hung up.' })
    return { ...stage, diagnosis: await stage.health.diagnosis }
  }

  it('has all of it in one value', async () => {
    const { diagnosis, timers, log } = await endOf()
    expect(JSON.parse(JSON.stringify(diagnosis))).toMatchObject({
      callId: 'a84b4c76e66710', direction: 'outgoing', localUri: 'sip:alice@example.com', remoteUri: 'sip:bob@example.com',
      agreed: 0, ended: 10_000, end: { by: 'remote', cause: 'hung-up', reason: 'Hung up.' }, reports: 10, inputs: ['Headset'],
      gatherings: [{ milliseconds: 120, outcome: 'enough', candidates: 3 }],
      paths: [{ local: { type: 'relay' }, remote: { type: 'host' } }],
      problems: [{ name: 'no-audio-in', since: 5_000, until: 9_000 }, { name: 'one-way', since: 5_000, until: 9_000 }],
      roundTrip: { mean: 50, worst: 50 }, loss: { mean: 0, worst: 0 },
    })
    // Nothing goes on after the end.
    const before = log.length
    await timers.advance(60_000)
    expect([timers.waiting, log.length]).toEqual([0, before])
  })

  it('reads as lines', async () => {
    const { diagnosis } = await endOf()
    expect(textOfDiagnosis(diagnosis)).toMatchInlineSnapshot(`
      "Call a84b4c76e66710, outgoing, with sip:bob@example.com
      Began 1970-01-01T00:00:00.000Z, lasted 10.0 s, media agreed on after 0.0 s
      Ended by remote: hung-up, Hung up.
      Addresses: 3 in 120 ms, enough
      Path: relay 192.0.2.1:4000/udp by tls to host 198.51.100.7:5000/udp
      Received: opus, 300 packets, 0 lost
      Sent: opus, 500 packets
      Opinion score 4.4, worst 4.4
      Loss 0.0 %, worst 0.0 %
      Jitter 4 ms, worst 4 ms
      Round trip 50 ms, worst 50 ms
      Problem at 5.0 s until 9.0 s: no-audio-in, Nothing is received from the other side
      Problem at 5.0 s until 9.0 s: one-way, The other side may hear us, but is not heard
      Input: Headset"
    `)
  })

  it('RFC 6035 §4.6.1: as a body for a collector', async () => {
    const { diagnosis } = await endOf()
    expect(voiceQualityReport(diagnosis, { localGroup: 'office\r\nX: y' })?.split('\r\n')).toMatchInlineSnapshot(`
      [
        "VQSessionReport: CallTerm",
        "CallID: a84b4c76e66710",
        "LocalID: <sip:alice@example.com>",
        "RemoteID: <sip:bob@example.com>",
        "OrigID: <sip:alice@example.com>",
        "LocalAddr: IP=192.0.2.1 PORT=4000 SSRC=0x0",
        "RemoteAddr: IP=198.51.100.7 PORT=5000 SSRC=0x7",
        "LocalGroup: office X: y",
        "RemoteGroup: default",
        "LocalMetrics:",
        "Timestamps: START=1970-01-01T00:00:00Z STOP=1970-01-01T00:00:10Z",
        "SessionDesc: PT=111 PD=opus SR=48000 PLC=3",
        "JitterBuffer: JBA=3",
        "PacketLoss: NLR=0.00",
        "Delay: RTD=50 IAJ=4",
        "QualityEst: RLQ=93 RLQEstAlg=G.107 MOSLQ=4.4 MOSLQEstAlg=G.107 MOSCQ=4.4 MOSCQEstAlg=G.107",
        "",
      ]
    `)
  })

  it('of a call without media is no body', () => {
    const { call, media } = new FakeCall()
    expect(voiceQualityReport(new CallHealth(call, media, { timers: new ManualTimers() }).diagnose())).toBeUndefined()
  })
})

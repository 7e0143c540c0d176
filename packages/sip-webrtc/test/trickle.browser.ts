import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Call, type SoftphoneOptions, trickleIce } from '../src/index.js'
import { hears, Stage } from './stage.js'

let stage: Stage
beforeEach(() => {
  stage = new Stage()
})
afterEach(() => stage.close())

const soon = { timeout: 8_000, interval: 50 }
const unreachable: Partial<SoftphoneOptions> = { iceServers: [{ urls: 'stun:192.0.2.1:3478' }] }
const infos = (): number => stage.wire.log.filter((line) => line.startsWith('INFO')).length
const candidatesIn = (sdp: string | undefined): number => sdp?.match(/^a=candidate/gm)?.length ?? 0

describe('RFC 8840: trickle ICE', () => {
  it('full: neither waits, neither description has addresses, and they hear each other', async () => {
    const features = () => ({ trickle: trickleIce({ mode: 'full' }) })
    const alice = stage.phone('alice', 440, { ...unreachable, features: features() })
    const bob = stage.phone('bob', 880, { ...unreachable, preGather: false, features: features() })
    const incoming = new Promise<Call>((resolve) => bob.on('incoming', resolve))
    await Promise.all([alice.register(), bob.register()])
    const started = performance.now()
    const call = alice.call('bob')
    const taken = await incoming
    await taken.answer()
    await call.answered
    expect(performance.now() - started).toBeLessThan(600)
    await hears(stage.meter(bob, taken), 440)
    await hears(stage.meter(alice, call), 880)
    expect([alice.mediaOf(call)?.lastGathering?.milliseconds ?? 99, bob.mediaOf(taken)?.lastGathering?.milliseconds ?? 99].every((waited) => waited < 50)).toBe(true)
    expect(infos()).toBeGreaterThan(1)
    expect(alice.of(call).trickle.report).toMatchObject({ mode: 'full' })
    expect(alice.of(call).trickle.report.received + bob.of(taken).trickle.report.received).toBeGreaterThan(0)
    expect(stage.wire.log.every((line) => !/ (?:4\d\d|5\d\d) /.test(line))).toBe(true)
    // A restart does not wait either.
    expect(await call.renegotiate({ restart: true })).toEqual({ ok: true })
    expect(alice.mediaOf(call)?.lastGathering?.milliseconds).toBeLessThan(50)
    await expect.poll(() => alice.mediaOf(call)?.connection?.iceConnectionState, soon).toMatch(/connected|completed/)
    await hears(stage.meter(bob, taken), 440)
  })

  it('half: the offer is complete, the answer waits for nothing', async () => {
    const alice = stage.phone('alice', 440, { ...unreachable, features: { trickle: trickleIce() } })
    const bob = stage.phone('bob', 880, { ...unreachable, preGather: false, features: { trickle: trickleIce() } })
    const [call, taken] = await stage.callUp(alice, bob)
    expect(alice.mediaOf(call)?.lastGathering?.milliseconds).toBeGreaterThan(900)
    expect(bob.mediaOf(taken)?.lastGathering?.milliseconds).toBeLessThan(50)
    await hears(stage.meter(bob, taken), 440)
    expect([alice.of(call).trickle.report.mode, bob.of(taken).trickle.report.mode]).toEqual(['half', 'full'])
    await expect.poll(infos, soon).toBeGreaterThan(0)
  })

  it.each(['half', 'full'] as const)('%s with a peer that does not: it falls back by itself', async (mode) => {
    const alice = stage.phone('alice', 440, { features: { trickle: trickleIce({ mode }) } })
    const bob = stage.phone('bob', 880)
    const [call, taken] = await stage.callUp(alice, bob)
    await hears(stage.meter(bob, taken), 440)
    await hears(stage.meter(alice, call), 880)
    expect(alice.of(call).trickle.report).toEqual({ mode: 'none', sent: 0, received: 0 })
    expect(infos()).toBe(0)
    expect(stage.wire.log.some((line) => line.includes(' 420 '))).toBe(mode === 'full')
    expect(candidatesIn(bob.mediaOf(taken)?.connection?.remoteDescription?.sdp)).toBeGreaterThan(0)
  })

  it('called by a peer that does not', async () => {
    const [alice, bob] = [stage.phone('alice', 440), stage.phone('bob', 880, { features: { trickle: trickleIce({ mode: 'full' }) } })]
    const [call, taken] = await stage.callUp(alice, bob)
    await hears(stage.meter(bob, taken), 440)
    expect(bob.of(taken).trickle.report.mode).toBe('none')
    expect(candidatesIn(alice.mediaOf(call)?.connection?.remoteDescription?.sdp)).toBeGreaterThan(0)
  })

  it('bodies that are none are refused, and the call goes on', async () => {
    const features = () => ({ trickle: trickleIce() })
    const [alice, bob] = [stage.phone('alice', 440, { features: features() }), stage.phone('bob', 880, { features: features() })]
    const [call, taken] = await stage.callUp(alice, bob)
    const send = async (contentType: string, body: string, name = 'trickle-ice'): Promise<number | undefined> =>
      (await call.session?.info({ contentType, body, headers: { 'Info-Package': name } }).outcome)?.status
    expect(await send('text/plain', 'hello')).toBe(415)
    expect(await send('application/trickle-ice-sdpfrag', 'a=mid:0\r\na=candidate:nonsense\r\n')).toBe(200)
    expect(await send('application/trickle-ice-sdpfrag', 'm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:other\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\na=candidate:1 1 UDP 1 192.0.2.9 9 typ host\r\n')).toBe(200)
    expect(await send('text/plain', 'x', 'other')).toBe(469)
    await hears(stage.meter(bob, taken), 440)
  })
})

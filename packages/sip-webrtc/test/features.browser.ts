import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Call, callHealth, callVideo, Conference, iceRecovery, limitBandwidth, preferCodecs, type QualityReport, screenShare, toneDetection, VolumeMeter } from '../src/index.js'
import { framesOf, hears, hearsNothing, picture, Stage } from './stage.js'

let stage: Stage
beforeEach(() => {
  stage = new Stage()
})
afterEach(() => stage.close())

const soon = { timeout: 8_000, interval: 50 }

describe('the health of a call', () => {
  it('is reported each second, tells what is wrong, and is diagnosed at the end', async () => {
    const alice = stage.phone('alice', 440, { features: { health: callHealth({ interval: 300 }) } })
    const bob = stage.phone('bob', 880)
    const [call, taken] = await stage.callUp(alice, bob)
    const { health } = alice.of(call)
    const reports: QualityReport[] = []
    const told: string[] = []
    health.on('report', (report) => reports.push(report))
    health.on('one-way', () => told.push('one-way'))
    health.on('no-audio-in', () => told.push('no-audio-in'))
    health.on('recovered', ({ name }) => told.push(`${name} over`))
    await expect.poll(() => reports.at(-1)?.mos ?? 0, soon).toBeGreaterThan(4)
    const report = reports.at(-1)
    expect(report).toMatchObject({ audioIn: { codec: 'opus', lost: 0 }, audioOut: { codec: 'opus' }, path: { local: { protocol: 'udp' } } })
    expect(report?.audioIn?.bitrate).toBeGreaterThan(5_000)
    expect(report?.audioIn?.newPackets).toBeGreaterThan(5)
    // The peer's sender goes silent without a word: nothing comes any more.
    const [sender] = bob.mediaOf(taken)?.connection?.getSenders() ?? []
    const track = sender?.track ?? null
    await sender?.replaceTrack(null)
    await expect.poll(() => told, soon).toEqual(['no-audio-in', 'one-way'])
    await sender?.replaceTrack(track)
    await expect.poll(() => told, soon).toEqual(['no-audio-in', 'one-way', 'no-audio-in over', 'one-way over'])
    await call.hangUp()
    const diagnosis = await health.diagnosis
    expect(diagnosis).toMatchObject({ direction: 'outgoing', end: { by: 'local', cause: 'hung-up' }, problems: [{ name: 'no-audio-in' }, { name: 'one-way' }] })
    expect(diagnosis.states.map(({ state }) => state)).toContain('connected, ICE connected')
    expect(diagnosis.gatherings[0]?.milliseconds).toBeLessThan(1_000)
    expect(diagnosis.paths).toHaveLength(1)
  })
})

describe('pictures', () => {
  it('are added, counted, muted and dropped in a call; sound goes on', async () => {
    const features = { video: callVideo() }
    const [alice, bob] = [stage.phone('alice', 440, { features }), stage.phone('bob', 880, { features })]
    const [call, taken] = await stage.callUp(alice, bob)
    const ear = stage.meter(bob, taken)
    await hears(ear, 440)
    const connection = bob.mediaOf(taken)?.connection
    expect(connection?.getTransceivers()).toHaveLength(1)
    const shown = picture('red')
    expect(await alice.of(call).video.add(shown.stream)).toEqual({ ok: true })
    expect([alice.of(call).video.isSending, bob.of(taken).video.isReceiving, bob.of(taken).video.isSending]).toEqual([true, true, false])
    await expect.poll(() => framesOf(connection), soon).toBeGreaterThan(10)
    expect(bob.mediaOf(taken)?.remoteStream?.getVideoTracks()).toHaveLength(1)
    await hears(ear, 440)

    // Bob answers with a picture of his own, in the same m-line.
    const answered = picture('blue')
    expect(await bob.of(taken).video.add(answered.stream)).toEqual({ ok: true })
    await expect.poll(() => framesOf(alice.mediaOf(call)?.connection), soon).toBeGreaterThan(10)
    expect(alice.mediaOf(call)?.connection?.getTransceivers()).toHaveLength(2)

    alice.of(call).video.mute(true)
    expect(alice.mediaOf(call)?.localTracks.map(({ kind, enabled }) => [kind, enabled])).toEqual([['audio', true], ['video', false]])
    await hears(ear, 440)
    await call.mute()
    expect(alice.mediaOf(call)?.localTracks.map(({ enabled }) => enabled)).toEqual([false, false])
    alice.of(call).video.mute(false)
    await hearsNothing(ear)
    await call.unmute()

    const [camera] = alice.mediaOf(call)?.localTracks.filter(({ kind }) => kind === 'video') ?? []
    expect(await alice.of(call).video.drop()).toEqual({ ok: true })
    expect([camera?.readyState, alice.of(call).video.isSending, bob.of(taken).video.isReceiving]).toEqual(['ended', false, false])
    expect(await bob.of(taken).video.drop()).toEqual({ ok: true })
    const frames = await framesOf(connection)
    await hears(ear, 440)
    expect(await framesOf(connection)).toBe(frames)

    // The m-line is used again (RFC 3264 §8.1).
    expect(await alice.of(call).video.add(picture('green').stream)).toEqual({ ok: true })
    await expect.poll(() => framesOf(connection), soon).toBeGreaterThan(frames + 10)
    expect(alice.mediaOf(call)?.connection?.getTransceivers()).toHaveLength(2)
    shown.stop()
    answered.stop()
  })

  it('are held by themselves, which the peer is told', async () => {
    const features = { video: callVideo() }
    const [alice, bob] = [stage.phone('alice', 440, { features }), stage.phone('bob', 880, { features })]
    const [call, taken] = await stage.callUp(alice, bob)
    const told: unknown[] = []
    bob.mediaOf(taken)?.on('remote-hold', (kind, held) => told.push([kind, held]))
    await alice.of(call).video.add(picture('red').stream)
    await bob.of(taken).video.add(picture('blue').stream)
    alice.mediaOf(call)?.holdKind('video', true)
    expect(await call.renegotiate()).toEqual({ ok: true })
    expect([bob.mediaOf(taken)?.remoteHoldOf('video'), bob.mediaOf(taken)?.remoteHoldOf('audio'), taken.remoteHold]).toEqual([true, false, false])
    await hears(stage.meter(bob, taken), 440)
    alice.mediaOf(call)?.holdKind('video', false)
    await call.renegotiate()
    expect(told).toEqual([['video', true], ['video', false]])
  })

  it('that the peer does not take are refused with the call as it was', async () => {
    const [alice, bob] = [stage.phone('alice', 440, { features: { video: callVideo() } }), stage.phone('bob', 880)]
    const [call, taken] = await stage.callUp(alice, bob)
    expect(await alice.of(call).video.add(picture('red').stream)).toEqual({ ok: true })
    expect(bob.mediaOf(taken)?.remoteStream?.getVideoTracks()).toEqual([])
    await hears(stage.meter(bob, taken), 440)
  })
})

describe('the screen', () => {
  /** A browser that lets the user choose a screen: a picture and its sound. */
  function chooser(sound: MediaStream): { readonly devices: MediaDevices; readonly shown: MediaStream } {
    const shown = new MediaStream([...picture('orange').stream.getTracks(), ...sound.getTracks()])
    return { shown, devices: { getDisplayMedia: () => Promise.resolve(shown) } as unknown as MediaDevices }
  }

  it('is shown with its sound beside the voice, until the button of the browser ends it', async () => {
    const { devices, shown } = chooser(stage.voice(1_320))
    const alice = stage.phone('alice', 440, { features: { screen: screenShare({ mediaDevices: devices }) } })
    const bob = stage.phone('bob', 880, { features: { video: callVideo() } })
    const [call, taken] = await stage.callUp(alice, bob)
    const ear = stage.meter(bob, taken)
    await hears(ear, 440)
    const shared = await alice.of(call).screen.start()
    expect(shared).toMatchObject({ ok: true })
    const connection = bob.mediaOf(taken)?.connection
    await expect.poll(() => framesOf(connection), soon).toBeGreaterThan(10)
    await expect.poll(() => ear.levelAt(1_320) > 0.05 && ear.levelAt(440) > 0.05, soon).toBe(true)

    const [track] = shown.getVideoTracks()
    track?.stop()
    track?.dispatchEvent(new Event('ended'))
    expect(await shared.ended).toEqual({ ok: true })
    expect(alice.of(call).screen.isSharing).toBe(false)
    await expect.poll(() => ear.levelAt(1_320) < 0.01 && ear.levelAt(440) > 0.05, soon).toBe(true)
    expect(bob.of(taken).video.isReceiving).toBe(false)
    await call.hangUp()
    expect(shown.getTracks().every(({ readyState }) => readyState === 'ended')).toBe(true)
  })

  it('takes the place of the camera without asking the peer, and gives it back', async () => {
    const { devices } = chooser(new MediaStream())
    const alice = stage.phone('alice', 440, { features: { screen: screenShare({ mediaDevices: devices }), video: callVideo() } })
    const bob = stage.phone('bob', 880, { features: { video: callVideo() } })
    const [call, taken] = await stage.callUp(alice, bob)
    await alice.of(call).video.add(picture('red').stream)
    const invites = (): number => stage.wire.log.filter((line) => line.startsWith('INVITE')).length
    const before = invites()
    expect(await alice.of(call).screen.start()).toMatchObject({ ok: true })
    expect(await alice.of(call).screen.stop()).toEqual({ ok: true })
    const frames = await framesOf(bob.mediaOf(taken)?.connection)
    await expect.poll(() => framesOf(bob.mediaOf(taken)?.connection), soon).toBeGreaterThan(frames + 5)
    expect(invites()).toBe(before)
  })

  it('that is not chosen leaves the call alone', async () => {
    const devices = { getDisplayMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')) } as unknown as MediaDevices
    const [alice, bob] = [stage.phone('alice', 440, { features: { screen: screenShare({ mediaDevices: devices }) } }), stage.phone('bob', 880)]
    const [call, taken] = await stage.callUp(alice, bob)
    await expect(alice.of(call).screen.start()).rejects.toMatchObject({ code: 'input-denied' })
    await hears(stage.meter(bob, taken), 440)
  })
})

describe('tones', () => {
  it('played in the media arrive as digits; by INFO too, both ways', async () => {
    const features = { tones: toneDetection() }
    const [alice, bob] = [stage.phone('alice', 440, { features }), stage.phone('bob', 880, { features })]
    const [call, taken] = await stage.callUp(alice, bob)
    await hears(stage.meter(bob, taken), 440)
    const digits = { alice: '', bob: '' }
    call.on('dtmf', (digit) => (digits.alice += digit))
    taken.on('dtmf', (digit) => (digits.bob += digit))
    const started = performance.now()
    expect(await call.dtmf('1590*#D')).toEqual({ ok: true })
    expect(performance.now() - started).toBeGreaterThan(1_000)
    expect(await taken.dtmf('77')).toEqual({ ok: true })
    await expect.poll(() => digits, soon).toEqual({ alice: '77', bob: '1590*#D' })
    expect(await call.dtmf('42', { by: 'info' })).toEqual({ ok: true })
    await expect.poll(() => digits.bob, soon).toBe('1590*#D42')
  })
})

describe('a conference', () => {
  it('of three telephones: each hears the others and not himself; who leaves talks alone', async () => {
    const alice = stage.phone('alice', 440)
    const [bob, carol] = [stage.phone('bob', 880), stage.phone('carol', 1_320)]
    const [toBob, atBob] = await stage.callUp(alice, bob)
    const incoming = new Promise<Call>((resolve) => carol.on('incoming', resolve))
    await carol.register()
    const toCarol = alice.call('carol')
    const atCarol = await incoming
    await atCarol.answer()
    await toCarol.answered
    const [bobEar, carolEar, ears] = [stage.meter(bob, atBob), stage.meter(carol, atCarol), [stage.meter(alice, toBob), stage.meter(alice, toCarol)]]
    await hears(bobEar, 440)
    await hears(carolEar, 440)

    const conference = new Conference({ context: stage.context, input: stage.voice(440) })
    const [bobMedia, carolMedia] = [alice.mediaOf(toBob), alice.mediaOf(toCarol)]
    if (bobMedia === undefined || carolMedia === undefined) throw new TypeError('no media')
    await conference.add(bobMedia)
    await conference.add(carolMedia)
    const levels = (ear: typeof bobEar): boolean[] => [440, 880, 1_320].map((hertz) => ear.levelAt(hertz) > 0.05)
    await expect.poll(() => [levels(bobEar), levels(carolEar)], soon).toEqual([[true, false, true], [true, true, false]])
    expect(ears.map((ear) => Math.round(ear.peak / 20) * 20)).toEqual([880, 1_320])

    conference.mute(true)
    await expect.poll(() => [levels(bobEar), levels(carolEar)], soon).toEqual([[false, false, true], [false, true, false]])
    conference.mute(false)
    await conference.remove(carolMedia)
    await expect.poll(() => [levels(bobEar), levels(carolEar)], soon).toEqual([[true, false, false], [true, false, false]])
    await atBob.hangUp()
    await expect.poll(() => conference.members, soon).toEqual([])
    await conference.close()
  })
})

describe('codecs and bandwidth', () => {
  it('are chosen by name, and limited both ways', async () => {
    const alice = stage.phone('alice', 440, { prepare: preferCodecs(['PCMA'], { only: true }) })
    const bob = stage.phone('bob', 880, { features: { health: callHealth({ interval: 200 }) } })
    const [, taken] = await stage.callUp(alice, bob)
    await expect.poll(() => bob.of(taken).health.report?.audioIn?.codec, soon).toBe('PCMA')
    await hears(stage.meter(bob, taken), 440)
    // The tone of another codec still works.
    expect(await taken.dtmf('1')).toEqual({ ok: true })
  })

  it('a limit is kept by our encoder and said to the peer', async () => {
    const alice = stage.phone('alice', 440, { ...limitBandwidth({ audio: 12 }), features: { health: callHealth({ interval: 500 }) } })
    const bob = stage.phone('bob', 880)
    const [call, taken] = await stage.callUp(alice, bob)
    expect(bob.mediaOf(taken)?.connection?.remoteDescription?.sdp).toContain('b=TIAS:12000')
    await call.renegotiate()
    await expect.poll(() => alice.of(call).health.report?.audioOut?.bitrate ?? Infinity, soon).toBeLessThan(14_000)
    await expect.poll(() => alice.of(call).health.report?.audioIn?.bitrate ?? Infinity, soon).toBeLessThan(14_000)
  })
})

describe('the network', () => {
  it('a restart finds a new path while they talk, from either side, and both at once', async () => {
    const [alice, bob] = [stage.phone('alice', 440, { features: { recovery: iceRecovery() } }), stage.phone('bob', 880)]
    const [call, taken] = await stage.callUp(alice, bob)
    const ear = stage.meter(bob, taken)
    await hears(ear, 440)
    const fragment = (): string | undefined => alice.mediaOf(call)?.connection?.localDescription?.sdp.match(/a=ice-ufrag:.*/)?.[0]
    const first = fragment()
    expect(await call.renegotiate({ restart: true })).toEqual({ ok: true })
    const second = fragment()
    expect(second).not.toBe(first)
    expect(await taken.renegotiate({ restart: true })).toEqual({ ok: true })
    expect(fragment()).not.toBe(second)
    // Both at once: where they meet, one waits and tries again (RFC 3261 §14.1).
    expect(await Promise.all([call.renegotiate({ restart: true }), taken.renegotiate({ restart: true })])).toEqual([{ ok: true }, { ok: true }])
    await hears(ear, 440)
    await hears(stage.meter(alice, call), 880)
  }, 20_000)

  it('a STUN server that never answers costs a second, at either end once: set up in less than 1.5 s when it has rung', async () => {
    const iceServers = [{ urls: 'stun:192.0.2.1:3478' }]
    const [alice, bob] = [stage.phone('alice', 440, { iceServers }), stage.phone('bob', 880, { iceServers })]
    const incoming = new Promise<Call>((resolve) => bob.on('incoming', resolve))
    await Promise.all([alice.register(), bob.register()])
    const started = performance.now()
    const call = alice.call('bob')
    const taken = await incoming
    const offered = performance.now() - started
    // Bob lets it ring for a while.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const picked = performance.now()
    await taken.answer()
    await call.answered
    const answered = performance.now() - picked
    await hears(stage.meter(bob, taken), 440)
    expect(offered).toBeLessThan(1_300)
    expect(answered).toBeLessThan(500)
    expect(offered + answered).toBeLessThan(1_500)
    expect(alice.mediaOf(call)?.lastGathering).toMatchObject({ outcome: 'capped' })
    expect(bob.mediaOf(taken)?.lastGathering?.milliseconds).toBeLessThan(200)
  })

  it('credentials are asked for at each call and each restart; when they do not come the call goes on without', async () => {
    let asked = 0
    const iceServers = (): Promise<RTCIceServer[]> => {
      asked += 1
      return Promise.resolve([{ urls: 'turn:192.0.2.1:3478', username: String(asked), credential: 'secret' }])
    }
    const [alice, bob] = [stage.phone('alice', 440, { iceServers, gather: { cap: 200 } }), stage.phone('bob', 880, { iceServers: () => Promise.reject(new TypeError('no')) })]
    const [call, taken] = await stage.callUp(alice, bob)
    expect(asked).toBe(1)
    await call.renegotiate({ restart: true })
    expect(asked).toBe(2)
    expect(alice.mediaOf(call)?.connection?.getConfiguration().iceServers?.[0]?.username).toBe('2')
    await hears(stage.meter(bob, taken), 440)
  })
})

describe('a volume meter', () => {
  it('follows what is heard, and who is heard', async () => {
    const [alice, bob] = [stage.phone('alice', 440), stage.phone('bob', 880)]
    const [call, taken] = await stage.callUp(alice, bob)
    await hears(stage.meter(bob, taken), 440)
    const meter = new VolumeMeter(stage.context, () => bob.mediaOf(taken)?.remoteStream?.getAudioTracks()[0])
    const levels: number[] = []
    const forget = meter.watch((level) => levels.push(level), 20)
    await expect.poll(() => levels.at(-1) ?? 0, soon).toBeGreaterThan(0.2)
    await call.mute()
    await expect.poll(() => levels.at(-1) ?? 1, soon).toBeLessThan(0.01)
    forget()
    meter.close()
  })
})

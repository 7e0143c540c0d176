import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Call, MediaError, Softphone, type SoftphoneOptions } from '../src/index.js'
import { SipWire } from './sip-wire.js'
import { Meter, tone } from './tone.js'

let context: AudioContext
let wire: SipWire
const open: { close(): unknown }[] = []

beforeEach(() => {
  context = new AudioContext({ sampleRate: 48_000 })
  wire = new SipWire()
  wire.install()
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  wire.uninstall()
  await context.close()
})

function phone(name: string, hertz: number, options: Partial<SoftphoneOptions> = {}): Softphone {
  const made = new Softphone({ server: 'ws://127.0.0.1:9', identity: `sip:${name}@example.com`, input: tone(context, hertz).stream, ...options })
  open.push(made)
  return made
}

/** Alice has called Bob, and Bob has answered. */
async function callUp(alice: Softphone, bob: Softphone): Promise<readonly [Call, Call]> {
  const incoming = new Promise<Call>((resolve) => bob.on('incoming', resolve))
  await Promise.all([alice.register(), bob.register()])
  const outgoing = alice.call('bob')
  const taken = await incoming
  expect(await taken.answer()).toEqual({ ok: true })
  expect(await outgoing.answered).toMatchObject({ answered: true })
  return [outgoing, taken]
}

function meter(at: Softphone, call: Call): Meter {
  const made = new Meter(context, at.mediaOf(call)!.remoteStream!)
  open.push(made)
  return made
}

const heard = { timeout: 8_000, interval: 50 }
async function hears(ear: Meter, hertz: number): Promise<void> {
  await expect.poll(() => (ear.level > 0.1 ? Math.round(ear.peak / 20) * 20 : 0), heard).toBe(hertz)
}
async function hearsNothing(ear: Meter): Promise<void> {
  await expect.poll(() => ear.level, heard).toBeLessThan(0.005)
}

describe('two softphones', () => {
  it('register, call, hear each other, hold, resume, mute, play tones, hang up', async () => {
    const [alice, bob] = [phone('alice', 440), phone('bob', 880)]
    const [toBob, toAlice] = await callUp(alice, bob)
    const [aliceEar, bobEar] = [meter(alice, toBob), meter(bob, toAlice)]
    await hears(bobEar, 440)
    await hears(aliceEar, 880)

    expect(await toBob.hold()).toEqual({ ok: true })
    expect([toBob.localHold, toAlice.remoteHold]).toEqual([true, true])
    await hearsNothing(bobEar)
    await hearsNothing(aliceEar)
    expect(await toBob.resume()).toEqual({ ok: true })
    expect(toAlice.remoteHold).toBe(false)
    await hears(bobEar, 440)

    await toAlice.mute()
    await hearsNothing(aliceEar)
    await toAlice.unmute()
    await hears(aliceEar, 880)

    expect(await toBob.dtmf('1#')).toEqual({ ok: true })
    expect(wire.log.some((line) => line.startsWith('INFO'))).toBe(false)

    expect(alice.calls).toEqual([toBob])
    const tracks = [alice.mediaOf(toBob), bob.mediaOf(toAlice)].flatMap((media) => media?.localTracks ?? [])
    await toAlice.hangUp()
    expect(await toBob.ended).toMatchObject({ by: 'remote', cause: 'hung-up' })
    await expect.poll(() => tracks.map(({ readyState }) => readyState), heard).toEqual(['ended', 'ended'])
    expect([alice.calls, bob.calls]).toEqual([[], []])
  })

  it('play the peer on the page\'s element, and let go of it', async () => {
    const element = document.createElement('audio')
    const [alice, bob] = [phone('alice', 440, { audio: element }), phone('bob', 880)]
    const [call] = await callUp(alice, bob)
    await expect.poll(() => !element.paused, heard).toBe(true)
    expect(element.srcObject).toBe(alice.mediaOf(call)?.remoteStream)
    await alice.devices.useSpeaker('')
    expect(alice.devices.speaker).toBe('')
    await expect(alice.devices.useSpeaker('nowhere')).rejects.toMatchObject({ name: 'MediaError', code: 'output-failed' })
    await call.hangUp()
    await expect.poll(() => element.srcObject, heard).toBe(null)
  })

  it('give the streams to a function', async () => {
    const streams: unknown[] = []
    const [alice, bob] = [phone('alice', 440, { audio: (stream) => streams.push(stream) }), phone('bob', 880)]
    const [call] = await callUp(alice, bob)
    expect(streams).toEqual([alice.mediaOf(call)?.remoteStream])
    await call.hangUp()
    await expect.poll(() => streams, heard).toEqual([alice.mediaOf(call)?.remoteStream, null])
  })

  it('switch the microphone while they talk and for later calls', async () => {
    const [alice, bob] = [phone('alice', 440), phone('bob', 880)]
    const [call, answered] = await callUp(alice, bob)
    const ear = meter(bob, answered)
    await hears(ear, 440)
    const { microphones } = await alice.devices.list()
    const [chosen] = microphones.filter(({ deviceId }) => deviceId !== 'default' && deviceId !== 'communications')
    await alice.devices.useMicrophone(chosen!.deviceId)
    expect(alice.devices.microphone).toBe(chosen!.deviceId)
    const [track] = alice.mediaOf(call)!.localTracks
    expect(track!.getSettings().deviceId).toBe(chosen!.deviceId)
    // Chromium's own fake microphone beeps.
    await expect.poll(() => ear.level > 0.01 && Math.round(ear.peak / 20) * 20 !== 440, heard).toBe(true)
    await expect(alice.devices.useMicrophone('nowhere')).rejects.toMatchObject({ name: 'MediaError', code: 'input-missing' })
    expect(alice.devices.microphone).toBe(chosen!.deviceId)
    expect(track!.readyState).toBe('live')
    expect(alice.devices.input).toMatchObject({ audio: { deviceId: { ideal: chosen!.deviceId } } })
  })

  it('a microphone that is denied: the call says so and what to do; the caller that asked for nothing is not left ringing', async () => {
    const denied = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    const [alice, bob] = [phone('alice', 440, { input: denied }), phone('bob', 880)]
    await Promise.all([alice.register(), bob.register()])
    const end = await alice.call('bob').ended
    expect(end).toMatchObject({ by: 'error', cause: 'media' })
    expect(end.error).toBeInstanceOf(MediaError)
    expect(end.error).toMatchObject({ code: 'input-denied', message: expect.stringContaining('permit') as string })
    expect(wire.log.some((line) => line.startsWith('INVITE'))).toBe(false)
  })

  it('an answer that fails for want of a microphone leaves the call ringing', async () => {
    let allowed = false
    const voice = tone(context, 880).stream
    const asked = () => (allowed ? Promise.resolve(voice) : Promise.reject(new DOMException('no', 'NotFoundError')))
    const [alice, bob] = [phone('alice', 440), phone('bob', 880, { input: asked })]
    const incoming = new Promise<Call>((resolve) => bob.on('incoming', resolve))
    await Promise.all([alice.register(), bob.register()])
    const outgoing = alice.call('bob')
    const call = await incoming
    expect(await call.answer()).toMatchObject({ ok: false, code: 'failed', error: { code: 'input-missing' } })
    expect(call.state.name).toBe('ringing')
    allowed = true
    expect(await call.answer()).toEqual({ ok: true })
    expect(await outgoing.answered).toMatchObject({ answered: true })
    await hears(meter(alice, outgoing), 880)
  })

  it('early media is heard while it rings, and goes on when answered', async () => {
    const [alice, bob] = [phone('alice', 440), phone('bob', 880)]
    const incoming = new Promise<Call>((resolve) => bob.on('incoming', resolve))
    await Promise.all([alice.register(), bob.register()])
    const outgoing = alice.call('bob')
    const call = await incoming
    await call.ring({ earlyMedia: true })
    await expect.poll(() => alice.mediaOf(outgoing)?.remoteStream, heard).toBeDefined()
    const ear = meter(alice, outgoing)
    await hears(ear, 880)
    expect(outgoing.state.name).toBe('ringing')
    await call.answer()
    expect(await outgoing.answered).toMatchObject({ answered: true })
    await hears(ear, 880)
    await hears(meter(bob, call), 440)
  })
})

import type { SessionDescriptionContext } from '@offhook/sip-session'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PeerConnectionDescriptionHandler } from '../src/peer-connection-description-handler.js'
import type { PeerConnectionMediaOptions } from '../src/peer-connection-media-options.js'
import { Meter, tone } from './tone.js'

let context: AudioContext
const open: { close(): void }[] = []

beforeEach(() => {
  context = new AudioContext({ sampleRate: 48_000 })
})
afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await context.close()
})

/** One end of a call, with a tone for a voice. */
interface End {
  readonly media: PeerConnectionDescriptionHandler
  readonly states: string[]
  readonly voice: MediaStream
  readonly oscillator: OscillatorNode
}

function end(hertz: number, options: PeerConnectionMediaOptions = {}): End {
  const { stream, oscillator } = tone(context, hertz)
  const states: string[] = []
  const sessionContext: SessionDescriptionContext = { direction: 'outgoing', onDtmf: () => undefined, onConnectivity: (state) => states.push(state) }
  const media = new PeerConnectionDescriptionHandler(sessionContext, { input: stream, ...options })
  open.push(media)
  return { media, states, voice: stream, oscillator }
}

/** A whole exchange, as a session does it. */
async function exchange(from: End, to: End, wish: { readonly hold?: boolean; readonly restart?: boolean } = {}, answerWish: { readonly hold?: boolean } = {}): Promise<void> {
  const offer = await from.media.createOffer(wish)
  await from.media.applyAnswer(await to.media.answerOffer(offer, answerWish), true)
}

function meter({ media }: End): Meter {
  const made = new Meter(context, media.remoteStream!)
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

describe('two ends in one page', () => {
  it('hear each other', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    await hears(meter(bob), 440)
    await hears(meter(alice), 880)
    expect(alice.states).toContain('connected')
    expect(alice.media.lastGathering).toMatchObject({ outcome: 'complete' })
    expect(alice.media.lastGathering!.milliseconds).toBeLessThan(1_000)
  })

  it('hear each other when the callee offers (an INVITE without offer)', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(bob, alice)
    await hears(meter(bob), 440)
    await hears(meter(alice), 880)
  })

  it('one of them only listening', async () => {
    const [alice, bob] = [end(440), end(880, { input: null })]
    await exchange(alice, bob)
    await hears(meter(bob), 440)
    const [carol, dave] = [end(440, { input: null }), end(880)]
    await exchange(carol, dave)
    await hears(meter(carol), 880)
  })

  it('take the default microphone when no input is given', async () => {
    const media = new PeerConnectionDescriptionHandler({ direction: 'outgoing', onDtmf: () => undefined, onConnectivity: () => undefined })
    open.push(media)
    const bob = end(880)
    await media.applyAnswer(await bob.media.answerOffer(await media.createOffer({}), {}), true)
    const ear = meter(bob)
    await expect.poll(() => ear.level, heard).toBeGreaterThan(0.01)
    const [track] = media.localTracks
    media.close()
    expect(track?.readyState).toBe('ended')
  })
})

describe('RFC 3264 §8.4 hold', () => {
  it('silences both ways until resumed; the held side knows', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const [aliceEar, bobEar] = [meter(alice), meter(bob)]
    await hears(bobEar, 440)
    await exchange(alice, bob, { hold: true })
    expect([alice.media.remoteHold, bob.media.remoteHold]).toEqual([false, true])
    await hearsNothing(bobEar)
    await hearsNothing(aliceEar)
    await exchange(alice, bob)
    expect(bob.media.remoteHold).toBe(false)
    await hears(bobEar, 440)
    await hears(aliceEar, 880)
  })

  it('from both sides: each lifts only its own', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const [aliceEar, bobEar] = [meter(alice), meter(bob)]
    await hears(aliceEar, 880)
    await exchange(alice, bob, { hold: true })
    await exchange(bob, alice, { hold: true }, { hold: true })
    expect([alice.media.remoteHold, bob.media.remoteHold]).toEqual([true, true])
    await exchange(alice, bob, {}, { hold: true })
    expect([alice.media.remoteHold, bob.media.remoteHold]).toEqual([true, false])
    await hearsNothing(aliceEar)
    await exchange(bob, alice)
    expect([alice.media.remoteHold, bob.media.remoteHold]).toEqual([false, false])
    await hears(aliceEar, 880)
    await hears(bobEar, 440)
  })
})

describe('mute', () => {
  it('silences one way, at once and without signalling, and leaves a stream given alone', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const [aliceEar, bobEar] = [meter(alice), meter(bob)]
    await hears(bobEar, 440)
    alice.media.mute(true)
    await hearsNothing(bobEar)
    await hears(aliceEar, 880)
    expect(alice.voice.getAudioTracks()[0]?.enabled).toBe(true)
    alice.media.mute(false)
    await hears(bobEar, 440)
  })

  it('outlasts hold', async () => {
    const [alice, bob] = [end(440), end(880)]
    alice.media.mute(true)
    await exchange(alice, bob)
    await exchange(alice, bob, { hold: true })
    await exchange(alice, bob)
    expect(alice.media.localTracks.map(({ enabled }) => enabled)).toEqual([false])
    alice.media.mute(false)
    await hears(meter(bob), 440)
  })
})

describe('RFC 4733 tones', () => {
  it('are played, one string after the other, and the promise waits for the end', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    await hears(meter(bob), 440)
    const [sender] = alice.media.connection!.getSenders()
    const played: string[] = []
    sender!.dtmf!.addEventListener('tonechange', ({ tone: sign }) => played.push(sign))
    const started = performance.now()
    const both = await Promise.all([alice.media.dtmf('12', { duration: 100, gap: 50 }), alice.media.dtmf('#', { duration: 100, gap: 50 })])
    expect(both).toEqual([true, true])
    expect(played.join('')).toBe('12#')
    expect(performance.now() - started).toBeGreaterThan(300)
    await expect(alice.media.dtmf('1x', { duration: 100, gap: 50 })).rejects.toMatchObject({ code: 'bad-tone' })
  })

  it('are refused when the peer did not negotiate them, so that the session can send INFO', async () => {
    const [alice, bob] = [end(440), end(880)]
    expect(await alice.media.dtmf('1', { duration: 100, gap: 50 })).toBe(false)
    const offer = await alice.media.createOffer({})
    const answer = await bob.media.answerOffer(offer, {})
    const body = answer.body.replace(/^a=(?:rtpmap|fmtp):(?:110|126) .*\r\n/gm, '').replace(/^(m=audio.*?) 110 126/m, '$1')
    await alice.media.applyAnswer({ ...answer, body }, true)
    expect(await alice.media.dtmf('1', { duration: 100, gap: 50 })).toBe(false)
  })

  it('end with the call', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    await hears(meter(bob), 440)
    const playing = [alice.media.dtmf('123456789', { duration: 1_000, gap: 100 }), alice.media.dtmf('1', { duration: 100, gap: 100 })]
    const results = Promise.allSettled(playing)
    await expect.poll(() => alice.media.connection?.getSenders()[0]?.dtmf?.toneBuffer, heard).not.toBe('')
    alice.media.close()
    expect(await results).toMatchObject([{ status: 'rejected', reason: { code: 'closed' } }, { status: 'rejected', reason: { code: 'closed' } }])
  })
})

describe('gathering', () => {
  it('waits no longer than its cap for a STUN server that does not answer, and says how long it did', async () => {
    const reports: unknown[] = []
    const configuration = { iceServers: [{ urls: 'stun:192.0.2.1:3478' }] }
    const alice = end(440, { configuration, gather: { cap: 300 } })
    alice.media.on('gathered', (report) => reports.push(report))
    const started = performance.now()
    const offer = await alice.media.createOffer({})
    const waited = performance.now() - started
    expect(waited).toBeLessThan(1_000)
    expect(alice.media.lastGathering).toMatchObject({ outcome: 'capped' })
    expect(alice.media.lastGathering!.milliseconds).toBeGreaterThanOrEqual(295)
    expect(reports).toEqual([alice.media.lastGathering])
    expect(offer.body).toContain('a=candidate')
    const bob = end(880, { configuration })
    const before = performance.now()
    const answer = await bob.media.answerOffer(offer, {})
    expect(performance.now() - before).toBeLessThan(1_900)
    await alice.media.applyAnswer(answer, true)
    await hears(meter(bob), 440)
  })

  it('does not happen again for a later offer, and does for a restart', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const ear = meter(bob)
    await hears(ear, 440)
    await exchange(alice, bob)
    expect(alice.media.lastGathering).toMatchObject({ milliseconds: 0, outcome: 'connected' })
    const before = alice.media.connection?.localDescription?.sdp.match(/a=ice-ufrag:.*/)?.[0]
    const offer = await alice.media.createOffer({ restart: true })
    const answer = await bob.media.answerOffer(offer, {})
    expect([offer.body, answer.body].every((body) => body.includes('a=candidate'))).toBe(true)
    expect(bob.media.lastGathering).toMatchObject({ outcome: 'complete' })
    await alice.media.applyAnswer(answer, true)
    expect(alice.media.lastGathering).toMatchObject({ outcome: 'complete' })
    expect(alice.media.lastGathering!.candidates).toBeGreaterThan(0)
    expect(alice.media.connection?.localDescription?.sdp.match(/a=ice-ufrag:.*/)?.[0]).not.toBe(before)
    await hears(ear, 440)
  })
})

describe('early media', () => {
  it('flows after an early answer; the same one in the 200 confirms it', async () => {
    const [alice, bob] = [end(440), end(880)]
    const answer = await bob.media.answerOffer(await alice.media.createOffer({}), {})
    await alice.media.applyAnswer(answer, false)
    const ear = meter(alice)
    await hears(ear, 880)
    await alice.media.applyAnswer(answer, false)
    await alice.media.applyAnswer(answer, true)
    expect(alice.media.connection?.signalingState).toBe('stable')
    await alice.media.applyAnswer(answer, true)
    await hears(ear, 880)
    await exchange(bob, alice, { hold: true })
    expect(alice.media.remoteHold).toBe(true)
  })

  it('of two phones: the last one that spoke is heard, each has a connection of its own, the one that answers is kept', async () => {
    const [alice, bob, carol] = [end(440), end(880), end(1320)]
    const connections: RTCPeerConnection[] = []
    alice.media.on('connection', (connection) => connections.push(connection))
    const offer = await alice.media.createOffer({})
    await alice.media.applyAnswer(await bob.media.answerOffer(offer, {}), false)
    const ear = meter(alice)
    await hears(ear, 880)
    await hears(meter(bob), 440)
    const answer = await carol.media.answerOffer(offer, {})
    await alice.media.applyAnswer(answer, false)
    // Web Audio keeps to the track that a stream had; elements follow.
    const later = meter(alice)
    await hears(later, 1320)
    await hears(meter(carol), 440)
    expect(connections).toHaveLength(2)
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['connected', 'connected'])
    // Nobody has told Bob's phone yet that it lost.
    await alice.media.applyAnswer(answer, true)
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['closed', 'connected'])
    await hears(later, 1320)
    await exchange(alice, carol, { hold: true })
    await hearsNothing(later)
    await exchange(carol, alice)
    await hears(later, 1320)
    await hears(meter(carol), 440)
  })

  it('of two phones, when the first one answers after all', async () => {
    const [alice, bob, carol] = [end(440), end(880), end(1320)]
    const offer = await alice.media.createOffer({})
    const answer = await bob.media.answerOffer(offer, {})
    await alice.media.applyAnswer(answer, false)
    const ear = meter(alice)
    await hears(ear, 880)
    await alice.media.applyAnswer(await carol.media.answerOffer(offer, {}), false)
    await hears(meter(alice), 1320)
    await alice.media.applyAnswer(answer, true)
    await hears(meter(alice), 880)
    await exchange(bob, alice)
    await hears(meter(bob), 440)
  })

  it('where the browser lets nobody take up an offer, one connection serves the phones one after the other', async () => {
    class OneOffer extends RTCPeerConnection {
      override setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
        return this.signalingState === 'stable' && description?.sdp?.includes('a=ice-ufrag:') === true && offers++ > 0
          ? Promise.reject(new DOMException('not mine', 'InvalidModificationError'))
          : super.setLocalDescription(description)
      }
    }
    let offers = 0
    const [alice, bob, carol] = [end(440, { RTCPeerConnection: OneOffer }), end(880), end(1320)]
    const offer = await alice.media.createOffer({})
    await alice.media.applyAnswer(await bob.media.answerOffer(offer, {}), false)
    const ear = meter(alice)
    await hears(ear, 880)
    const answer = await carol.media.answerOffer(offer, {})
    // The first phone is cancelled; until then Chromium goes on sending to it.
    bob.media.close()
    await alice.media.applyAnswer(answer, true)
    await hears(ear, 1320)
    await hears(meter(carol), 440)
  })

  it('of one phone gives way to another phone that answers', async () => {
    const [alice, bob, carol] = [end(440), end(880), end(1320)]
    const offer = await alice.media.createOffer({})
    await alice.media.applyAnswer(await bob.media.answerOffer(offer, {}), false)
    const ear = meter(alice)
    await hears(ear, 880)
    await alice.media.applyAnswer(await carol.media.answerOffer(offer, {}), true)
    await hears(meter(alice), 1320)
    await hears(meter(carol), 440)
  })
})

describe('what goes wrong', () => {
  it('a later offer that is refused is rolled back, and the call goes on as before', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const [aliceEar, bobEar] = [meter(alice), meter(bob)]
    await hears(bobEar, 440)
    await alice.media.createOffer({ hold: true })
    await alice.media.rollback()
    await alice.media.rollback()
    expect(alice.media.connection?.signalingState).toBe('stable')
    await hears(bobEar, 440)
    await hears(aliceEar, 880)
    await exchange(bob, alice)
    await hears(aliceEar, 880)
    expect(bob.media.remoteHold).toBe(false)
  })

  it('a first offer that is rolled back can be made again', async () => {
    const [alice, bob] = [end(440), end(880)]
    await alice.media.createOffer({})
    await alice.media.rollback()
    await exchange(alice, bob)
    await hears(meter(bob), 440)
  })

  it('an early answer can be rolled back with its offer', async () => {
    const [alice, bob, carol] = [end(440), end(880), end(1320)]
    await alice.media.applyAnswer(await bob.media.answerOffer(await alice.media.createOffer({}), {}), false)
    await alice.media.rollback()
    await exchange(alice, carol)
    await hears(meter(carol), 440)
  })

  it('both offer at once: the one that takes the other\'s offer drops its own', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const ear = meter(bob)
    await alice.media.createOffer({ hold: true })
    await exchange(bob, alice)
    expect(alice.media.connection?.signalingState).toBe('stable')
    await hears(ear, 440)
  })

  it('the same offer again gets the same answer', async () => {
    const [alice, bob] = [end(440), end(880)]
    const offer = await alice.media.createOffer({})
    const answer = await bob.media.answerOffer(offer, {})
    expect(await bob.media.answerOffer(offer, {})).toEqual(answer)
  })

  it('descriptions that are none, and an answer to nothing', async () => {
    const [alice, bob] = [end(440), end(880)]
    for (const body of ['', 'v=0', 'nonsense\r\n', 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n']) {
      await expect(bob.media.answerOffer({ contentType: 'application/sdp', body }, {}), body).rejects.toMatchObject({ name: 'MediaError', code: 'bad-description' })
    }
    await expect(alice.media.applyAnswer({ contentType: 'application/sdp', body: 'v=0' }, true)).rejects.toMatchObject({ code: 'wrong-state' })
    const offer = await alice.media.createOffer({})
    await expect(alice.media.applyAnswer({ contentType: 'application/sdp', body: 'v=0' }, true)).rejects.toMatchObject({ code: 'bad-description' })
    await alice.media.applyAnswer(await bob.media.answerOffer(offer, {}), true)
    await hears(meter(bob), 440)
  })

  it('closing at any moment: what is under way is refused, and every track stops', async () => {
    for (const moment of [0, 1, 2, 5, 20, 50]) {
      const alice = end(440)
      const offering = alice.media.createOffer({})
      const result = Promise.allSettled([offering])
      await new Promise((resolve) => setTimeout(resolve, moment))
      alice.media.close()
      alice.media.close()
      const [{ status, ...rest }] = await result
      if (status === 'rejected') expect(rest).toMatchObject({ reason: { name: 'MediaError', code: 'closed' } })
      expect(alice.media.localTracks.every(({ readyState }) => readyState === 'ended')).toBe(true)
      await expect(alice.media.createOffer({})).rejects.toMatchObject({ code: 'closed' })
      await alice.media.rollback()
    }
  })
})

describe('replaceInput', () => {
  it('sends the new voice without a new offer, and ends the old track', async () => {
    const [alice, bob] = [end(440), end(880)]
    await exchange(alice, bob)
    const ear = meter(bob)
    await hears(ear, 440)
    const [before] = alice.media.localTracks
    await alice.media.replaceInput(tone(context, 660).stream)
    await hears(ear, 660)
    expect(before?.readyState).toBe('ended')
    alice.media.mute(true)
    await alice.media.replaceInput(tone(context, 1100).stream)
    await hearsNothing(ear)
    alice.media.mute(false)
    await hears(ear, 1100)
  })
})

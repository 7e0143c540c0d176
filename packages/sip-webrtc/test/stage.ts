import { expect } from 'vitest'
import { type Call, type CallFeatures, Softphone, type SoftphoneOptions } from '../src/index.js'
import { SipWire } from './sip-wire.js'
import { Meter, tone } from './tone.js'

const heard = { timeout: 8_000, interval: 50 }

/** Telephones in one page, each with a tone for a voice. */
export class Stage {
  readonly context: AudioContext = new AudioContext({ sampleRate: 48_000 })
  readonly wire: SipWire = new SipWire()
  readonly #open: { close(): unknown }[] = []

  constructor() {
    this.wire.install()
  }

  phone<Features extends CallFeatures>(name: string, hertz: number, options: Partial<SoftphoneOptions<Features>> = {}): Softphone<Features> {
    const made = new Softphone<Features>({ server: 'ws://127.0.0.1:9', identity: `sip:${name}@example.com`, input: this.voice(hertz), ...options })
    this.#open.push(made)
    return made
  }

  voice(hertz: number): MediaStream {
    return tone(this.context, hertz).stream
  }

  /** The first has called the second, which has answered. */
  async callUp(alice: Softphone, bob: Softphone): Promise<readonly [Call, Call]> {
    const incoming = new Promise<Call>((resolve) => bob.on('incoming', resolve))
    await Promise.all([alice.register(), bob.register()])
    const outgoing = alice.call(bob.userAgent.identity.toString())
    const taken = await incoming
    expect(await taken.answer()).toEqual({ ok: true })
    expect(await outgoing.answered).toMatchObject({ answered: true })
    return [outgoing, taken]
  }

  meter(at: Softphone, call: Call): Meter {
    const stream = at.mediaOf(call)?.remoteStream
    if (stream === undefined) throw new TypeError('Nothing is heard in that call')
    const made = new Meter(this.context, stream)
    this.#open.push(made)
    return made
  }

  async close(): Promise<void> {
    for (const each of this.#open.splice(0)) await each.close()
    this.wire.uninstall()
    await this.context.close()
  }
}

/** The strongest frequency heard becomes this one, to 20 Hz. */
export async function hears(ear: Meter, hertz: number): Promise<void> {
  await expect.poll(() => (ear.level > 0.1 ? Math.round(ear.peak / 20) * 20 : 0), heard).toBe(hertz)
}

export async function hearsNothing(ear: Meter): Promise<void> {
  await expect.poll(() => ear.level, heard).toBeLessThan(0.005)
}

/** A picture that moves: a canvas of one colour with a counter. */
export function picture(colour: string): { readonly stream: MediaStream; stop(): void } {
  const canvas = document.createElement('canvas')
  canvas.width = 160
  canvas.height = 120
  const paper = canvas.getContext('2d')
  let count = 0
  const timer = setInterval(() => {
    if (paper === null) return
    paper.fillStyle = colour
    paper.fillRect(0, 0, 160, 120)
    paper.fillStyle = 'white'
    paper.fillRect(count++ % 160, 0, 4, 120)
  }, 40)
  return { stream: canvas.captureStream(25), stop: () => clearInterval(timer) }
}

/** Frames of the peer's picture decoded so far. */
export async function framesOf(connection: RTCPeerConnection | undefined): Promise<number> {
  let frames = 0
  const stats = await connection?.getStats()
  stats?.forEach((entry: { type: string; kind?: string; framesDecoded?: number }) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') frames += entry.framesDecoded ?? 0
  })
  return frames
}

// Runs in a browser: a softphone with all its features, that a test works by hand.
import { callHealth, callVideo, iceRecovery, Softphone, toneDetection, trickleIce } from '@offhook/sip-webrtc'
import type { Call } from '@offhook/sip-webrtc'

/** What a test tells a page to be. */
export interface TelephoneOptions {
  readonly server: string
  readonly name: string
  /** Pitch of its voice; 0 for the browser's own fake microphone. */
  readonly hertz: number
  readonly iceServers?: readonly RTCIceServer[]
  readonly relayOnly?: boolean
  readonly trickle?: boolean
}

/** How a page stands. */
export interface TelephoneState {
  readonly call: string
  readonly remoteHold: boolean
  /** The loudest of the last second, 0 to 1, and whether packets came. */
  readonly level: number
  readonly packets: number
  readonly frames: number
  readonly mos: number
  readonly codec: string
  readonly path: string
  readonly digits: string
  readonly trickle: string
}

const features = { health: callHealth({ interval: 250 }), video: callVideo(), tones: toneDetection(), recovery: iceRecovery() }
const withTrickle = { ...features, trickle: trickleIce({ mode: 'full' }) }

/** The page's telephone. */
class Telephone {
  #phone: Softphone<typeof features> | undefined
  #call: Call | undefined
  #digits = ''
  #levels: number[] = []

  async start({ server, name, hertz, iceServers, relayOnly = false, trickle = false }: TelephoneOptions): Promise<void> {
    const phone = new Softphone<typeof features>({
      server, identity: `sip:${name}@localhost`, features: trickle ? withTrickle : features, input: hertz === 0 ? { audio: true } : voice(hertz),
      iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all',
    })
    this.#phone = phone
    phone.on('incoming', (call) => {
      this.#take(call)
      void call.answer()
    })
    await phone.register()
  }

  async call(target: string): Promise<boolean> {
    if (this.#phone === undefined) return false
    return (await this.#take(this.#phone.call(target)).answered).answered
  }

  /** Does one thing to the call: `done`, or why not. */
  async act(name: 'hold' | 'resume' | 'mute' | 'unmute' | 'restart' | 'addVideo' | 'dropVideo' | 'hangUp' | 'tones' | 'tonesByInfo'): Promise<string> {
    const [phone, call] = [this.#phone, this.#call]
    if (phone === undefined || call === undefined) return 'there is no call'
    const deeds = {
      hold: () => call.hold(), resume: () => call.resume(), mute: () => call.mute(), unmute: () => call.unmute(), hangUp: () => call.hangUp(),
      restart: () => call.renegotiate({ restart: true }),
      addVideo: () => phone.of(call).video.add({ video: true }), dropVideo: () => phone.of(call).video.drop(),
      tones: () => call.dtmf('159#'), tonesByInfo: () => call.dtmf('159#', { by: 'info' }),
    }
    const outcome = await deeds[name]()
    return outcome.ok ? 'done' : `${outcome.code}: ${outcome.reason} ${outcome.error instanceof Error ? String(outcome.error.cause) : ''}`
  }

  async state(): Promise<TelephoneState> {
    const [phone, call] = [this.#phone, this.#call]
    const report = phone !== undefined && call !== undefined ? phone.of(call).health.report : undefined
    return {
      call: call?.state.name ?? 'none', remoteHold: call?.remoteHold === true, digits: this.#digits,
      level: Math.max(0, ...this.#levels), packets: report?.audioIn?.newPackets ?? 0, frames: report?.videoIn?.frames ?? 0, mos: report?.mos ?? 0,
      codec: report?.audioIn?.codec ?? '', path: report?.path === undefined ? '' : `${report.path.local.type} to ${report.path.remote.type}`,
      trickle: phone !== undefined && call !== undefined ? JSON.stringify((phone.of(call) as { trickle?: { report: unknown } }).trickle?.report ?? '') : '',
    }
  }

  #take(call: Call): Call {
    this.#call = call
    this.#digits = ''
    call.on('dtmf', (digit) => (this.#digits += digit))
    this.#phone?.of(call).health.on('report', ({ audioIn }) => {
      this.#levels = [...this.#levels.slice(-3), audioIn?.newPackets === 0 ? 0 : audioIn?.level ?? 0]
    })
    return call
  }
}

function voice(hertz: number): MediaStream {
  const context = new AudioContext()
  const oscillator = new OscillatorNode(context, { frequency: hertz })
  const destination = new MediaStreamAudioDestinationNode(context)
  oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(destination)
  oscillator.start()
  return destination.stream
}

declare global {
  var telephone: Telephone
}
globalThis.telephone = new Telephone()

import { type Timers, timersOf } from '../platform.js'

/** Where the sound is taken from: a stream, or something whose stream's tracks may change. */
export type MeteredSource = MediaStream | (() => MediaStreamTrack | undefined)

/** How loud something is, for a bar on the page. */
export class VolumeMeter {
  readonly #context: AudioContext
  readonly #analyser: AnalyserNode
  readonly #samples: Float32Array<ArrayBuffer>
  readonly #find: () => MediaStreamTrack | undefined
  #track: MediaStreamTrack | undefined
  #node: MediaStreamAudioSourceNode | undefined
  #stopTimer: (() => void) | undefined

  /** @param context a running `AudioContext`; it stays the caller's */
  constructor(context: AudioContext, source: MeteredSource) {
    this.#context = context
    this.#analyser = new AnalyserNode(context, { fftSize: 1024 })
    this.#samples = new Float32Array(this.#analyser.fftSize)
    this.#find = typeof source === 'function' ? source : () => source.getAudioTracks()[0]
  }

  /** Loudness of the last 20 ms, 0 to 1 (root mean square). */
  get level(): number {
    this.#follow()
    this.#analyser.getFloatTimeDomainData(this.#samples)
    let sum = 0
    for (const sample of this.#samples) sum += sample * sample
    return Math.min(Math.sqrt(sum / this.#samples.length), 1)
  }

  /** Tells the loudness again and again, every `interval` milliseconds; the function returned ends that. */
  watch(listener: (level: number) => void, interval = 50, timers: Timers = timersOf({})): () => void {
    this.#stopTimer?.()
    let isOn = true
    const tell = (): void => {
      if (!isOn) return
      listener(this.level)
      this.#stopTimer = timers.after(interval, tell)
    }
    this.#stopTimer = timers.after(interval, tell)
    return () => {
      isOn = false
      this.#stopTimer?.()
    }
  }

  close(): void {
    this.#stopTimer?.()
    this.#node?.disconnect()
    this.#node = undefined
  }

  /** Web Audio keeps to the track that a stream had: another one needs a node of its own. */
  #follow(): void {
    const track = this.#find()
    if (track === this.#track) return
    this.#track = track
    this.#node?.disconnect()
    this.#node = track === undefined ? undefined : new MediaStreamAudioSourceNode(this.#context, { mediaStream: new MediaStream([track]) })
    this.#node?.connect(this.#analyser)
  }
}

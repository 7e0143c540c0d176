import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import { type Timers, timersOf } from '../platform.js'
import { DigitCourse, digitIn } from '../sound/dtmf-tones.js'

/** What tone detection needs. */
export interface ToneDetectionOptions {
  /** Makes the context that listens. Default: a new `AudioContext` for each call. */
  readonly context?: (() => AudioContext) | undefined
  readonly timers?: Timers | undefined
}

/** Milliseconds between looks at what has come since the last one. */
const INTERVAL = 30
/** Samples that the analyser remembers: a third of a second, should the page be busy. */
const MEMORY = 16_384
/** Samples that are taken together, about 20 ms: a tone has 40 at least (ITU-T Q.24). */
const WINDOW = 1_024
/** Samples from one window to the next. */
const STEP = 256

/**
 * A feature of `Softphone`: digits that the peer plays become the call's `dtmf` event. Browsers do not hand out telephone events
 * (RFC 4733), but they play them: the digits are heard in the peer's sound, as are those of peers that play tones as sound.
 */
export function toneDetection({ context = () => new AudioContext(), timers = timersOf({}) }: ToneDetectionOptions = {}): (call: unknown, media: PeerConnectionDescriptionHandler) => ToneDetection {
  return (_, media) => new ToneDetection(media, context, timers)
}

/** Listens to one call. */
export class ToneDetection {
  readonly #media: PeerConnectionDescriptionHandler
  readonly #timers: Timers
  readonly #Context: () => AudioContext
  readonly #course = new DigitCourse()
  #context: AudioContext | undefined
  #analyser: AnalyserNode | undefined
  #source: MediaStreamAudioSourceNode | undefined
  #stopTimer: (() => void) | undefined
  /** Time of the context up to which the sound has been looked at, in seconds. */
  #heardUntil = 0

  constructor(media: PeerConnectionDescriptionHandler, context: () => AudioContext, timers: Timers) {
    this.#media = media
    this.#timers = timers
    this.#Context = context
    media.on('remote-stream', (stream) => this.#listen(stream))
    media.on('remote-tracks', (stream) => this.#listen(stream))
    media.on('closing', () => this.close())
  }

  close(): void {
    this.#stopTimer?.()
    this.#source?.disconnect()
    if (this.#context !== undefined && this.#context.state !== 'closed') void this.#context.close()
    this.#context = undefined
  }

  #listen(stream: MediaStream): void {
    const [track] = stream.getAudioTracks()
    this.#source?.disconnect()
    if (track === undefined) return
    const context = (this.#context ??= this.#Context())
    this.#analyser ??= new AnalyserNode(context, { fftSize: MEMORY })
    this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) })
    this.#source.connect(this.#analyser)
    if (this.#stopTimer !== undefined) return
    this.#heardUntil = context.currentTime
    this.#look(context, this.#analyser, new Float32Array(MEMORY))
  }

  #look(context: AudioContext, analyser: AnalyserNode, samples: Float32Array<ArrayBuffer>): void {
    analyser.getFloatTimeDomainData(samples)
    const { currentTime, sampleRate } = context
    const fresh = Math.min(Math.round((currentTime - this.#heardUntil) * sampleRate), MEMORY - WINDOW)
    for (let end = MEMORY - fresh + STEP; end <= MEMORY; end += STEP) {
      const milliseconds = 1000 * (currentTime - (MEMORY - end) / sampleRate)
      const digit = this.#course.look(digitIn(samples.subarray(end - WINDOW, end), sampleRate), milliseconds)
      if (digit !== undefined) this.#media.hearTone(digit)
      this.#heardUntil = milliseconds / 1000
    }
    this.#stopTimer = this.#timers.after(INTERVAL, () => this.#look(context, analyser, samples))
  }
}

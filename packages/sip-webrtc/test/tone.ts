/** An endless sine at half scale. */
export function tone(context: AudioContext, hertz: number): { readonly stream: MediaStream; readonly oscillator: OscillatorNode } {
  const oscillator = new OscillatorNode(context, { frequency: hertz })
  const destination = new MediaStreamAudioDestinationNode(context)
  oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(destination)
  oscillator.start()
  return { stream: destination.stream, oscillator }
}

/** What a stream sounds like: the strongest frequency in hertz, and the level from 0 to 1. */
export class Meter {
  readonly #analyser: AnalyserNode
  readonly #source: MediaStreamAudioSourceNode
  readonly #element = new Audio()

  constructor(context: AudioContext, stream: MediaStream) {
    // Chromium plays a remote stream out only once an element has it.
    this.#element.srcObject = stream
    this.#element.muted = true
    this.#analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
    this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: stream })
    this.#source.connect(this.#analyser)
  }

  /** Level (root mean square) of the last sixth of a second. */
  get level(): number {
    const samples = new Float32Array(this.#analyser.fftSize)
    this.#analyser.getFloatTimeDomainData(samples)
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
  }

  /** The strongest frequency in hertz. */
  get peak(): number {
    const bins = new Float32Array(this.#analyser.frequencyBinCount)
    this.#analyser.getFloatFrequencyData(bins)
    return (bins.indexOf(Math.max(...bins)) * this.#analyser.context.sampleRate) / this.#analyser.fftSize
  }

  /** Level (root mean square) of what has this frequency. */
  levelAt(hertz: number): number {
    const samples = new Float32Array(this.#analyser.fftSize)
    this.#analyser.getFloatTimeDomainData(samples)
    let [real, imaginary] = [0, 0]
    for (const [index, sample] of samples.entries()) {
      const fade = 1 - Math.cos((2 * Math.PI * index) / samples.length)
      const angle = (2 * Math.PI * hertz * index) / this.#analyser.context.sampleRate
      real += sample * fade * Math.cos(angle)
      imaginary += sample * fade * Math.sin(angle)
    }
    return (Math.SQRT2 * Math.hypot(real, imaginary)) / samples.length
  }

  close(): void {
    this.#source.disconnect()
    this.#element.srcObject = null
  }
}

/** Shows how loud a stream is, as the width of a bar. */
export class LevelMeter {
  readonly #bar: HTMLElement
  #context: AudioContext | undefined
  #source: MediaStreamAudioSourceNode | undefined
  #stream: MediaStream | undefined
  #frame = 0

  constructor(bar: HTMLElement) {
    this.#bar = bar
  }

  /** Follows `stream` from now on, or nothing. */
  follow(stream: MediaStream | undefined): void {
    if (stream === this.#stream) return
    this.#stream = stream
    this.#source?.disconnect()
    this.#source = undefined
    cancelAnimationFrame(this.#frame)
    this.#bar.style.setProperty('--level', '0')
    if (stream === undefined || stream.getAudioTracks().length === 0) {
      void this.#context?.suspend()
      return
    }
    const context = (this.#context ??= new AudioContext())
    void context.resume()
    this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: stream })
    const analyser = new AnalyserNode(context, { fftSize: 512 })
    this.#source.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let level = 0
    const draw = (): void => {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      // From -50 dBFS, which is a quiet room, to -10 dBFS, which is loud speech; falling slowly reads better.
      const share = power === 0 ? 0 : Math.min(1, Math.max(0, (10 * Math.log10(power) + 50) / 40))
      level = Math.max(share, level * 0.92)
      this.#bar.style.setProperty('--level', level.toFixed(3))
      this.#frame = requestAnimationFrame(draw)
    }
    draw()
  }
}

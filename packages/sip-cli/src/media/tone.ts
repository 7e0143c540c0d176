import { encodeG711 } from './g711.js'
import type { G711Law } from './g711.js'

/** A sine that goes on without a click from one packet to the next. */
export class Tone {
  readonly #step: number
  readonly #amplitude: number
  #phase = 0

  /** `frequency` and `sampleRate` in Hz, `amplitude` as a share of full scale. */
  constructor(frequency: number, sampleRate = 8000, amplitude = 0.5) {
    this.#step = (2 * Math.PI * frequency) / sampleRate
    this.#amplitude = amplitude * 32_767
  }

  /** The next `count` samples, compressed. */
  next(law: G711Law, count: number): Uint8Array {
    const samples = new Uint8Array(count)
    for (let index = 0; index < count; index++) {
      samples[index] = encodeG711(law, Math.round(Math.sin(this.#phase) * this.#amplitude))
      this.#phase = (this.#phase + this.#step) % (2 * Math.PI)
    }
    return samples
  }
}

// Digits as pairs of frequencies (ITU-T Q.23), found by Goertzel's algorithm.

const LOW = [697, 770, 852, 941]
const HIGH = [1209, 1336, 1477, 1633]
const DIGITS = ['123A', '456B', '789C', '*0#D']

/** Least loudness (mean square) that counts. */
const QUIETEST = 1e-5
/** Share of all loudness that the two frequencies must have: speech never has it. */
const PURITY = 0.8
/** How many times louder one of the two may be (about 9 dB). */
const TWIST = 8

/** The digit that these samples sound like; `undefined` when they are anything else. `rate`: samples per second. */
export function digitIn(samples: Float32Array, rate: number): string | undefined {
  const { windowed, gain, loudness } = faded(samples)
  if (loudness < QUIETEST) return undefined
  const [low, lowPower] = loudest(LOW, windowed, rate)
  const [high, highPower] = loudest(HIGH, windowed, rate)
  if ((lowPower + highPower) * gain < PURITY * loudness) return undefined
  if (lowPower > TWIST * highPower || highPower > TWIST * lowPower) return undefined
  return DIGITS[low]?.charAt(high)
}

/** Fades the samples in and out (Hann), so that one frequency does not leak into another; with the loudness (mean square) that is left. */
function faded(samples: Float32Array): { readonly windowed: Float32Array; readonly gain: number; readonly loudness: number } {
  const windowed = new Float32Array(samples.length)
  let [sum, squares, energy] = [0, 0, 0]
  for (const [index, sample] of samples.entries()) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / samples.length)
    const value = sample * weight
    windowed[index] = value
    sum += weight
    squares += weight * weight
    energy += value * value
  }
  return { windowed, gain: 2 / (sum * sum), loudness: energy / squares }
}

/** The frequency with the most power; a tone may be a percent or two beside it (ITU-T Q.24). */
function loudest(frequencies: readonly number[], samples: Float32Array, rate: number): readonly [index: number, power: number] {
  let best = 0
  let power = 0
  for (const [index, frequency] of frequencies.entries()) {
    for (const off of [0.987, 1, 1.013]) {
      const found = powerAt(frequency * off, samples, rate)
      if (found > power) [best, power] = [index, found]
    }
  }
  return [best, power]
}

/** Goertzel: the squared sum of the samples at this frequency. */
function powerAt(frequency: number, samples: Float32Array, rate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate)
  let [last, before] = [0, 0]
  for (const sample of samples) [last, before] = [sample + coefficient * last - before, last]
  return last * last + before * before - coefficient * last * before
}

/** Milliseconds for which a digit has to be heard, and be gone, until that counts. */
const AGREEMENT = 8

/** Makes digits of looks at the sound, one after the other: looks that agree for a while begin one, and a while without ends it. */
export class DigitCourse {
  #current: string | undefined
  #last: string | undefined
  #since = 0

  /** The digit that has just begun, if one has. `now` in milliseconds. */
  look(digit: string | undefined, now: number): string | undefined {
    if (digit !== this.#last) {
      this.#last = digit
      this.#since = now
    }
    if (now - this.#since < AGREEMENT || digit === this.#current) return undefined
    this.#current = digit
    return digit
  }
}

// What a recording holds: its length, its loudness and its strongest tone.
import { readFileSync } from 'node:fs'

export interface Recording {
  readonly sampleRate: number
  /** The first channel, -1 to 1. */
  readonly samples: Float64Array
}

export interface Sound {
  /** Length, s. */
  readonly seconds: number
  /** Root mean square of the loudest second, 0 to 1. */
  readonly loudness: number
  /** Strongest frequency in that second, Hz, to the nearest 5. */
  readonly frequency: number
}

/** Reads a 16-bit PCM WAV file; one still being written (sizes of zero in its header) counts as its bytes. */
export function readWav(path: string): Recording {
  const bytes = readFileSync(path)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${path} is not a WAV file`)
  let channels = 1
  let sampleRate = 8000
  for (let at = 12; at + 8 <= bytes.length; ) {
    const kind = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    const start = at + 8
    if (kind === 'fmt ') {
      channels = bytes.readUInt16LE(start + 2)
      sampleRate = bytes.readUInt32LE(start + 4)
      if (bytes.readUInt16LE(start + 14) !== 16) throw new Error(`${path} is not 16-bit PCM`)
    }
    if (kind === 'data') {
      const end = size === 0 ? bytes.length : Math.min(bytes.length, start + size)
      const frames = Math.floor((end - start) / (2 * channels))
      return { sampleRate, samples: Float64Array.from({ length: frames }, (_, index) => bytes.readInt16LE(start + 2 * channels * index) / 32768) }
    }
    at = start + size + (size % 2)
  }
  return { sampleRate, samples: new Float64Array() }
}

/** Measures the loudest second of a recording. */
export function measure({ sampleRate, samples }: Recording): Sound {
  const seconds = samples.length / sampleRate
  const window = Math.min(sampleRate, samples.length)
  let best = samples.subarray(0, window)
  for (let start = 0; start + window <= samples.length; start += Math.max(1, Math.floor(window / 4))) {
    const candidate = samples.subarray(start, start + window)
    if (loudnessOf(candidate) > loudnessOf(best)) best = candidate
  }
  let frequency = 0
  let power = 0
  for (let candidate = 100; candidate <= 3400; candidate += 5) {
    const own = powerAt(best, sampleRate, candidate)
    if (own > power) [frequency, power] = [candidate, own]
  }
  return { seconds, loudness: loudnessOf(best), frequency }
}

const loudnessOf = (samples: Float64Array): number => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length))

/** Goertzel's algorithm: the power of one frequency. */
function powerAt(samples: Float64Array, sampleRate: number, frequency: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate)
  let [last, before] = [0, 0]
  for (const sample of samples) [last, before] = [sample + factor * last - before, last]
  return last * last + before * before - factor * last * before
}

/** What the phone can sound like. Times in ms, frequencies in Hz. */
interface Sound {
  readonly frequencies: readonly number[]
  readonly on: number
  readonly off: number
  readonly times: number
  readonly volume: number
  /** Interrupts the tone so many times a second: the trill of a bell. */
  readonly trill?: number
}

const sounds = {
  ring: { frequencies: [880, 1108], on: 1100, off: 1900, times: Infinity, volume: 0.25, trill: 16 },
  ringback: { frequencies: [425], on: 1000, off: 3000, times: Infinity, volume: 0.06 },
  busy: { frequencies: [425], on: 350, off: 350, times: 3, volume: 0.07 },
  over: { frequencies: [425], on: 180, off: 120, times: 2, volume: 0.05 },
} as const satisfies Record<string, Sound>

const keypadRows = [697, 770, 852, 941]
const keypadColumns = [1209, 1336, 1477]
const keypad = '123456789*0#'

/** Makes the sounds of a telephone. */
export class Ringer {
  #context: AudioContext | undefined
  #stop: (() => void) | undefined
  #playing: keyof typeof sounds | undefined
  /** False to ring without a sound. */
  aloud = true

  /** Call it from a click or a key: browsers let a page make sounds only after one. */
  unlock(): void {
    this.#context ??= new AudioContext()
    void this.#context.resume()
  }

  /** The sound that plays, for whoever wants to know. */
  get playing(): string | undefined {
    return this.#playing
  }

  play(name: keyof typeof sounds): void {
    if (this.#playing === name) return
    this.stop()
    const sound: Sound = sounds[name]
    this.#playing = name
    let round = 0
    let timer = 0
    const strike = (): void => {
      if (name !== 'ring' || this.aloud) this.#beep(sound)
      if (name === 'ring' && 'vibrate' in navigator) navigator.vibrate([400, 200, 400])
      round++
      if (round < sound.times) timer = window.setTimeout(strike, sound.on + sound.off)
      else this.#playing = undefined
    }
    strike()
    this.#stop = () => window.clearTimeout(timer)
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#silence?.()
    this.#playing = undefined
  }

  /** The two tones of a key, for the ear of the person who presses it. */
  key(digit: string): void {
    const index = keypad.indexOf(digit)
    const row = keypadRows[Math.floor(index / 3)]
    const column = keypadColumns[index % 3]
    if (index < 0 || row === undefined || column === undefined) return
    this.#beep({ frequencies: [row, column], on: 120, off: 0, times: 1, volume: 0.06 })
  }

  #silence: (() => void) | undefined

  #beep({ frequencies, on, volume, trill }: Sound): void {
    const context = this.#context
    if (context?.state !== 'running') return
    const start = context.currentTime
    const end = start + on / 1000
    const gain = new GainNode(context, { gain: 0 })
    gain.gain.setTargetAtTime(volume / frequencies.length, start, 0.01)
    gain.gain.setTargetAtTime(0, end - 0.04, 0.015)
    gain.connect(context.destination)
    const sources = frequencies.map((frequency) => new OscillatorNode(context, { frequency }))
    const trillGain = new GainNode(context, { gain: 1 })
    trillGain.connect(gain)
    if (trill !== undefined) {
      const wobble = new OscillatorNode(context, { type: 'square', frequency: trill })
      const depth = new GainNode(context, { gain: 0.45 })
      trillGain.gain.value = 0.55
      wobble.connect(depth).connect(trillGain.gain)
      sources.push(wobble)
    }
    for (const source of sources) {
      if (frequencies.includes(source.frequency.value)) source.connect(trillGain)
      source.start(start)
      source.stop(end)
    }
    this.#silence = () => gain.disconnect()
  }
}

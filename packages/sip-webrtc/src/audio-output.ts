import { MediaError } from './media-error.js'

/** Where the peers' sound goes: an element of the page, or a function that is given each call's stream, and `null` once there is none left. */
export type AudioTarget = HTMLMediaElement | ((stream: MediaStream | null) => void)

/** Elements that can be told their loudspeaker; not every browser has that. */
type SinkElement = Omit<HTMLMediaElement, 'setSinkId'> & { setSinkId?: (deviceId: string) => Promise<void> }

/** Plays the streams of all calls. The first goes to the page's element, others beside it to elements of their own. */
export class AudioOutput {
  readonly #target: AudioTarget | undefined
  readonly #Audio: (new () => HTMLAudioElement) | undefined
  readonly #elements = new Map<MediaStream, SinkElement | undefined>()
  readonly #listeners = new Set<(resume: () => Promise<void>) => void>()
  #sink = ''

  constructor(target: AudioTarget | undefined) {
    this.#target = target
    this.#Audio = (globalThis as { Audio?: new () => HTMLAudioElement }).Audio
  }

  /** Starts playing a stream. */
  play(stream: MediaStream): void {
    if (this.#elements.has(stream)) return
    if (typeof this.#target === 'function') {
      this.#elements.set(stream, undefined)
      this.#target(stream)
      return
    }
    const isTaken = [...this.#elements.values()].includes(this.#target)
    const element: SinkElement | undefined = this.#target !== undefined && !isTaken ? this.#target : this.#Audio === undefined ? undefined : new this.#Audio()
    this.#elements.set(stream, element)
    if (element === undefined) return
    element.srcObject = stream
    void this.#start(element)
  }

  /** Ends playing a stream. */
  stop(stream: MediaStream): void {
    const element = this.#elements.get(stream)
    if (!this.#elements.delete(stream)) return
    if (element !== undefined) element.srcObject = null
    else if (typeof this.#target === 'function' && this.#elements.size === 0) this.#target(null)
  }

  /** Told when the browser refuses to play before the user has done something; `resume` is to be called from a click. */
  onBlocked(listener: (resume: () => Promise<void>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Chooses the loudspeaker for what plays now and later; `''` is the default one.
   * @throws MediaError `output-failed`
   */
  async setSink(deviceId: string): Promise<void> {
    const elements = this.#target === undefined || typeof this.#target === 'function' ? [...this.#elements.values()] : [this.#target, ...this.#elements.values()]
    for (const element of new Set(elements)) if (element !== undefined) await setSink(element, deviceId)
    this.#sink = deviceId
  }

  async #start(element: SinkElement): Promise<void> {
    try {
      if (this.#sink !== '') await setSink(element, this.#sink)
      await element.play()
    } catch (error) {
      // AbortError: the stream was taken away again before it played.
      if (error instanceof Error && error.name === 'AbortError') return
      for (const listener of [...this.#listeners]) listener(() => element.play())
    }
  }
}

async function setSink(element: SinkElement, deviceId: string): Promise<void> {
  if (element.setSinkId === undefined) throw new MediaError('output-failed', 'This browser has one loudspeaker: choose it in the system settings')
  try {
    await element.setSinkId(deviceId)
  } catch (error) {
    throw new MediaError('output-failed', 'The loudspeaker cannot be used: choose another', error)
  }
}

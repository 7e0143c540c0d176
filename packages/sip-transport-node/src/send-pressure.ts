import { DEFAULT_QUEUED_BYTES, STALL } from './connection-limits.js'

/** A connection whose peer may read more slowly than it is written to. */
export interface Pressed {
  /** Bytes that wait for the peer. */
  readonly waiting: () => number
  /** Reads no more from the peer. */
  readonly pause: () => void
  readonly resume: () => void
  /** Calls back, once, when nothing waits any more. */
  readonly onceDrained: (drained: () => void) => void
  /** Ends the connection. */
  readonly cut: (reason: string) => void
}

/** Back-pressure: from a peer that leaves its answers unread no more requests are taken; when that does not help, it goes. */
export class SendPressure {
  readonly #pressed: Pressed
  readonly #max: number
  #stalled: NodeJS.Timeout | undefined

  constructor(pressed: Pressed, maxQueuedBytes: number = DEFAULT_QUEUED_BYTES) {
    this.#pressed = pressed
    this.#max = maxQueuedBytes
  }

  /** Something was sent. */
  sent(): void {
    const waiting = this.#pressed.waiting()
    if (waiting > this.#max) this.#pressed.cut(`The peer left ${waiting} bytes unread.`)
    else if (waiting > this.#max / 2 && this.#stalled === undefined) this.#hold()
  }

  /** The connection has ended. */
  end(): void {
    clearTimeout(this.#stalled)
  }

  #hold(): void {
    const { pause, resume, cut, onceDrained } = this.#pressed
    pause()
    // Two peers that both wait for the other one to read would wait for ever.
    this.#stalled = setTimeout(() => cut(`The peer read too little for ${STALL} ms.`), STALL).unref()
    onceDrained(() => {
      clearTimeout(this.#stalled)
      this.#stalled = undefined
      resume()
    })
  }
}

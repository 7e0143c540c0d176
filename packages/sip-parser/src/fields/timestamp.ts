import { matchIn, type Reader } from '../attempt.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** When the UAC sent the request, and how long the UAS held it (RFC 3261 §20.38). Written as it was read, so that it can be echoed. Immutable. */
export class Timestamp extends Value {
  /** Seconds, on a clock of the sender. */
  readonly time: number
  /** Seconds from receipt to response. */
  readonly delay: number | undefined
  readonly #text: string

  private constructor(time: number, delay: number | undefined, text: string) {
    super()
    this.time = time
    this.delay = delay
    this.#text = text
  }

  /**
   * Throws BuildError.
   *
   * @example Timestamp.of(54)
   */
  static of(time: number, delay?: number): Timestamp {
    return checkedValue(new Timestamp(time, delay, delay === undefined ? String(time) : `${time} ${delay}`), Timestamp.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Timestamp> = (source, start, end) => {
    const [text = '', time, delay] = matchIn(/^(\d+(?:\.\d*)?)(?:\s+(\d*(?:\.\d*)?))?$/, source, start, end)
    // Both digits and fraction of a delay may be missing.
    return new Timestamp(Number(time), delay === undefined ? undefined : Number(`0${delay}`), text)
  }

  toString(): string {
    return this.#text
  }
}

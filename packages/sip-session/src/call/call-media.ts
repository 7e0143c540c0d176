import type { Description, DescriptionWish, SessionDescriptionHandler } from '../session-description-handler.js'
import { sameDescription } from '../session/description.js'

/**
 * The media side of one call, one exchange at a time: an offer and its answer, whoever makes them, are not interleaved
 * with another.
 */
export class CallMedia {
  readonly handler: SessionDescriptionHandler | undefined
  #exchanges: Promise<unknown> = Promise.resolve()
  #early: Description | undefined
  #agreed = false
  #closed = false

  constructor(handler: SessionDescriptionHandler | undefined) {
    this.handler = handler
  }

  /** Whether there is something to go back to: an exchange that the media engine went along with to its end. */
  get agreed(): boolean {
    return this.#agreed
  }

  /** Runs an exchange when those before it are over. */
  exchange<Value>(task: () => Promise<Value>): Promise<Value> {
    const result = this.#exchanges.then(task)
    this.#exchanges = result.catch(() => undefined)
    return result
  }

  /** `undefined` without a media engine. */
  async createOffer(wish: DescriptionWish): Promise<Description | undefined> {
    return this.handler?.createOffer(wish)
  }

  async answerOffer(offer: Description, wish: DescriptionWish): Promise<Description | undefined> {
    const answer = await this.handler?.answerOffer(offer, wish)
    this.#agreed = true
    return answer
  }

  /** An early answer is applied once, however often it comes. */
  async applyAnswer(answer: Description, final: boolean): Promise<void> {
    if (!final && sameDescription(answer, this.#early)) return
    this.#early = final ? undefined : answer
    await this.handler?.applyAnswer(answer, final)
    this.#agreed ||= final
  }

  /** The early answer is the answer: none comes any more, or another exchange is about to begin. */
  async settle(): Promise<void> {
    if (this.#early !== undefined) await this.applyAnswer(this.#early, true)
  }

  async rollback(): Promise<void> {
    if (!this.#closed) await this.handler?.rollback()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.handler?.close()
  }
}

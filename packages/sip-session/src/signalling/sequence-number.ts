/** The sequence numbers of requests outside of dialogs that have one Call-ID (RFC 3261 §8.1.1.5). */
export class SequenceNumber {
  #last: number

  constructor(first: number) {
    this.#last = first
  }

  get last(): number {
    return this.#last
  }

  /** For another attempt. */
  nextSequence(): number {
    return ++this.#last
  }
}

const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom')

/** What the values of header fields have in common: each prints as it is written in a message, in JSON and on Node's console, too. */
export abstract class Value {
  /** The value as it is written in a message. */
  abstract toString(): string

  /** JSON holds the printed text. */
  toJSON(): string {
    return this.toString()
  }

  /** @internal `NameAddr <sip:alice@example.com>` for `console.log`. */
  [inspect](): string {
    return `${this.constructor.name} ${this.toString()}`
  }
}

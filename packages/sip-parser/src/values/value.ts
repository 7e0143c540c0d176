/** What the values of header fields have in common: each prints as it is written in a message, in JSON and on Node's console, too. */
export abstract class Value {
  static {
    // `NameAddr <sip:alice@example.com>` for `console.log`. A member of this name could not be declared by each file alone.
    Object.defineProperty(Value.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: Value) {
        return `${this.constructor.name} ${this.toString()}`
      },
    })
  }

  /** The value as it is written in a message. */
  abstract toString(): string

  /** JSON holds the printed text. */
  toJSON(): string {
    return this.toString()
  }
}

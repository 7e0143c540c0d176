import type { ExtendedCall } from '../call/extension.js'

/** The calls that last, by their Call-ID, for features that see messages. */
export class CallsById {
  readonly #calls = new Map<string, ExtendedCall>()

  /** Keeps a call until it ends. */
  add(call: ExtendedCall): void {
    const { id } = call.origin
    this.#calls.set(id, call)
    void call.ended.then(() => {
      if (this.#calls.get(id) === call) this.#calls.delete(id)
    })
  }

  find(callId: string): ExtendedCall | undefined {
    return this.#calls.get(callId)
  }
}

import type { Instant, Machine } from '@offhook/sip-machine'

/** What happens to an INVITE that may have to be cancelled. `again`: it goes out in another transaction. */
export type CancellationInput = 'provisional' | 'final' | 'cancel' | 'timeout' | 'again'
/** `wanted`: waits for the provisional response that a CANCEL needs; `cancelled`: the CANCEL is out. */
export type CancellationState = 'calling' | 'proceeding' | 'wanted' | 'cancelled' | 'finished'
/** `abandon`: no final response came within 64·T1 of the CANCEL. */
export type CancellationEffect = 'cancel' | 'abandon'

/** CANCEL by the client (RFC 3261 §9.1): state, effect. An input that is absent changes nothing. */
export const CANCELLATION: Readonly<
  Record<CancellationState, Readonly<Partial<Record<CancellationInput, readonly [CancellationState, CancellationEffect?]>>>>
> = {
  calling: { provisional: ['proceeding'], final: ['finished'], cancel: ['wanted'] },
  proceeding: { final: ['finished'], cancel: ['cancelled', 'cancel'], again: ['calling'] },
  wanted: { provisional: ['cancelled', 'cancel'], final: ['finished'] },
  cancelled: { final: ['finished'], timeout: ['finished', 'abandon'] },
  finished: {},
}

/** Decides when the CANCEL of one INVITE goes out, and how long its outcome is waited for. */
export class Cancellation implements Machine<CancellationInput, CancellationEffect> {
  readonly #patience: number
  #state: CancellationState = 'calling'
  #deadline: Instant = Infinity

  /** @param patience ms to wait for a final response after the CANCEL: 64·T1 */
  constructor(patience: number) {
    this.#patience = patience
  }

  get state(): CancellationState {
    return this.#state
  }

  /** Whether the application has given up. */
  get wanted(): boolean {
    return this.#state === 'wanted' || this.#state === 'cancelled'
  }

  get deadline(): Instant {
    return this.#deadline
  }

  receive(now: Instant, input: CancellationInput, out: CancellationEffect[]): void {
    const row = CANCELLATION[this.#state][input]
    if (row === undefined) return
    const [state, effect] = row
    this.#state = state
    this.#deadline = effect === 'cancel' ? now + this.#patience : Infinity
    if (effect !== undefined) out.push(effect)
  }

  wake(now: Instant, out: CancellationEffect[]): void {
    if (now >= this.#deadline) this.receive(now, 'timeout', out)
  }
}

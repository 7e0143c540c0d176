import type { Instant, Machine } from '@offhook/sip-machine'
import type { MachineEffect, ServerTransactionInput } from './transaction-effect.js'

/**
 * What is left of a server transaction that its user or its flow gave up on an unreliable hop: for 64·T1 it keeps
 * retransmissions from being taken for new requests (RFC 6026 §6), and says nothing.
 */
export class SilentTransaction implements Machine<ServerTransactionInput, MachineEffect> {
  readonly state = 'silent'
  #deadline: Instant

  constructor(until: Instant) {
    this.#deadline = until
  }

  get deadline(): Instant {
    return this.#deadline
  }

  /** Absorbs everything. */
  receive(): void {
    // Silence is the whole point.
  }

  wake(now: Instant, out: MachineEffect[]): void {
    if (now < this.#deadline) return
    this.#deadline = Infinity
    out.push({ type: 'terminated' })
  }
}

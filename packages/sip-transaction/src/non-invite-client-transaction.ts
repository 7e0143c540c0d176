import type { Instant } from '@offhook/sip-machine'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { TimerDurations } from './timer-values.js'
import type { ClientTransactionInput, MachineEffect } from './transaction-effect.js'
import { Transaction } from './transaction.js'
import type { BoundaryState } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 3261 figure 6. */
export type NonInviteClientState = 'trying' | 'proceeding' | 'completed'

/** The events of RFC 3261 figure 6. */
export type NonInviteClientEvent =
  | 'request from TU' | '1xx' | '200-699' | 'transport error' | 'timer E' | 'timer F' | 'timer K'

/** The actions of RFC 3261 figure 6, and the timers that the text sets. */
export type NonInviteClientAction =
  | 'send request' | 'resend request' | 'response to TU' | 'timeout to TU' | 'transport error to TU'
  | 'set timer E' | 'double timer E' | 'set timer E to T2' | 'set timer F' | 'set timer K'

/**
 * Non-INVITE client transaction: RFC 3261 §17.1.2, figure 6.
 *
 * Beyond the figure: a flow may fail while nothing is being sent; a completed transaction then just ends.
 */
export const nonInviteClientTable: TransitionTable<NonInviteClientState | BoundaryState, NonInviteClientEvent, NonInviteClientAction> = {
  initial: {
    'request from TU': ['trying', 'send request', 'set timer E', 'set timer F'],
  },
  trying: {
    'timer E': ['trying', 'resend request', 'double timer E'],
    'timer F': ['terminated', 'timeout to TU'],
    '1xx': ['proceeding', 'response to TU'],
    '200-699': ['completed', 'response to TU', 'set timer K'],
    'transport error': ['terminated', 'transport error to TU'],
  },
  proceeding: {
    'timer E': ['proceeding', 'resend request', 'set timer E to T2'],
    'timer F': ['terminated', 'timeout to TU'],
    '1xx': ['proceeding', 'response to TU'],
    '200-699': ['completed', 'response to TU', 'set timer K'],
    'transport error': ['terminated', 'transport error to TU'],
  },
  completed: {
    'timer K': ['terminated'],
    'transport error': ['terminated'],
  },
  terminated: {},
}

/** Sends a request other than INVITE and ACK, and waits for its one final response. */
export class NonInviteClientTransaction extends Transaction<
  NonInviteClientState, NonInviteClientEvent, NonInviteClientAction, ClientTransactionInput
> {
  readonly #request: SipRequest
  readonly #durations: TimerDurations
  #intervalE: number
  #response: SipResponse | undefined

  /** @param request With the branch of this transaction in its top Via. */
  constructor(request: SipRequest, durations: TimerDurations) {
    super(nonInviteClientTable, 'request from TU')
    this.#request = request
    this.#durations = durations
    this.#intervalE = durations.E
  }

  receive(now: Instant, input: ClientTransactionInput, out: MachineEffect[]): void {
    if (input.type === 'transport-error') {
      this.fire(now, 'transport error', out)
      return
    }
    this.#response = input.response
    this.fire(now, input.response.statusCode < 200 ? '1xx' : '200-699', out)
  }

  protected perform(action: NonInviteClientAction, now: Instant, out: MachineEffect[]): void {
    switch (action) {
      case 'send request': out.push({ type: 'send', message: this.#request, retransmission: false }); break
      case 'resend request': out.push({ type: 'send', message: this.#request, retransmission: true }); break
      case 'response to TU': if (this.#response !== undefined) out.push({ type: 'response', response: this.#response }); break
      case 'timeout to TU': out.push({ type: 'timeout', timer: 'F' }); break
      case 'transport error to TU': out.push({ type: 'transport-error' }); break
      case 'set timer E': this.setTimer('timer E', now + this.#intervalE); break
      case 'double timer E':
        this.#intervalE = Math.min(2 * this.#intervalE, this.#durations.T2)
        this.setTimer('timer E', now + this.#intervalE)
        break
      case 'set timer E to T2': this.setTimer('timer E', now + this.#durations.T2); break
      case 'set timer F': this.setTimer('timer F', now + this.#durations.F); break
      case 'set timer K': this.setTimer('timer K', now + this.#durations.K); break
    }
  }
}

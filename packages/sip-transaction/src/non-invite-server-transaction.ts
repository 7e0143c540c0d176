import type { Instant } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { TimerDurations } from './timer-values.js'
import type { ServerTransactionInput, MachineEffect } from './transaction-effect.js'
import { Transaction } from './transaction.js'
import type { BoundaryState } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 3261 figure 8. */
export type NonInviteServerState = 'trying' | 'proceeding' | 'completed'

/**
 * The events of RFC 3261 figure 8, its responses told apart as RFC 4320 does. `timer 100` is the time after which an
 * unanswered request gets its 100; on an unreliable hop a 100 from the TU before that is an `early 100`.
 */
export type NonInviteServerEvent =
  | 'request' | 'early 100 from TU' | '100 from TU' | '101-199 from TU' | '200-699 from TU' | '408 from TU'
  | 'transport error' | 'timer 100' | 'timer J'

/** The actions of RFC 3261 figure 8, and the timers that the text sets. */
export type NonInviteServerAction =
  | 'request to TU' | 'send response' | 'resend response' | 'withhold response' | 'send 100' | 'transport error to TU'
  | 'set timer 100' | 'clear timer 100' | 'set timer J'

/**
 * Non-INVITE server transaction: RFC 3261 §17.2.2, figure 8, under the rules of RFC 4320 §4: no provisional response
 * but 100, no 100 too early, no 408 at all. Instead of ending on a transport error it stays as it is, because RFC 6026
 * §8.8 rewrote §17.2.4 that way.
 */
export const nonInviteServerTable: TransitionTable<NonInviteServerState | BoundaryState, NonInviteServerEvent, NonInviteServerAction> = {
  initial: {
    'request': ['trying', 'request to TU', 'set timer 100'],
  },
  trying: {
    'request': ['trying'],
    'timer 100': ['proceeding', 'send 100'],
    'early 100 from TU': ['trying'],
    '100 from TU': ['proceeding', 'send response', 'clear timer 100'],
    '101-199 from TU': ['trying'],
    '200-699 from TU': ['completed', 'send response', 'set timer J'],
    '408 from TU': ['completed', 'withhold response', 'set timer J'],
    'transport error': ['trying', 'transport error to TU'],
  },
  proceeding: {
    'request': ['proceeding', 'resend response'],
    '100 from TU': ['proceeding', 'send response'],
    '101-199 from TU': ['proceeding'],
    '200-699 from TU': ['completed', 'send response', 'set timer J'],
    '408 from TU': ['completed', 'withhold response', 'set timer J'],
    'transport error': ['proceeding', 'transport error to TU'],
  },
  completed: {
    'request': ['completed', 'resend response'],
    '200-699 from TU': ['completed'],
    'timer J': ['terminated'],
    'transport error': ['completed', 'transport error to TU'],
  },
  terminated: {},
}

/** Answers a request other than INVITE and ACK, and repeats the answer to each retransmission of the request. */
export class NonInviteServerTransaction extends Transaction<
  NonInviteServerState, NonInviteServerEvent, NonInviteServerAction, ServerTransactionInput
> {
  readonly #request: SipRequest
  readonly #durations: TimerDurations
  /** What the transaction user handed in last. */
  #offered: SipResponse | undefined
  #sent: SipResponse | undefined

  constructor(request: SipRequest, durations: TimerDurations) {
    super(nonInviteServerTable, 'request')
    this.#request = request
    this.#durations = durations
  }

  receive(now: Instant, input: ServerTransactionInput, out: MachineEffect[]): void {
    switch (input.type) {
      case 'transport-error':
        this.fire(now, 'transport error', out)
        break
      case 'request':
        // Before the start there is nothing to retransmit: only start() may leave the initial state.
        if (this.state !== 'initial') this.fire(now, 'request', out)
        break
      case 'respond':
        this.#offered = input.response
        this.fire(now, this.#eventOf(input.response.statusCode), out)
    }
  }

  protected perform(action: NonInviteServerAction, now: Instant, out: MachineEffect[]): void {
    switch (action) {
      case 'request to TU': out.push({ type: 'request', request: this.#request }); break
      case 'send response': this.#send(this.#offered, out); break
      case 'resend response': this.#send(this.#sent, out); break
      case 'withhold response': this.#sent = undefined; break
      case 'send 100': this.#send(createResponse(this.#request, { statusCode: 100 }), out); break
      case 'transport error to TU': out.push({ type: 'transport-error' }); break
      case 'set timer 100': this.setTimer('timer 100', now + this.#durations.nonInviteTrying); break
      case 'clear timer 100': this.clearTimer('timer 100'); break
      case 'set timer J': this.setTimer('timer J', now + this.#durations.J); break
    }
  }

  #eventOf(statusCode: number): NonInviteServerEvent {
    if (statusCode === 408) return '408 from TU'
    if (statusCode >= 200) return '200-699 from TU'
    if (statusCode > 100) return '101-199 from TU'
    return this.#durations.reliable || this.state !== 'trying' ? '100 from TU' : 'early 100 from TU'
  }

  #send(response: SipResponse | undefined, out: MachineEffect[]): void {
    if (response === undefined) return
    const retransmission = response === this.#sent
    this.#sent = response
    out.push({ type: 'send', message: response, retransmission })
  }
}

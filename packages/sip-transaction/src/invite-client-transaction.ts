import type { Instant } from '@offhook/sip-machine'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { createAck } from './ack-request.js'
import type { TimerDurations } from './timer-values.js'
import type { ClientTransactionInput, MachineEffect } from './transaction-effect.js'
import { Transaction } from './transaction.js'
import type { BoundaryState } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 6026 figure 5. */
export type InviteClientState = 'calling' | 'proceeding' | 'completed' | 'accepted'

/** The events of RFC 6026 figure 5. */
export type InviteClientEvent =
  | 'INVITE from TU' | '1xx' | '2xx' | '300-699' | 'transport error' | 'timer A' | 'timer B' | 'timer D' | 'timer M'

/** The actions of RFC 6026 figure 5, and the timers that the text sets. */
export type InviteClientAction =
  | 'send INVITE' | 'resend INVITE' | 'send ACK' | 'resend ACK' | 'response to TU' | 'timeout to TU' | 'transport error to TU'
  | 'set timer A' | 'double timer A' | 'set timer B' | 'set timer D' | 'set timer M'

/**
 * INVITE client transaction: RFC 3261 §17.1.1 with figure 5 of RFC 6026.
 *
 * Beyond the figure: a flow may fail while nothing is being sent, so a transport error ends every state.
 */
export const inviteClientTable: TransitionTable<InviteClientState | BoundaryState, InviteClientEvent, InviteClientAction> = {
  initial: {
    'INVITE from TU': ['calling', 'send INVITE', 'set timer A', 'set timer B'],
  },
  calling: {
    'timer A': ['calling', 'resend INVITE', 'double timer A'],
    'timer B': ['terminated', 'timeout to TU'],
    '1xx': ['proceeding', 'response to TU'],
    '2xx': ['accepted', 'response to TU', 'set timer M'],
    '300-699': ['completed', 'send ACK', 'response to TU', 'set timer D'],
    'transport error': ['terminated', 'transport error to TU'],
  },
  proceeding: {
    '1xx': ['proceeding', 'response to TU'],
    '2xx': ['accepted', 'response to TU', 'set timer M'],
    '300-699': ['completed', 'send ACK', 'response to TU', 'set timer D'],
    'transport error': ['terminated', 'transport error to TU'],
  },
  completed: {
    '300-699': ['completed', 'resend ACK'],
    'timer D': ['terminated'],
    'transport error': ['terminated', 'transport error to TU'],
  },
  accepted: {
    '2xx': ['accepted', 'response to TU'],
    'timer M': ['terminated'],
    'transport error': ['terminated', 'transport error to TU'],
  },
  terminated: {},
}

/** Sends an INVITE, waits for its responses, and acknowledges those from 300 to 699. The ACK to a 2xx is the transaction user's. */
export class InviteClientTransaction extends Transaction<
  InviteClientState, InviteClientEvent, InviteClientAction, ClientTransactionInput
> {
  readonly #invite: SipRequest
  readonly #durations: TimerDurations
  #intervalA: number
  #response: SipResponse | undefined
  #ack: SipRequest | undefined

  /** @param invite With the branch of this transaction in its top Via. */
  constructor(invite: SipRequest, durations: TimerDurations) {
    super(inviteClientTable, 'INVITE from TU')
    this.#invite = invite
    this.#durations = durations
    this.#intervalA = durations.A
  }

  receive(now: Instant, input: ClientTransactionInput, out: MachineEffect[]): void {
    if (input.type === 'transport-error') {
      this.fire(now, 'transport error', out)
      return
    }
    this.#response = input.response
    const { statusCode } = input.response
    this.fire(now, statusCode < 200 ? '1xx' : statusCode < 300 ? '2xx' : '300-699', out)
  }

  protected perform(action: InviteClientAction, now: Instant, out: MachineEffect[]): void {
    switch (action) {
      case 'send INVITE': out.push({ type: 'send', message: this.#invite, retransmission: false }); break
      case 'resend INVITE': out.push({ type: 'send', message: this.#invite, retransmission: true }); break
      case 'send ACK': this.#acknowledge(out); break
      case 'resend ACK': this.#acknowledge(out); break
      case 'response to TU': if (this.#response !== undefined) out.push({ type: 'response', response: this.#response }); break
      case 'timeout to TU': out.push({ type: 'timeout', timer: 'B' }); break
      case 'transport error to TU': out.push({ type: 'transport-error' }); break
      case 'set timer A': this.setTimer('timer A', now + this.#intervalA); break
      case 'double timer A':
        this.#intervalA *= 2
        this.setTimer('timer A', now + this.#intervalA)
        break
      case 'set timer B': this.setTimer('timer B', now + this.#durations.B); break
      case 'set timer D': this.setTimer('timer D', now + this.#durations.D); break
      case 'set timer M': this.setTimer('timer M', now + this.#durations.M); break
    }
  }

  /** The ACK is made once; only a response with another To tag (from another fork) gets one of its own. */
  #acknowledge(out: MachineEffect[]): void {
    if (this.#response === undefined) return
    const retransmission = this.#ack !== undefined && this.#ack.headers.get('To') === this.#response.headers.get('To')
    const ack = retransmission && this.#ack !== undefined ? this.#ack : createAck(this.#invite, this.#response)
    this.#ack = ack
    out.push({ type: 'send', message: ack, retransmission })
  }
}

import type { Instant } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { TimerDurations } from './timer-values.js'
import type { ServerTransactionInput, MachineEffect } from './transaction-effect.js'
import { Transaction } from './transaction.js'
import type { BoundaryState } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 6026 figure 7. */
export type InviteServerState = 'proceeding' | 'completed' | 'accepted' | 'confirmed'

/** The events of RFC 6026 figure 7. `timer 100` is the 200 ms after which an unanswered INVITE gets its 100. */
export type InviteServerEvent =
  | 'INVITE' | 'ACK' | '1xx from TU' | '2xx from TU' | '300-699 from TU' | 'transport error'
  | 'timer 100' | 'timer G' | 'timer H' | 'timer I' | 'timer L'

/** The actions of RFC 6026 figure 7, and the timers that the text sets. */
export type InviteServerAction =
  | 'INVITE to TU' | 'ACK to TU' | 'send response' | 'resend response' | 'send 100' | 'timeout to TU' | 'transport error to TU'
  | 'set timer 100' | 'clear timer 100' | 'set timer G' | 'double timer G' | 'set timer H' | 'set timer I' | 'set timer L'

/**
 * INVITE server transaction: RFC 3261 §17.2.1 with figure 7 of RFC 6026.
 *
 * Beyond the figure: timer H tells the transaction user, as the text of §17.2.1 demands.
 */
export const inviteServerTable: TransitionTable<InviteServerState | BoundaryState, InviteServerEvent, InviteServerAction> = {
  initial: {
    'INVITE': ['proceeding', 'INVITE to TU', 'set timer 100'],
  },
  proceeding: {
    'INVITE': ['proceeding', 'resend response'],
    'timer 100': ['proceeding', 'send 100'],
    '1xx from TU': ['proceeding', 'send response', 'clear timer 100'],
    '2xx from TU': ['accepted', 'send response', 'set timer L'],
    '300-699 from TU': ['completed', 'send response', 'set timer G', 'set timer H'],
    'transport error': ['proceeding', 'transport error to TU'],
  },
  completed: {
    'INVITE': ['completed', 'resend response'],
    'ACK': ['confirmed', 'set timer I'],
    'timer G': ['completed', 'resend response', 'double timer G'],
    'timer H': ['terminated', 'timeout to TU'],
    'transport error': ['completed', 'transport error to TU'],
  },
  accepted: {
    'INVITE': ['accepted'],
    'ACK': ['accepted', 'ACK to TU'],
    '2xx from TU': ['accepted', 'send response'],
    'timer L': ['terminated'],
    'transport error': ['accepted', 'transport error to TU'],
  },
  confirmed: {
    'ACK': ['confirmed'],
    'timer I': ['terminated'],
  },
  terminated: {},
}

/** Answers an INVITE; retransmits a non-2xx response until its ACK comes. Retransmitting a 2xx is the transaction user's. */
export class InviteServerTransaction extends Transaction<
  InviteServerState, InviteServerEvent, InviteServerAction, ServerTransactionInput
> {
  readonly #invite: SipRequest
  readonly #durations: TimerDurations
  #intervalG: number
  /** What came in last: an INVITE or an ACK. */
  #request: SipRequest
  /** What the transaction user handed in last. */
  #offered: SipResponse | undefined
  #sent: SipResponse | undefined

  constructor(invite: SipRequest, durations: TimerDurations) {
    super(inviteServerTable, 'INVITE')
    this.#invite = invite
    this.#request = invite
    this.#durations = durations
    this.#intervalG = durations.G
  }

  /** The response that was sent last. */
  get response(): SipResponse | undefined {
    return this.#sent
  }

  receive(now: Instant, input: ServerTransactionInput, out: MachineEffect[]): void {
    switch (input.type) {
      case 'transport-error':
        this.fire(now, 'transport error', out)
        break
      case 'request':
        // Before the start there is nothing to retransmit: only start() may leave the initial state.
        if (this.state === 'initial') return
        this.#request = input.request
        this.fire(now, input.request.method === 'ACK' ? 'ACK' : 'INVITE', out)
        break
      case 'respond': {
        this.#offered = input.response
        const { statusCode } = input.response
        this.fire(now, statusCode < 200 ? '1xx from TU' : statusCode < 300 ? '2xx from TU' : '300-699 from TU', out)
      }
    }
  }

  protected perform(action: InviteServerAction, now: Instant, out: MachineEffect[]): void {
    switch (action) {
      case 'INVITE to TU': out.push({ type: 'request', request: this.#invite }); break
      case 'ACK to TU': out.push({ type: 'ack', request: this.#request }); break
      case 'send response': this.#send(this.#offered, out); break
      case 'resend response': this.#send(this.#sent, out); break
      case 'send 100': this.#send(createResponse(this.#invite, { statusCode: 100 }), out); break
      case 'timeout to TU': out.push({ type: 'timeout', timer: 'H' }); break
      case 'transport error to TU': out.push({ type: 'transport-error' }); break
      case 'set timer 100': this.setTimer('timer 100', now + this.#durations.inviteTrying); break
      case 'clear timer 100': this.clearTimer('timer 100'); break
      case 'set timer G': this.setTimer('timer G', now + this.#intervalG); break
      case 'double timer G':
        this.#intervalG = Math.min(2 * this.#intervalG, this.#durations.T2)
        this.setTimer('timer G', now + this.#intervalG)
        break
      case 'set timer H': this.setTimer('timer H', now + this.#durations.H); break
      case 'set timer I': this.setTimer('timer I', now + this.#durations.I); break
      case 'set timer L': this.setTimer('timer L', now + this.#durations.L); break
    }
  }

  #send(response: SipResponse | undefined, out: MachineEffect[]): void {
    if (response === undefined) return
    const retransmission = response === this.#sent
    this.#sent = response
    out.push({ type: 'send', message: response, retransmission })
  }
}

import type { SipMessage } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import { errorToUser, forgetMessages, forgetRequest, keepText, requestToUser, send100, sendAgain, sendResponse } from './transaction-actions.js'
import type { TransactionOptions } from './transaction-options.js'
import { Transaction } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 3261 figure 8. */
export type NonInviteServerState = 'initial' | 'trying' | 'proceeding' | 'completed'

/**
 * The events of RFC 3261 figure 8, the responses of the transaction user told apart as RFC 4320 does: on an unreliable hop a
 * 100 is `early` before `nonInviteTrying` has fired. A final response that is late, after `nonInviteExpiry`, has no row.
 */
export type NonInviteServerEvent =
  | 'start' | 'request' | 'early 100' | '100' | '101-199' | '200-699' | '408' | 'transport error' | 'nonInviteTrying' | 'nonInviteExpiry' | 'J'

/**
 * Non-INVITE server transaction: RFC 3261 §17.2.2, figure 8, under the rules of RFC 4320 §4: no provisional response
 * but 100, no 100 too early, no 408 at all, and nothing when the client has given up. Instead of ending on a transport error it stays as it is, because RFC 6026
 * §8.8 rewrote §17.2.4 that way.
 */
export const nonInviteServerTable: TransitionTable<NonInviteServerState, NonInviteServerEvent> = {
  initial: {
    start: ['trying', requestToUser, 'nonInviteTrying', 'nonInviteExpiry'],
  },
  trying: {
    nonInviteTrying: ['proceeding', send100],
    '100': ['proceeding', sendResponse],
    '200-699': ['completed', sendResponse, keepText, forgetRequest, 'J'],
    '408': ['completed', forgetMessages, 'J'],
    nonInviteExpiry: ['completed', forgetMessages, 'J'],
    'transport error': ['trying', errorToUser],
  },
  proceeding: {
    request: ['proceeding', sendAgain],
    '100': ['proceeding', sendResponse],
    '200-699': ['completed', sendResponse, keepText, forgetRequest, 'J'],
    '408': ['completed', forgetMessages, 'J'],
    nonInviteExpiry: ['completed', forgetMessages, 'J'],
    'transport error': ['proceeding', errorToUser],
  },
  completed: {
    request: ['completed', sendAgain],
    J: ['terminated'],
    'transport error': ['completed', errorToUser],
  },
}

/** Answers a request other than INVITE and ACK, and repeats the answer to each retransmission of the request. */
export class NonInviteServerTransaction<F extends Hop> extends Transaction<F> {
  constructor(options: TransactionOptions<F>) {
    super(nonInviteServerTable, options)
  }

  protected override eventOf(message: SipMessage): NonInviteServerEvent {
    if (message.kind === 'request') return 'request'
    const { statusCode } = message
    if (statusCode === 408) return '408'
    if (statusCode > 199) return '200-699'
    if (statusCode > 100) return '101-199'
    return this.flow.reliable || this.state !== 'trying' ? '100' : 'early 100'
  }
}

import type { Hop } from './hop.js'
import { errorToUser, forgetMessages, responseToUser, sendAck, sendAgain, sendRequest, timeoutToUser } from './transaction-actions.js'
import type { TransactionOptions } from './transaction-options.js'
import { Transaction } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 6026 figure 5. */
export type InviteClientState = 'initial' | 'calling' | 'proceeding' | 'completed' | 'accepted'

/** The events of RFC 6026 figure 5. */
export type InviteClientEvent = 'start' | '1xx' | '2xx' | '300-699' | 'transport error' | 'A' | 'B' | 'D' | 'M'

/**
 * INVITE client transaction: RFC 3261 §17.1.1 with figure 5 of RFC 6026.
 *
 * Beyond the figure: a flow may fail while nothing is being sent, so a transport error ends every state.
 */
export const inviteClientTable: TransitionTable<InviteClientState, InviteClientEvent> = {
  initial: {
    start: ['calling', sendRequest, 'A', 'B'],
  },
  calling: {
    A: ['calling', sendAgain, 'A'],
    B: ['terminated', timeoutToUser],
    '1xx': ['proceeding', responseToUser],
    '2xx': ['accepted', forgetMessages, responseToUser, 'M'],
    '300-699': ['completed', sendAck, responseToUser, 'D'],
    'transport error': ['terminated', errorToUser],
  },
  proceeding: {
    '1xx': ['proceeding', responseToUser],
    '2xx': ['accepted', forgetMessages, responseToUser, 'M'],
    '300-699': ['completed', sendAck, responseToUser, 'D'],
    'transport error': ['terminated', errorToUser],
  },
  completed: {
    '300-699': ['completed', sendAck],
    D: ['terminated'],
    'transport error': ['terminated', errorToUser],
  },
  accepted: {
    '2xx': ['accepted', responseToUser],
    M: ['terminated'],
    'transport error': ['terminated', errorToUser],
  },
}

/** Sends an INVITE, waits for its responses, and acknowledges those from 300 to 699. The ACK to a 2xx is the transaction user's. */
export class InviteClientTransaction<F extends Hop> extends Transaction<F> {
  constructor(options: TransactionOptions<F>) {
    super(inviteClientTable, options)
  }
}

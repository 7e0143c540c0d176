import type { Hop } from './hop.js'
import { Transaction } from './transaction.js'
import type { TransactionOptions } from './transaction.js'
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
    start: ['calling', 'send request', 'A', 'B'],
  },
  calling: {
    A: ['calling', 'send again', 'A'],
    B: ['terminated', 'timeout to TU'],
    '1xx': ['proceeding', 'response to TU'],
    '2xx': ['accepted', 'response to TU', 'M'],
    '300-699': ['completed', 'send ACK', 'response to TU', 'D'],
    'transport error': ['terminated', 'error to TU'],
  },
  proceeding: {
    '1xx': ['proceeding', 'response to TU'],
    '2xx': ['accepted', 'response to TU', 'M'],
    '300-699': ['completed', 'send ACK', 'response to TU', 'D'],
    'transport error': ['terminated', 'error to TU'],
  },
  completed: {
    '300-699': ['completed', 'send ACK'],
    D: ['terminated'],
    'transport error': ['terminated', 'error to TU'],
  },
  accepted: {
    '2xx': ['accepted', 'response to TU'],
    M: ['terminated'],
    'transport error': ['terminated', 'error to TU'],
  },
}

/** Sends an INVITE, waits for its responses, and acknowledges those from 300 to 699. The ACK to a 2xx is the transaction user's. */
export class InviteClientTransaction<F extends Hop> extends Transaction<F> {
  constructor(options: TransactionOptions<F>) {
    super(inviteClientTable, options)
  }
}

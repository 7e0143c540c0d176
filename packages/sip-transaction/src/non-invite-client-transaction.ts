import type { SipResponse } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import { errorToUser, forgetMessages, responseToUser, sendAgain, sendRequest, timeoutToUser } from './transaction-actions.js'
import type { TransactionOptions } from './transaction-options.js'
import { Transaction } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 3261 figure 6. */
export type NonInviteClientState = 'initial' | 'trying' | 'proceeding' | 'completed'

/** The events of RFC 3261 figure 6. */
export type NonInviteClientEvent = 'start' | '1xx' | '200-699' | 'transport error' | 'E' | 'F' | 'K'

/**
 * Non-INVITE client transaction: RFC 3261 §17.1.2, figure 6.
 *
 * Beyond the figure: a flow may fail while nothing is being sent; a completed transaction then just ends.
 */
export const nonInviteClientTable: TransitionTable<NonInviteClientState, NonInviteClientEvent> = {
  initial: {
    start: ['trying', sendRequest, 'E', 'F'],
  },
  trying: {
    E: ['trying', sendAgain, 'E'],
    F: ['terminated', timeoutToUser],
    '1xx': ['proceeding', responseToUser],
    '200-699': ['completed', forgetMessages, responseToUser, 'K'],
    'transport error': ['terminated', errorToUser],
  },
  proceeding: {
    E: ['proceeding', sendAgain, 'T2'],
    F: ['terminated', timeoutToUser],
    '1xx': ['proceeding', responseToUser],
    '200-699': ['completed', forgetMessages, responseToUser, 'K'],
    'transport error': ['terminated', errorToUser],
  },
  completed: {
    K: ['terminated'],
    'transport error': ['terminated'],
  },
}

/** Sends a request other than INVITE and ACK, and waits for its one final response. */
export class NonInviteClientTransaction<F extends Hop> extends Transaction<F> {
  constructor(options: TransactionOptions<F>) {
    super(nonInviteClientTable, options)
  }

  protected override eventOf({ statusCode }: SipResponse): NonInviteClientEvent {
    return statusCode < 200 ? '1xx' : '200-699'
  }
}

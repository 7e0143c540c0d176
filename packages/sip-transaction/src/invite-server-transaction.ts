import type { Hop } from './hop.js'
import { ackToUser, errorToUser, forgetMessages, forgetRequest, requestToUser, send100, sendAgain, sendResponse, sendSuccess, stopTrying, timeoutToUser } from './transaction-actions.js'
import type { TransactionOptions } from './transaction-options.js'
import { Transaction } from './transaction.js'
import type { TransitionTable } from './transition-table.js'

/** The states of RFC 6026 figure 7. */
export type InviteServerState = 'initial' | 'proceeding' | 'completed' | 'accepted' | 'confirmed'

/** The events of RFC 6026 figure 7; responses are the transaction user's. */
export type InviteServerEvent =
  | 'start' | 'INVITE' | 'ACK' | '1xx' | '2xx' | '300-699' | 'transport error' | 'inviteTrying' | 'G' | 'H' | 'I' | 'L'

/**
 * INVITE server transaction: RFC 3261 §17.2.1 with figure 7 of RFC 6026.
 *
 * Beyond the figure: timer H tells the transaction user, as the text of §17.2.1 demands. What the figure draws as absorbed,
 * the INVITE in `accepted` and the ACK in `confirmed`, needs no row.
 */
export const inviteServerTable: TransitionTable<InviteServerState, InviteServerEvent> = {
  initial: {
    start: ['proceeding', requestToUser, 'inviteTrying'],
  },
  proceeding: {
    INVITE: ['proceeding', sendAgain],
    inviteTrying: ['proceeding', send100],
    '1xx': ['proceeding', sendResponse, stopTrying],
    '2xx': ['accepted', sendSuccess, 'L'],
    '300-699': ['completed', sendResponse, forgetRequest, 'G', 'H'],
    'transport error': ['proceeding', errorToUser],
  },
  completed: {
    INVITE: ['completed', sendAgain],
    ACK: ['confirmed', forgetMessages, 'I'],
    G: ['completed', sendAgain, 'G'],
    H: ['terminated', timeoutToUser],
    'transport error': ['completed', errorToUser],
  },
  accepted: {
    ACK: ['accepted', ackToUser],
    '2xx': ['accepted', sendSuccess],
    L: ['terminated'],
    'transport error': ['accepted', errorToUser],
  },
  confirmed: {
    I: ['terminated'],
  },
}

/** Answers an INVITE; retransmits a non-2xx response until its ACK comes. Retransmitting a 2xx is the transaction user's. */
export class InviteServerTransaction<F extends Hop> extends Transaction<F> {
  constructor(options: TransactionOptions<F>) {
    super(inviteServerTable, options)
  }
}

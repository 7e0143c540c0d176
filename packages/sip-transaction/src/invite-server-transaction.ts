import type { Hop } from './hop.js'
import { Transaction } from './transaction.js'
import type { TransactionOptions } from './transaction.js'
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
    start: ['proceeding', 'request to TU', 'inviteTrying'],
  },
  proceeding: {
    INVITE: ['proceeding', 'send again'],
    inviteTrying: ['proceeding', 'send 100'],
    '1xx': ['proceeding', 'send response', 'stop inviteTrying'],
    '2xx': ['accepted', 'send response', 'L'],
    '300-699': ['completed', 'send response', 'G', 'H'],
    'transport error': ['proceeding', 'error to TU'],
  },
  completed: {
    INVITE: ['completed', 'send again'],
    ACK: ['confirmed', 'I'],
    G: ['completed', 'send again', 'G'],
    H: ['terminated', 'timeout to TU'],
    'transport error': ['completed', 'error to TU'],
  },
  accepted: {
    ACK: ['accepted', 'ACK to TU'],
    '2xx': ['accepted', 'send response'],
    L: ['terminated'],
    'transport error': ['accepted', 'error to TU'],
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

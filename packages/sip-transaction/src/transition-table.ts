import type { SipMessage, SipRequest } from '@offhook/sip-parser'
import type { Hop } from './hop.js'
import type { TransactionEffect } from './layer-messages.js'
import type { CancelledRequest } from './transaction-options.js'

/** Timers by the letters of RFC 3261 table 4 and RFC 6026; the next two send the 100 that the transaction user has not sent, the last one ends what it never answers. */
export type TransactionTimer = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'inviteTrying' | 'nonInviteTrying' | 'nonInviteExpiry'

/** What happens to a transaction: a message (from the network, or the response of a server's user), or one that is none. */
export type TransactionEvent = SipMessage | 'start' | 'transport error' | TransactionTimer

/** What the actions know of their transaction. */
export interface TransactionMemory {
  readonly key: string
  readonly flow: Hop
  readonly cancels: CancelledRequest | undefined
  readonly merged: boolean
  /** The one it is about, while something may still have to be made from it. */
  request: SipRequest | undefined
  /** What was sent last, while it may have to be sent again; as its text where it is kept for long. */
  sent: SipMessage | string | undefined
  ack: SipRequest | undefined
  stop(timer: TransactionTimer): void
}

/** Does what a row of a table says. */
export type TransactionAction = (transaction: TransactionMemory, event: TransactionEvent, out: TransactionEffect<Hop>[]) => void

/** One of the things that an event does: an action, or a timer to start. */
export type TransitionStep = TransactionAction | TransactionTimer | 'T2'

/**
 * What an event does in a state: the state that follows, then the actions in their order.
 *
 * A timer among the actions is started; one that its own firing starts again takes twice as long, but for A no longer than T2.
 * `T2` starts timer E with that time.
 */
export type Transition<State extends string> = readonly [next: State | 'terminated', ...actions: TransitionStep[]]

/**
 * A state machine as data, in the terms of the RFC's figure. `start` is the arrow into the figure, a timer's name the event
 * that it fires. An event without a row changes nothing.
 *
 * A timer runs only in states that have a row for it: entering any other state stops it.
 */
export type TransitionTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Transition<State>>>>>
>

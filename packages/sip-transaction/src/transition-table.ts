/** Timers by the letters of RFC 3261 table 4 and RFC 6026; the last two send the 100 that the transaction user has not sent. */
export type TransactionTimer = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'inviteTrying' | 'nonInviteTrying'

/** What the tables can ask for. A timer's name starts it; one that its own firing starts again takes twice as long, E and G at most T2. */
export type TransactionAction =
  | TransactionTimer | 'E at T2' | 'stop inviteTrying'
  | 'send request' | 'send ACK' | 'send response' | 'send 100' | 'send again' | 'withhold response'
  | 'request to TU' | 'response to TU' | 'ACK to TU' | 'timeout to TU' | 'error to TU'

/** What an event does in a state: the state that follows, then the actions in their order. */
export type Transition<State extends string> = readonly [next: State | 'terminated', ...actions: TransactionAction[]]

/**
 * A state machine as data, in the terms of the RFC's figure. `start` is the arrow into the figure, a timer's name the event
 * that it fires. An event without a row changes nothing.
 *
 * A timer runs only in states that have a row for it: entering any other state stops it.
 */
export type TransitionTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Transition<State>>>>>
>

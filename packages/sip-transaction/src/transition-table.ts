/** What an event does in a state: the state that follows, then the actions in their order. */
export type Transition<State extends string, Action extends string> = readonly [next: State, ...actions: Action[]]

/**
 * A state machine as data, in the terms of the RFC's figure. An event without a row changes nothing.
 *
 * A timer runs only in states that have a row for it: entering any other state stops it.
 */
export type TransitionTable<State extends string, Event extends string, Action extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Transition<State, Action>>>>>
>

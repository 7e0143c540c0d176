import type { TransitionTable } from '../../src/transition-table.js'

type Row = Readonly<Record<string, readonly string[]>>

/** A Mermaid flow chart of a transition table: one line a state, one arrow an event, `event / actions` on it. */
export function stateDiagram<State extends string, Event extends string, Action extends string>(table: TransitionTable<State, Event, Action>): string {
  const lines = Object.entries<Row>(table as Readonly<Record<string, Row>>).flatMap(([state, row]) => {
    const arrows = Object.entries(row).map(([event, [next = '', ...actions]]) =>
      `${state} -->|"${event}${actions.length === 0 ? '' : ` / ${actions.join(', ')}`}"| ${next}`)
    return arrows.length === 0 ? [] : [`  ${arrows.join('; ')}`]
  })
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n')
}

import type { TransitionTable } from '../../src/transition-table.js'

type Row = Readonly<Record<string, readonly string[]>>

const isTimer = (word: string): boolean => /^[A-M]$|Trying$/.test(word)

/** A Mermaid flow chart of a transition table: one line a state, one arrow an event, `event / actions` on it. */
export function stateDiagram<State extends string, Event extends string>(table: TransitionTable<State, Event>): string {
  const lines = Object.entries<Row>(table as Readonly<Record<string, Row>>).map(([state, row]) => {
    const arrows = Object.entries(row).map(([event, [next = '', ...actions]]) => {
      const words = actions.map((action) => (isTimer(action) ? `set timer ${action}` : action))
      return `${state} -->|"${isTimer(event) ? 'timer ' : ''}${event}${words.length === 0 ? '' : ` / ${words.join(', ')}`}"| ${next}`
    })
    return `  ${arrows.join('; ')}`
  })
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n')
}

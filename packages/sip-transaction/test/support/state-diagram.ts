import type { TransitionTable } from '../../src/transition-table.js'

type Word = string | { readonly name: string }
type Row = Readonly<Record<string, readonly [next: string, ...actions: Word[]]>>

const isTimer = (word: string): boolean => /^([A-M]|\w+(Trying|Expiry))$/.test(word)

function wordsOf(action: Word): string {
  if (typeof action !== 'string') return action.name.replace(/[A-Z]|\d+/g, (start) => ` ${start.toLowerCase()}`)
  return action === 'T2' ? 'set timer E to T2' : `set timer ${action}`
}

/** A Mermaid flow chart of a transition table: one line a state, one arrow an event, `event / actions` on it. */
export function stateDiagram<State extends string, Event extends string>(table: TransitionTable<State, Event>): string {
  const lines = Object.entries<Row>(table as Readonly<Record<string, Row>>).map(([state, row]) => {
    const arrows = Object.entries(row).map(([event, [next, ...actions]]) =>
      `${state} -->|"${isTimer(event) ? 'timer ' : ''}${event}${actions.length === 0 ? '' : ` / ${actions.map(wordsOf).join(', ')}`}"| ${next}`)
    return `  ${arrows.join('; ')}`
  })
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n')
}

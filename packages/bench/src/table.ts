// The figures as the table of the README.
import type { Figure } from './rounds.ts'
import { ratio } from './rounds.ts'

/** One line of the table. */
export interface Row {
  readonly task: string
  readonly unit: string
  /** System → value; ours is `offhook`. */
  readonly values: ReadonlyMap<string, number>
  /** System → how many times less than it we take. */
  readonly ratios: ReadonlyMap<string, number>
  /** What it must be, as text, and whether it is. */
  readonly goal?: { readonly text: string; readonly met: boolean }
}

/** System → the least ratio, or for `offhook` itself the greatest value. */
export type Goal = Readonly<Record<string, number>>

const columns = ['offhook', 'jssip', 'sip.js', 'sip', 'sdp-transform', 'floor']

/** A row from figures per operation, ratios taken round by round. `scale` turns µs into the row's unit. */
export function rowOf(task: string, unit: string, figures: readonly Figure[], { goal, scale = 1 }: { goal?: Goal | undefined; scale?: number } = {}): Row {
  const ours = figures.find(({ system }) => system === 'offhook')
  const values = new Map(figures.map(({ system, micros }) => [system.split(':')[0] ?? system, micros * scale]))
  const ratios = new Map(ours === undefined ? [] : figures.filter((figure) => figure !== ours).map((figure) => [figure.system.split(':')[0] ?? figure.system, ratio(ours, figure)]))
  return judged({ task, unit, values, ratios }, goal)
}

/** A row from single values. */
export function rowOfValues(task: string, unit: string, values: ReadonlyMap<string, number>, goal?: Goal): Row {
  const ours = values.get('offhook')
  const ratios = new Map(ours === undefined ? [] : [...values].filter(([system]) => system !== 'offhook').map(([system, value]) => [system, value / ours]))
  return judged({ task, unit, values, ratios }, goal)
}

function judged(row: Row, goal: Goal | undefined): Row {
  if (goal === undefined) return row
  const parts = Object.entries(goal).map(([system, bound]) =>
    system === 'offhook'
      ? { text: `≤ ${bound} ${row.unit}`, met: (row.values.get('offhook') ?? Infinity) <= bound }
      : { text: `≥ ${bound}× ${system}`, met: (row.ratios.get(system) ?? 0) >= bound },
  )
  return { ...row, goal: { text: parts.map(({ text }) => text).join(', '), met: parts.every(({ met }) => met) } }
}

const round = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value >= 10 ? value.toFixed(1) : value.toFixed(2))

const cell = ({ values, ratios }: Row, system: string): string => {
  const value = values.get(system)
  if (value === undefined) return ''
  const factor = ratios.get(system)
  return factor === undefined ? `**${round(value)}**` : `${round(value)} (${round(factor)}×)`
}

/** The whole table in Markdown. In parentheses: how many times less we take. */
export function toMarkdown(rows: readonly Row[]): string {
  return [
    `| | unit | ${columns.join(' | ')} | goal |`,
    `|---|---|${columns.map(() => '--:').join('|')}|---|`,
    ...rows.map((row) => `| ${row.task} | ${row.unit} | ${columns.map((system) => cell(row, system)).join(' | ')} | ${row.goal === undefined ? '' : `${row.goal.text} ${row.goal.met ? '✓' : '✗'}`} |`),
  ].join('\n')
}

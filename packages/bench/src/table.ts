// The figures as the table of the README.
import { type Figure, ratio } from './rounds.ts'
import type { Goal, Row } from './row.ts'

interface RowOptions {
  readonly goals?: readonly Goal[] | undefined
  /** Turns µs into the row's unit. */
  readonly scale?: number
}

const columns = ['offhook', 'jssip', 'sip.js', 'sip', 'sdp-transform', 'Sofia-SIP', 'libosip2', 'floor']

/** What a system is called in the table: a floor says more about itself behind a colon. */
const columnOf = ({ system }: Figure): string => system.split(':')[0] ?? system

/** A row from figures per operation, ratios taken round by round. */
export function rowOf(task: string, unit: string, figures: readonly Figure[], { goals = [], scale = 1 }: RowOptions = {}): Row {
  const ours = figures.find(({ system }) => system === 'offhook')
  const values = new Map(figures.map((figure) => [columnOf(figure), figure.micros * scale]))
  const ratios = new Map(ours === undefined ? [] : figures.filter((figure) => figure !== ours).map((figure) => [columnOf(figure), ratio(ours, figure)]))
  return { task, unit, values, ratios, goals }
}

/** A row from single values. */
export function rowOfValues(task: string, unit: string, values: ReadonlyMap<string, number>, goals: readonly Goal[] = []): Row {
  const ours = values.get('offhook')
  const ratios = new Map(ours === undefined ? [] : [...values].filter(([system]) => system !== 'offhook').map(([system, value]) => [system, value / ours]))
  return { task, unit, values, ratios, goals }
}

/** The goals that fail the run, as text. */
export const missedGoals = (rows: readonly Row[]): string[] =>
  rows.flatMap((row) => row.goals.filter((goal) => !goal.aim && goal.met(row) === false).map((goal) => `${row.task}: ${goal.text(row)}`))

const round = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value >= 10 ? value.toFixed(1) : value.toFixed(2))

const cell = ({ values, ratios }: Row, system: string): string => {
  const value = values.get(system)
  if (value === undefined) return ''
  const factor = ratios.get(system)
  return factor === undefined ? `**${round(value)}**` : `${round(value)} (${round(factor)}×)`
}

const verdict = (met: boolean | undefined): string => (met === undefined ? '(not measured)' : met ? '✓' : '✗')

/** The whole table in Markdown. In parentheses: how many times less we take. */
export function toMarkdown(rows: readonly Row[]): string {
  return [
    `| | unit | ${columns.join(' | ')} | goals |`,
    `|---|---|${columns.map(() => '--:').join('|')}|---|`,
    ...rows.map((row) => `| ${row.task} | ${row.unit} | ${columns.map((system) => cell(row, system)).join(' | ')} | ${row.goals.map((goal) => `${goal.text(row)} ${verdict(goal.met(row))}`).join('<br>')} |`),
  ].join('\n')
}

import { cellOf, headerTable, type HeaderRow } from './header-table.js'
import { type Finding, type Rule, rulesOf } from './lint-rule.js'
import type { Subject } from './subject.js'

/** The rules that the table of header fields gives. */
export const tableRules: readonly Rule[] = /* @__PURE__ */ rulesOf([
  ['missing-header', 'error', '20',
    (subject) => absent(subject, 'm').filter(([, name]) => name !== 'Max-Forwards').map(pointNowhere)],
  ['no-max-forwards', 'warning', '8.1.1.6',
    (subject) => absent(subject, 'm').filter(([, name]) => name === 'Max-Forwards').map(pointNowhere)],
  ['recommended-header', 'note', '20',
    (subject) => absent(subject, 's').map(pointNowhere)],
  ['misplaced-header', 'warning', '20',
    (subject) => standing(subject, (cells) => cells.every((cell) => cell === '-'))],
  ['forbidden-header', 'error', '8.2.2.3',
    (subject) => standing(subject, (cells) => cells.includes('!'))],
  ['repeated-header', 'error', '7.3.1',
    ({ message: { headers } }) => single.filter((name) => headers.count(name) > 1).map((name): Finding => [name])],
])

const single: readonly string[] = /* @__PURE__ */ namesOf(headerTable.filter((row) => !row.list))
const names: readonly string[] = /* @__PURE__ */ namesOf(headerTable)

function namesOf(rows: readonly HeaderRow[]): string[] {
  return Array.from(new Set(rows.map((row) => row.name)))
}

type Absence = readonly [section: string, name: string]

function pointNowhere([section, name]: Absence): Finding {
  return [name, undefined, section]
}

/** The header fields that are not there though a row says that they must, or should. */
function absent(subject: Subject, wanted: 'm' | 's'): Absence[] {
  const { message, method, statusCode, vias: [top] } = subject
  // What `t` asks for must be there on a stream; elsewhere the parser has noticed that it is not.
  const must = `m${message.body.length > 0 ? '*' : ''}${top?.transport === 'TCP' || top?.transport === 'TLS' ? 't' : ''}`
  return headerTable.flatMap((row): Absence[] => {
    const cell = cellOf(row, method, statusCode)
    const asked = cell !== undefined && (wanted === 'm' ? must : wanted).includes(cell)
    return asked && !message.headers.has(row.name) ? [[row.section, row.name]] : []
  })
}

/** The header fields that are there, and of whose rows that speak of such a message `judge` says yes. */
function standing({ message, method, statusCode }: Subject, judge: (cells: readonly string[]) => boolean): Finding[] {
  // A method that no table knows may have any of them.
  if (headerTable.every((row) => cellOf(row, method, statusCode) === undefined)) return []
  return names.flatMap((name): Finding[] => {
    if (!message.headers.has(name)) return []
    const rows = headerTable.filter((row) => row.name === name)
    const cells = rows.map((row) => cellOf(row, method, statusCode) ?? '-')
    return judge(cells) ? [[name, undefined, rows[0]?.section]] : []
  })
}

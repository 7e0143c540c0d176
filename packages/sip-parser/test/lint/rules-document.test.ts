import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { methods } from '../../src/lint/header-table.js'
import * as surface from '../../src/lint/index.js'
import { headerTable, rules } from '../../src/lint/index.js'

const document = readFileSync(new URL('../../RULES.md', import.meta.url), 'utf8')

/** The rows of the table below the heading row that starts so. */
function rowsBelow(heading: string): string[][] {
  const lines = document.slice(document.indexOf(`| ${heading}`)).split('\n').slice(2)
  return lines.slice(0, lines.findIndex((line) => !line.startsWith('|'))).map((line) => line.slice(2, -2).split(' | '))
}

describe('RULES.md', () => {
  it('lists the rules with severity, section and a sentence', () => {
    const rows = rowsBelow('code')
    expect(rows.map((row) => row.slice(0, 3))).toEqual(rules.map(({ code, severity, section }) => [`\`${code}\``, severity, section]))
    for (const [code, , , sentence = ''] of rows) expect(sentence.length, code).toBeGreaterThan(10)
  })
  it('has the table of header fields', () => {
    const rows = rowsBelow('header field')
    expect(document).toContain(`| header field | where | ${methods.join(' | ')} | section |`)
    const shown: Readonly<Record<string, string>> = { 's': 'm\\*', '*': '\\*' }
    expect(rows).toEqual(headerTable.map(({ name, list, where, cells, section }) => [list ? `${name},` : name, where, ...Array.from(cells, (cell) => shown[cell] ?? cell), section]))
  })
})

describe('@offhook/sip-parser/lint', () => {
  it('exports these and no others', () => {
    expect(Object.keys(surface).sort()).toEqual(['headerTable', 'rules', 'validateMessage'])
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { headerFields } from '../../src/fields/index.js'
import { headerTable } from '../../src/lint/index.js'

const folder = fileURLToPath(new URL('../../../../../shared/rfc/', import.meta.url))
const hasTexts = existsSync(folder)
if (!hasTexts) console.warn('skipped: ../shared/rfc is not here, the table of header fields is not compared with RFC 3261')

/** Rows where ours says more than tables 2 and 3, and why. */
const differences: Readonly<Record<string, string>> = {
  'Alert-Info 1xx': 'RFC 7462 §4.1 allows it in all provisional responses',
  'Contact 400-699': 'RFC 3515 §2.2 for REFER',
  'Expires 2xx': 'RFC 3265 §7.1 and RFC 3903 §11 for SUBSCRIBE and PUBLISH',
  'Record-Route 401,484': 'RFC 3265 §7.1 for SUBSCRIBE and NOTIFY',
  'Warning R': 'RFC 3265 §7.1 for NOTIFY',
}

describe.skipIf(!hasTexts)('RFC 3261 §20, tables 2 and 3', () => {
  it('are what our table says in the columns ACK to REGISTER', () => {
    const wheres: Readonly<Record<string, string>> = { '': 'Rr', 'c': 'Rr', 'c(1)': 'Rr', 'rc': 'r' }
    const expected = new Map<string, string>()
    let name = ''
    for (const line of readFileSync(`${folder}rfc3261.txt`, 'latin1').split('\n')) {
      const [, start = '', cells] = /^ +(\S.*?) +((?:(?:m\*|[-motc*]) +){5}(?:m\*|[-motc*]))$/.exec(line) ?? []
      if (cells === undefined) continue
      const words = start.split(/ +/)
      if (/^[A-Z][a-zA-Z]/.test(start)) name = words.shift() ?? ''
      // Where it stands is left out when only the proxy column has something.
      const where = words[0]?.startsWith('a') === true ? '' : words[0] ?? ''
      expected.set(`${name} ${wheres[where] ?? where}`, cells.split(/ +/).map((cell) => (cell === 'm*' ? 's' : cell)).join(''))
    }
    expect(expected.size).toBeGreaterThan(60)
    const basic = headerTable.filter(({ section }) => section.startsWith('RFC 3261'))
    for (const { name: own, where, cells } of basic) {
      if (`${own} ${where}` in differences) continue
      const [first = where] = where.split(',500')
      // RFC 3261 has two rows for Via; Require and Proxy-Require in CANCEL are `-`, which §8.2.2.3 makes a MUST NOT.
      const key = expected.has(`${own} ${first}`) ? `${own} ${first}` : `${own} R`
      expect(`${own} ${where} ${cells.slice(0, 6).replace('!', '-')}`).toBe(`${own} ${where} ${expected.get(key) ?? 'has no row'}`)
    }
    const ours = new Set(basic.map((row) => row.name))
    expect(Array.from(expected.keys(), (key) => key.split(' ')[0] ?? '').filter((each) => !ours.has(each))).toEqual([])
  })
})

describe('the table of header fields', () => {
  it('has a cell for every method in every row, and a section', () => {
    for (const { cells, section } of headerTable) {
      expect(cells).toMatch(/^[-mstoc*!]{14}$/)
      expect(section).toMatch(/^RFC \d{4} §\d/)
    }
  })
  it('lists what the descriptions of header fields list', () => {
    const repeated = new Set(['Authorization', 'Proxy-Authorization', 'WWW-Authenticate', 'Proxy-Authenticate', 'Identity'])
    const lists = new Map(headerFields.map(({ name, comma = false }) => [name, comma]))
    const wrong = headerTable.filter(({ name, list }) => lists.has(name) && !repeated.has(name) && lists.get(name) !== list)
    expect(Array.from(new Set(wrong.map(({ name }) => name)))).toEqual([])
  })
})

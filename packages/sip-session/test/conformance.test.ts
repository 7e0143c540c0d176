// The tables in conformance/ name, for each MUST and SHOULD of an RFC, the test that shows it. Here it is checked that the tests are there,
// and, where the RFC texts are at hand, that no MUST or SHOULD is missing.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenariosOf } from './scenarios/script.js'

const here = new URL('../', import.meta.url)
const tablesFolder = new URL('conformance/', here)
const rfcFolder = new URL('../../../shared/rfc/', here)
const scenarioFolder = new URL('test/scenarios/tables/', here)
const WORDS = /\b(?:MUST|SHOULD|SHALL|REQUIRED|RECOMMENDED)\b/g

interface Row {
  readonly section: string
  /** How many times a word of duty stands there, when one row speaks of several: `MUST ×2`. */
  readonly count: number
  readonly shownBy: string
}

interface Table {
  readonly file: string
  readonly rfc: string
  /** First number of the sections, `''` for the whole RFC. */
  readonly part: string
  readonly rows: readonly Row[]
}

function tableOf(file: string): Table {
  const [, rfc = '', part = ''] = /^rfc(\d+)(?:-(\d+))?\.md$/.exec(file) ?? []
  const rows = readFileSync(new URL(file, tablesFolder), 'utf8').split('\n').filter((line) => /^\| \d/.test(line)).map((line): Row => {
    const [, section = '', word = '', , ...rest] = line.split('|').map((cell) => cell.trim())
    return { section, count: Number(/×(\d+)/.exec(word)?.[1] ?? 1), shownBy: rest.slice(0, -1).join('|') }
  })
  return { file, rfc, part, rows }
}

const tables = readdirSync(tablesFolder).sort().map(tableOf)
const scenarios = new Set(readdirSync(scenarioFolder).flatMap((file) => scenariosOf(readFileSync(new URL(file, scenarioFolder), 'utf8')).map(({ script }) => script)))

/** Why a reference leads nowhere; `undefined` when it is fine. */
function fault(shownBy: string): string | undefined {
  const [kind = '', ...rest] = shownBy.split(': ')
  const text = rest.join(': ')
  if (kind === 'not ours') return text.length > 10 ? undefined : 'no reason'
  if (kind === 'scenario') return scenarios.has(text) ? undefined : 'no such scenario'
  const file = new URL(kind, here)
  if (!/\.(?:test|e2e)\.ts$/.test(kind) || !existsSync(file)) return 'no such file'
  return text !== '' && readFileSync(file, 'utf8').includes(text) ? undefined : 'no such test'
}

/** Words of duty in each section of an RFC; page headers and the table of contents hold none. */
function dutiesOf(rfc: string, part: string): Map<string, number> {
  const duties = new Map<string, number>()
  let section = ''
  for (const line of readFileSync(new URL(`rfc${rfc}.txt`, rfcFolder), 'utf8').split('\n')) {
    const heading = /^(\d+(?:\.\d+)*)\.? +[A-Z]\S.*$/.exec(line)
    if (heading?.[1] !== undefined && !/\.{4}|\s\d+$/.test(line)) section = heading[1]
    const count = line.match(WORDS)?.length ?? 0
    if (count > 0 && section !== '' && (part === '' || section.split('.')[0] === part)) duties.set(section, (duties.get(section) ?? 0) + count)
  }
  return duties
}

describe.each(tables)('$file', ({ rfc, part, rows }) => {
  it('names tests that are there', () => {
    expect(rows.map(({ section, shownBy }) => [section, shownBy, fault(shownBy)]).filter(([, , why]) => why !== undefined)).toEqual([])
  })

  it.skipIf(!existsSync(rfcFolder))('leaves no MUST and no SHOULD out (skipped where the RFC texts are not beside the repository)', () => {
    const told = new Map<string, number>()
    for (const { section, count } of rows) told.set(section, (told.get(section) ?? 0) + count)
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(dutiesOf(rfc, part)))
  })
})

// `npm run bench`: measures ours beside the peers and prints one table. `--write` puts it into README.md;
// `--only <words>` runs the sections whose name has one of the words. About four minutes.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundles, bundleSize } from './bundle-size.ts'
import { descriptionDifferences, differences } from './check.ts'
import { startSubject } from './contender.ts'
import { goals } from './goals.ts'
import { measureHeap, measureTransactionHeap } from './heap.ts'
import { type NativeTask, startDriver } from './native/driver.ts'
import { buildDrivers, type Driver } from './native/library.ts'
import { measure } from './rounds.ts'
import type { Row } from './row.ts'
import type { Group } from './subject.ts'
import { missedGoals, rowOf, rowOfValues, toMarkdown } from './table.ts'
import { measureOptions } from './udp/measure-options.ts'
import { measureServers } from './udp/measure.ts'

const { values: wish } = parseArgs({ options: { write: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } } })

/** Tasks that the C libraries take part in. */
const nativeTasks: Readonly<Record<string, NativeTask>> = { 'parse, routing set': 'route', 'parse, everything typed': 'everything', 'SDP parse': 'description' }
let drivers: readonly Driver[] = []
let descriptionDrivers: readonly Driver[] = []

const timed = (file: string, unit = 'µs', scale = 1) => async (): Promise<Row[]> => {
  const { group } = (await import(`./subjects/${file}.ts`)) as { group: Group }
  const rows: Row[] = []
  for (const [task, subjects] of Object.entries(group)) {
    const native = nativeTasks[task]
    const contenders = await Promise.all(subjects.map(({ system }) => startSubject(file, task, system)))
    if (native !== undefined) contenders.push(...(native === 'description' ? descriptionDrivers : drivers).map((driver) => startDriver(driver, native)))
    rows.push(rowOf(task, unit, await measure(contenders), { goals: goals[task], scale }))
  }
  return rows
}

async function sizes(): Promise<Row[]> {
  return Promise.all(Object.entries(bundles).map(async ([task, sources]) => {
    const values = await Promise.all(Object.entries(sources).map(async ([system, source]): Promise<[string, number]> => [system, (await bundleSize(source)) / 1000]))
    return rowOfValues(task, 'KB gzip', new Map(values), goals[task])
  }))
}

async function heap(): Promise<Row[]> {
  const bytes = await measureHeap(['offhook', 'jssip', 'sip.js'])
  return [rowOfValues('heap of an idle session, one side', 'KB', new Map([...bytes].map(([system, value]) => [system, value / 1000])))]
}

async function udp(): Promise<Row[]> {
  // CPU µs per call is CPU ms per 1,000 calls.
  const task = 'UDP server, CPU per 1,000 calls'
  return [rowOf(task, 'ms', await measureServers(['offhook', 'sip', 'floor: node:dgram']), { goals: goals[task] })]
}

/** Answers to OPTIONS by the transport layer alone, beside the echo. */
async function stateless(): Promise<Row[]> {
  const task = 'OPTIONS over UDP, stateless'
  const figures = await measureOptions(['offhook, stateless', 'floor'])
  return [rowOf(task, 'µs', figures.map((figure) => ({ ...figure, system: figure.system.split(',')[0] ?? '' })), { goals: goals[task] })]
}

/** Stateful answers to OPTIONS: beside the echo, and with half a million live transactions beside none. */
async function options(): Promise<Row[]> {
  const figures = await measureOptions(['offhook', 'offhook, 500,000 live', 'sip', 'floor'])
  const crowded = figures.map((figure) => ({ ...figure, system: { 'offhook': 'empty', 'offhook, 500,000 live': 'offhook' }[figure.system] ?? figure.system }))
  return Object.entries({ 'OPTIONS over UDP, stateful': figures, 'the same with 500,000 live': crowded })
    .map(([task, contenders]) => rowOf(task, 'µs', contenders.filter(({ system }) => !system.includes(',')), { goals: goals[task] }))
}

async function transactions(): Promise<Row[]> {
  const task = 'heap of a live transaction'
  return [...(await timed('transactions')()), rowOfValues(task, 'B', new Map([['offhook', await measureTransactionHeap()]]), goals[task])]
}

const sections: Readonly<Record<string, () => Promise<Row[]>>> = {
  parse: timed('parse'), serialize: timed('serialize'), proxy: timed('proxy'), sdp: timed('sdp'), call: timed('call', 'ms', 0.001), transactions, stateless, options, streams: timed('streams'), udp, heap, bundle: sizes,
}

const wanted = Object.entries(sections).filter(([name]) => wish.only.length === 0 || wish.only.some((word) => name.includes(word)))
if (wanted.length === 0) {
  console.error(`There is no such section; there are: ${Object.keys(sections).join(', ')}`)
  process.exit(2)
}

const started = performance.now()
const agree = (different: readonly string[]): void => {
  if (different.length === 0) return
  console.error(`The systems read different things, so their times cannot be compared:\n${different.join('\n')}`)
  process.exit(1)
}
if (wanted.some(([name]) => name === 'parse' || name === 'proxy')) {
  drivers = buildDrivers('messages', { say: console.error })
  agree(differences(drivers))
}
if (wanted.some(([name]) => name === 'sdp')) {
  descriptionDrivers = buildDrivers('descriptions', { say: console.error })
  agree(descriptionDifferences(descriptionDrivers))
}
const rows: Row[] = []
for (const [name, section] of wanted) {
  console.error(`measuring ${name} …`)
  rows.push(...(await section()))
}
const table = toMarkdown(rows)
const where = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`
console.log(`\n${where}\n\n${table}\n`)
console.error(`Took ${((performance.now() - started) / 1000).toFixed(0)} s.`)

if (wish.write) {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url))
  const [before = '', , after = ''] = readFileSync(readme, 'utf8').split(/(<!-- table -->[\s\S]*<!-- end of table -->)/)
  writeFileSync(readme, `${before}<!-- table -->\n${where}\n\n${table}\n<!-- end of table -->${after}`)
}
const missed = missedGoals(rows)
for (const goal of missed) console.error(`Missed: ${goal}`)
process.exit(missed.length === 0 ? 0 : 1)

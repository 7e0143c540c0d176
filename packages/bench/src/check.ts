// Compares what the systems read, and what they write, of every message of the corpus: a row of the table counts only when they agree.
import { offers } from './corpus/descriptions.ts'
import { mix } from './corpus/messages.ts'
import { readingsOf } from './native/driver.ts'
import type { Driver } from './native/library.ts'
import { fullReaders, routeReaders } from './subjects/parse.ts'
import { proxySteps } from './subjects/proxy.ts'
import { descriptionReaders } from './subjects/sdp.ts'

type Reader = (bytes: Uint8Array) => object

const readBack = fullReaders['offhook'] as Reader

/** What the others read or wrote otherwise than ours, at most ten differences, as text. */
export function differences(drivers: readonly Driver[]): string[] {
  const messages = mix()
  return [
    ...between('routing set', routeReaders, messages, new Map(drivers.map((driver) => [driver.system, readingsOf(driver, 'route')]))),
    ...between('everything', fullReaders, messages, new Map(drivers.map((driver) => [driver.system, readingsOf(driver, 'everything')]))),
    ...between('proxy step', afterStep(), messages, new Map()),
  ].slice(0, 10)
}

/** The same of session descriptions. */
export function descriptionDifferences(drivers: readonly Driver[]): string[] {
  const { offhook, ...others } = descriptionReaders
  const descriptions = offers()
  const readings: [system: string, all: readonly unknown[]][] = [
    ...Object.entries(others).map(([system, reader]): [string, readonly unknown[]] => [system, descriptions.map(reader)]),
    ...drivers.map((driver): [string, readonly unknown[]] => [driver.system, readingsOf(driver, 'description')]),
  ]
  return descriptions.flatMap((text, index) => {
    const ours = JSON.stringify(offhook(text))
    return readings.map(([system, all]) => [system, JSON.stringify(all[index])]).filter(([, theirs]) => theirs !== ours)
      .map(([system, theirs]) => `description ${index}: offhook ${ours}, ${system} ${theirs}`)
  }).slice(0, 10)
}

/** System → reader of what its proxy step writes. */
function afterStep(): Record<string, Reader> {
  return Object.fromEntries(Object.entries(proxySteps).map(([system, step]) => [system, (bytes: Uint8Array) => readBack(step(bytes, 'z9hG4bK7d3f'))]))
}

function between(task: string, readers: Readonly<Record<string, Reader>>, messages: readonly Uint8Array[], readings: ReadonlyMap<string, readonly unknown[]>): string[] {
  const { offhook, ...others } = readers
  const found: string[] = []
  messages.forEach((bytes, index) => {
    const ours = JSON.stringify(offhook?.(bytes))
    const compare = (system: string, reading: unknown): void => {
      const theirs = JSON.stringify(reading)
      if (ours !== theirs) found.push(`${task}, message ${index}: offhook ${ours}, ${system} ${theirs}`)
    }
    // sip.js takes 2 ms a message; every thirteenth will do for it.
    for (const [system, reader] of Object.entries(others)) if (system !== 'sip.js' || index % 13 === 0) compare(system, reader(bytes))
    for (const [system, all] of readings) compare(system, all[index])
  })
  return found
}

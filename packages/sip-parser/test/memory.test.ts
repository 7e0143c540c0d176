import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, describe, it } from 'vitest'
import { headerFields } from '../src/fields/index.js'
import { ParseError, parseMessage, type SipMessage } from '../src/index.js'
import { originals, own } from './abuse/originals.js'
import { hasCorpus } from './corpus.js'
import { optionsWith } from './samples.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const many = (count: number, line: (at: number) => string): string[] => Array.from({ length: count }, (_, at) => line(at))
const shapes: Readonly<Record<string, readonly string[]>> = {
  ...(hasCorpus ? { 'messages of RFCs and from the wild': originals() } : {}),
  'empty fields with short names': [optionsWith(many(200, (at) => `x${at}:`))],
  'short fields': [optionsWith(many(200, (at) => `X${at}: y`))],
  'ordinary fields': [optionsWith(many(200, (at) => `X-Header-${at}: a value of it`))],
  'one long field': [optionsWith([`Subject: ${'x'.repeat(60_000)}`])],
  'octets that are no UTF-8': [optionsWith([`Subject: ${'\xe9'.repeat(20_000)}`])],
  'many parameters': [optionsWith([`Contact: <sip:a@b>${';a=b'.repeat(10_000)}`])],
  'a long body': [optionsWith([], undefined, 'b'.repeat(50_000))],
}
/** Hardly an octet that is no value. */
const lists: Readonly<Record<string, readonly string[]>> = {
  'messages full of short values': own,
  'the shortest Contacts': [optionsWith([`Contact: ${many(1000, () => '<sip:a@b>').join(',')}`])],
  'the shortest Vias': [optionsWith([`Via: ${many(1000, () => 'SIP/2.0/UDP h').join(',')}`])],
}

function readAll(message: SipMessage): void {
  for (const field of headerFields) {
    try {
      message.headers.read(field)
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
    }
  }
}

/** Octets of memory that a kept message takes for each octet that came, its own octets among them. */
function perOctet(texts: readonly string[], read: boolean): number {
  const keep: SipMessage[] = []
  const fill = (octets: number): number => {
    let size = 0
    for (let at = 0; size < octets; at++) {
      const bytes = new Uint8Array(Buffer.from(texts[at % texts.length] ?? '', 'latin1'))
      const result = parseMessage(bytes)
      size += bytes.length
      if (!result.ok) continue
      if (read) readAll(result.value)
      keep.push(result.value)
    }
    return size
  }
  const used = (): number => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  fill(1e5)
  keep.length = 0
  const before = used()
  const size = fill(1e6)
  const grown = used() - before
  expect(keep.length).toBeGreaterThan(0)
  return grown / size
}

/** The best of three: what else happens in the process only adds. */
const best = (texts: readonly string[], read: boolean): number => Math.min(...many(3, () => '').map(() => perOctet(texts, read)))

describe('CVE-2008-3199 (reSIProcate), memory per octet of a message that is kept', () => {
  it.each(Object.entries({ ...shapes, ...lists }))('parsed, %s: at most 12', (_, texts) => {
    expect(best(texts, false)).toBeLessThanOrEqual(12)
  }, 60_000)
  it.each(Object.entries(shapes))('with every value read, %s: at most 12', (_, texts) => {
    expect(best(texts, true)).toBeLessThanOrEqual(12)
  }, 60_000)
  it.each(Object.entries(lists))('with every value read, %s: an object for each, at most 24', (_, texts) => {
    expect(best(texts, true)).toBeLessThanOrEqual(24)
  }, 60_000)
})

import { describe, expect, it } from 'vitest'
import { headerFields, headerValue } from '../../src/fields/index.js'
import { HeaderFields, ParseError, parseMessage } from '../../src/index.js'
import { filesUnder, hasCorpus, readCorpus } from '../corpus.js'

/** Fields of the sample messages that hold no value of their kind, by folder: what stands there instead. */
const unreadable: Readonly<Record<string, string>> = {
  'flows/rfc3327 Path': 'three dots for what goes on', 'flows/rfc3327 Supported': 'three dots', 'flows/rfc3608 Contact': 'three dots', 'flows/rfc3608 Route': 'three dots',
  'flows/rfc3608 Record-Route': 'three dots', 'flows/rfc3608 Service-Route': 'three dots', 'flows/rfc3515 Refer-To': 'words in parentheses', 'flows/rfc3666 Route': 'a URI without scheme',
  'flows/rfc5359 Referred-By': 'a URI without scheme', 'flows/rfc5806 Contact': 'a URI without scheme', 'flows/rfc7131 History-Info': 'a backslash where the RFC breaks a line', 'wild/sipp-rendered Record-Route': 'brackets as C would write them',
}

describe.skipIf(!hasCorpus)('the sample messages', () => {
  it('every field we describe reads, prints and reads again, but for those that hold no value', () => {
    const odd = new Set<string>()
    let count = 0
    for (const file of ['flows', 'wild'].flatMap(filesUnder).filter((path) => !path.includes('suspect'))) {
      const result = parseMessage(readCorpus(file))
      if (!result.ok) continue
      for (const field of headerFields) {
        try {
          const values = result.value.headers.read(field)
          count += values.length
          // Where a field takes one value a message may still hold several fields.
          for (const list of field.comma === true ? (values.length === 0 ? [] : [values]) : values.map((value) => [value])) {
            const copy = new HeaderFields([])
            copy.set(field.name, headerValue(field, ...list))
            expect(copy.read(field).map(String), `${file} ${field.name}`).toEqual(list.map(String))
          }
        } catch (error) {
          if (!(error instanceof ParseError)) throw error
          odd.add(`${file.split('/').slice(0, 2).join('/')} ${field.name}`)
        }
      }
    }
    expect(Array.from(odd).sort()).toEqual(Object.keys(unreadable).sort())
    expect(count).toBeGreaterThan(10_000)
  }, 120_000)
})

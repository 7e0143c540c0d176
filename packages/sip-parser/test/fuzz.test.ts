import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { examine, examineStream, examineStrict, type Outcome } from './abuse/examine.js'
import { minimise } from './abuse/minimise.js'
import { originals } from './abuse/originals.js'
import { mutate, nastyLines, nastyPieces } from './mutation.js'
import { casesOr, oneOf, seeded, seedOr, type Random } from './random.js'

// `pnpm --filter @offhook/sip-parser fuzz` is the long job; FUZZ_INPUTS and SEED say how many inputs, and which.
const long = process.env['MODE'] === 'fuzz'
const inputs = casesOr('FUZZ_INPUTS', long ? 10_000_000 : 200_000)
const seed = seedOr(long ? Date.now() % 2 ** 31 : 20_261_124)
const corpus = fileURLToPath(new URL('corpus/', import.meta.url))
const pieces = [...nastyPieces, ...nastyLines]

/** A Buffer reads itself natively, other arrays do not: both ways are taken. */
const octetsOf = (text: string, plain: boolean): Uint8Array => (plain ? new Uint8Array(Buffer.from(text, 'latin1')) : Buffer.from(text, 'latin1'))

/** Everything there is to do with one input; some of it with some of them, for the time it takes. */
function examineAll(text: string, run: number, random: Random): Outcome {
  const bytes = octetsOf(text, run % 16 === 0)
  const outcome = examine(bytes)
  if (run % 8 === 0) examineStrict(bytes)
  if (run % 12 === 0) examineStream(bytes, random)
  return outcome
}

/** What the input does wrong; undefined when it does nothing wrong. */
function fault(text: string): string | undefined {
  try {
    examineAll(text, 0, seeded(1))
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Makes the input that broke a promise short, keeps it, and says so. */
function report(text: string, run: number, error: unknown): never {
  const wrong = String(error)
  const short = minimise(text, (one) => fault(one) === wrong)
  const name = `${createHash('sha256').update(short, 'latin1').digest('hex').slice(0, 12)}.dat`
  writeFileSync(corpus + name, short, 'latin1')
  throw new Error(`input ${run} of seed ${seed}, kept as test/corpus/${name}: ${wrong}\n${JSON.stringify(short)}`, { cause: error })
}

describe('inputs that once broke something', () => {
  const files = readdirSync(corpus).filter((file) => file.endsWith('.dat'))
  it(`${files.length} files`, () => {
    for (const file of files) expect(fault(readFileSync(corpus + file, 'latin1')), file).toBeUndefined()
  })
})

describe('abuse', () => {
  it(`${inputs} changed messages, seed ${seed}: nothing is thrown but typed errors, what is written reads back`, () => {
    const random = seeded(seed)
    // Short messages take less time, and break as well.
    const messages = originals().filter((text) => text.length < (long ? 4000 : 700))
    const outcomes: Record<Outcome, number> = { read: 0, refused: 0 }
    const start = performance.now()
    // Where an error was made does not matter here, and takes half of the time.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    for (let run = 1; run <= inputs; run++) {
      const text = mutate(oneOf(random, messages), random, 4, pieces)
      try {
        outcomes[examineAll(text, run, random)]++
      } catch (error) {
        report(text, run, error)
      }
      if (long && run % 500_000 === 0) console.log(`${run} inputs, ${JSON.stringify(outcomes)}, ${Math.round((performance.now() - start) / 1000)} s`)
    }
    Error.stackTraceLimit = stackTraceLimit
    // Changes that only ever spoil the message would show little.
    expect(outcomes.read).toBeGreaterThan(inputs / 10)
    expect(outcomes.refused).toBeGreaterThan(inputs / 10)
  }, 120_000 + inputs)
})

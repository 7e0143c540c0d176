import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { parseMessage, serializeMessage, type ParseError, type SipMessage } from '../../src/index.js'
import { strict } from '../../src/strict/index.js'
import { hasCorpus, manifest, readCorpus } from '../corpus.js'
import { described, type Description } from './described.js'

/** One message of the RFC. */
interface Row {
  readonly file: string
  readonly section?: string
  /** What the RFC says about it. */
  readonly says: string
  /** Why we do what we do, where the RFC leaves the choice or the file is not what its text says. */
  readonly ours?: string
  readonly tolerant: Outcome
  readonly strict: Outcome
  /** What it holds, read by other means than our parser; absent when it is refused. */
  readonly message?: Description
}

/** Refused, or delivered with diagnostics. */
type Outcome =
  | { readonly error: string; readonly offset: number; readonly header?: string; readonly statusCode: number; readonly answerable: boolean }
  | { readonly diagnostics: readonly (readonly [severity: string, code: string, offset: number, header?: string])[] }

// The npm package `sip` carries the messages of RFC 4475, octet for octet.
const require = createRequire(import.meta.url)
const carrier = require.resolve('sip/package.json').replace('package.json', 'test/messages/')

/** The octets of a message, if they are here. */
function octetsOf(folder: string, file: string): Uint8Array | undefined {
  if (hasCorpus) return readCorpus(`${folder}/${file}`)
  const carried = carrier + file.replace('undocumented/', '')
  return folder === 'rfc4475' && existsSync(carried) ? new Uint8Array(readFileSync(carried)) : undefined
}

function outcomeOf(result: ReturnType<typeof parseMessage>): Outcome {
  if (!result.ok) {
    const { code, offset, header, statusCode, request }: ParseError = result.error
    return { error: code, offset, ...(header !== undefined && { header }), statusCode, answerable: request !== undefined }
  }
  return { diagnostics: result.value.diagnostics.map(({ severity, code, offset, header }) => (header === undefined ? [severity, code, offset] : [severity, code, offset, header])) }
}

for (const folder of ['rfc4475', 'rfc5118', 'rfc6216']) {
  const rows = JSON.parse(readFileSync(new URL(`${folder}.json`, import.meta.url), 'utf8')) as readonly Row[]
  const here = rows.filter(({ file }) => octetsOf(folder, file) !== undefined)
  if (here.length === 0) console.warn(`skipped: the messages of RFC ${folder.slice(3)} are not here, ../shared/torture has them`)
  describe.skipIf(here.length === 0)(`RFC ${folder.slice(3)}`, () => {
    it('every message has a row', () => {
      if (hasCorpus) expect(rows.map(({ file }) => file)).toEqual(expect.arrayContaining(manifest(folder).map(({ file }) => file)))
      expect(rows).toHaveLength({ rfc4475: 50, rfc5118: 15, rfc6216: 21 }[folder] ?? 0)
    })
    for (const row of here) {
      const { file, section, says, ours, message } = row
      it(`${section === undefined ? '' : `§${section} `}${file}: ${says}${ours === undefined ? '' : ` [${ours}]`}`, () => {
        const bytes = octetsOf(folder, file) ?? new Uint8Array()
        for (const mode of ['tolerant', strict] as const) {
          const result = parseMessage(bytes, { mode })
          expect(outcomeOf(result)).toEqual(mode === strict ? row.strict : row.tolerant)
          if (result.ok) expect(described(result.value)).toEqual(message)
        }
      })
      it.runIf(message !== undefined)(`${file} is written as it came, but for what the diagnostics name`, () => {
        const bytes = octetsOf(folder, file) ?? new Uint8Array()
        const again = serializeMessage(valueOf(parseMessage(bytes)))
        if ('diagnostics' in row.tolerant && row.tolerant.diagnostics.length === 0) expect(again).toEqual(bytes)
        else expect(described(valueOf(parseMessage(again)))).toMatchObject({ ...message, names: expect.arrayContaining([...(message?.names ?? [])]) as unknown, others: expect.arrayContaining([...(message?.others ?? [])]) as unknown })
      })
    }
  })
}

function valueOf(result: ReturnType<typeof parseMessage>): SipMessage {
  if (!result.ok) throw result.error
  return result.value
}

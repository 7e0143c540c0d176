import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { headerFields } from '../../src/fields/index.js'
import { ParseError, parseMessage, parseUri, serializeMessage, type HeaderField, type SipMessage } from '../../src/index.js'
import { checkGrammar, strict } from '../../src/strict/index.js'
import { filesUnder, hasCorpus, manifest, readCorpus } from '../corpus.js'
import { parsed } from '../samples.js'

/** A message of the RFCs or of the wild that breaks a rule, and what comes of it. */
interface Suspect {
  readonly file: string
  /** What is wrong with it. */
  readonly why: string
  readonly tolerant: { readonly error: string; readonly offset: number; readonly header?: string } | { readonly diagnostics: readonly unknown[] }
  /** What the grammar forbids in it. */
  readonly grammar: readonly (readonly [code: string, offset: number, header?: string])[]
}

/** Over the default limit of 65,535 bytes. */
const large = 'wild/pcap-suricata/011-INVITE.dat'
const limits = { maxMessageBytes: 100_000, maxBodyBytes: 100_000 }

/** Not clean, whatever its manifest says: the RFC breaks a line in a URI, with a backslash, and the backslash stayed in the host. */
const broken = 'flows/rfc7131/057-3_9-INVITE.dat'

const suspects = JSON.parse(readFileSync(new URL('suspect.json', import.meta.url), 'utf8')) as readonly Suspect[]
const clean = hasCorpus
  ? [...filesUnder('flows').filter((file) => !file.includes('/suspect/')), ...manifest('wild').filter((entry) => entry.clean === true).map((entry) => `wild/${entry.file}`)].filter((file) => file !== broken)
  : []

describe.skipIf(!hasCorpus)('messages of the RFCs and of the wild', () => {
  it('there are 1,044 of the first and 576 of the second that are clean', () => {
    expect(clean.filter((file) => file.startsWith('flows'))).toHaveLength(1043)
    expect(clean.filter((file) => file.startsWith('wild'))).toHaveLength(576)
    expect(parseMessage(readCorpus(broken))).toMatchObject({ ok: false, error: { code: 'uri', header: 'To' } })
  })
  it('all clean ones parse without an error, and untouched they print byte for byte', () => {
    for (const file of clean) {
      const bytes = readCorpus(file)
      const message = parsed(bytes, file === large ? { limits } : {})
      expect(message.diagnostics.filter(({ code }) => code !== 'no-content-length'), file).toEqual([])
      const printed = Buffer.from(serializeMessage(message)).toString('latin1')
      // Without one a Content-Length is written.
      expect(message.diagnostics.length === 0 ? printed : printed.replace(/Content-Length: \d+\r\n/, ''), file).toBe(Buffer.from(bytes).toString('latin1'))
    }
  })
  it('rebuilt from typed values they parse equal', () => {
    let values = 0
    const unreadable: [file: string, header: string][] = []
    for (const file of clean) {
      const message = parsed(readCorpus(file), { limits })
      const rebuilt = message.clone()
      if (rebuilt.kind === 'request') {
        const uri = parseUri(String(rebuilt.requestUri))
        if (uri.ok) rebuilt.requestUri = uri.value
      }
      const texts = typedTexts(message, (field) => unreadable.push([file, field.name]))
      for (const [field, list] of texts) {
        const [first = '', ...more] = field.comma === true ? [list.join(', ')] : list
        rebuilt.headers.set(field.name, first)
        for (const text of more) rebuilt.headers.append(field.name, text)
        values += list.length
      }
      const again = parsed(serializeMessage(rebuilt), { limits })
      expect(again.startLine, file).toBe(message.startLine)
      // Content-Length is written where there was none.
      const plain = (map: typeof texts): unknown => [...map].map(([field, list]) => [field.name, list]).filter(([name]) => name !== 'Content-Length')
      expect(plain(typedTexts(again)), file).toEqual(plain(texts))
      expect(again.body, file).toEqual(message.body)
    }
    expect(values).toBeGreaterThan(15_000)
    // Fields that nobody has to read to deliver a message; the grammar forbids each of them, too.
    expect(unreadable.length).toBeLessThan(42)
    for (const [file, header] of unreadable) expect(checkGrammar(readCorpus(file)), file).toContainEqual(expect.objectContaining({ header, severity: 'error' }))
  })
  it('strict refuses of them what the grammar forbids, and nothing else', () => {
    const refused = clean.filter((file) => !parseMessage(readCorpus(file), { mode: strict, limits }).ok)
    // Line breaks as the RFC prints them (`\` in RFC 7131), `. . .` in the place of fields (RFC 3327, 3608), addresses without brackets or scheme …
    expect(refused).toHaveLength(85)
    for (const file of refused) expect(checkGrammar(readCorpus(file)).some(({ severity }) => severity === 'error'), file).toBe(true)
  })
})

describe.skipIf(!hasCorpus)('messages that break a rule', () => {
  it('are all in the table', () => {
    const all = [...filesUnder('flows').filter((file) => file.includes('/suspect/')), ...manifest('wild').filter((entry) => entry.clean !== true).map((entry) => `wild/${entry.file}`)]
    expect(suspects.map(({ file }) => file)).toEqual(all.sort())
  })
  for (const { file, why, tolerant, grammar } of hasCorpus ? suspects : []) {
    it(`${file}: ${why}`, () => {
      const bytes = readCorpus(file)
      const result = parseMessage(bytes)
      if (result.ok) expect({ diagnostics: result.value.diagnostics.map(({ severity, code, offset }) => [severity, code, offset]) }).toEqual(tolerant)
      else expect(result.error).toMatchObject({ code: 'error' in tolerant && tolerant.error, offset: 'error' in tolerant && tolerant.offset, header: 'header' in tolerant ? tolerant.header : undefined })
      const found = checkGrammar(bytes).filter(({ severity }) => severity === 'error')
      expect(found.map(({ code, offset, header }) => (header === undefined ? [code, offset] : [code, offset, header]))).toEqual(grammar)
      expect(parseMessage(bytes, { mode: strict }).ok).toBe(result.ok && grammar.length === 0)
    })
  }
})

/** The values of every field that a description can read, as they are written. */
function typedTexts(message: SipMessage, onUnreadable: (field: HeaderField<unknown>) => void = () => undefined): ReadonlyMap<HeaderField<unknown>, readonly string[]> {
  const found = new Map<HeaderField<unknown>, readonly string[]>()
  for (const field of headerFields) {
    if (!message.headers.has(field.name)) continue
    try {
      const list = message.headers.read(field).map(String)
      if (list.length > 0) found.set(field, list)
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      onUnreadable(field)
    }
  }
  return found
}

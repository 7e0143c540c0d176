import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { headerFields, headerValue } from '../../src/fields/index.js'
import { type HeaderField, HeaderFields, parseMessage, serializeMessage } from '../../src/index.js'
import { optionsWith } from '../samples.js'
import { type Example, examples } from './examples.js'
import { hasRfcTexts, rfcFile } from './registered-names.js'

const title = ({ field, text }: Example): string => `${field.section} ${field.name}: ${text.slice(0, 60)}`

function read(field: HeaderField<unknown>, text: string): readonly unknown[] {
  const headers = new HeaderFields([])
  headers.set(field.name, text)
  return headers.read(field)
}

describe('every header field, as its RFC shows it', () => {
  it.each(examples.map((one) => [title(one), one] as const))('%s', (_, { field, text, expected, built }) => {
    const values = read(field, text)
    expect(values).toHaveLength(expected.length)
    values.forEach((value, at) => (typeof expected[at] === 'object' ? expect(value).toMatchObject(expected[at] as object) : expect(value).toBe(expected[at])))
    // Printed and read again it is the same, and what is built from the parts prints the same.
    const printed = headerValue(field, ...values)
    expect(headerValue(field, ...read(field, printed))).toBe(printed)
    if (built.length > 0) expect(headerValue(field, ...built)).toBe(printed)
  })
  it('none is left out', () => {
    expect(headerFields.filter((field) => !examples.some((one) => one.field === field && one.built.length > 0)).map(({ name }) => name)).toEqual([])
  })
  it.each(examples.map((one) => [title(one), one] as const))('in a message, folded, in another case, with blanks: %s', (_, { field, text }) => {
    const line = `${field.name.toUpperCase()} :\r\n\t${text} `
    const names = ['CSeq', 'Content-Length', 'From', 'To', 'Call-ID', 'Max-Forwards', 'Via']
    if (names.includes(field.name)) return
    const result = parseMessage(optionsWith([line]))
    if (!result.ok) throw result.error
    expect(result.value.headers.read(field).map(String)).toEqual(read(field, text).map(String))
    expect(new TextDecoder().decode(serializeMessage(result.value))).toContain(`${line}\r\n`)
  })
  it.skipIf(!hasRfcTexts)('stands in the RFC', () => {
    const missing = examples.filter(({ rfc, text }) => rfc > 0 && !bare(readFileSync(rfcFile(rfc), 'utf8')).includes(bare(text)))
    expect(missing.map(({ rfc, text }) => `RFC ${rfc}: ${text}`)).toEqual([])
  })
})

/** Without blanks, page breaks and the continuation marks of examples. */
function bare(text: string): string {
  return text.replaceAll(/^.*\[Page \d+\]\s*\f?\s*RFC .*$/gm, '').replaceAll(/[\s\\]/g, '')
}

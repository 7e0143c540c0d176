import { describe, expect, it } from 'vitest'
import { headerFields } from '../src/fields/index.js'
import { ParseError, parseMessage, serializeMessage, type HeaderField } from '../src/index.js'
import { validateMessage } from '../src/lint/index.js'
import { checkGrammar, strict } from '../src/strict/index.js'
import { examples } from './fields/examples.js'
import { growth } from './growth.js'
import { casesOr } from './random.js'
import { bytesOf, optionsWith } from './samples.js'

const limits = { maxMessageBytes: 1e9, maxHeaderBytes: 1e9, maxHeaderFields: 1e9, maxBodyBytes: 1e9 }
/** `LINEAR_STEP=1`: every shape for every field, 4,400 in all; here each field has every so many of them, each shape comes with another field. */
const step = casesOr('LINEAR_STEP', 24)
const timeout = 60_000
/** Octets; what is quadratic takes seconds at this size, and what takes less than a few ms at the double is not looked at twice. */
const size = 16_000
/** The promise of the package: twice the octets, at most this much more time. */
const most = 2.3

const times = (text: string, octets: number): string => text.repeat(Math.ceil(octets / text.length))

/** Values of about so many octets, made of an example of the field. */
const shapes: Readonly<Record<string, (example: string, octets: number) => string>> = {
  'a list of itself': (example, octets) => times(`${example}, `, octets),
  'itself without separator': (example, octets) => times(example, octets),
  'folded a thousand times': (example, octets) => `${example}${times('\r\n x', octets)}`,
  'blank folds': (example, octets) => `${example}${times('\r\n ', octets)};x`,
  'blanks': (example, octets) => `${' '.repeat(octets)}${example}${' '.repeat(octets)};x`,
  'parameters': (example, octets) => `${example}${times(';a=b', octets)}`,
  'quoted parameters': (example, octets) => `${example}${times(';a="b,;\\""', octets)}`,
  'semicolons': (example, octets) => `${example}${';'.repeat(octets)}`,
  'commas': (example, octets) => `${example}${','.repeat(octets)}`,
  'equals signs': (example, octets) => `${example};a${'='.repeat(octets)}`,
  'a quote that stays open': (example, octets) => `${example};a="${'x'.repeat(octets)}`,
  'parameters and then a quote that stays open': (example, octets) => `${example}${times(';a', octets)};b="`,
  'quotes': (_, octets) => times('"a" ', octets),
  'escapes in quotes': (example, octets) => `"${times('\\"', octets)}" ${example}`,
  'backslashes': (_, octets) => times('\\', octets),
  'brackets that stay open': (_, octets) => times('<', octets),
  'brackets closed': (_, octets) => times('<>', octets),
  'comments in comments': (example, octets) => `${example} ${times('(', octets / 2)}${times(')', octets / 2)}`,
  'comments that stay open': (example, octets) => `${example} ${times('(a', octets)}`,
  'escaped octets': (_, octets) => `<sip:${times('%41', octets)}@h>`,
  'URI parameters': (_, octets) => `<sip:a@h${times(';a=b', octets)}>`,
  'URI headers': (_, octets) => `<sip:a@h?${times('a=b&', octets)}>`,
  'labels of a host': (_, octets) => `<sip:a@${times('a.', octets)}>`,
  'hyphens of a host': (_, octets) => `<sip:a@a${times('-', octets)}>`,
  'digits': (_, octets) => '9'.repeat(octets),
  'dots and digits': (_, octets) => times('1.', octets),
  'colons': (_, octets) => `[${times('a:', octets)}]`,
  'at signs': (_, octets) => times('a@', octets),
  'slashes': (_, octets) => times('a/', octets),
  'words': (_, octets) => times('word ', octets),
  'one word': (_, octets) => 'w'.repeat(octets),
  'pairs': (_, octets) => `Digest ${times('a="b", ', octets)}`,
  'octets that are no UTF-8': (_, octets) => times('\ufffd', octets / 3),
  'names of prototypes': (example, octets) => `${example}${times(';__proto__=constructor', octets)}`,
}

/** Everything that can be done to a message with this field: what hides behind laziness is read, too. */
function readAll(bytes: Uint8Array, field: HeaderField<unknown>): void {
  parseMessage(bytes, { limits, mode: strict })
  checkGrammar(bytes)
  const result = parseMessage(bytes, { limits })
  if (!result.ok) return
  try {
    result.value.headers.read(field).forEach(String)
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
  }
  validateMessage(result.value)
  serializeMessage(result.value)
}

describe(`twice the size takes at most ${most} times as long, in both modes`, () => {
  const exampleOf = new Map(examples.map(({ field, text }) => [field.name, text]))
  const once = ['Call-ID', 'Content-Length', 'CSeq', 'From', 'Max-Forwards', 'To']
  it.each(headerFields.map((field, place) => [field.name, field, place] as const))('%s', (name, field, place) => {
    const example = exampleOf.get(name) ?? 'x'
    const slow: string[] = []
    const measure = (shape: string, lines: (octets: number) => string[]): void => {
      const ratio = growth((octets) => {
        const bytes = bytesOf(optionsWith(lines(octets)))
        return () => readAll(bytes, field)
      }, size)
      if (ratio > most) slow.push(`${shape}: ${ratio.toFixed(2)}`)
    }
    for (const [shape, value] of Object.entries(shapes).filter((_, at) => (at + place) % step === 0)) measure(shape, (octets) => [`${name}: ${value(example, octets)}`])
    if (!once.includes(name) && place % step === 0) measure('fields', (octets) => Array.from({ length: octets / (name.length + example.length + 4) }, () => `${name}: ${example}`))
    expect(slow).toEqual([])
  }, timeout)
})

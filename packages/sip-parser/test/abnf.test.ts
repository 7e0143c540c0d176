import { beforeAll, describe, expect, it } from 'vitest'
import { headerFields } from '../src/fields/index.js'
import { parseMessage } from '../src/index.js'
import { checkGrammar } from '../src/strict/index.js'
import { readAbnf, type Grammar } from './abnf/abnf.js'
import { amendments, barred } from './abnf/amendments.js'
import { refusals } from './abnf/readable.js'
import { recognizes } from './abnf/recognizer.js'
import { hasRfcTexts, rfcGrammar, type RfcGrammar } from './abnf/rfc-grammar.js'
import { Sentences } from './abnf/sentences.js'
import { mutate } from './mutation.js'
import { below, casesOr, seeded, seedOr, type Random } from './random.js'

/** `ABNF_CASES=2000 SEED=7` in the environment: more sentences of each rule, others. */
const cases = casesOr('ABNF_CASES', 40)
const seed = seedOr(20_261_124)
const timeout = 20_000 + cases * 1000

const pieces: readonly string[] = [
  ...Array.from(' \t<>"\\;,=:@?&/*()[]%~#{|^0129aZ-._+!\'`'), '\r\n ', '%41', '%4', 'sip:', '\xc3\xa9', '\xe9', '\0', '\x7f', '\\"', ';tag=', ';q=1', '""', '\\\0', ';x', '=y', ', ', '<sip:a>', 'sip:a@b', '.', '1.2.3.4', '[::1]',
  'tel:+1', 'urn:x:y', 'FALSE', 'true',
]

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
/**
 * How many line breaks a run of blanks may hold depends on how many optional blanks meet there, and behind some last values there may be none at all:
 * no peer means anything by it, and it is not compared. Strict mode refuses them behind the last value, but for `>` and comments.
 */
const comparable = (line: string): boolean => !/[ \t]$|\n[ \t]+\r\n|\r(?!\n)|\n(?![ \t])|(?:^|[^\r])\n/.test(line)

/** The texts that rule and strict mode do not agree about. */
function disagreements(grammar: Grammar, rule: string, texts: readonly string[], message: (text: string) => string, end = ''): string[] {
  return texts.flatMap((text) => {
    const allowed = recognizes(grammar, rule, text + end)
    const fault = checkGrammar(octets(message(text))).find(({ severity }) => severity === 'error')
    if (allowed === (fault === undefined)) return []
    return [`${JSON.stringify(text)}: ${allowed ? `refused at ${String(fault?.offset)} (${String(fault?.code)})` : 'taken'}`]
  })
}

describe.skipIf(!hasRfcTexts)(`the ABNF of the RFC texts, seed ${seed}`, () => {
  let rfc: RfcGrammar
  let grammar: Grammar
  let random: Random
  let sentences: Sentences
  beforeAll(() => {
    rfc = rfcGrammar()
    grammar = readAbnf(rfc.text, new Map(Array.from(barred, ([name, pattern]) => [rfc.ruleOf(name), pattern])))
    random = seeded(seed)
    sentences = new Sentences(grammar, random)
  })
  const sample = (rule: string, after: string): string[] => Array.from({ length: cases }, () => {
    const sentence = sentences.of(rule, 10 + below(random, 50)).replace(/\r\n$/, '')
    const start = sentence.indexOf(after) + after.length
    const changed = (): string => sentence.slice(0, start) + mutate(sentence.slice(start), random, 2, pieces)
    return [sentence, changed(), changed()]
  }).flat().filter(comparable)

  it('is whole: more than 110 header fields, 600 rules', () => {
    expect(rfc.headers.length).toBeGreaterThan(110)
    expect(grammar.rules.length).toBeGreaterThan(600)
    for (const { reason, rules } of amendments) expect([reason, rules]).toEqual([expect.stringMatching(/./), expect.arrayContaining([expect.stringMatching(/ = /)])])
  }, timeout)
  it('every other alternative counts, too', () => {
    expect(recognizes(grammar, rfc.ruleOf('hostname'), 'a.example')).toBe(true)
    expect(recognizes(grammar, rfc.ruleOf('SIP-URI'), 'sip:alice;day=tuesday@atlanta.com')).toBe(true)
    expect(recognizes(grammar, rfc.ruleOf('SIP-URI'), 'sip:alice@atlanta..com')).toBe(false)
  })
  it('header fields: strict mode says the same', () => {
    const found = rfc.headers.flatMap(({ rule }) => disagreements(grammar, rule, sample(rule, ':'), (line) => `X sip:a SIP/2.0\r\n${line}\r\n\r\n`))
    expect(found).toEqual([])
  }, timeout)
  it.each(['Request-Line', 'Status-Line'])('%s: strict mode says the same', (name) => {
    const rule = rfc.ruleOf(name)
    const texts = Array.from({ length: 15 }, () => sample(rule, '')).flat().filter((line) => !/[\r\n]/.test(line))
    expect(disagreements(grammar, rule, texts, (line) => `${line}\r\n\r\n`, '\r\n')).toEqual([])
  }, timeout)
  it.each([['SIP-URI', 3261], ['SIPS-URI', 3261], ['absoluteURI', 3261], ['telephone-uri', 3966]] as const)('%s: strict mode says the same', (name, number) => {
    const found = sample(rfc.ruleOf(name, number), '').filter((uri) => !/[\r\n <>]/.test(uri)).flatMap((uri) =>
      disagreements(grammar, rfc.ruleOf('Request-Line'), [`OPTIONS ${uri} SIP/2.0`], (line) => `${line}\r\n\r\n`, '\r\n'))
    expect(found).toEqual([])
  }, timeout)

  const mandatory = [['via', 'v', 'Via: SIP/2.0/UDP h;branch=z9hG4bK1'], ['from', 'f', 'From: <sip:a@b>;tag=1'], ['to', 't', 'To: <sip:a@b>'], ['call-id', 'i', 'Call-ID: 1@b'], ['cseq', '', 'CSeq: 1 OPTIONS'], ['content-length', 'l', 'Content-Length: 0']] as const
  /** What went wrong when the line was read in a message by the description of its field. */
  function trouble(line: string, names: readonly string[]): string | undefined {
    const name = (/^[^\s:]+/.exec(line)?.[0] ?? '').toLowerCase()
    const lines = mandatory.flatMap(([long, compact, standard]) => (name === long || name === compact ? [] : [standard]))
    const result = parseMessage(octets(['OPTIONS sip:a@b SIP/2.0', ...lines, line, '', ''].join('\r\n')))
    if (!result.ok) return result.error.code
    const field = headerFields.find((one) => one.name.toLowerCase() === names[0]?.toLowerCase())
    if (field === undefined) return 'no description'
    try {
      result.value.headers.read(field).forEach(String)
      return undefined
    } catch (error) {
      return String(error)
    }
  }
  it('header fields: whatever the grammar allows is read in tolerant mode', () => {
    const found = rfc.headers.flatMap(({ names, rule }) => Array.from({ length: cases }, () => sentences.of(rule, 10 + below(random, 50))).filter(comparable).flatMap((line) => {
      const excused = refusals.some(({ headers, applies }) => (headers === undefined || headers.some((name) => name.toLowerCase() === names[0]?.toLowerCase())) && applies(line))
      const fault = excused ? undefined : trouble(line, names)
      return fault === undefined ? [] : [`${JSON.stringify(line)}: ${fault}`]
    }))
    expect(found).toEqual([])
  }, timeout)
})

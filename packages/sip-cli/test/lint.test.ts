import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rules } from '@offhook/sip-parser/lint'
import { excerptOf, placeOf } from '../src/diagnosis/excerpt.js'
import { sentenceOf } from '../src/diagnosis/sentences.js'
import { runCommand } from './support/run-command.js'

const good = [
  'BYE sip:bob@example.com SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776', 'From: "Alice" <sip:alice@example.com>;tag=1928', 'To: <sip:bob@example.com>;tag=7',
  'Call-ID: a84b4c76e66710', 'CSeq: 314159 BYE', 'Max-Forwards: 70', 'Content-Length: 0', '', '',
].join('\r\n')
const bad = [
  'INVITE sip:bob@example.com SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=776', 'From: "\u738b\u5c0f\u660e" <sip:wang@example.com:5060>;tag=1928', 'To:\t<sip:bob@example.com>',
  'Call-ID: a84b4c76e66710', 'CSeq: 314159 INVITE', 'Max-Forwards: 70', 'Allow: INVITE', 'Supported: timer, warp9', 'Subject: Gr\u00fc\u00dfe', 'Subject: again', 'Content-Length: 0', '', '',
].join('\r\n')

const folder = mkdtempSync(join(tmpdir(), 'offhook-lint-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

function fileOf(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('offhook lint', () => {
  it('says nothing but the summary about a message without fault', async () => {
    expect(await runCommand(['lint', '-'], good)).toMatchObject({ code: 0, err: '', out: '0 errors, 0 warnings, 0 notes in 1 message\n' })
  })

  it('prints what is wrong, where, the rule, and the text underlined', async () => {
    const { code, out } = await runCommand(['lint', '-'], bad)
    expect(code).toBe(1)
    expect(out).toBe([
      'stdin:1:1 error missing-header: Contact must be in this message and is not (RFC 3261 §20.10)',
      '  1 | INVITE sip:bob@example.com SIP/2.0',
      '    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
      'stdin:2:40 warning via-branch: the branch of the topmost Via is missing or does not start with z9hG4bK (RFC 3261 §8.1.1.7)',
      '  2 | Via: SIP/2.0/UDP 192.0.2.1:5060;branch=776',
      '    |                                        ^^^',
      'stdin:3:7 warning uri-component: the URI has a component that it may not have in this place (RFC 3261 §19.1.1)',
      '  3 | From: "\u738b\u5c0f\u660e" <sip:wang@example.com:5060>;tag=1928',
      '    |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
      'stdin:9:19 note unknown-option-tag: an option tag is not registered (RFC 3261 §27.1)',
      '  9 | Supported: timer, warp9',
      '    |                   ^^^^^',
      'stdin:11:10 error repeated-header: Subject may stand only once (RFC 3261 §7.3.1)',
      '  11 | Subject: again',
      '     |          ^^^^^',
      '2 errors, 2 warnings, 1 note in 1 message',
      '',
    ].join('\n'))
  })

  it('says why a message cannot be read', async () => {
    const { code, out } = await runCommand(['lint', '-'], good.replace('314159 BYE', 'many BYE'))
    expect(code).toBe(1)
    expect(out).toMatch(/^stdin:6:7 error header-value: CSeq is not what the grammar allows \(RFC 3261 §20\.16\)\n {2}6 \| CSeq: many BYE\n {4}\| {7}\^\n/)
  })

  it('exits with 0 for warnings, with 1 when they count', async () => {
    const warned = good.replace('z9hG4bK776', '776')
    expect((await runCommand(['lint', '-'], warned)).code).toBe(0)
    expect((await runCommand(['lint', '-', '--strict'], warned)).code).toBe(1)
    expect((await runCommand(['lint', '-', '--strict'], good)).code).toBe(0)
  })

  it('gives one JSON object for each finding, and a summary', async () => {
    const path = fileOf('bad.sip', bad)
    const { out } = await runCommand(['lint', path, '--json'])
    const lines = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[3]).toEqual({
      event: 'diagnostic', file: path, line: 9, column: 19, offset: Buffer.from(bad).indexOf('warp9'), length: 5, severity: 'note', code: 'unknown-option-tag', header: 'Supported',
      section: 'RFC 3261 §27.1', message: 'an option tag is not registered',
    })
    expect(lines.at(-1)).toEqual({ event: 'summary', files: 1, messages: 1, errors: 2, warnings: 2, notes: 1 })
  })

  it('goes through several files', async () => {
    const { code, out } = await runCommand(['lint', fileOf('a.sip', good), fileOf('b.sip', bad)])
    expect(code).toBe(1)
    expect(out).toContain('b.sip:1:1 error missing-header')
    expect(out).toContain('2 errors, 2 warnings, 1 note in 2 messages\n')
  })

  it('takes a file with bare line feeds for what was meant, with one note', async () => {
    const { code, out } = await runCommand(['lint', '-'], good.replaceAll('\r\n', '\n'))
    expect(code).toBe(0)
    expect(out).toBe(['stdin:1:32 note bare-line-feed: a line ends without CR (RFC 3261 §7.3.1)', '  1 | BYE sip:bob@example.com SIP/2.0', '    |                                ^', '0 errors, 0 warnings, 1 note in 1 message', ''].join('\n'))
    const withBody = good.replace('Content-Length: 0', 'Content-Type: text/plain\r\nContent-Length: 6')
    expect((await runCommand(['lint', '-'], `${withBody}a\r\nb\r\n`.replaceAll('\r\n', '\n'))).out).toContain('0 errors, 0 warnings, 1 note')
  })

  it('--stream: messages one behind the other, and one that is cut off', async () => {
    const { code, out } = await runCommand(['lint', '-', '--stream'], `${good}\r\n\r\n${bad}${good.slice(0, 200)}`)
    expect(code).toBe(1)
    expect(out).toContain('stdin:13:40 warning via-branch')
    expect(out).toMatch(/stdin:\d+:\d+ error [\w-]+: .*\n.*\n.*\n3 errors, 2 warnings, 1 note in 3 messages\n$/)
  })

  it.each([
    [['lint'], 'offhook: lint: <file> is missing. Usage: offhook lint <file|-> … [options]\n'],
    [['lint', '-', '-'], 'offhook: lint: standard input can be read once. Usage: offhook lint <file|-> … [options]\n'],
    [['lint', '-', '--strickt'], 'offhook: lint: there is no option --strickt; did you mean --strict?. Usage: offhook lint <file|-> … [options]\n'],
  ])('%j is wrong usage, said in one line', async (words, err) => {
    expect(await runCommand(words)).toMatchObject({ code: 2, out: '', err })
  })
  it('says what to do about a file that is not there', async () => {
    expect(await runCommand(['lint', '/nowhere/a.sip'])).toMatchObject({ code: 3, err: 'offhook: lint: /nowhere/a.sip does not exist; check the path\n' })
  })
  it('has a sentence of its own for every rule', () => {
    const sentences = rules.map(({ code }) => sentenceOf({ code, header: 'X' }))
    expect(new Set(sentences).size).toBe(rules.length)
  })
  it('says what RULES.md of the parser says', () => {
    const document = readFileSync(new URL('../../sip-parser/RULES.md', import.meta.url), 'utf8')
    for (const { code } of rules) expect(document).toContain(` | ${sentenceOf({ code, header: 'a header field' })} |`)
  })
})

describe('a place in a file', () => {
  const octets = Buffer.from('one\r\n\tzw\u00f6lf: \u738b<x>\r\n\u001b[31mred\xff')
  const at = (text: string): number => octets.indexOf(text)
  it('is counted in lines and characters', () => {
    expect(placeOf(octets, 0)).toEqual({ line: 1, column: 1 })
    expect(placeOf(octets, at('<x>'))).toEqual({ line: 2, column: 10 })
  })
  it('is underlined below tabs, wide characters and marks', () => {
    expect(excerptOf(octets, at('<x>'), 3)).toEqual(['2 | \tzw\u00f6lf: \u738b<x>', '  | \t         ^^^'])
    expect(excerptOf(octets, at('\u738b'), 3)).toEqual(['2 | \tzw\u00f6lf: \u738b<x>', '  | \t       ^^'])
    expect(excerptOf(Buffer.from('e\u0301x'), 3, 1)).toEqual(['1 | e\u0301x', '  |  ^'])
  })
  it('does not let the file move the cursor', () => {
    expect(excerptOf(octets, at('red'), 3)[0]).not.toContain('\u001b')
  })
  it('is cut out of a long line, and stays in its line', () => {
    const long = Buffer.from(`${'a'.repeat(300)}<here>${'b'.repeat(300)}`)
    const [line = '', carets = ''] = excerptOf(long, 300, 6)
    expect(line.length).toBeLessThan(170)
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('<here>')
    expect(excerptOf(Buffer.from('one\r\ntwo'), 1, 6)).toEqual(['1 | one', '  |  ^^'])
    expect(excerptOf(Buffer.from('one\r\n'), 5, 1)).toEqual(['2 | ', '  | ^'])
  })
})

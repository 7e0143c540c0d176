import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { amendments, phrases, replaced } from './amendments.js'
import { beginnings, corrections } from './corrections.js'

const folder = fileURLToPath(new URL('../../../../../shared/rfc/', import.meta.url))

export const hasRfcTexts: boolean = existsSync(`${folder}rfc3261.txt`)
if (!hasRfcTexts) console.warn('skipped: ../shared/rfc is not here, the grammar of the RFCs is not compared')

/** A rule as an RFC has it, and the RFC. */
interface Rule {
  readonly rfc: number
  readonly name: string
  readonly text: string
}

/** RFCs with the grammar of header fields, later ones before those they replace; the grammar they all build on comes last. */
export const rfcs: readonly number[] = [
  3262, 6665, 3323, 3325, 3326, 3327, 3329, 7315, 3515, 3608, 3841, 3891, 3892, 3903, 3911, 4028, 4412, 8224, 4474, 4488, 4538, 5360, 5373, 5393, 5503,
  5626, 5839, 6050, 6086, 6442, 6794, 6809, 7044, 7989, 7433, 8262, 8498, 5009, 5002, 7316, 5806, 7614, 8496, 8787, 3261,
]

/** RFCs of which others take single rules. */
const borrowed: readonly number[] = [3966, 3840, 3903, 5322, 5954, 3629]

/** The lines of an RFC without page breaks: the blank lines around one belong to it. */
function linesOf(rfc: number): string[] {
  const text = readFileSync(`${folder}rfc${rfc}.txt`, 'utf8').replace(/^\ufeff/, '').replaceAll('\r', '')
  return text.replaceAll(/\n*\n[^\n]*\[Page \d+\]\n\f\n?[^\n]*\n+/g, '\n').split('\n')
}

/** The rules of a text: a name, `=`, and every deeper line up to a blank one. */
function rulesIn(rfc: number): Rule[] {
  const rules: Rule[] = []
  let text = linesOf(rfc).join('\n')
  text = text.slice(Math.max(0, text.lastIndexOf(beginnings[rfc] ?? '\0')))
  for (const [wrong, right] of corrections[rfc] ?? []) {
    if (!text.includes(wrong)) throw new TypeError(`RFC ${rfc} does not say ${JSON.stringify(wrong)}`)
    text = text.replace(wrong, () => right)
  }
  let open: { indent: number; name: string; lines: string[] } | undefined
  const close = (): void => {
    if (open !== undefined) rules.push({ rfc, name: open.name, text: open.lines.join('\n') })
    open = undefined
  }
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/)
    const [, name, rest = ''] = /^\s*([A-Za-z][\w-]*)\s*=(?!\/)\s*(\S.*)?$/.exec(line) ?? []
    if (open !== undefined && indent > open.indent) open.lines.push(line.trim())
    else {
      close()
      if (name !== undefined && indent >= 0 && isAbnf(rest)) open = { indent, name, lines: [rest] }
    }
  }
  close()
  return rules.map((rule) => ({ ...rule, text: phrases.reduce((said, [phrase, instead]) => said.replace(phrase, instead), rule.text) }))
}

/** What prose with an equals sign, code and examples of headers do not look like. */
function isAbnf(text: string): boolean {
  return text === '' || /^(?:[\d*]*\(|[\d*]*\[|[\d*]*"|%[xds]|[\d*]*[A-Za-z][\w-]*\s*(?:$|[/;()["*\d%A-Za-z]))/.test(text)
}

/** Names that RFC 5234 appendix B.1 and RFC 3261 leave to others. */
const core = `
ALPHA = %x41-5A / %x61-7A
DIGIT = %x30-39
HEXDIG = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"
DQUOTE = %x22
SP = %x20
HTAB = %x09
WSP = SP / HTAB
CR = %x0D
LF = %x0A
CRLF = CR LF
OCTET = %x00-FF
CHAR = %x01-7F
VCHAR = %x21-7E
BIT = "0" / "1"
CTL = %x00-1F / %x7F
LWSP = *(WSP / CRLF WSP)`

export interface RfcGrammar {
  /** ABNF, one rule a line; each name has its RFC behind it. */
  readonly text: string
  /** Header fields: every name with the rule, its RFC. */
  readonly headers: readonly { readonly names: readonly string[]; readonly rule: string; readonly rfc: number }[]
  /** The name of a rule in `text`. */
  ruleOf(name: string, rfc?: number): string
}

/** The grammar of SIP as the RFC texts beside the repository have it. */
export function rfcGrammar(): RfcGrammar {
  const all = new Map<string, Rule>()
  const key = (name: string, rfc: number): string => `${name.toLowerCase()}-rfc${rfc}`
  const put = (rule: Rule): void => {
    // The same rule again, in a summary, does not count.
    if (!all.has(key(rule.name, rule.rfc))) all.set(key(rule.name, rule.rfc), rule)
  }
  for (const line of amendments.flatMap(({ rfc, rules }) => rules.map((rule) => `${rfc} ${rule}`))) {
    const [, rfc = '', name = '', text = ''] = /^(\d+) ([\w-]+) = (.*)$/.exec(line) ?? []
    put({ rfc: Number(rfc), name, text })
  }
  for (const rfc of [...rfcs, ...borrowed]) rulesIn(rfc).forEach(put)
  for (const line of core.trim().split('\n')) {
    const [name = '', text = ''] = line.split(' = ')
    put({ rfc: 5234, name, text })
  }
  const resolve = (name: string, rfc: number): Rule | undefined =>
    [replaced.get(name.toLowerCase()) ?? rfc, rfc, 3261, 5234, ...borrowed].map((place) => all.get(key(name, place))).find((rule) => rule !== undefined)
  const out = new Map<string, string>()
  const add = (rule: Rule): string => {
    const name = key(rule.name, rule.rfc)
    if (out.has(name)) return name
    out.set(name, '')
    out.set(name, eachName(rule.text, (word) => {
      const used = resolve(word, rule.rfc)
      if (used === undefined) throw new TypeError(`RFC ${rule.rfc} does not say what ${word} is: ${rule.name} = ${rule.text}`)
      return add(used)
    }))
    return name
  }
  const headers = new Map<string, { names: string[]; rule: string; rfc: number }>()
  for (const rule of [...all.values()].filter(({ text, rfc }) => /"\s*\)?\s*HCOLON/.test(text) && rfc !== 5234)) {
    const names = Array.from((/^[^]*?HCOLON/.exec(rule.text)?.[0] ?? '').matchAll(/"([\w-]+)"/g), ([, name = '']) => name)
    const long = (names[0] ?? '').toLowerCase()
    if (!headers.has(long)) headers.set(long, { names, rule: add(rule), rfc: rule.rfc })
  }
  for (const name of ['Request-Line', 'Status-Line', 'SIP-URI', 'SIPS-URI', 'absoluteURI', 'telephone-uri', 'SIP-message']) {
    const rule = resolve(name, 3261)
    if (rule !== undefined) add(rule)
  }
  return { text: Array.from(out, ([name, text]) => `${name} = ${text}\r\n`).join(''), headers: [...headers.values()], ruleOf: (name, rfc = 3261) => key(name, rfc) }
}

/** The rule on one line without comments, its names replaced. A `|` of RFC 822 is a `/`. */
function eachName(text: string, replace: (name: string) => string): string {
  return text.replaceAll(/"[^"\n]*"|%[xds][\w.-]+|;[^\n]*|[A-Za-z][\w-]*|\s+|\|/g, (word) => {
    if (/^[A-Za-z]/.test(word)) return replace(word)
    return /^[;\s]/.test(word) ? ' ' : word === '|' ? '/' : word
  })
}

import type { Diagnostic, DiagnosticCode } from '../diagnostics.js'
import { ParseError, type ParseErrorCode } from '../errors.js'
import { nameOf, numberOf } from '../header-names.js'
import { sourceOf } from '../octets.js'
import type { SipMessage, StrictMode } from '../parse-message.js'
import { fields } from './grammar.js'
import { FIRST_BREAK, ruleOf, type Scan } from './rule.js'

const basicRules = 'RFC 3261 §25.1'

/** Lower-case name to the rule of the header field and the section it comes from. */
const rows: ReadonlyMap<string, readonly [notation: string, section: string]> = /* @__PURE__ */ readRows()

function readRows(): Map<string, [string, string]> {
  const found = new Map<string, [string, string]>()
  let section = basicRules
  for (const line of fields.trim().split('\n')) {
    const [names = '', notation] = line.split(/: (.*)/)
    if (notation === undefined) section = `RFC ${names}`
    else for (const name of names.split(' ')) found.set(name, [notation, section])
  }
  return found
}

type Code = (ParseErrorCode & DiagnosticCode) | 'folding'

/**
 * Everything that the grammar of RFC 3261 §25.1 and its extensions forbids in the start line and the header section, in order of place; what is allowed but
 * odd is a `warning` (a known parameter whose value is not what its own rule says) or a `note` (folding). The body is octets, and not looked at.
 * Of a message the text that `serializeMessage` writes is checked, and offsets count in that; of octets those themselves.
 *
 * @example checkGrammar(bytes).filter(({ severity }) => severity === 'error')
 */
export function checkGrammar(message: SipMessage | Uint8Array): readonly Diagnostic[] {
  return check(message instanceof Uint8Array ? sourceOf(message).text : `${message.startLine}\r\n${message.headers.toText(message.body.length)}`)
}

/** For `parseMessage(input, { mode: strict })`: what the grammar forbids is refused, as ParseError with the code of the diagnostic. */
export const strict: StrictMode = {
  check: (text, diagnostics) => {
    for (const found of check(text)) {
      if (found.severity === 'error') throw new ParseError(found.code as ParseErrorCode, found.offset, found)
      diagnostics.push(found)
    }
  },
}

function check(text: string): Diagnostic[] {
  const found: Diagnostic[] = []
  const say = (code: Code, offset: number, header?: string, section = basicRules): void => {
    found.push({ code, offset, severity: code === 'folding' ? 'note' : 'error', section, ...(header !== undefined && { header }) })
  }
  // CRLF before the start line is to be ignored (RFC 3261 §7.5).
  let at = /[^\r\n]|$/.exec(text)?.index ?? 0
  for (let first = true; ; first = false) {
    if (at >= text.length) say('no-empty-line', at)
    if (at >= text.length || (!first && /^\r?\n/.test(text.slice(at, at + 2)))) break
    const pattern = first ? /\r?\n|$/g : /\r?\n(?![ \t])|$/g
    pattern.lastIndex = at
    const [lineEnd = ''] = pattern.exec(text) ?? []
    const next = pattern.lastIndex
    const line = text.slice(at, next - lineEnd.length)
    if (first) {
      const fault = faultIn(/^sip\//i.test(line) ? 'status-line' : 'request-line', line)
      if (fault >= 0) say('start-line', at + fault)
    } else checkField(line, at, say)
    at = next
  }
  const bare = text.slice(0, at + 2).search(/(?<!\r)\n/)
  if (bare >= 0) say('bare-line-feed', bare)
  return found.sort((one, other) => one.offset - other.offset)
}

/** One header field, which may go on in more lines. */
function checkField(line: string, at: number, say: (code: Code, offset: number, header?: string, section?: string) => void): void {
  const [head = '', name = '', colon] = /^([\w\-.!%*+`'~]*)[ \t]*(:?)/.exec(line) ?? []
  if (name === '' || colon === '') {
    say('header-line', name === '' ? at : at + head.length)
    return
  }
  const header = nameOf(numberOf(name)) || name
  const fold = line.indexOf('\n')
  if (fold >= 0) say('folding', at + fold, header)
  const [notation, section] = rows.get(name.toLowerCase()) ?? ['header-value']
  const fault = faultIn(`SWS (${notation})`, markBreaks(line.slice(head.length)))
  if (fault >= 0) say('header-value', at + head.length + fault, header, section)
}

/** Where the text does not follow the rule, or -1. */
function faultIn(rule: string, text: string): number {
  const scan: Scan = { text, furthest: 0 }
  const end = ruleOf(rule)(scan, 0)
  return end === text.length ? -1 : Math.max(end, scan.furthest)
}

/** Puts marks for line breaks, as many as there were octets. */
function markBreaks(text: string): string {
  return text.replaceAll(/[ \t\r\n]+/g, (blanks) => {
    let mark = FIRST_BREAK
    return blanks.replaceAll(/\r?\n/g, ({ length }) => String.fromCharCode(Math.min(mark++, FIRST_BREAK + 3)).repeat(length))
  })
}

import type { Diagnostic } from '../diagnostics.js'
import { sourceOf } from '../octets.js'
import type { SipMessage } from '../parse-message.js'
import { checkGrammar } from '../strict/check-grammar.js'
import { addressRules } from './address-rules.js'
import { extensionRules } from './extension-rules.js'
import type { Rule } from './lint-rule.js'
import { messageRules } from './message-rules.js'
import { Places } from './places.js'
import { Subject } from './subject.js'
import { tableRules } from './table-rules.js'

/** Every rule that `validateMessage` checks beyond the grammar, with its severity, its section and a sentence about it. */
export const rules: readonly Rule[] = [...tableRules, ...messageRules, ...addressRules, ...extensionRules]

/** A peer may break a rule ten thousand times in one message; each finding is looked for in its text. */
const mostOfOneRule = 32

/**
 * Everything that is wrong or odd in a message, in order of place: its grammar (`checkGrammar`), what `parseMessage` noticed, which header fields must
 * or may not stand in it (RFC 3261 §20 and its extensions), and what the values mean together. Never throws on what a peer may send;
 * of one rule no more than the first 32 findings are given.
 *
 * `octets` are those that the message was read from: offsets count in them. Without them they count in what `serializeMessage` writes.
 *
 * @example validateMessage(message, datagram).filter(({ severity }) => severity === 'error')
 */
export function validateMessage(message: SipMessage, octets?: Uint8Array): readonly Diagnostic[] {
  const text = octets === undefined
    ? `${message.startLine}\r\n${message.headers.toText(message.body.length)}`
    : sourceOf(octets).text
  const places = new Places(text)
  const subject = new Subject(message)
  const found: Diagnostic[] = [...checkGrammar(octets ?? message)]
  // What the grammar says of the same thing is `start-line` where the parser says `start-line-blanks`.
  for (const noticed of message.diagnostics) if (!found.some(({ code }) => noticed.code.startsWith(code))) found.push(noticed)
  for (const { code, severity, section, check } of rules)
    for (const [header, at, own] of check(subject).slice(0, mostOfOneRule))
      found.push({ code, ...places.find(header, at), severity, ...(header === '' ? {} : { header }), section: own ?? section })
  return found.sort((one, other) => one.offset - other.offset)
}

import type { Severity } from '../diagnostics.js'
import type { RuleCode } from './rule-code.js'
import type { Subject } from './subject.js'

/** What breaks a rule: a header field, or '' for the start line; the text in it that is at fault; the section, when it is not the one of the rule. */
export type Finding = readonly [header: string, text?: string | undefined, section?: string | undefined]

/** One rule about whole messages. */
export interface Rule {
  readonly code: RuleCode
  readonly severity: Severity
  /** Where it stands: `RFC 3261 §8.1.1.5`. */
  readonly section: string
  /** @internal Everything in the message that breaks the rule. */
  readonly check: (subject: Subject) => readonly Finding[]
}

/** A rule as a row: the section is `8.1.1.5` of RFC 3261, or `3891 6.1` of another RFC. */
export type RuleRow = readonly [code: RuleCode, severity: Severity, section: string, check: Rule['check']]

/** Rows to rules. */
export function rulesOf(rows: readonly RuleRow[]): readonly Rule[] {
  return rows.map(([code, severity, section, check]) => ({
    code, severity, section: `RFC ${section.includes(' ') ? section.replace(' ', ' §') : `3261 §${section}`}`, check,
  }))
}

/** One finding, if the condition holds. */
export function when(condition: boolean, header: string, text?: string): readonly Finding[] {
  return condition ? [[header, text]] : []
}

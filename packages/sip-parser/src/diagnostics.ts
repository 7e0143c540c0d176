import type { RuleCode } from './lint/rule-code.js'

/** What was odd in a message that was read all the same; codes of `validateMessage` are names of its rules. */
export type DiagnosticCode =
  | 'bare-line-feed'
  | 'no-empty-line'
  | 'start-line-blanks'
  | 'no-content-length'
  | 'trailing-octets'
  | 'folding'
  | 'start-line'
  | 'header-line'
  | 'header-value'
  | 'multipart' | 'no-close-delimiter' | 'no-parts'
  | RuleCode

/**
 * `error`: the grammar forbids it and strict mode refuses it, or it breaks a rule that a peer may refuse the message for.
 * `warning`: it breaks a rule that receivers are told to cope with. `note`: allowed, but worth to know.
 */
export type Severity = 'error' | 'warning' | 'note'

/** One oddity, where it stands, and the rule about it. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  /** Byte offset in the message. */
  readonly offset: number
  /** How many octets are at fault; without it `offset` is a point. */
  readonly length?: number
  readonly severity: Severity
  /** Name of the header field. */
  readonly header?: string
  /** The section that was broken or applies: `RFC 3261 §18.3`. */
  readonly section?: string
}

const noticed = {
  'bare-line-feed': ['error', '7.3.1'],
  'no-empty-line': ['error', '7'],
  'start-line-blanks': ['error', '7.1'],
  'no-content-length': ['note', '20.14'],
  'trailing-octets': ['warning', '18.3'],
} as const

/** @internal What `parseMessage` notices by the way. */
export function oddity(code: keyof typeof noticed, offset: number): Diagnostic {
  const [severity, section] = noticed[code]
  return { code, offset, severity, section: `RFC 3261 §${section}` }
}

/** What was odd in a message that was read all the same. */
export type DiagnosticCode =
  | 'bare-line-feed'
  | 'no-empty-line'
  | 'start-line-blanks'
  | 'no-content-length'
  | 'trailing-octets'

/** One oddity and where it stands. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  /** Byte offset in the message. */
  readonly offset: number
}

/** What a command may touch of its surroundings. */
export interface Terminal {
  out(text: string): void
  /** Octets that are not text to standard output. */
  write(octets: Uint8Array): void
  err(text: string): void
  /** All of standard input. */
  readInput(): Promise<Uint8Array>
  /** Aborted when the person wants the command to end (Ctrl-C, SIGTERM). */
  readonly interrupted: AbortSignal
}

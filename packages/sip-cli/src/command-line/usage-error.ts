/** The command line asks for something that cannot be; its message is one line for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'usage'
}

/** What the process says to the shell. */
export const exitCode = {
  /** What was asked for happened. */
  success: 0,
  /** The other side refused, did not answer, or the message to parse is broken. */
  refused: 1,
  /** The command line is wrong. */
  usage: 2,
  /** This machine or the network stands in the way: port in use, certificate missing, server unreachable. */
  environment: 3,
} as const

/** One of the values of {@link exitCode}. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

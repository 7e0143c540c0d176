import { exitCode } from './exit-code.js'
import type { ExitCode } from './exit-code.js'

/** A command cannot go on; the message is one line and says what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** Stable word for programs. */
  readonly code: string
  readonly exitCode: ExitCode

  constructor(code: string, message: string, exit: ExitCode, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.exitCode = exit
  }
}

/** What was tried when an error came, so that the remedy can name it. */
export interface Attempt {
  /** Where, such as `udp:127.0.0.1:5060` or a URI. */
  readonly where: string
  /** The option that would choose another place, such as `--listen udp:127.0.0.1:0`. */
  readonly alternative?: string
}

const remedies: Readonly<Record<string, (attempt: Attempt) => string>> = {
  'address-in-use': ({ where, alternative }) =>
    `${where} is in use by another program; stop that program${alternative === undefined ? '' : ` or choose another port with ${alternative}`}`,
  'bad-address': ({ where }) => `${where} is not an address of this machine; use 127.0.0.1, ::1 or 0.0.0.0`,
  forbidden: ({ where, alternative }) =>
    `not allowed to use ${where}; take a port above 1023${alternative === undefined ? '' : ` with ${alternative}`} or run with more rights`,
  refused: ({ where }) => `nobody listens at ${where}; start that server or check port and transport`,
  unreachable: ({ where }) => `${where} cannot be reached; check that the server runs, and the host name, port and transport`,
  'timed-out': ({ where }) => `${where} does not answer; check that it is up, that the transport is right, and that no firewall stands between`,
  tls: ({ where }) => `no trusted TLS connection with ${where}; check its certificate, or name the authority that signed it with --ca <file>`,
  closed: ({ where }) => `${where} closed the connection; it may not speak SIP on that port`,
  'too-large': ({ where }) => `the message is too large for ${where}; use tcp: instead of udp:`,
  'no-adapter': ({ where }) => `${where} asks for a transport that this program does not have; use udp, tcp, tls, ws or wss`,
}

const systemCodes: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address-in-use', EADDRNOTAVAIL: 'bad-address', EACCES: 'forbidden', EPERM: 'forbidden', ECONNREFUSED: 'refused',
  ENOTFOUND: 'unreachable', EAI_AGAIN: 'unreachable', EHOSTUNREACH: 'unreachable', ENETUNREACH: 'unreachable', EINVAL: 'bad-address',
  ETIMEDOUT: 'timed-out', ECONNRESET: 'closed', EPIPE: 'closed',
}

/** Turns what a socket or a transport threw into one line with its remedy. Errors that are neither come back as they are. */
export function explainTransportFailure(error: unknown, attempt: Attempt): unknown {
  const code = transportCodeOf(error)
  const remedy = code === undefined ? undefined : remedies[code]
  if (code === undefined || remedy === undefined) return error
  return new CommandError(code, remedy(attempt), exitCode.environment, error)
}

/** One line with the remedy for a request that got no answer. */
export function explainNoAnswer(failure: 'timed-out' | 'unreachable' | 'cancelled' | 'closed', attempt: Attempt, cause?: unknown): CommandError {
  const code = transportCodeOf(cause) ?? failure
  const remedy = remedies[code] ?? (({ where }: Attempt) => `gave up asking ${where}`)
  return new CommandError(code, remedy(attempt), exitCode.environment, cause)
}

/** The transport error code in an error or in what caused it. */
export function transportCodeOf(error: unknown): string | undefined {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth++) {
    const code: unknown = 'code' in each ? each.code : undefined
    if (typeof code !== 'string') continue
    const translated = systemCodes[code] ?? code
    if (Object.hasOwn(remedies, translated)) return translated
  }
  return undefined
}

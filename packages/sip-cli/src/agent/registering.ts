import { addressOfRecord } from '@offhook/sip-parser'
import type { SipResponse, SipUri } from '@offhook/sip-parser'
import { RegistrationError } from '@offhook/sip-session'
import type { Registration, UserAgent } from '@offhook/sip-session'
import type { Arguments } from '../command-line/arguments.js'
import { CommandError, explainNoAnswer } from '../command-line/command-error.js'
import type { Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import { adviceFor } from './request-outcome.js'

/** How often a registration that failed for a reason that may pass is tried again. */
const retries = 1

/** Registers and tells. @throws CommandError with one line that says why not */
export async function registerAgent(agent: UserAgent, { args, report }: Invocation, aor: SipUri): Promise<Registration> {
  const expires = args.integer('expires', 'seconds', 0, 4_294_967_295) ?? 3600
  const where = registrarOf(args, aor)
  const stop = agent.on('registration', (state) => {
    if (state.name === 'retrying') {
      const { status, reason, retryIn } = state
      report.warning('retrying', `${where} did not register us (${status === undefined ? '' : `${status} `}${reason}); trying again in ${Math.ceil(retryIn / 1000)} s`)
    }
  })
  try {
    const registration = await agent.register({ expires, retries })
    report.event('registered', { aor: addressOfRecord(aor), expires: registration.expires }, `${addressOfRecord(aor)} is registered for ${registration.expires} s`)
    return registration
  } catch (error) {
    if (!(error instanceof RegistrationError)) throw error
    const { code, status, reason } = error
    if (code === 'unreachable') throw explainNoAnswer(status === 408 ? 'timed-out' : 'unreachable', { where }, error)
    throw new CommandError(code, `${where} did not register ${addressOfRecord(aor)}: ${status === undefined ? '' : `${status} `}${reason}${adviceFor(status)}`, exitCode.refused, error)
  } finally {
    stop()
  }
}

/** Takes every binding of our address back, whoever made it (RFC 3261 §10.2.2). @throws CommandError with one line that says why not */
export async function unregisterAgent(agent: UserAgent, { args, report }: Invocation, aor: SipUri): Promise<void> {
  const where = registrarOf(args, aor)
  const answers: SipResponse[] = []
  const stop = agent.on('trace', ({ direction, message }) => {
    if (direction === 'received' && message.kind === 'response' && message.cseq.method === 'REGISTER') answers.push(message)
  })
  await agent.unregister({ all: true })
  stop()
  const answer = answers.at(-1)
  if (answer === undefined) throw explainNoAnswer('unreachable', { where })
  const { statusCode, reasonPhrase } = answer
  if (statusCode >= 300) {
    throw new CommandError('refused', `${where} did not unregister ${addressOfRecord(aor)}: ${statusCode} ${reasonPhrase}${adviceFor(statusCode)}`, exitCode.refused)
  }
  report.event('unregistered', { aor: addressOfRecord(aor) }, `${addressOfRecord(aor)} is not registered any more`)
}

function registrarOf(args: Arguments, aor: SipUri): string {
  return args.text('route') ?? args.text('registrar') ?? aor.host
}

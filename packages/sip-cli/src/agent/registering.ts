import { setTimeout as delay } from 'node:timers/promises'
import type { SipUri } from '@offhook/sip-parser'
import { RegistrationError } from '@offhook/sip-session'
import type { Registration, UserAgent } from '@offhook/sip-session'
import { CommandError, explainNoAnswer } from '../command-line/command-error.js'
import type { Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import { adviceFor } from './request-outcome.js'

/** How often a registration is tried, and how long to wait between: ms. */
const tries = 3
const pause = 2000

/** Statuses after which trying again may help (RFC 3261 §21.5): the others are for good. */
const passing: ReadonlySet<number> = new Set([408, 500, 503, 504])

/**
 * Registers and tells. Tries again a few times when the server is overloaded.
 * @throws CommandError with one line that says why not
 */
export async function registerAgent(agent: UserAgent, { args, report }: Invocation, aor: SipUri): Promise<Registration> {
  const expires = args.integer('expires', 'seconds', 0, 4_294_967_295)
  const where = args.text('registrar') ?? args.text('route') ?? aor.host
  for (let left = tries - 1; ; left--) {
    try {
      const registration = await agent.register(expires === undefined ? {} : { expires })
      report.event('registered', { aor: aor.addressOfRecord, expires: registration.expires }, `${aor.addressOfRecord} is registered for ${registration.expires} s`)
      return registration
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error
      const { status } = error
      if (status === undefined) throw explainNoAnswer('timed-out', { where }, error)
      if (!passing.has(status) || left === 0) {
        throw new CommandError('refused', `${where} did not register ${aor.addressOfRecord}: ${status} ${error.reason}${adviceFor(status)}`, exitCode.refused, error)
      }
      report.warning('retry', `${where} answered ${status} ${error.reason}; trying again`)
      await delay(pause)
    }
  }
}

import type { SipResponse, SipUri } from '@offhook/sip-parser'
import type { MessageOutcome } from '@offhook/sip-session'
import { explainNoAnswer } from '../command-line/command-error.js'
import type { Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'

/** Tells what a single request came to, and what the shell gets. @throws CommandError with one line when nobody answered */
export function reportOutcome({ args, report }: Invocation, target: SipUri, outcome: MessageOutcome): ExitCode {
  const { ok, status, reason, response } = outcome
  if (response === undefined) throw explainNoAnswer(status === 408 ? 'timed-out' : 'unreachable', { where: args.text('route') ?? target.toString() })
  const abilities = abilitiesOf(response)
  const sentence = `${status} ${reason}`
  if (ok) {
    report.event('response', { uri: target.toString(), status, reason, ...abilities }, sentence)
    report.details(Object.entries(abilities).map(([name, values]) => `${name}: ${values.join(', ')}`))
  } else {
    report.event('response', { uri: target.toString(), status, reason }, sentence)
    report.failure('refused', `${target.toString()} answered ${sentence}${adviceFor(status)}`)
  }
  return ok ? exitCode.success : exitCode.refused
}

/** What to do about a refusal, as the end of a sentence. */
export function adviceFor(status: number | undefined): string {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return '; check --user and --password'
    case 404:
      return '; check the name, nobody is known under it'
    case 408:
    case 480:
      return '; try again when they are online'
    case 486:
    case 600:
      return '; try again later'
    case 488:
    case 606:
      return '; the other side wants media that this command does not have'
    case 503:
      return '; the server is overloaded, try again later'
    default:
      return ''
  }
}

function abilitiesOf(response: SipResponse): Readonly<Record<string, readonly string[]>> {
  const lists = { allow: response.allow, supported: response.supported, accept: listOf(response, 'Accept') }
  const server = response.headers.get('Server') ?? response.headers.get('User-Agent')
  return Object.fromEntries([...Object.entries(lists), ['server', server === undefined ? [] : [server]] as const].filter(([, values]) => values.length > 0))
}

function listOf(response: SipResponse, name: string): readonly string[] {
  return response.headers.getAll(name).flatMap((value) => value.split(',')).map((value) => value.trim()).filter((value) => value !== '')
}

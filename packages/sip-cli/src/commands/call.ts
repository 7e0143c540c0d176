import { setTimeout as delay } from 'node:timers/promises'
import type { Call, CallEnd } from '@offhook/sip-session'
import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { describeEnd, nameOf, sentenceOf } from '../agent/call-report.js'
import { adviceFor } from '../agent/request-outcome.js'
import { firstHop, parseSipAddress } from '../agent/sip-address.js'
import { explainNoAnswer } from '../command-line/command-error.js'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import { createEchoMedia } from '../media/echo-media.js'

/** `offhook call`: places a call, gives back what it hears or plays a tone, hangs up. */
export const call: Command = {
  name: 'call',
  summary: 'place a call; echoes what it hears, or plays a tone',
  synopsis: '<uri> [options]',
  options: {
    duration: { value: '<seconds>', text: 'hang up so long after the answer; until the other side does or Ctrl-C when absent' },
    'cancel-after': { value: '<seconds>', text: 'give up when there is no answer by then' },
    tone: { value: '<hz>', text: 'play a tone (PCMU or PCMA) instead of the echo' },
    ...connectionOptions,
  },
  notes:
    'Answers BYE, re-INVITE and UPDATE while the call lasts. Exit code 0 when the call was answered and ended in good order,\n' +
    '1 when it was refused, cancelled or not answered.',
  async run(invocation: Invocation): Promise<ExitCode> {
    const { args } = invocation
    const target = parseSipAddress(args.exactly('<uri>')[0] ?? '', '<uri>')
    const tone = args.number('tone', 'hertz', 20, 3800)
    const plan = {
      duration: args.number('duration', 'seconds', 0, 86_400),
      cancelAfter: args.number('cancel-after', 'seconds', 0, 3600),
    }
    const media = createEchoMedia({ towards: firstHop(args.text('route'), target), ...(tone === undefined ? {} : { tone }) })
    const { agent, close } = await createClientAgent(invocation, { target, media })
    try {
      const placed = agent.call(target)
      const code = await follow(placed, plan, invocation, target.toString())
      // A process that exits before the other side knows would leave it in a call.
      await placed.hangUp()
      return code
    } finally {
      await close()
    }
  },
}

interface CallPlan {
  /** Seconds. */
  readonly duration: number | undefined
  /** Seconds. */
  readonly cancelAfter: number | undefined
}

async function follow(placed: Call, plan: CallPlan, { args, report, terminal }: Invocation, target: string): Promise<ExitCode> {
  const over = new AbortController()
  const after = (seconds: number | undefined): Promise<void> =>
    seconds === undefined ? new Promise(() => undefined) : delay(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined)
  const hangUp = (): void => void placed.hangUp()
  terminal.interrupted.addEventListener('abort', hangUp)
  report.event('calling', { call: placed.id, uri: target }, `Calling ${target}`)
  placed.on('ringing', (response) => report.event('ringing', { status: response.statusCode, reason: response.reasonPhrase }, 'Ringing'))
  placed.on('progress', (response) =>
    report.event('progress', { status: response.statusCode, reason: response.reasonPhrase }, `${response.statusCode} ${response.reasonPhrase}`))
  placed.on('hold', (held) => report.event('hold', { held }, held ? 'The other side put us on hold' : 'The other side took us off hold'))
  placed.on('dtmf', (digit) => report.event('dtmf', { digit }, `The other side pressed ${digit}`))
  try {
    void after(plan.cancelAfter).then(() => {
      if (placed.state.name === 'calling' || placed.state.name === 'ringing') hangUp()
    })
    const outcome = await placed.answered
    if (!outcome.answered) return reportNoCall(outcome.end, args.text('route') ?? target, { report, target })
    report.event('answered', { call: placed.id, remote: nameOf(placed) }, `Answered by ${nameOf(placed)}`)
    await Promise.race([after(plan.duration), placed.ended])
    await placed.hangUp()
    const end = await placed.ended
    report.event('ended', describeEnd(end), sentenceOf(end))
    return end.by === 'error' ? exitCode.refused : exitCode.success
  } finally {
    terminal.interrupted.removeEventListener('abort', hangUp)
    over.abort()
  }
}

function reportNoCall(end: CallEnd, where: string, { report, target }: Pick<Invocation, 'report'> & { target: string }): ExitCode {
  report.event('ended', describeEnd(end), end.cause === 'cancelled' ? 'Cancelled' : `No call: ${end.status === undefined ? '' : `${end.status} `}${end.reason}`)
  if (end.cause === 'unreachable' && end.message === undefined) throw explainNoAnswer(end.status === 408 ? 'timed-out' : 'unreachable', { where }, end.error)
  if (end.cause !== 'cancelled') {
    report.failure(end.cause, `${target} did not take the call: ${end.status === undefined ? '' : `${end.status} `}${end.reason}${adviceFor(end.status)}`)
  }
  return exitCode.refused
}

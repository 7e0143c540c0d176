import { setTimeout as delay } from 'node:timers/promises'
import type { Call, CallEnd } from '@offhook/sip-session'
import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { followReferral, reportCall } from '../agent/call-events.js'
import { featureOptions, featuresOf } from '../agent/call-features.js'
import { playScript, scriptOf } from '../agent/call-script.js'
import type { ScriptStep } from '../agent/call-script.js'
import { describeEnd, nameOf, sentenceOf } from '../agent/call-report.js'
import { headerOptions, headersOf } from '../agent/request-headers.js'
import { adviceFor } from '../agent/request-outcome.js'
import { firstHop, parseSipAddress } from '../agent/sip-address.js'
import type { Arguments } from '../command-line/arguments.js'
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
    offerless: { text: 'let the other side make the offer' },
    'hold-after': { value: '<seconds>', text: 'put the other side on hold so long after the answer' },
    'resume-after': { value: '<seconds>', text: 'and take it off hold again' },
    'refer-to': { value: '<uri>', text: 'transfer the other side there, 0.5 s after the answer; hangs up when that is done' },
    ...headerOptions,
    ...featureOptions,
    tone: { value: '<hz>', text: 'play a tone (PCMU or PCMA) instead of the echo' },
    ...connectionOptions,
  },
  notes:
    'Answers BYE, re-INVITE and UPDATE while the call lasts. Exit code 0 when the call was answered and ended in good order,\n' +
    '1 when it was refused, cancelled or not answered.',
  async run(invocation: Invocation): Promise<ExitCode> {
    const { args, report } = invocation
    const target = parseSipAddress(args.exactly('<uri>')[0] ?? '', '<uri>')
    const tone = args.number('tone', 'hertz', 20, 3800)
    const plan = {
      duration: args.number('duration', 'seconds', 0, 86_400),
      cancelAfter: args.number('cancel-after', 'seconds', 0, 3600),
      script: await planSteps(args),
    }
    const headers = headersOf(args, target.toString())
    const realm = args.text('realm')
    const media = createEchoMedia({ towards: firstHop(args.text('route'), target), ...(tone === undefined ? {} : { tone }) })
    const { agent, close } = await createClientAgent(invocation, {
      target, media, extensions: featuresOf(args, (referral) => followReferral(referral, report)), ...(realm !== undefined && { realm }),
    })
    try {
      const placed = agent.call(target, { headers, offerless: args.flag('offerless') })
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
  readonly script: readonly ScriptStep[]
}

/** What to do after the answer. */
async function planSteps(args: Arguments): Promise<readonly ScriptStep[]> {
  const steps = await scriptOf(args, { 'hold-after': 'hold', 'resume-after': 'resume', 'reinvite-after': 'reinvite', 'update-after': 'update' })
  const target = args.text('refer-to')
  if (target === undefined) return steps
  return [...steps, { at: 0.5, action: 'refer' as const, words: parseSipAddress(target, '--refer-to').toString() }].sort((a, b) => a.at - b.at)
}

async function follow(placed: Call, plan: CallPlan, { args, report, terminal }: Invocation, target: string): Promise<ExitCode> {
  const over = new AbortController()
  const after = (seconds: number | undefined): Promise<void> =>
    seconds === undefined ? new Promise(() => undefined) : delay(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined)
  const hangUp = (): void => void placed.hangUp()
  let accepted: { readonly status?: number; readonly reason?: string } = {}
  terminal.interrupted.addEventListener('abort', hangUp)
  report.event('calling', { call: placed.id, uri: target }, `Calling ${target}`)
  placed.on('ringing', (response) => report.event('ringing', { status: response.statusCode, reason: response.reasonPhrase }, 'Ringing'))
  placed.on('progress', (response) =>
    report.event('progress', { status: response.statusCode, reason: response.reasonPhrase }, `${response.statusCode} ${response.reasonPhrase}`))
  placed.on('accepted', ({ statusCode, reasonPhrase }) => (accepted = { status: statusCode, reason: reasonPhrase }))
  reportCall(placed, report)
  try {
    void after(plan.cancelAfter).then(() => {
      if (placed.state.name === 'calling' || placed.state.name === 'ringing') hangUp()
    })
    const outcome = await placed.answered
    if (!outcome.answered) return reportNoCall(outcome.end, args.text('route') ?? target, { report, target })
    report.event('answered', { call: placed.id, remote: nameOf(placed), ...accepted }, `Answered by ${nameOf(placed)}`)
    void playScript(placed, plan.script, report)
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

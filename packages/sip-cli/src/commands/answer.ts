import { setTimeout as delay } from 'node:timers/promises'
import { addressOfRecord, reasonPhraseOf } from '@offhook/sip-parser'
import type { Call } from '@offhook/sip-session'
import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { describeEnd, nameOf, sentenceOf } from '../agent/call-report.js'
import { registerAgent } from '../agent/registering.js'
import { firstHop, parseSipAddress } from '../agent/sip-address.js'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import type { Report } from '../command-line/report.js'
import { UsageError } from '../command-line/usage-error.js'
import { untilInterrupted } from '../command-line/interruption.js'
import { createEchoMedia } from '../media/echo-media.js'

interface AnswerPlan {
  /** ms */
  readonly ring: number
  readonly status: number | undefined
  /** ms */
  readonly hangUpAfter: number | undefined
  readonly interrupted: AbortSignal
}

/** `offhook answer`: takes every call and gives back what it hears. */
export const answer: Command = {
  name: 'answer',
  summary: 'take every call and echo what it hears (or refuse them all)',
  synopsis: '--listen udp:127.0.0.1:5060 [options]',
  options: {
    ring: { value: '<ms>', text: 'ring so long before answering' },
    status: { value: '<code>', text: 'refuse every call with this status, 300 to 699' },
    'hangup-after': { value: '<seconds>', text: 'hang up so long after answering' },
    register: { value: '<aor>', text: 'also be reachable as this address, through the registrar' },
    registrar: { value: '<uri>', text: 'where to register: sip:host;transport=tcp, ws://host:port/path' },
    ...connectionOptions,
  },
  notes:
    'Takes any user name. Answers OPTIONS, MESSAGE, re-INVITE (hold) and CANCEL as well. Media is RTP given back as it comes\n' +
    '(PCMU, PCMA, G.722, Opus), and WebRTC where it is offered. Runs until Ctrl-C, then exits with 0.',
  async run(invocation: Invocation): Promise<ExitCode> {
    const { args, report, terminal } = invocation
    args.exactly()
    const plan = planOf(invocation)
    const aor = args.text('register')
    const registrar = args.text('registrar') ?? args.text('route')
    if (aor === undefined && args.texts('listen').length === 0) throw new UsageError('--listen is missing; say where, such as --listen udp:127.0.0.1:5060')
    const identity = parseSipAddress(aor ?? 'sip:answer@localhost', '--register')
    const { agent, close } = await createClientAgent(invocation, {
      identity: addressOfRecord(identity),
      target: identity,
      media: createEchoMedia({ towards: firstHop(registrar, identity) }),
      acceptAnyUser: true,
      ...(aor === undefined || registrar === undefined ? {} : { server: registrar }),
    })
    agent.on('incoming', (call) => void takeCall(call, plan, report))
    agent.on('message', (message) =>
      report.event('message', { from: message.from.uri.toString(), text: message.text }, `${message.from.uri.toString()} writes: ${message.text}`))
    try {
      if (aor !== undefined) await registerAgent(agent, invocation, identity)
      await untilInterrupted(terminal)
      return exitCode.success
    } finally {
      await close()
    }
  },
}

function planOf({ args, terminal }: Invocation): AnswerPlan {
  const hangUpAfter = args.number('hangup-after', 'seconds', 0, 86_400)
  return {
    ring: args.number('ring', 'milliseconds', 0, 600_000) ?? 0,
    status: args.integer('status', 'numbers', 300, 699),
    hangUpAfter: hangUpAfter === undefined ? undefined : hangUpAfter * 1000,
    interrupted: terminal.interrupted,
  }
}

async function takeCall(call: Call, plan: AnswerPlan, report: Report): Promise<void> {
  const from = nameOf(call)
  const { id } = call
  report.event('incoming', { call: id, from }, `${from} is calling`)
  call.on('hold', (held) => report.event('hold', { call: id, held }, held ? `${from} put us on hold` : `${from} took us off hold`))
  call.on('dtmf', (digit) => report.event('dtmf', { call: id, digit }, `${from} pressed ${digit}`))
  void call.ended.then((end) => report.event('ended', { call: id, ...describeEnd(end) }, `${from}: ${sentenceOf(end)}`))
  if (plan.ring > 0) {
    void call.ring()
    report.event('ringing', { call: id }, 'Ringing')
    await Promise.race([delay(plan.ring), call.ended])
    if (call.state.name === 'ended') return
  }
  if (plan.status !== undefined) {
    void call.reject(plan.status)
    report.event('refused', { call: id, status: plan.status }, `Refused with ${plan.status} ${reasonPhraseOf(plan.status)}`)
    return
  }
  const outcome = await call.answer()
  if (!outcome.ok) {
    report.event('failed', { call: id, code: outcome.code, reason: outcome.reason }, `Could not answer: ${outcome.reason}`)
    return
  }
  report.event('answered', { call: id }, `Answered ${from}`)
  if (plan.hangUpAfter === undefined) return
  await Promise.race([delay(plan.hangUpAfter), call.ended])
  await call.hangUp()
}

import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { addressOfRecord, reasonPhraseOf } from '@offhook/sip-parser'
import type { Call, Extension } from '@offhook/sip-session'
import { reportCall, followReferral } from '../agent/call-events.js'
import { featureOptions, featuresOf } from '../agent/call-features.js'
import { playScript, scriptOf } from '../agent/call-script.js'
import type { ScriptStep } from '../agent/call-script.js'
import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { digestGuard } from '../agent/digest-guard.js'
import { describeEnd, nameOf, sentenceOf } from '../agent/call-report.js'
import { registerAgent } from '../agent/registering.js'
import { firstHop, parseSipAddress } from '../agent/sip-address.js'
import type { Arguments } from '../command-line/arguments.js'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import type { Report } from '../command-line/report.js'
import { UsageError } from '../command-line/usage-error.js'
import { untilInterrupted } from '../command-line/interruption.js'
import { createEchoMedia } from '../media/echo-media.js'
import { codecNames } from '../media/rtp-description.js'

interface AnswerPlan {
  /** ms */
  readonly ring: number
  readonly status: number | undefined
  readonly earlyMedia: boolean
  /** Calls at the same time. */
  readonly maxCalls: number
  /** What to do after the answer. */
  readonly script: readonly ScriptStep[]
}

/** `offhook answer`: takes every call and gives back what it hears. */
export const answer: Command = {
  name: 'answer',
  summary: 'take every call and echo what it hears (or refuse them all)',
  synopsis: '--listen udp:127.0.0.1:5060 [options]',
  options: {
    ring: { value: '<ms>', text: 'ring so long before answering' },
    'early-media': { text: 'with --ring: send the answer in a 183, so that media flows while it rings' },
    status: { value: '<code>', text: 'refuse every call with this status, 300 to 699' },
    'max-calls': { value: '<number>', text: 'refuse with 486 what comes beyond so many calls at once' },
    'require-auth': { value: '<name:password>', text: 'challenge every request, and take those of this user only' },
    'reject-reinvite': { text: 'refuse every re-INVITE with 488' },
    codec: { value: '<name>', repeatable: true, text: `take these codecs only, in this order: ${codecNames.join(', ')}` },
    'hangup-after': { value: '<seconds>', text: 'hang up so long after answering' },
    ...featureOptions,
    register: { value: '<aor>', text: 'also be reachable as this address, through the registrar' },
    registrar: { value: '<uri>', text: 'where to register: sip:host;transport=tcp, ws://host:port/path' },
    ...connectionOptions,
  },
  notes:
    'Takes any user name. Answers OPTIONS, MESSAGE, re-INVITE (hold), UPDATE and CANCEL as well, and calls whom it is referred to. Media is RTP given back as it comes\n' +
    '(PCMU, PCMA, G.722, Opus), and WebRTC where it is offered. Runs until Ctrl-C, then exits with 0.',
  async run(invocation: Invocation): Promise<ExitCode> {
    const { args, report, terminal } = invocation
    args.exactly()
    const plan = await planOf(invocation)
    const aor = args.text('register')
    const registrar = args.text('registrar') ?? args.text('route')
    if (aor === undefined && args.texts('listen').length === 0) throw new UsageError('--listen is missing; say where, such as --listen udp:127.0.0.1:5060')
    const identity = parseSipAddress(aor ?? 'sip:answer@localhost', '--register')
    const { agent, close } = await createClientAgent(invocation, {
      identity: addressOfRecord(identity),
      target: identity,
      media: createEchoMedia({ towards: firstHop(registrar, identity), ...codecsOf(args) }),
      extensions: [...guardsOf(invocation), ...featuresOf(args, (referral) => followReferral(referral, report))],
      acceptAnyUser: true,
      ...(aor === undefined || registrar === undefined ? {} : { server: registrar }),
    })
    agent.on('incoming', (call) => {
      if (agent.calls.length > plan.maxCalls) refuse(call, 486, report)
      else void takeCall(call, plan, report)
    })
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

async function planOf({ args }: Invocation): Promise<AnswerPlan> {
  return {
    ring: args.number('ring', 'milliseconds', 0, 600_000) ?? 0,
    status: args.integer('status', 'numbers', 300, 699),
    earlyMedia: args.flag('early-media'),
    maxCalls: args.integer('max-calls', 'numbers', 1, 1_000_000) ?? Infinity,
    script: await scriptOf(args, { 'reinvite-after': 'reinvite', 'update-after': 'update', 'hangup-after': 'hangup' }),
  }
}

/** What refuses requests before anybody else sees them. */
function guardsOf({ args }: Invocation): Extension[] {
  const login = args.text('require-auth')
  return [
    ...(login === undefined ? [] : [digestGuard(login, () => performance.now())]),
    ...(args.flag('reject-reinvite') ? [rejectReinvites] : []),
  ]
}

const rejectReinvites: Extension = {
  refuse: ({ method, to }) => (method === 'INVITE' && to.tag !== undefined ? { statusCode: 488 } : undefined),
}

function codecsOf(args: Arguments): { readonly codecs?: readonly string[] } {
  const codecs = args.texts('codec')
  const strange = codecs.find((name) => !codecNames.some((known) => known.toLowerCase() === name.toLowerCase()))
  if (strange !== undefined) throw new UsageError(`--codec takes ${codecNames.join(', ')}, not "${strange}"`)
  return codecs.length === 0 ? {} : { codecs }
}

async function takeCall(call: Call, plan: AnswerPlan, report: Report): Promise<void> {
  const from = nameOf(call)
  const { id } = call
  report.event('incoming', { call: id, from }, `${from} is calling`)
  reportCall(call, report)
  void call.ended.then((end) => report.event('ended', { call: id, ...describeEnd(end) }, `${from}: ${sentenceOf(end)}`))
  if (plan.ring > 0) {
    const { earlyMedia } = plan
    void call.ring({ earlyMedia })
    report.event('ringing', { call: id, status: earlyMedia ? 183 : 180, reason: reasonPhraseOf(earlyMedia ? 183 : 180) }, earlyMedia ? 'Ringing, with media' : 'Ringing')
    await Promise.race([delay(plan.ring), call.ended])
    if (call.state.name === 'ended') return
  }
  if (plan.status !== undefined) {
    refuse(call, plan.status, report)
    return
  }
  const outcome = await call.answer()
  if (!outcome.ok) {
    report.event('failed', { call: id, code: outcome.code, reason: outcome.reason }, `Could not answer: ${outcome.reason}`)
    return
  }
  report.event('answered', { call: id, status: 200, reason: 'OK' }, `Answered ${from}`)
  await playScript(call, plan.script, report)
}

function refuse(call: Call, status: number, report: Report): void {
  void call.reject(status)
  const reason = reasonPhraseOf(status)
  report.event('refused', { call: call.id, from: nameOf(call), status, reason }, `Refused ${nameOf(call)} with ${status} ${reason}`)
}

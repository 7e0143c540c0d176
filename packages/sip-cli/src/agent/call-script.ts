import { setTimeout as delay } from 'node:timers/promises'
import { parseUri } from '@offhook/sip-parser'
import type { Call, OperationOutcome } from '@offhook/sip-session'
import type { Report } from '../command-line/report.js'
import type { Arguments } from '../command-line/arguments.js'
import { readNamedFile } from '../command-line/read-file.js'
import { UsageError } from '../command-line/usage-error.js'

/** One thing to do in a call that was answered. */
export interface ScriptStep {
  /** Seconds after the answer. */
  readonly at: number
  readonly action: ScriptAction
  /** What follows the action: digits, a text, a URI. */
  readonly words: string
}

/** What a script can do. */
export type ScriptAction = 'hold' | 'resume' | 'mute' | 'unmute' | 'dtmf' | 'message' | 'info' | 'options' | 'reinvite' | 'update' | 'refer' | 'hangup'

type Deed = (call: Call, words: string) => Promise<Told>
interface Told {
  readonly ok: boolean
  readonly status?: number
  readonly reason?: string
}

const DONE: Told = { ok: false, reason: 'The call has ended.' }
const told = (outcome: OperationOutcome): Told => outcome
const inSession = (make: (session: NonNullable<Call['session']>, words: string) => { readonly outcome: Promise<Told> }): Deed =>
  async (call, words) => (call.session === undefined || call.state.name === 'ended' ? DONE : make(call.session, words).outcome)

const deeds: Readonly<Record<ScriptAction, Deed>> = {
  hold: async (call) => told(await call.hold()),
  resume: async (call) => told(await call.resume()),
  mute: async (call) => told(await call.mute()),
  unmute: async (call) => told(await call.unmute()),
  dtmf: async (call, digits) => told(await call.dtmf(digits)),
  message: inSession((session, text) => session.message({ body: text })),
  info: inSession((session, text) => {
    const [contentType = 'text/plain', ...body] = text.split(' ')
    return session.info(text === '' ? {} : { contentType, body: body.join(' ') })
  }),
  options: inSession((session) => session.options()),
  reinvite: async (call) => told(await call.renegotiate()),
  update: inSession((session) => session.update()),
  refer: async (call, uri) => call.transfer(uri).outcome,
  hangup: async (call) => told(await call.hangUp()),
}

const wanting: Readonly<Partial<Record<ScriptAction, string>>> = { dtmf: 'digits', message: 'a text', refer: 'a URI' }

/** Reads a script: one `<seconds> <action> [words]` a line, `#` for a remark; `+<seconds>` counts from the line before. @throws {@link UsageError} naming the line */
export function parseScript(text: string, name: string): readonly ScriptStep[] {
  const steps: ScriptStep[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const plain = line.trim()
    if (plain === '' || plain.startsWith('#')) continue
    const [, later, seconds = '', action = '', words = ''] = /^(\+)?(\d+(?:\.\d+)?)\s+([a-z]+)(?:\s+(\S.*))?$/.exec(plain) ?? []
    const complain = (what: string): UsageError => new UsageError(`--script: line ${index + 1} of ${name} ${what}`)
    if (!isAction(action)) throw complain(`is not "<seconds> <action>" with one of ${Object.keys(deeds).join(', ')}: ${plain}`)
    const missing = wanting[action]
    if (missing !== undefined && words === '') throw complain(`needs ${missing} after ${action}`)
    if (action === 'refer' && !parseUri(words).ok) throw complain(`refers to "${words}", which is no URI`)
    steps.push({ at: Number(seconds) + (later === undefined ? 0 : (steps.at(-1)?.at ?? 0)), action, words })
  }
  return steps
}

/** The steps of `--script` and of the options that stand for one step each, in the order of time. @throws {@link UsageError} */
export async function scriptOf(args: Arguments, options: Readonly<Partial<Record<string, ScriptAction>>>): Promise<readonly ScriptStep[]> {
  const path = args.text('script')
  const steps = path === undefined ? [] : [...parseScript((await readNamedFile(path, '--script')).toString('utf8'), path)]
  for (const [option, action] of Object.entries(options)) {
    const at = args.number(option, 'seconds', 0, 86_400)
    if (at !== undefined && action !== undefined) steps.push({ at, action, words: '' })
  }
  return steps.sort((a, b) => a.at - b.at)
}

/** Does what the steps say, from the answer on, and tells how each went. Ends with the call. */
export async function playScript(call: Call, steps: readonly ScriptStep[], report: Report): Promise<void> {
  if (steps.length === 0) return
  const over = new AbortController()
  void call.ended.then(() => over.abort())
  let now = 0
  for (const { at, action, words } of steps) {
    await delay((at - now) * 1000, undefined, { signal: over.signal }).catch(() => undefined)
    if (over.signal.aborted) return
    now = at
    // The next step does not wait: what overlaps is to overlap.
    void deeds[action](call, words).catch((error: unknown): Told => ({ ok: false, reason: error instanceof Error ? error.message : String(error) }))
      .then(({ ok, status, reason }) => {
        report.event('did', { call: call.id, action, ok, status, reason }, `${action}${words === '' ? '' : ` ${words}`}: ${ok ? 'done' : `${status ?? ''} ${reason ?? ''}`.trim()}`)
      })
  }
}

function isAction(word: string): word is ScriptAction {
  return Object.hasOwn(deeds, word)
}

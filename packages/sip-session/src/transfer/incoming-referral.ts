import type { NameAddr, SipRequest, Uri } from '@offhook/sip-parser'
import { replaces } from '@offhook/sip-parser/headers'
import type { Flow } from '@offhook/sip-transport'
import type { Dialog } from '../dialog/dialog.js'
import { SessionError } from '../errors.js'
import type { IncomingRequest } from '../session/session.js'
import { Call } from '../call/call.js'
import type { CallEnd } from '../call/call-types.js'
import type { ExtendedAgent, ExtendedCall } from '../call/extension.js'
import { NotifierUsage } from '../user-agent/notifier-usage.js'
import type { TransferProgress } from '../call/transfer-types.js'
import type { ReferTarget } from './refer-target.js'
import { createReport } from './report.js'
import type { Referral, ReferralOptions } from './transfers-options.js'

/** Where a referral stands. `asking`: the REFER waits for its answer; `pending`: it has one, and the application has not decided. */
type Decision = 'asking' | 'pending' | 'accepted' | 'rejected'

/** How the other side wants to hear of it: in the dialog of the REFER, nowhere, or at an address of ours (RFC 4488, RFC 7614). */
export type ReportMode =
  | { readonly type: 'implicit'; readonly dialog: Dialog; readonly flow: () => Flow | undefined; readonly event: string }
  | { readonly type: 'none'; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'explicit'; readonly address: string }

/** What a referral is made of. */
export interface ReferralPlan {
  readonly agent: ExtendedAgent
  readonly owned: IncomingRequest
  readonly target: ReferTarget
  readonly call: ExtendedCall | undefined
  readonly referredBy: NameAddr | undefined
  readonly mode: ReportMode
  /** Nobody can be told of it any more. */
  readonly over: (referral: IncomingReferral) => void
}

/** ms: two reports within a second are one (RFC 3515 §3.10). */
const REPORT_INTERVAL = 1000
/** Seconds that a subscription outlasts the ringing. */
const SPARE = 60
/** Seconds until a referral that is still undecided is told to have lapsed. */
const PATIENCE = 180
const TRYING: TransferProgress = { status: 100, reason: 'Trying' }

/** A REFER of somebody in the hands of the application, and the call that comes of it (RFC 3515, transferee of RFC 5589). */
export class IncomingReferral implements Referral {
  readonly target: Uri
  readonly referredBy: NameAddr | undefined
  readonly request: SipRequest
  readonly isAttended: boolean
  readonly #plan: ReferralPlan
  #decision: Decision = 'asking'
  #made: ExtendedCall | undefined
  #progress = TRYING
  #isFinal = false
  #notifiers: readonly NotifierUsage[] = []
  #hangUpAfter = 5
  #stopWaiting = (): void => undefined

  constructor(plan: ReferralPlan) {
    this.#plan = plan
    this.target = plan.target.uri
    this.referredBy = plan.referredBy
    this.request = plan.owned.request
    this.isAttended = Object.keys(plan.target.headers).some((name) => name.toLowerCase() === replaces.name.toLowerCase())
  }

  get call(): Call | undefined {
    const face = this.#plan.call?.face
    return face instanceof Call ? face : undefined
  }

  /** Where its reports may be subscribed to. */
  get address(): string | undefined {
    return this.#plan.mode.type === 'explicit' ? this.#plan.mode.address : undefined
  }

  get notifiers(): readonly NotifierUsage[] {
    return this.#notifiers
  }

  /** Asks the application. The REFER is answered before its transaction ends, whatever it says (RFC 3515 §2.4.2). */
  ask(decide: (referral: Referral) => void): void {
    try {
      decide(this)
    } catch (error) {
      // What the application throws is reported by the host as unhandled and disturbs nobody else.
      void Promise.reject(error instanceof Error ? error : new AggregateError([error], 'A policy threw.'))
    }
    if (this.#decision === 'asking') this.#defer()
  }

  accept(options: ReferralOptions = {}): Call {
    if (this.#decision === 'rejected') throw new SessionError('wrong-state', 'The referral was rejected.')
    if (this.#made === undefined) this.#accept(options)
    const face = this.#made?.face
    if (face instanceof Call) return face
    throw new SessionError('wrong-state', 'The referral was accepted, and its call could not be made.')
  }

  reject(status = 603, reason?: string): void {
    const { owned, agent, over } = this.#plan
    if (this.#decision === 'asking') owned.reject({ statusCode: status, reasonPhrase: reason })
    else if (this.#decision !== 'pending') return
    const answered = this.#decision === 'pending'
    this.#decision = 'rejected'
    this.#stopWaiting()
    if (answered) agent.host.signalling.run(() => this.#finish({ status, reason: reason ?? 'Declined' }, 'rejected'))
    else over(this)
  }

  /** Tells one more who subscribed, for so many seconds. */
  tell(dialog: Dialog, flow: () => Flow | undefined, event: string, expires: number): void {
    const usage = new NotifierUsage(this.#plan.agent.host, { dialog, flow, event, interval: REPORT_INTERVAL, ended: () => this.#ended(usage) })
    this.#notifiers = [...this.#notifiers, usage]
    const body = createReport(this.#progress)
    usage.receive({ type: 'changed', body })
    if (this.#isFinal) usage.receive({ type: 'end', reason: 'noresource', body })
    else usage.receive({ type: 'subscribed', expires, granted: this.#decision === 'accepted' })
  }

  #accept(options: ReferralOptions): void {
    const { agent, call, target, referredBy } = this.#plan
    const { hangUpAfter = 5, headers, ...rest } = options
    const pending = this.#decision === 'pending'
    this.#decision = 'accepted'
    this.#stopWaiting()
    this.#hangUpAfter = hangUpAfter
    if (pending) for (const usage of this.#notifiers) agent.host.signalling.run(() => usage.receive({ type: 'grant' }))
    else this.#answer((options.ringTimeout ?? PATIENCE) + SPARE)
    try {
      const referrer = referredBy && { 'Referred-By': String(referredBy) }
      const made = agent.place(target.uri, { ...rest, headers: { ...target.headers, ...referrer, ...headers } })
      this.#made = made
      this.#follow(made, call)
    } catch (error) {
      this.#finish({ status: 503, reason: 'Service Unavailable' })
      throw error
    }
  }

  /** Follows the call that was made, and says how it goes. */
  #follow(made: ExtendedCall, call: ExtendedCall | undefined): void {
    const { events, host: { signalling } } = made
    const report = ({ statusCode, reasonPhrase }: { readonly statusCode: number; readonly reasonPhrase: string }): void =>
      this.#report({ status: statusCode, reason: reasonPhrase })
    events.on('ringing', report)
    events.on('progress', report)
    events.on('accepted', ({ statusCode, reasonPhrase }) => this.#finish({ status: statusCode, reason: reasonPhrase }))
    events.on('ended', (end) => this.#finish(progressOfEnd(end)))
    if (call === undefined || call.isOver) return
    made.replaces = call
    signalling.follow(call.ended, () => (made.replaces = undefined))
    signalling.follow(made.answered, ({ answered }) => {
      if (!answered) return
      call.replacedBy = made
      call.events.emit('replaced')
      if (this.#notifiers.length === 0) this.#hangUpLater()
    })
  }

  #report(progress: TransferProgress): void {
    if (this.#isFinal) return
    this.#progress = progress
    const body = createReport(progress)
    for (const usage of this.#notifiers) usage.receive({ type: 'changed', body })
  }

  /** The last report (RFC 3515 §2.4.7). It is kept a while where it may still be asked for (RFC 7614 §4.7). */
  #finish(progress: TransferProgress, reason = 'noresource'): void {
    if (this.#isFinal) return
    this.#isFinal = true
    this.#progress = progress
    const { agent: { host: { signalling } }, mode, over } = this.#plan
    const body = createReport(progress)
    for (const usage of this.#notifiers) usage.receive({ type: 'end', reason, body })
    if (mode.type === 'explicit') signalling.later(128 * signalling.timers.t1, () => over(this))
    else if (this.#notifiers.length === 0) over(this)
  }

  #defer(): void {
    this.#decision = 'pending'
    const { signalling } = this.#plan.agent.host
    this.#answer(PATIENCE + SPARE)
    this.#stopWaiting = signalling.later(1000 * PATIENCE, () => this.reject(603))
  }

  /** Takes the REFER: 200, for 202 is of the past (RFC 7647 §5), and a report at once. */
  #answer(expires: number): void {
    const { owned, mode } = this.#plan
    if (mode.type === 'none') return owned.accept({ headers: mode.headers })
    if (mode.type === 'explicit') return owned.accept({ headers: { 'Refer-Events-At': `<${mode.address}>` } })
    owned.accept()
    this.#plan.agent.host.signalling.run(() => this.tell(mode.dialog, mode.flow, mode.event, expires))
  }

  #ended(usage: NotifierUsage): void {
    this.#notifiers = this.#notifiers.filter((other) => other !== usage)
    if (this.#notifiers.length > 0) return
    if (this.#isFinal) this.#hangUpLater()
    if (this.#isFinal && this.#plan.mode.type !== 'explicit') this.#plan.over(this)
  }

  /** The other side ends its call with us when it hears of the success. If it does not, we do. */
  #hangUpLater(): void {
    const { call } = this.#plan
    if (call === undefined || call.isOver || this.#progress.status >= 300 || this.#hangUpAfter === Infinity) return
    const { signalling } = call.host
    const stop = signalling.later(1000 * this.#hangUpAfter, () => {
      if (!call.isOver) void call.leave({}, { cause: 'transferred', reason: 'Transferred.' })
    })
    void call.ended.then(stop)
  }
}

/** What the other side hears of a call that was not answered. */
function progressOfEnd({ status, cause, reason, message }: CallEnd): TransferProgress {
  if (message?.kind === 'response') return { status: message.statusCode, reason: message.reasonPhrase }
  return { status: status ?? (cause === 'cancelled' ? 487 : 503), reason }
}

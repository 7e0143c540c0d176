import type { SipRequest } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import { Dialog } from '../dialog/dialog.js'
import type { DialogOrigin } from '../dialog/dialog.js'
import type { IncomingRequest } from '../session/session.js'
import type { SubscriberEffect } from '../subscription/subscriber.js'
import type { RequestHost } from '../signalling/client-request.js'
import { Listeners } from '../signalling/listeners.js'
import { whenAborted } from '../call/operation.js'
import { SubscriberUsage } from '../user-agent/subscriber-usage.js'
import type { SubscriptionOwner } from '../user-agent/subscriber-usage.js'
import type { Transfer, TransferEvents, TransferOutcome, TransferProgress } from '../call/transfer-types.js'
import { readReport } from './report.js'

/** Which NOTIFYs are about a REFER of ours: those of its dialog, or of whatever dialog they make. */
export interface ReportChannel {
  readonly callId: string
  readonly localTag: string
  /** Sequence number of the request that subscribed, before challenges. */
  readonly first: number
  /** Where it began no dialog of a session: what a NOTIFY makes the dialog of, and the number that was used last. */
  readonly outside?: { readonly origin: DialogOrigin; readonly sequence: () => number }
}

/** Seconds that a subscription lasts where nobody says (RFC 3515 §3.4): longer than people let it ring. */
const EXPIRES = 300

/** One REFER of ours and the subscriptions that come of it, seen by the application as one transfer (RFC 3515, RFC 5589 §5). */
export class OutgoingTransfer implements Transfer, SubscriptionOwner {
  readonly outcome: Promise<TransferOutcome>
  readonly #host: RequestHost
  readonly #events = new Listeners<TransferEvents>()
  /** Called when no further NOTIFY is waited for. */
  readonly #over: (transfer: OutgoingTransfer) => void
  #forget = (): void => undefined
  #resolve: (outcome: TransferOutcome) => void = () => undefined
  #settled: TransferOutcome | undefined
  #progress: TransferProgress | undefined
  #channel: ReportChannel | undefined
  /** Without a dialog to begin with, several may answer (RFC 3515 §3.9). */
  #forks = false
  #usages: readonly SubscriberUsage[] = []

  constructor(host: RequestHost, signal: AbortSignal | undefined, over: (transfer: OutgoingTransfer) => void) {
    this.#host = host
    this.#over = over
    this.outcome = new Promise((resolve) => (this.#resolve = resolve))
    this.#forget = whenAborted(signal, () => host.signalling.run(() => this.settle({ ok: false, code: 'aborted', reason: 'Given up by the application.' })))
  }

  get progress(): TransferProgress | undefined {
    return this.#progress
  }

  get isSettled(): boolean {
    return this.#settled !== undefined
  }

  on<Name extends keyof TransferEvents>(event: Name, listener: (...values: TransferEvents[Name]) => void): () => void {
    return this.#events.on(event, listener)
  }

  /** The peer has agreed. */
  accepted(): void {
    this.#events.emit('accepted')
  }

  /** A request that subscribes is on its way. @param dialog the one that it was sent in, if there is one */
  subscribed(channel: ReportChannel, dialog?: Dialog, flow?: Flow): SubscriberUsage {
    this.#channel = channel
    this.#forks = dialog === undefined
    const usage = this.#subscribe(dialog, flow)
    usage.receive({ type: 'sent' })
    return usage
  }

  /** Whether a NOTIFY with this id of its Event field may be about it. */
  expects({ callId, to, from }: SipRequest, id: number | undefined): boolean {
    const channel = this.#channel
    if (channel === undefined || callId !== channel.callId || to.tag !== channel.localTag) return false
    return (id === undefined || id >= channel.first) && this.#usages.some(({ dialog }) => dialog === undefined || dialog.remoteTag === from.tag || this.#forks)
  }

  /** Takes a NOTIFY. @param inSession its dialog has judged its sequence number already */
  notify(notify: IncomingRequest, flow: Flow | undefined, inSession: boolean): void {
    const { request } = notify
    const { from: { tag } } = request
    const usage = this.#usages.find(({ dialog }) => dialog?.remoteTag === tag) ?? this.#usages.find(({ dialog }) => dialog === undefined) ?? this.#subscribe()
    const { outside } = this.#channel ?? {}
    if (usage.dialog === undefined && outside !== undefined) usage.enter(Dialog.ofNotify(outside.origin, request, outside.sequence()), flow)
    if (!inSession && usage.dialog?.accepts(request) === false) return notify.reject({ statusCode: 500 })
    usage.dialog?.refresh(request)
    usage.notify(notify)
  }

  notified(_usage: SubscriberUsage, notify: SipRequest): void {
    const told = readReport(notify)
    if (told === undefined || this.isSettled) return
    this.#progress = told
    this.#events.emit('progress', told)
    const { status, reason } = told
    if (status < 200) return
    if (status < 300) this.settle({ ok: true, status, reason })
    // What other forks report may still be better.
    else if (!this.#forks) this.settle({ ok: false, code: 'failed', status, reason })
  }

  subscriptionEnded(usage: SubscriberUsage, { why }: Extract<SubscriberEffect, { type: 'ended' }>): void {
    this.#usages = this.#usages.filter((other) => other !== usage)
    if (this.#usages.length > 0) return
    // A last NOTIFY is read after this.
    this.#host.signalling.run(() => {
      const { status = 0, reason = '' } = this.#progress ?? {}
      if (status >= 300) this.settle({ ok: false, code: 'failed', status, reason })
      else if (why !== 'refused') this.settle({ ok: false, code: 'unreported', reason: 'The other side did not say what came of it.' })
      if (this.isSettled) this.#over(this)
    })
  }

  /** The peer will not say what comes of it. */
  unreported(): void {
    this.settle({ ok: false, code: 'unreported', reason: 'The other side agreed, and does not report.' })
    for (const usage of this.#usages) usage.receive({ type: 'failed' })
  }

  /** How it ended, once. */
  settle(outcome: TransferOutcome): void {
    if (this.isSettled) return
    this.#settled = outcome
    this.#forget()
    this.#resolve(outcome)
    this.#events.clear()
    if (!outcome.ok && outcome.code === 'aborted') for (const usage of this.#usages) usage.receive({ type: 'unsubscribe' })
    if (this.#usages.length === 0) this.#over(this)
  }

  #subscribe(dialog?: Dialog, flow?: Flow): SubscriberUsage {
    const usage = new SubscriberUsage(this.#host, { event: 'refer', expires: EXPIRES, refresh: false }, this)
    if (dialog !== undefined) usage.enter(dialog, flow)
    this.#usages = [...this.#usages, usage]
    return usage
  }
}

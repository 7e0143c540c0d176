import { TokenValue, legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import { subscriptionState } from '@offhook/sip-parser/headers'
import type { Flow } from '@offhook/sip-transport'
import { Dialog } from '../dialog/dialog.js'
import type { DialogOrigin } from '../dialog/dialog.js'
import type { ExtraHeaders, IncomingRequest } from '../session/session.js'
import type { SubscriberEffect, SubscriberState } from '../subscription/subscriber.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { ExtendedAgent } from '../call/extension.js'
import { Listeners } from '../signalling/listeners.js'
import { headerList } from '../signalling/local-identity.js'
import { whenAborted } from '../call/operation.js'
import { SequenceNumber } from '../signalling/sequence-number.js'
import { setBody } from '../signalling/set-body.js'
import { SubscriberUsage } from '../user-agent/subscriber-usage.js'
import type { SubscriptionOwner } from '../user-agent/subscriber-usage.js'
import { eventKey, sameEvent } from './event-key.js'
import type { EventKey } from './event-key.js'
import type { SubscribeOptions, Subscription, SubscriptionEvents, SubscriptionOutcome } from './events-options.js'

/** One SUBSCRIBE that may make dialogs. */
interface Attempt {
  readonly callId: string
  readonly origin: DialogOrigin
  readonly numbering: SequenceNumber
}

const EXPIRES = 3600
/** Between attempts, ms: it doubles, and starts anew when a subscription has lasted as long as it may get. */
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 300_000
/** Refusals that may pass. */
const PASSING = [408, 480, 500, 502, 503, 504]
/** From best to worst. */
const STATES: readonly SubscriberState[] = ['active', 'pending', 'notify_wait', 'terminated']

/** A subscription of the application, through all the dialogs that it takes (RFC 6665 §4.1). */
export class OutgoingSubscription implements Subscription, SubscriptionOwner {
  readonly event: string
  readonly ended: Promise<SubscriptionOutcome>
  readonly #agent: ExtendedAgent
  readonly #target: string | Uri
  readonly #options: SubscribeOptions
  readonly #key: EventKey
  readonly #field: string
  readonly #events = new Listeners<SubscriptionEvents>()
  readonly #over: (subscription: OutgoingSubscription) => void
  #forget = (): void => undefined
  #resolve: (outcome: SubscriptionOutcome) => void = () => undefined
  #attempt: Attempt | undefined
  #usages: readonly SubscriberUsage[] = []
  #expires: number
  #pause = 0
  #startedAt = 0
  #stood = false
  #leaving = false
  #done = false
  #refusal: SipResponse | undefined
  #stopWaiting = (): void => undefined

  /** @throws {SessionError} `bad-target`, `closed` */
  constructor(agent: ExtendedAgent, target: string | Uri, event: string, options: SubscribeOptions, over: (subscription: OutgoingSubscription) => void) {
    this.event = event
    this.#agent = agent
    this.#target = target
    this.#options = options
    this.#over = over
    this.#expires = options.expires ?? EXPIRES
    const parameters = Object.entries(options.parameters ?? {})
    this.#key = { name: event, id: options.parameters?.['id'] }
    this.#field = String(TokenValue.of(event, parameters))
    this.ended = new Promise((resolve) => (this.#resolve = resolve))
    if (options.signal?.aborted === true) this.finish({ code: 'unsubscribed', reason: 'Given up by the application.' })
    else {
      this.#subscribe()
      this.#forget = whenAborted(options.signal, () => void this.unsubscribe())
    }
  }

  get state(): SubscriberState {
    if (this.#done) return 'terminated'
    return STATES.find((state) => this.#usages.some((usage) => usage.state === state)) ?? 'notify_wait'
  }

  on<Name extends keyof SubscriptionEvents>(event: Name, listener: (...values: SubscriptionEvents[Name]) => void): () => void {
    return this.#events.on(event, listener)
  }

  unsubscribe(): Promise<SubscriptionOutcome> {
    this.#agent.host.signalling.run(() => {
      this.#leaving = true
      for (const usage of this.#usages) usage.receive({ type: 'unsubscribe' })
      if (this.#usages.length === 0) this.finish({ code: 'unsubscribed', reason: 'Unsubscribed.' })
    })
    return this.ended
  }

  /** Whether a NOTIFY belongs to it (RFC 6665 §4.4.1). */
  expects(notify: SipRequest): boolean {
    const { callId, to, from } = notify
    const attempt = this.#attempt
    if (attempt === undefined || callId !== attempt.callId || to.tag !== attempt.origin.localTag || !sameEvent(eventKey(notify), this.#key)) return false
    // After timer N no other notifier is waited for (RFC 6665 §4.1.2.4).
    const { now, timers } = this.#agent.host.signalling
    return this.#usages.some(({ dialog }) => dialog?.remoteTag === from.tag) || (this.#usages.length > 0 && now < this.#startedAt + 64 * timers.t1)
  }

  /** Takes a NOTIFY; the first of a notifier makes a dialog (RFC 6665 §4.4.1). */
  notify(notify: IncomingRequest, flow: Flow): void {
    const { request } = notify
    const { tag } = request.from
    const usage = this.#usages.find(({ dialog }) => dialog?.remoteTag === tag) ?? this.#usages.find(({ dialog }) => dialog === undefined) ?? this.#createUsage()
    const attempt = this.#attempt
    if (usage.dialog === undefined && attempt !== undefined) usage.enter(Dialog.ofNotify(attempt.origin, request, attempt.numbering.last), flow)
    if (usage.dialog?.accepts(request) === false) return notify.reject({ statusCode: 500 })
    usage.dialog?.refresh(request)
    usage.notify(notify)
  }

  notified(_usage: SubscriberUsage, request: SipRequest): void {
    const state = legible(() => request.headers.read(subscriptionState)[0]?.state) ?? 'active'
    if (!this.#stood && state !== 'terminated') {
      this.#stood = true
      this.#events.emit('subscribed')
    }
    this.#events.emit('notify', { state, body: request.body, contentType: request.headers.get('Content-Type'), request })
  }

  subscriptionEnded(usage: SubscriberUsage, end: Extract<SubscriberEffect, { type: 'ended' }>): void {
    this.#usages = this.#usages.filter((other) => other !== usage)
    // A last NOTIFY is told first.
    if (this.#usages.length === 0) this.#agent.host.signalling.run(() => this.#ended(end))
  }

  /** It is over for good, once. */
  finish(outcome: SubscriptionOutcome): void {
    if (this.#done) return
    this.#done = true
    this.#stopWaiting()
    this.#forget()
    this.#resolve(outcome)
    this.#events.clear()
    this.#over(this)
  }

  #ended({ why, reason, resubscribeIn }: Extract<SubscriberEffect, { type: 'ended' }>): void {
    if (this.#leaving || why === 'unsubscribed') return this.finish({ code: 'unsubscribed', reason: reason ?? 'Unsubscribed.' })
    const refusal = this.#refusal
    const minimum = refusal?.statusCode === 423 ? (legible(() => refusal.minExpires) ?? 0) : 0
    if (why === 'refused' && minimum > this.#expires) {
      this.#expires = minimum
      return this.#subscribe()
    }
    // One that stood before is worth another try, unless it is refused for good.
    const mayPass = refusal === undefined || PASSING.includes(refusal.statusCode)
    const pause = why === 'terminated' ? resubscribeIn : this.#stood && mayPass ? FIRST_PAUSE : undefined
    if (pause !== undefined && this.#options.resubscribe !== false) return this.#again(pause)
    if (refusal !== undefined) this.finish({ code: 'refused', status: refusal.statusCode, reason: refusal.reasonPhrase })
    else if (why === 'terminated') this.finish({ code: 'terminated', reason: reason ?? 'The notifier ended the subscription.' })
    else this.finish({ code: 'unreachable', reason: 'Nothing was heard of the subscription.' })
  }

  #again(ms: number): void {
    const { signalling } = this.#agent.host
    if (signalling.now - this.#startedAt > LONGEST_PAUSE) this.#pause = 0
    const wait = Math.max(ms, this.#pause)
    this.#pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * this.#pause))
    this.#stopWaiting = signalling.later(wait, () => {
      if (this.#done) return
      try {
        this.#subscribe()
      } catch {
        this.finish({ code: 'closed', reason: 'The user agent was closed.' })
      }
    })
  }

  /** A SUBSCRIBE with a Call-ID and tag of its own (RFC 6665 §4.1.2.1). */
  #subscribe(): void {
    const { host } = this.#agent
    const { accept, headers, body, contentType = 'text/plain' } = this.#options
    const fields: ExtraHeaders = { Event: this.#field, Expires: this.#expires, ...(accept && { Accept: accept.join(', ') }), ...headers }
    const { request, origin, nextHop } = this.#agent.plan('SUBSCRIBE', this.#target, { headers: fields })
    if (body !== undefined) setBody(request, body, contentType)
    const numbering = new SequenceNumber(request.cseq.sequence)
    this.#attempt = { callId: request.callId, origin, numbering }
    this.#startedAt = host.signalling.now
    this.#refusal = undefined
    const usage = this.#createUsage()
    const listener = {
      response: (response: SipResponse) => {
        if (response.statusCode >= 300) this.#refusal = response
        usage.answered(response)
      },
      failed: () => usage.receive({ type: 'failed' }),
      finished: () => undefined,
    }
    host.signalling.run(() => {
      usage.receive({ type: 'sent' })
      new ClientRequest(host, request, { nextHop, numbering, listener }).start()
    })
  }

  #createUsage(): SubscriberUsage {
    const usage = new SubscriberUsage(this.#agent.host, { event: this.#field, headers: headerList(this.#options.headers), expires: this.#expires, refresh: true }, this)
    this.#usages = [...this.#usages, usage]
    return usage
  }
}

import type { DeadlinePlace, Instant } from '@offhook/sip-machine'
import { legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { subscriptionState } from '@offhook/sip-parser/headers'
import type { Flow } from '@offhook/sip-transport'
import type { Dialog } from '../dialog/dialog.js'
import { ownText } from '../dialog/own-text.js'
import type { IncomingRequest } from '../session/session.js'
import { Subscriber } from '../subscription/subscriber.js'
import type { SubscriberEffect, SubscriberInput, SubscriberState } from '../subscription/subscriber.js'
import type { RequestHost } from '../signalling/client-request.js'
import type { Wakeable } from '../signalling/signalling.js'
import { sendInDialog } from './usage-request.js'

/** Who subscribed. */
export interface SubscriptionOwner {
  /** A NOTIFY that was answered with 200; the state may be another one since. */
  notified(usage: SubscriberUsage, notify: SipRequest): void
  subscriptionEnded(usage: SubscriberUsage, end: Extract<SubscriberEffect, { type: 'ended' }>): void
}

/** What a subscription is about. */
export interface SubscriptionPlan {
  /** Value of the Event field, as SUBSCRIBE says it. */
  readonly event: string
  /** Header fields of every SUBSCRIBE. */
  readonly headers?: readonly (readonly [string, string])[]
  /** Seconds. */
  readonly expires: number
  /** Whether it is renewed. */
  readonly refresh: boolean
}

/** One subscription of ours in one dialog: the machine's hands towards the network. */
export class SubscriberUsage implements Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  readonly #host: RequestHost
  readonly #plan: SubscriptionPlan
  readonly #owner: SubscriptionOwner
  readonly #machine: Subscriber
  /** Value of the Event field; an id that the notifier gave belongs to it (RFC 3515 §2.4.6). */
  #event: string
  #dialog: Dialog | undefined
  #flow: Flow | undefined

  constructor(host: RequestHost, plan: SubscriptionPlan, owner: SubscriptionOwner) {
    this.#host = host
    this.#plan = plan
    this.#owner = owner
    this.#event = plan.event
    this.#machine = new Subscriber({ expires: plan.expires, refresh: plan.refresh, timerN: 64 * host.signalling.timers.t1 })
  }

  get state(): SubscriberState {
    return this.#machine.state
  }

  /** Absent until a NOTIFY has made it, unless the subscription began in one. */
  get dialog(): Dialog | undefined {
    return this.#dialog
  }

  /** The dialog is there. */
  enter(dialog: Dialog, flow: Flow | undefined): void {
    this.#dialog = dialog
    this.#flow = flow
  }

  /** Feeds the machine and does what it wants. */
  receive(input: SubscriberInput): void {
    this.#run((now, out) => this.#machine.receive(now, input, out))
  }

  /** Answers a NOTIFY, and tells what it said. */
  notify(notify: IncomingRequest): void {
    const { request } = notify
    const said = legible(() => request.headers.read(subscriptionState)[0])
    if (said === undefined) return notify.reject({ statusCode: 400, reasonPhrase: 'Missing Subscription-State' })
    notify.accept()
    this.#event = ownText(request.headers.get('Event') ?? this.#event)
    const { state, reason } = said
    this.receive({ type: 'notify', state, reason, expires: legible(() => said.expires), retryAfter: legible(() => said.retryAfter) })
    this.#owner.notified(this, request)
  }

  wake(): void {
    this.#run((now, out) => this.#machine.wake(now, out))
  }

  #run(step: (now: Instant, out: SubscriberEffect[]) => void): void {
    const { signalling } = this.#host
    const out: SubscriberEffect[] = []
    step(signalling.now, out)
    signalling.schedule(this, this.#machine.deadline)
    for (const effect of out) {
      if (effect.type === 'subscribe') this.#subscribe(effect.expires)
      else if (effect.type === 'ended') this.#owner.subscriptionEnded(this, effect)
    }
  }

  #subscribe(expires: number): void {
    if (this.#dialog === undefined) return
    const { headers = [] } = this.#plan
    sendInDialog(this.#host, this.#dialog, this.#flow, 'SUBSCRIBE', { headers: [['Event', this.#event], ['Expires', expires], ...headers] }, {
      response: (response) => this.answered(response),
      failed: () => this.receive({ type: 'failed' }),
      finished: () => undefined,
    })
  }

  /** A response to a request that subscribes. */
  answered(response: SipResponse): void {
    const { statusCode } = response
    if (statusCode < 200) return
    if (statusCode < 300) this.receive({ type: 'accepted', expires: legible(() => response.expires) })
    else this.receive({ type: 'refused', statusCode, minExpires: legible(() => response.minExpires) })
  }
}

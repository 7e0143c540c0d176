import { legible } from '@offhook/sip-parser'
import type { NameAddr, SipRequest, Uri } from '@offhook/sip-parser'
import { Dialog } from '../dialog/dialog.js'
import { SessionError } from '../errors.js'
import type { NotificationBody, NotifierInput, NotifierState } from '../subscription/notifier.js'
import type { RequestHost } from '../signalling/client-request.js'
import { NotifierUsage } from '../user-agent/notifier-usage.js'
import type { OutsideRequest } from '../signalling/outside-request.js'
import type { EventKey } from './event-key.js'
import type { SubscriptionRequest, Watcher } from './events-options.js'

/** What a subscription to us is made of. */
export interface IncomingPlan {
  readonly host: RequestHost
  readonly owned: OutsideRequest
  readonly key: EventKey
  /** Seconds granted. */
  readonly expires: number
  readonly over: (subscription: IncomingSubscription) => void
}

/** A SUBSCRIBE of somebody, and the subscription that comes of it (RFC 6665 §4.2). */
export class IncomingSubscription implements SubscriptionRequest, Watcher {
  readonly event: string
  readonly key: EventKey
  readonly target: Uri
  readonly from: NameAddr
  readonly request: SipRequest
  readonly ended: Promise<'told' | 'lost' | 'closed'>
  readonly #plan: IncomingPlan
  readonly #dialog: Dialog
  #usage: NotifierUsage | undefined
  #refused = false
  /** The state of the resource, which one that is pending may not see yet (RFC 6665 §6.2). */
  #held: NotificationBody | undefined
  #flow
  #resolve: (why: 'told' | 'lost' | 'closed') => void = () => undefined

  constructor(plan: IncomingPlan) {
    const { request, localTag, flow } = plan.owned
    this.#plan = plan
    this.event = plan.key.name
    this.key = plan.key
    this.target = request.requestUri
    this.from = request.from
    this.request = request
    this.#flow = flow
    this.#dialog = Dialog.ofRequest(request, localTag)
    this.ended = new Promise((resolve) => (this.#resolve = resolve))
  }

  get dialogId(): string {
    return this.#dialog.id
  }

  get state(): NotifierState {
    return this.#usage?.state ?? 'resp_wait'
  }

  accept(body?: NotificationBody): Watcher {
    this.#take(true, body)
    return this
  }

  pend(): Watcher {
    this.#take(false, undefined)
    return this
  }

  reject(status = 403, reason?: string): void {
    if (this.#usage !== undefined || this.#refused) return
    this.#plan.owned.reject({ statusCode: status, reasonPhrase: reason })
    this.#refused = true
    this.close('lost')
  }

  /** It was not decided at once: the transaction does not wait (RFC 6665 §4.2.1.1). */
  settle(): void {
    if (!this.#refused && this.#usage === undefined) this.#take(false, undefined)
  }

  notify(body: NotificationBody): void {
    this.#plan.host.signalling.run(() => {
      if (this.state === 'pending') this.#held = body
      else this.#usage?.receive({ type: 'changed', body })
    })
  }

  grant(): void {
    this.#receive(() => ({ type: 'grant', body: this.#held }))
  }

  end(reason: string, retryAfter?: number): void {
    this.#receive(() => ({ type: 'end', reason, retryAfter }))
  }

  /** A SUBSCRIBE within it: it is renewed, or ended by 0. */
  renew(owned: OutsideRequest, expires: number): void {
    const { request, flow } = owned
    if (!this.#dialog.accepts(request)) return owned.reject({ statusCode: 500 })
    this.#flow = flow
    this.#dialog.refresh(request)
    owned.accept({ headers: { Expires: expires } })
    this.#receive(() => ({ type: 'subscribed', expires, granted: this.state === 'active' }))
  }

  close(why: 'told' | 'lost' | 'closed'): void {
    this.#resolve(why)
    this.#plan.over(this)
  }

  #take(granted: boolean, body: NotificationBody | undefined): void {
    if (this.#refused) throw new SessionError('wrong-state', 'The subscription was refused.')
    if (this.#usage !== undefined) {
      if (body !== undefined) this.notify(body)
      if (granted) this.grant()
      return
    }
    const { host, owned, expires } = this.#plan
    const field = legible(() => owned.request.headers.get('Event')) ?? this.event
    owned.accept({ headers: { Expires: expires } })
    this.#usage = new NotifierUsage(host, { dialog: this.#dialog, flow: () => this.#flow, event: field, interval: 0, ended: (why) => this.close(why) })
    this.#receive(() => ({ type: 'changed', body }))
    this.#receive(() => ({ type: 'subscribed', expires, granted }))
  }

  /** As a task of its own, after the 2xx is out. */
  #receive(input: () => NotifierInput): void {
    this.#plan.host.signalling.run(() => this.#usage?.receive(input()))
  }
}

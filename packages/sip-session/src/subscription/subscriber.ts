import type { Instant, Machine } from '@offhook/sip-machine'
import { endsSubscription, resubscribeDelay } from './subscription-end.js'

/** Where a subscription stands for its subscriber, as in the figure of RFC 6665 §4.1.2; its life begins with the request. */
export type SubscriberState = 'notify_wait' | 'pending' | 'active' | 'terminated'
/** What a NOTIFY says, or that it is over. */
export type SubscriberStep = 'pending' | 'active' | 'end'

/** A step that is absent leaves the state as it is. */
export const SUBSCRIBER: Readonly<Record<SubscriberState, Readonly<Partial<Record<SubscriberStep, SubscriberState>>>>> = {
  notify_wait: { pending: 'pending', active: 'active', end: 'terminated' },
  pending: { active: 'active', end: 'terminated' },
  active: { end: 'terminated' },
  terminated: {},
}

export type SubscriberInput =
  /** The request that subscribes, SUBSCRIBE or REFER, is on its way. */
  | { readonly type: 'sent' }
  /** A 2xx to it or to a SUBSCRIBE of this machine; its Expires in seconds. */
  | { readonly type: 'accepted'; readonly expires?: number | undefined }
  /** Another final response; its Min-Expires in seconds. */
  | { readonly type: 'refused'; readonly statusCode: number; readonly minExpires?: number | undefined }
  /** No final response. */
  | { readonly type: 'failed' }
  /** A NOTIFY; its Subscription-State, times in seconds. */
  | {
      readonly type: 'notify'
      readonly state: string
      readonly expires?: number | undefined
      readonly reason?: string | undefined
      readonly retryAfter?: number | undefined
    }
  | { readonly type: 'unsubscribe' }

/** Why a subscription is over: its notifier or we ended it, a request was refused, or nothing was heard in time. */
export type SubscriberEnd = 'terminated' | 'unsubscribed' | 'refused' | 'timed-out'

export type SubscriberEffect =
  /** Send a SUBSCRIBE in the dialog. Seconds; 0 ends it. */
  | { readonly type: 'subscribe'; readonly expires: number }
  | { readonly type: 'state'; readonly state: SubscriberState }
  | {
      readonly type: 'ended'
      readonly why: SubscriberEnd
      /** The word of the Subscription-State. */
      readonly reason?: string | undefined
      /** ms after which another may be made; `undefined` when it should not be. */
      readonly resubscribeIn?: number | undefined
    }

export interface SubscriberOptions {
  /** Seconds wanted, and assumed where nobody says. */
  readonly expires: number
  /** Whether it is renewed before it expires. */
  readonly refresh: boolean
  /** Timer N, ms: 64·T1. */
  readonly timerN: number
}

/** One subscription in one dialog, seen by the subscriber (RFC 6665 §4.1). */
export class Subscriber implements Machine<SubscriberInput, SubscriberEffect> {
  readonly #options: SubscriberOptions
  #state: SubscriberState = 'notify_wait'
  #wanted: number
  /** Timer N: a NOTIFY has to come. */
  #notifyBy: Instant = Infinity
  #expiresAt: Instant = Infinity
  #refreshAt: Instant = Infinity
  #leaving = false

  constructor(options: SubscriberOptions) {
    this.#options = options
    this.#wanted = options.expires
  }

  get state(): SubscriberState {
    return this.#state
  }

  get deadline(): Instant {
    // The NOTIFY that says it has expired may be on its way, and get lost first.
    return Math.min(this.#notifyBy, this.#refreshAt, this.#expiresAt + this.#options.timerN)
  }

  receive(now: Instant, input: SubscriberInput, out: SubscriberEffect[]): void {
    if (this.#state === 'terminated') return
    switch (input.type) {
      case 'sent':
        this.#notifyBy = now + this.#options.timerN
        return
      case 'accepted':
        if (input.expires !== undefined && !this.#leaving) this.#lasts(now, input.expires)
        return
      case 'refused':
        return this.#refused(now, input.statusCode, input.minExpires, out)
      case 'failed':
        return this.#setback(now, out)
      case 'notify':
        return this.#notified(now, input, out)
      case 'unsubscribe':
        if (this.#leaving) return
        this.#leaving = true
        // Without a NOTIFY there is no dialog yet to end it in (RFC 6665 §4.4.1).
        if (this.#state !== 'notify_wait') this.#subscribe(now, 0, out)
        return
    }
  }

  wake(now: Instant, out: SubscriberEffect[]): void {
    if (now >= this.#notifyBy || now >= this.#expiresAt + this.#options.timerN) this.#end(this.#leaving ? 'unsubscribed' : 'timed-out', out, { resubscribeIn: 0 })
    else if (now >= this.#refreshAt) this.#subscribe(now, this.#wanted, out)
  }

  #notified(now: Instant, { state, expires, reason, retryAfter }: Extract<SubscriberInput, { type: 'notify' }>, out: SubscriberEffect[]): void {
    this.#notifyBy = Infinity
    if (state === 'terminated') {
      return this.#end(this.#leaving ? 'unsubscribed' : 'terminated', out, { reason, resubscribeIn: resubscribeDelay(reason, retryAfter) })
    }
    const first = this.#state === 'notify_wait'
    // A state that we do not know is not yet a grant.
    this.#step(state === 'active' ? 'active' : 'pending', out)
    if (this.#leaving) return first ? this.#subscribe(now, 0, out) : undefined
    if (expires !== undefined) this.#lasts(now, expires)
    else if (this.#expiresAt === Infinity) this.#lasts(now, this.#wanted)
  }

  #refused(now: Instant, statusCode: number, minExpires: number | undefined, out: SubscriberEffect[]): void {
    if (statusCode === 423 && minExpires !== undefined && minExpires > this.#wanted && this.#state !== 'notify_wait' && !this.#leaving) {
      this.#wanted = minExpires
      return this.#subscribe(now, minExpires, out)
    }
    if (this.#state === 'notify_wait' || endsSubscription(statusCode)) this.#end(this.#leaving ? 'unsubscribed' : 'refused', out)
    else this.#setback(now, out)
  }

  /** The refresh failed for another reason: the subscription lasts as long as it was granted (RFC 6665 §4.1.2.2), and is tried again meanwhile. */
  #setback(now: Instant, out: SubscriberEffect[]): void {
    if (this.#leaving) return this.#end('unsubscribed', out)
    if (this.#state === 'notify_wait') return this.#end('refused', out)
    this.#notifyBy = Infinity
    const left = this.#expiresAt - now
    this.#refreshAt = this.#options.refresh && left > this.#options.timerN ? now + left / 2 : Infinity
  }

  #subscribe(now: Instant, expires: number, out: SubscriberEffect[]): void {
    this.#refreshAt = Infinity
    this.#notifyBy = now + this.#options.timerN
    out.push({ type: 'subscribe', expires })
  }

  /** It is granted for so many seconds from now; renewed timer N before its end, or at half of it. */
  #lasts(now: Instant, seconds: number): void {
    const ms = 1000 * seconds
    this.#expiresAt = now + ms
    this.#refreshAt = this.#options.refresh ? now + Math.max(ms / 2, ms - this.#options.timerN) : Infinity
  }

  #step(step: SubscriberStep, out: SubscriberEffect[]): boolean {
    const next = SUBSCRIBER[this.#state][step]
    if (next === undefined) return false
    this.#state = next
    out.push({ type: 'state', state: next })
    return true
  }

  #end(why: SubscriberEnd, out: SubscriberEffect[], details: { readonly reason?: string | undefined; readonly resubscribeIn?: number | undefined } = {}): void {
    if (!this.#step('end', out)) return
    this.#notifyBy = this.#refreshAt = this.#expiresAt = Infinity
    out.push({ type: 'ended', why, ...details })
  }
}

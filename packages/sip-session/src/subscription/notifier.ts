import type { Instant, Machine } from '@offhook/sip-machine'
import { endsSubscription } from './subscription-end.js'

/** Where a subscription stands for its notifier, as in the figure of RFC 6665 §4.2.2; its life begins with the 2xx. */
export type NotifierState = 'resp_wait' | 'pending' | 'active' | 'terminated'
/** What policy says, or that it is over. */
export type NotifierStep = 'wait' | 'grant' | 'end'

/** A step that is absent leaves the state as it is. */
export const NOTIFIER: Readonly<Record<NotifierState, Readonly<Partial<Record<NotifierStep, NotifierState>>>>> = {
  resp_wait: { wait: 'pending', grant: 'active', end: 'terminated' },
  pending: { grant: 'active', end: 'terminated' },
  active: { end: 'terminated' },
  terminated: {},
}

/** The state of the resource, as a NOTIFY carries it. */
export interface NotificationBody {
  readonly contentType: string
  readonly body: Uint8Array | string
}

export type NotifierInput =
  /** The request that subscribes, or renews, was accepted for so many seconds. `granted`: policy has nothing left to say. */
  | { readonly type: 'subscribed'; readonly expires: number; readonly granted: boolean }
  /** Policy lets the subscriber see. With a body, this state of the resource. */
  | { readonly type: 'grant'; readonly body?: NotificationBody | undefined }
  /** The resource is in another state. */
  | { readonly type: 'changed'; readonly body: NotificationBody | undefined }
  /** It is over; `retryAfter` in seconds. With a body, the resource is in another state. */
  | { readonly type: 'end'; readonly reason: string; readonly retryAfter?: number | undefined; readonly body?: NotificationBody | undefined }
  /** The final response to our NOTIFY; its Retry-After in seconds. */
  | { readonly type: 'answered'; readonly statusCode: number; readonly retryAfter?: number | undefined }
  /** No final response. */
  | { readonly type: 'failed' }

export type NotifierEffect =
  /** Send a NOTIFY with this Subscription-State, times in seconds. */
  | {
      readonly type: 'notify'
      readonly state: 'pending' | 'active' | 'terminated'
      readonly expires?: number | undefined
      readonly reason?: string | undefined
      readonly retryAfter?: number | undefined
      readonly body: NotificationBody | undefined
    }
  /** `told`: the subscriber knows that it is over; `lost`: nobody is there to be told. */
  | { readonly type: 'ended'; readonly why: 'told' | 'lost' }

export interface NotifierOptions {
  /** Shortest time between two NOTIFYs, ms; the last one never waits. */
  readonly interval: number
}

/** How often a NOTIFY is sent again that was put off; after how many ms when nobody says, and at most. */
const MAX_RETRIES = 3
const RETRY = 1000
const LONGEST_RETRY = 60_000

/** One subscription, seen by the notifier (RFC 6665 §4.2). One NOTIFY is under way at a time, with the latest state. */
export class Notifier implements Machine<NotifierInput, NotifierEffect> {
  readonly #options: NotifierOptions
  #state: NotifierState = 'resp_wait'
  #body: NotificationBody | undefined
  #end: { readonly reason: string; readonly retryAfter?: number | undefined } | undefined
  #expiresAt: Instant = Infinity
  /** Whether there is something to tell, and when it may be told. */
  #due = false
  #notBefore: Instant = -Infinity
  #sending = false
  /** The NOTIFY under way says that it is over. */
  #isLast = false
  #retries = 0
  #over = false

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  get state(): NotifierState {
    return this.#state
  }

  get deadline(): Instant {
    if (this.#over) return Infinity
    return Math.min(this.#state === 'terminated' ? Infinity : this.#expiresAt, this.#due && !this.#sending ? this.#notBefore : Infinity)
  }

  receive(now: Instant, input: NotifierInput, out: NotifierEffect[]): void {
    if (this.#over) return
    switch (input.type) {
      case 'subscribed':
        return this.#subscribed(now, input, out)
      case 'grant':
        if (this.#state !== 'terminated' && input.body !== undefined) this.#body = input.body
        return this.#tell(now, this.#step('grant'), out)
      case 'changed':
        if (this.#state === 'terminated') return
        this.#body = input.body
        return this.#tell(now, this.#state !== 'resp_wait', out)
      case 'end':
        if (this.#state === 'terminated') return
        this.#end = { reason: input.reason, retryAfter: input.retryAfter }
        if (input.body !== undefined) this.#body = input.body
        return this.#tell(now, this.#step('end'), out, true)
      case 'answered':
        return this.#answered(now, input.statusCode, input.retryAfter, out)
      case 'failed':
        if (this.#sending) this.#finish('lost', out)
        return
    }
  }

  wake(now: Instant, out: NotifierEffect[]): void {
    if (this.#over) return
    if (now >= this.#expiresAt && this.#state !== 'terminated') this.receive(now, { type: 'end', reason: 'timeout' }, out)
    else this.#flush(now, out)
  }

  #subscribed(now: Instant, { expires, granted }: Extract<NotifierInput, { type: 'subscribed' }>, out: NotifierEffect[]): void {
    if (this.#state === 'terminated') return
    this.#expiresAt = now + 1000 * expires
    if (granted || this.#state === 'resp_wait') this.#step(granted ? 'grant' : 'wait')
    // A subscription of no length is a question for the state at hand (RFC 6665 §4.4.3).
    if (expires === 0) this.receive(now, { type: 'end', reason: 'timeout' }, out)
    else this.#tell(now, true, out, true)
  }

  /** Something is to be told, if `news`; at once if it may not wait. */
  #tell(now: Instant, news: boolean, out: NotifierEffect[], urgent = false): void {
    if (!news) return
    this.#due = true
    this.#retries = 0
    if (urgent) this.#notBefore = now
    this.#flush(now, out)
  }

  #flush(now: Instant, out: NotifierEffect[]): void {
    const { state } = this
    if (!this.#due || this.#sending || now < this.#notBefore || state === 'resp_wait') return
    this.#due = false
    this.#sending = true
    this.#notBefore = now + this.#options.interval
    this.#isLast = state === 'terminated'
    const expires = Math.max(0, Math.ceil((this.#expiresAt - now) / 1000))
    out.push({ type: 'notify', state, body: this.#body, ...(this.#isLast ? this.#end : { expires }) })
  }

  #answered(now: Instant, statusCode: number, retryAfter: number | undefined, out: NotifierEffect[]): void {
    if (!this.#sending) return
    this.#sending = false
    if (endsSubscription(statusCode)) return this.#finish('lost', out)
    const refused = statusCode >= 300
    if (refused && this.#retries < MAX_RETRIES) {
      this.#retries++
      this.#due = true
      this.#notBefore = Math.max(this.#notBefore, now + (retryAfter === undefined ? RETRY : Math.min(1000 * retryAfter, LONGEST_RETRY)))
    } else if (this.#isLast) return this.#finish(refused ? 'lost' : 'told', out)
    this.#flush(now, out)
  }

  #step(step: NotifierStep): boolean {
    const next = NOTIFIER[this.#state][step]
    if (next === undefined) return false
    this.#state = next
    return true
  }

  #finish(why: 'told' | 'lost', out: NotifierEffect[]): void {
    this.#step('end')
    this.#over = true
    out.push({ type: 'ended', why })
  }
}

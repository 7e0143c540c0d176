import type { Instant, Machine } from '@offhook/sip-machine'

/** Where a publication stands. `waiting`: for another attempt. */
export type PublisherState = 'idle' | 'publishing' | 'published' | 'waiting' | 'removing' | 'removed' | 'failed'
/** What happens: the state is told, or taken back; 2xx; refused for good, or for a while; the timer. */
export type PublisherStep = 'publish' | 'remove' | 'success' | 'refusal' | 'setback' | 'due'

/** A step that is absent leaves the state as it is. A request under way is waited for before the next one (RFC 3903 §4). */
export const PUBLISHER: Readonly<Record<PublisherState, Readonly<Partial<Record<PublisherStep, PublisherState>>>>> = {
  idle: { publish: 'publishing', remove: 'removed' },
  publishing: { success: 'published', refusal: 'failed', setback: 'waiting' },
  published: { publish: 'publishing', due: 'publishing', remove: 'removing' },
  waiting: { publish: 'publishing', due: 'publishing', remove: 'removing' },
  removing: { success: 'removed', refusal: 'removed', setback: 'removed' },
  removed: {},
  failed: {},
}

/** The event state that is published. */
export interface PublishedState {
  readonly contentType: string
  readonly body: Uint8Array | string
}

export type PublisherInput =
  | { readonly type: 'publish'; readonly state: PublishedState }
  | { readonly type: 'remove' }
  /** A final response; times in seconds. */
  | {
      readonly type: 'response'
      readonly statusCode: number
      readonly entityTag?: string | undefined
      readonly expires?: number | undefined
      readonly minExpires?: number | undefined
      readonly retryAfter?: number | undefined
    }
  /** No final response. */
  | { readonly type: 'failed' }

export type PublisherEffect =
  /** Send a PUBLISH: with a body it tells, without one it renews, with `expires` 0 it removes (RFC 3903 §4.1, table 1). Seconds. */
  | { readonly type: 'send'; readonly entityTag: string | undefined; readonly expires: number; readonly state: PublishedState | undefined }
  /** The state told last is known there. */
  | { readonly type: 'published' }
  /** It is over: taken back, or refused; `statusCode` is 408 where nothing was heard. */
  | { readonly type: 'ended'; readonly why: 'removed' | 'refused'; readonly statusCode?: number | undefined }

/** Responses after which it may go better (RFC 3261 §21). */
const PASSING = [408, 480, 500, 502, 503, 504]
/** First and longest pause between attempts, ms. */
const FIRST_PAUSE = 2000
const LONGEST_PAUSE = 300_000
/** ms before the end at which it is renewed, or at half of it if that is shorter. */
const AHEAD = 32_000

/** One publication of event state (RFC 3903 §4): told, renewed in time, changed, taken back. */
export class Publisher implements Machine<PublisherInput, PublisherEffect> {
  #state: PublisherState = 'idle'
  #expires: number
  #entityTag: string | undefined
  #told: PublishedState | undefined
  /** Not yet known at the other side. */
  #news = false
  #leaving = false
  #stood = false
  #pause = FIRST_PAUSE
  #deadline: Instant = Infinity

  /** @param expires seconds wanted */
  constructor(expires: number) {
    this.#expires = expires
  }

  get state(): PublisherState {
    return this.#state
  }

  get deadline(): Instant {
    return this.#deadline
  }

  receive(now: Instant, input: PublisherInput, out: PublisherEffect[]): void {
    switch (input.type) {
      case 'publish':
        if (this.#leaving || this.#isOver) return
        this.#told = input.state
        this.#news = true
        if (this.#step('publish')) this.#send(out)
        return
      case 'remove':
        if (this.#isOver) return
        this.#leaving = true
        return this.#remove(out)
      case 'response':
        return this.#response(now, input, out)
      case 'failed':
        return this.#response(now, { type: 'response', statusCode: 408 }, out)
    }
  }

  wake(now: Instant, out: PublisherEffect[]): void {
    if (now >= this.#deadline && this.#step('due')) this.#send(out)
  }

  get #isOver(): boolean {
    return this.#state === 'removed' || this.#state === 'failed'
  }

  /** A body goes along when it is news, or when there is nothing there to renew (RFC 3903 §4.2 to §4.4). */
  #send(out: PublisherEffect[]): void {
    this.#deadline = Infinity
    const state = this.#news || this.#entityTag === undefined ? this.#told : undefined
    this.#news = false
    out.push({ type: 'send', entityTag: this.#entityTag, expires: this.#expires, state })
  }

  #remove(out: PublisherEffect[]): void {
    if (!this.#step('remove')) return
    this.#deadline = Infinity
    if (this.#state === 'removing' && this.#entityTag !== undefined) out.push({ type: 'send', entityTag: this.#entityTag, expires: 0, state: undefined })
    else {
      this.#state = 'removed'
      out.push({ type: 'ended', why: 'removed' })
    }
  }

  #response(now: Instant, response: Extract<PublisherInput, { type: 'response' }>, out: PublisherEffect[]): void {
    const { statusCode, entityTag, expires, minExpires = 0, retryAfter = 0 } = response
    if (this.#state === 'removing') {
      this.#step('success')
      out.push({ type: 'ended', why: 'removed' })
    } else if (this.#state !== 'publishing') return
    else if (statusCode < 300) this.#success(now, entityTag, expires, out)
    else if (statusCode === 412 && this.#entityTag !== undefined) {
      // What we knew is gone there: told anew (RFC 3903 §5).
      this.#entityTag = undefined
      this.#send(out)
    } else if (statusCode === 423 && minExpires > this.#expires) {
      this.#expires = minExpires
      this.#news = true
      this.#send(out)
    } else if (this.#stood && PASSING.includes(statusCode)) this.#setback(now, 1000 * retryAfter, out)
    else {
      this.#step('refusal')
      out.push({ type: 'ended', why: 'refused', statusCode })
    }
  }

  #success(now: Instant, entityTag: string | undefined, expires: number | undefined, out: PublisherEffect[]): void {
    this.#step('success')
    this.#stood = true
    this.#pause = FIRST_PAUSE
    this.#entityTag = entityTag
    const ms = 1000 * Math.min(expires ?? this.#expires, this.#expires)
    this.#deadline = now + Math.max(ms / 2, ms - AHEAD)
    if (this.#leaving) return this.#remove(out)
    if (!this.#news) out.push({ type: 'published' })
    else if (this.#step('publish')) this.#send(out)
  }

  #setback(now: Instant, retryIn: number, out: PublisherEffect[]): void {
    this.#step('setback')
    this.#news = true
    this.#deadline = now + Math.max(this.#pause, Math.min(retryIn, LONGEST_PAUSE))
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE)
    if (this.#leaving) this.#remove(out)
  }

  #step(step: PublisherStep): boolean {
    const next = PUBLISHER[this.#state][step]
    if (next === undefined) return false
    this.#state = next
    return true
  }
}

import { createToken, randomFraction } from '@offhook/sip-machine'
import type { Instant, Machine, RandomSource } from '@offhook/sip-machine'
import { createRequest, legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { readGrant } from './granted-expires.js'
import type { OwnContact } from './granted-expires.js'
import { RegistrationError } from './registration-types.js'
import type { Registration, RegistrationState } from './registration-types.js'

/** Where it stands. `waiting`: for another attempt. */
export type BindingState = 'idle' | 'registering' | 'registered' | 'waiting' | 'unregistering' | 'failed'
/** What happens: asked for; 2xx; refused for good, or for a while; the timer; the connection is gone. */
export type BindingStep = 'register' | 'unregister' | 'success' | 'refusal' | 'setback' | 'due' | 'lost'

/** A step that is absent changes nothing. A request under way is waited for before the next one (RFC 3261 §10.2). */
export const BINDING: Readonly<Record<BindingState, Readonly<Partial<Record<BindingStep, BindingState>>>>> = {
  idle: { register: 'registering' },
  registering: { success: 'registered', refusal: 'failed', setback: 'waiting' },
  registered: { register: 'registering', unregister: 'unregistering', due: 'registering', lost: 'registering' },
  waiting: { register: 'registering', unregister: 'unregistering', due: 'registering' },
  unregistering: { success: 'idle', refusal: 'idle', setback: 'idle' },
  failed: { register: 'registering' },
}

/** What the application wants. */
type Wish =
  | { readonly type: 'register' }
  /** `all`: every binding of the identity, whoever made it (RFC 3261 §10.2.2). */
  | { readonly type: 'unregister'; readonly all: boolean }

export type BindingInput =
  | Wish
  /** `own` is the Contact that the request carried. */
  | { readonly type: 'response'; readonly response: SipResponse; readonly own: OwnContact; readonly explanation?: string | undefined }
  | { readonly type: 'failed'; readonly failure: 'timed-out' | 'unreachable'; readonly error?: unknown }
  /** The connection that the registrar knows is gone. */
  | { readonly type: 'lost' }

export type BindingEffect =
  /** Send it; Contact is added on the way unless it is there. */
  | { readonly type: 'send'; readonly request: SipRequest }
  | { readonly type: 'state'; readonly state: RegistrationState }
  | { readonly type: 'bound'; readonly registration: Registration }
  | { readonly type: 'unbound' }
  | { readonly type: 'failed'; readonly error: RegistrationError }

export interface BindingOptions {
  readonly registrar: string
  /** From and To, without tag. */
  readonly address: string
  /** Seconds. */
  readonly expires: number
  /** Attempts after the first while it was never bound. */
  readonly retries: number
  readonly headers: readonly (readonly [string, string])[]
  readonly random: RandomSource
}

/** First and longest pause between attempts, in ms; it doubles, and half of it is left to chance (RFC 5626 §4.5). */
const FIRST_PAUSE = 2_000
const LONGEST_PAUSE = 300_000

/** One binding of one identity at one registrar (RFC 3261 §10.2): made, renewed in time, mended, taken back. */
export class Binding implements Machine<BindingInput, BindingEffect> {
  readonly #options: BindingOptions
  readonly #callId: string
  readonly #tag: string
  #state: BindingState = 'idle'
  #sequence = 0
  #expires: number
  #retries: number
  #setbacks = 0
  #deadline: Instant = Infinity
  #wasBound = false
  /** Asked for while a request was under way. */
  #next: Wish | undefined

  constructor(options: BindingOptions) {
    this.#options = options
    this.#callId = createToken(options.random)
    this.#tag = createToken(options.random)
    this.#expires = options.expires
    this.#retries = options.retries
  }

  get state(): BindingState {
    return this.#state
  }

  get deadline(): Instant {
    return this.#deadline
  }

  /** The number for another attempt of the request at hand. */
  nextSequence(): number {
    return ++this.#sequence
  }

  receive(now: Instant, input: BindingInput, out: BindingEffect[]): void {
    switch (input.type) {
      case 'response':
        return this.#response(now, input, out)
      case 'failed': {
        const { failure, error } = input
        const [status, reason] = failure === 'timed-out' ? [408, 'The registrar did not answer.'] : [503, 'The registrar cannot be reached.']
        return this.#refused(now, new RegistrationError('unreachable', status, error instanceof Error ? error.message : reason, error), out)
      }
      case 'lost':
        if (this.#step('lost')) this.#send(out)
        return
      default:
        return this.#ask(input, out)
    }
  }

  wake(now: Instant, out: BindingEffect[]): void {
    if (now >= this.#deadline && this.#step('due')) this.#send(out)
  }

  #ask(wish: Wish, out: BindingEffect[]): void {
    const { type } = wish
    if (this.#state === 'registering' || this.#state === 'unregistering') {
      this.#next = wish
    } else if (type === 'register') {
      if (!this.#step(type)) return
      this.#setbacks = 0
      out.push({ type: 'state', state: { name: 'registering' } })
      this.#send(out)
    } else if (this.#step(type) || wish.all || this.#wasBound) {
      // Where we do not know of a binding, the registrar may think otherwise.
      this.#state = 'unregistering'
      this.#send(out, '0', wish.all)
    } else out.push({ type: 'unbound' })
  }

  #response(now: Instant, { response, own, explanation }: Extract<BindingInput, { type: 'response' }>, out: BindingEffect[]): void {
    const { statusCode: status, reasonPhrase } = response
    if (status < 200) return
    if (status < 300) return this.#accepted(now, response, own, out)
    const minimum = status === 423 ? (legible(() => response.minExpires) ?? 0) : 0
    if (minimum > this.#expires && this.#state === 'registering') {
      this.#expires = minimum
      return this.#send(out)
    }
    const passes = status === 408 || status === 480 || (status >= 500 && status < 600)
    const code = passes ? 'unreachable' : [401, 403, 407].includes(status) ? 'unauthorized' : 'rejected'
    this.#refused(now, new RegistrationError(code, status, explanation ?? reasonPhrase), out, legible(() => response.retryAfter))
  }

  #accepted(now: Instant, response: SipResponse, own: OwnContact, out: BindingEffect[]): void {
    if (!this.#step('success')) return
    this.#wasBound = this.#state === 'registered'
    if (!this.#wasBound) return this.#unbound(out)
    this.#retries = Infinity
    this.#setbacks = 0
    const { expires, contacts } = readGrant(response, own, this.#expires)
    // Early enough for a lost request and its retransmissions, and not all phones at once.
    this.#deadline = now + 1000 * expires * (0.7 + 0.2 * randomFraction(this.#options.random))
    const state: RegistrationState = { name: 'registered', expires }
    // A broken Service-Route is not used (RFC 3608 §6.1).
    const serviceRoute = legible(() => response.serviceRoute.map(String)) ?? []
    out.push({ type: 'bound', registration: { state, expires, registrar: this.#options.registrar, contacts, serviceRoute, response } }, { type: 'state', state })
    this.#continue(out)
  }

  /**
   * For good; or, when the registrar could not be reached, for a while.
   *
   * @param after seconds that the registrar asked us to wait
   */
  #refused(now: Instant, error: RegistrationError, out: BindingEffect[], after = 0): void {
    const { code, status, reason } = error
    const again = code === 'unreachable' && (this.#state !== 'registering' || this.#retries-- > 0)
    if (!this.#step(again ? 'setback' : 'refusal')) return
    if (!again) this.#wasBound = false
    if (this.#state === 'idle') return this.#unbound(out)
    if (again) {
      const pause = Math.min(FIRST_PAUSE * 2 ** this.#setbacks++, LONGEST_PAUSE) * (0.5 + 0.5 * randomFraction(this.#options.random))
      const retryIn = Math.round(Math.max(pause, 1000 * after))
      this.#deadline = now + retryIn
      out.push({ type: 'state', state: { name: 'retrying', status, reason, retryIn } })
    } else out.push({ type: 'state', state: { name: 'failed', error } }, { type: 'failed', error })
    this.#continue(out)
  }

  #unbound(out: BindingEffect[]): void {
    out.push({ type: 'state', state: { name: 'unregistered' } }, { type: 'unbound' })
    this.#continue(out)
  }

  /** Does what was asked for meanwhile. */
  #continue(out: BindingEffect[]): void {
    const next = this.#next
    this.#next = undefined
    if (next !== undefined && !(next.type === 'register' && this.#state === 'registered')) this.#ask(next, out)
  }

  #send(out: BindingEffect[], expires = String(this.#expires), all = false): void {
    const { registrar, address, headers } = this.#options
    this.#deadline = Infinity
    const request = createRequest({
      method: 'REGISTER', requestUri: registrar,
      headers: [
        ['Max-Forwards', 70], ['From', `${address};tag=${this.#tag}`], ['To', address], ['Call-ID', this.#callId], ['CSeq', `${this.nextSequence()} REGISTER`],
        ...(all ? [['Contact', '*'] as const] : []), ['Expires', expires], ...headers,
      ],
    })
    out.push({ type: 'send', request })
  }

  #step(step: BindingStep): boolean {
    const next = BINDING[this.#state][step]
    if (next !== undefined) this.#state = next
    return next !== undefined
  }
}

import { createToken, randomFraction } from '@offhook/sip-machine'
import type { Instant, Machine, RandomSource } from '@offhook/sip-machine'
import { createRequest } from '@offhook/sip-parser'
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

export type BindingInput =
  | { readonly type: 'register' }
  /** `all`: every binding of the identity, whoever made it (RFC 3261 §10.2.2). */
  | { readonly type: 'unregister'; readonly all: boolean }
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
  #next: Extract<BindingInput, { type: 'register' | 'unregister' }> | undefined

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
      case 'register':
      case 'unregister':
        return this.#ask(input, out)
      case 'response':
        return this.#response(now, input, out)
      case 'failed': {
        const [status, reason] = input.failure === 'timed-out' ? [408, 'The registrar did not answer.'] : [503, 'The registrar cannot be reached.']
        return this.#setback(now, new RegistrationError('unreachable', status, input.error instanceof Error ? input.error.message : reason, input.error), undefined, out)
      }
      case 'lost':
        if (this.#step('lost')) this.#send(out)
    }
  }

  wake(now: Instant, out: BindingEffect[]): void {
    if (now >= this.#deadline && this.#step('due')) this.#send(out)
  }

  #ask(input: Extract<BindingInput, { type: 'register' | 'unregister' }>, out: BindingEffect[]): void {
    if (this.#state === 'registering' || this.#state === 'unregistering') {
      this.#next = input
      return
    }
    const everBound = this.#wasBound
    if (input.type === 'unregister' && (input.all || everBound) && this.#state !== 'registered') {
      // Not bound as far as we know: the registrar may think otherwise.
      this.#state = 'unregistering'
      this.#deadline = Infinity
      return this.#sendUnregister(input.all, out)
    }
    if (!this.#step(input.type)) {
      if (input.type === 'unregister') out.push({ type: 'unbound' })
      return
    }
    if (input.type === 'register') {
      this.#setbacks = 0
      out.push({ type: 'state', state: { name: 'registering' } })
      this.#send(out)
    } else this.#sendUnregister(input.all, out)
  }

  #response(now: Instant, input: Extract<BindingInput, { type: 'response' }>, out: BindingEffect[]): void {
    const { response, own, explanation } = input
    const status = response.statusCode
    if (status < 200) return
    if (status < 300) return this.#success(now, response, own, out)
    const minimum = status === 423 ? secondsOf(() => response.minExpires) : undefined
    if (minimum !== undefined && minimum > this.#expires && this.#state === 'registering') {
      this.#expires = minimum
      return this.#send(out)
    }
    const reason = explanation ?? response.reasonPhrase
    if (status >= 500 && status < 600 || status === 408 || status === 480) {
      const after = secondsOf(() => response.retryAfter)
      return this.#setback(now, new RegistrationError('unreachable', status, reason), after, out)
    }
    const code = status === 401 || status === 403 || status === 407 ? 'unauthorized' : 'rejected'
    this.#conclude('refusal', new RegistrationError(code, status, reason), out)
  }

  #success(now: Instant, response: SipResponse, own: OwnContact, out: BindingEffect[]): void {
    const bound = this.#state === 'registering'
    if (!this.#step('success')) return
    if (!bound) {
      this.#wasBound = false
      out.push({ type: 'state', state: { name: 'unregistered' } }, { type: 'unbound' })
      return this.#continue(out)
    }
    this.#wasBound = true
    this.#retries = Infinity
    this.#setbacks = 0
    const grant = readGrant(response, own, this.#expires)
    // Early enough for a lost request and its retransmissions, and not all phones at once.
    this.#deadline = now + 1000 * grant.expires * (0.7 + 0.2 * randomFraction(this.#options.random))
    const state: RegistrationState = { name: 'registered', expires: grant.expires }
    const registration: Registration = {
      state, expires: grant.expires, registrar: this.#options.registrar, contacts: grant.contacts, serviceRoute: routeOf(response), response,
    }
    out.push({ type: 'bound', registration }, { type: 'state', state })
    this.#continue(out)
  }

  #setback(now: Instant, error: RegistrationError, after: number | undefined, out: BindingEffect[]): void {
    if (this.#state === 'registering' && this.#retries-- <= 0) return this.#conclude('refusal', error, out)
    if (!this.#step('setback')) return
    if (this.#state === 'idle') {
      out.push({ type: 'state', state: { name: 'unregistered' } }, { type: 'unbound' })
      return this.#continue(out)
    }
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#setbacks++, LONGEST_PAUSE) * (0.5 + 0.5 * randomFraction(this.#options.random))
    const retryIn = Math.round(Math.max(pause, 1000 * (after ?? 0)))
    this.#deadline = now + retryIn
    const { status, reason } = error
    out.push({ type: 'state', state: { name: 'retrying', reason, retryIn, ...(status !== undefined && { status }) } })
    this.#continue(out)
  }

  /** Refused for good, or once too often. */
  #conclude(step: 'refusal', error: RegistrationError, out: BindingEffect[]): void {
    if (!this.#step(step)) return
    this.#wasBound = false
    if (this.#state === 'idle') out.push({ type: 'state', state: { name: 'unregistered' } }, { type: 'unbound' })
    else out.push({ type: 'state', state: { name: 'failed', error } }, { type: 'failed', error })
    this.#continue(out)
  }

  #continue(out: BindingEffect[]): void {
    const next = this.#next
    this.#next = undefined
    if (next !== undefined && !(next.type === 'register' && this.#state === 'registered')) this.#ask(next, out)
  }

  #send(out: BindingEffect[]): void {
    this.#deadline = Infinity
    out.push({ type: 'send', request: this.#create([['Expires', String(this.#expires)]]) })
  }

  #sendUnregister(all: boolean, out: BindingEffect[]): void {
    this.#deadline = Infinity
    out.push({ type: 'send', request: this.#create([...(all ? [['Contact', '*'] as const] : []), ['Expires', '0']]) })
  }

  #create(added: readonly (readonly [string, string])[]): SipRequest {
    const { registrar, address, headers } = this.#options
    return createRequest({
      method: 'REGISTER', requestUri: registrar,
      headers: [
        ['Max-Forwards', 70], ['From', `${address};tag=${this.#tag}`], ['To', address], ['Call-ID', this.#callId],
        ['CSeq', `${this.nextSequence()} REGISTER`], ...added, ...headers,
      ],
    })
  }

  #step(step: BindingStep): boolean {
    const next = BINDING[this.#state][step]
    if (next !== undefined) this.#state = next
    return next !== undefined
  }
}

function secondsOf(read: () => number | undefined): number | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** The Service-Route of a binding; broken ones are not used (RFC 3608 §6.1). */
function routeOf(response: SipResponse): readonly string[] {
  try {
    return response.serviceRoute.map(String)
  } catch {
    return []
  }
}

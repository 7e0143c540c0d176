import type { DeadlinePlace } from '@offhook/sip-machine'
import { legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { createCancel } from '@offhook/sip-transaction'
import { TransportError } from '@offhook/sip-transport'
import type { Flow } from '@offhook/sip-transport'
import { Cancellation } from '../session/cancellation.js'
import type { CancellationEffect, CancellationInput } from '../session/cancellation.js'
import type { RequestFailure } from '../session/session.js'
import type { LocalIdentity } from './local-identity.js'
import type { NextAttempt, RefusedRequest } from './refused-request.js'
import type { Router, Way } from './router.js'
import type { Signalling, TransactionUser, Wakeable } from './signalling.js'

/** Who hears what became of a request. Challenges that were answered are not heard of. */
export interface RequestListener {
  /** Every response. `explanation` says why a challenge in it was not answered. */
  response(response: SipResponse, explanation?: string): void
  failed(failure: RequestFailure, error?: unknown): void
  /** Nothing more comes. */
  finished(): void
  /** Adds what depends on the flow, before our identity does. */
  dress?(request: SipRequest, flow: Flow): void
}

/** What requests need of their user agent. */
export interface RequestHost {
  readonly signalling: Signalling
  readonly router: Router
  readonly identity: LocalIdentity
  /** A response of a peer came. */
  heard(response: SipResponse, flow: Flow): void
  /** What to send instead of a request that was refused or failed. */
  retry(refused: RefusedRequest): NextAttempt | undefined
}

/** One request, where it goes, and who cares. */
export interface RequestPlan {
  /** URI of the next hop. */
  readonly nextHop: string
  /** The flow of the dialog. */
  readonly kept?: Flow | undefined
  /** Gives the number for another attempt, where it counts in a dialog or a registration (RFC 3261 §22.2). */
  readonly numbering?: { nextSequence(): number }
  readonly listener: RequestListener
}

/** A challenge and its stale nonce for each of a proxy and a server, and one to spare. */
const MAX_ATTEMPTS = 5
/** Attempts that extensions want, such as those at the targets of a redirection. */
const MAX_RETRIES = 20
/** About what cached credentials add to a request. */
const CREDENTIALS_BYTES = 300
const CREDENTIALS = ['Authorization', 'Proxy-Authorization']

/** Header fields with credentials, by name. */
export type Credentials = readonly (readonly [name: string, value: string])[]

const nothing = (): void => undefined
const NOBODY: TransactionUser = { response: nothing, failed: nothing, finished: nothing }

/**
 * One request on its way: finds a flow, answers challenges, tries another target, dials again when the connection was gone,
 * cancels an INVITE when that is allowed.
 */
export class ClientRequest implements TransactionUser, Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  readonly #host: RequestHost
  readonly #plan: RequestPlan
  readonly #cancellation: Cancellation
  /** Made when a way has to be looked for. */
  #dialling: AbortController | undefined
  /** Until the final response. */
  #request: SipRequest | undefined
  #credentials: Credentials = []
  #key: string | undefined
  #way: Way | undefined
  /** The way was there before this request. */
  #reused = false
  #nextHop: string
  #attempts = 0
  #retries = 0
  #ownContact = false
  /** The next attempt is another request, and not the same one sent elsewhere. */
  #renumber = false
  #redialled = false
  #answered = false
  #finished = false
  #cancelHeaders: Iterable<readonly [string, string]> = []

  constructor(host: RequestHost, request: SipRequest, plan: RequestPlan) {
    this.#host = host
    this.#plan = plan
    this.#nextHop = plan.nextHop
    this.#request = request
    this.#cancellation = new Cancellation(64 * host.signalling.timers.t1)
  }

  /** The flow it went out on last. */
  get flow(): Flow | undefined {
    return this.#way?.flow
  }

  /** What an INVITE that has its final response proved itself by; the ACK to a 2xx does, too (RFC 3261 §13.2.2.4). */
  get credentials(): Credentials {
    return this.#credentials
  }

  /** Sends it, at once when the way is known. */
  start(): void {
    this.#take(this.#host.router.find(this.#nextHop, this.#plan.kept, () => this.#abortable()))
  }

  /** Cancels an INVITE as soon as that is allowed; what has not been sent yet is not sent (RFC 3261 §9.1). */
  cancel(headers: Iterable<readonly [string, string]> = []): void {
    if (this.#finished) return
    this.#cancelHeaders = headers
    if (this.#key !== undefined) return this.#cancel('cancel')
    this.#dialling?.abort()
    this.#fail('cancelled')
  }

  /** Forgets it. */
  abandon(): void {
    if (this.#finished) return
    this.#dialling?.abort()
    if (this.#key !== undefined) this.#host.signalling.abandon(this.#key)
    this.#finish()
  }

  response(response: SipResponse): void {
    const { statusCode } = response
    if (this.flow !== undefined) this.#host.heard(response, this.flow)
    if (statusCode < 200) {
      this.#answered = true
      this.#cancel('provisional')
      return this.#plan.listener.response(response)
    }
    // One that was given up is not tried again.
    const request = this.#cancellation.wanted ? undefined : this.#request
    const way = this.#way
    if (statusCode === 503 && way !== undefined) {
      const seconds = legible(() => response.retryAfter)
      this.#host.router.failed(way, seconds && 1000 * seconds)
      if (request !== undefined && way.others.length > 0) return this.#tryOther(request, way)
    }
    const challenged = (statusCode === 401 || statusCode === 407) && this.#host.signalling.digest !== undefined
    if (request !== undefined && challenged && this.#attempts < MAX_ATTEMPTS) return this.#answerChallenge(request, response)
    if (statusCode < 300 || !this.#retry(response)) this.#deliver(response)
  }

  failed(failure: 'timed-out' | 'unreachable'): void {
    const { router, signalling } = this.#host
    const [request, way] = [this.#request, this.#way]
    if (request !== undefined && way !== undefined && !this.#answered && !this.#cancellation.wanted && !signalling.closed) {
      // The connection was gone already, unnoticed: once more on a new one.
      if (failure === 'unreachable' && way.flow.reliable && !this.#redialled && (this.#reused || way.others.length === 0)) {
        this.#redialled = true
        router.forget(way.flow)
        this.#again(request)
        return this.start()
      }
      router.failed(way)
      if (way.others.length > 0) return this.#tryOther(request, way)
    }
    this.#fail(failure)
  }

  finished(): void {
    this.#finish()
  }

  wake(): void {
    this.#cancel(undefined)
  }

  #abortable(): AbortSignal {
    this.#dialling ??= new AbortController()
    return this.#dialling.signal
  }

  #take(way: Way | Promise<Way>): void {
    this.#reused = !(way instanceof Promise)
    this.#host.signalling.follow(way, (found) => this.#send(found), (error) => this.#unreachable(error))
  }

  #unreachable(error: unknown): void {
    this.#fail(error instanceof TransportError && error.code === 'aborted' ? 'cancelled' : 'unreachable', error)
  }

  #send(way: Way): void {
    const request = this.#request
    if (this.#finished || request === undefined) return
    const { signalling } = this.#host
    const { headers } = request
    const { flow } = way
    if (this.#renumber) headers.set('CSeq', `${this.#plan.numbering?.nextSequence() ?? request.cseq.sequence + 1} ${request.method}`)
    if (this.#attempts++ === 0) {
      this.#ownContact = !headers.has('Contact')
      this.#dress(request, flow)
    } else if (this.#ownContact && flow !== this.flow) {
      headers.delete('Contact')
      this.#dress(request, flow)
    }
    this.#renumber = false
    this.#way = way
    signalling.address(request, flow)
    const fitting = signalling.transport.fit(request, flow, signalling.digest === undefined ? 0 : CREDENTIALS_BYTES, () => this.#abortable())
    signalling.follow(fitting, (found) => this.#open(request, found === flow ? way : { ...way, flow: found }), (error) => this.#unreachable(error))
  }

  #open(request: SipRequest, way: Way): void {
    if (this.#finished) return
    const { signalling } = this.#host
    const { digest } = signalling
    const { flow } = way
    if (way !== this.#way) signalling.address(request, flow)
    this.#way = way
    const authorized = digest === undefined || CREDENTIALS.some((name) => request.headers.has(name)) ? request : digest.authorize(request, originOf(flow))
    this.#request = authorized
    this.#key = signalling.open(authorized, flow, this)
  }

  #dress(request: SipRequest, flow: Flow): void {
    this.#plan.listener.dress?.(request, flow)
    this.#host.identity.dressRequest(request, flow)
  }

  #tryOther(request: SipRequest, way: Way): void {
    this.#again(request)
    this.#take(this.#host.router.retry(way, this.#abortable()))
  }

  /** The same request for another server: a new transaction, but not a new request (RFC 3263 §4.3). */
  #again(request: SipRequest): void {
    this.#detach()
    this.#answered = false
    this.#request = request.clone()
    // Credentials are for the one who challenged.
    if (this.#host.signalling.digest !== undefined) for (const name of CREDENTIALS) this.#request.headers.delete(name)
  }

  #answerChallenge(request: SipRequest, response: SipResponse): void {
    const { signalling } = this.#host
    const { digest } = signalling
    const way = this.#way
    if (digest === undefined || way === undefined) return this.#deliver(response)
    const { flow } = way
    const judge = (answer: Awaited<ReturnType<typeof digest.answer>>): void => {
      if (this.#finished) return
      if (!answer.ok) return this.#deliver(response, answer.error.message)
      if (this.#cancellation.wanted) return this.#fail('cancelled')
      this.#request = answer.value
      this.#renumber = true
      this.#detach()
      if (signalling.isOpen(flow)) this.#send(way)
      else this.start()
    }
    signalling.follow(digest.answer(request, response, originOf(flow)), judge, (error) => this.#deliver(response, `The credentials could not be had: ${String(error)}`))
  }

  /** Asks the extensions for another attempt. False when there is none. */
  #retry(response: SipResponse | undefined): boolean {
    const request = this.#request
    if (request === undefined || this.#cancellation.wanted || this.#host.signalling.closed || this.#retries >= MAX_RETRIES) return false
    const next = this.#host.retry({ request, response, nextHop: this.#nextHop, effort: this })
    if (next === undefined) return false
    this.#retries++
    this.#detach()
    // Credentials are for one URI and one challenger.
    for (const name of CREDENTIALS) next.request.headers.delete(name)
    this.#request = next.request
    this.#nextHop = next.nextHop ?? this.#nextHop
    this.#attempts = 1
    this.#renumber = true
    this.#answered = false
    this.start()
    return true
  }

  /** The transaction at hand says no more that matters. */
  #detach(): void {
    if (this.#key !== undefined) this.#host.signalling.disown(this.#key)
    this.#key = undefined
    this.#cancel('again')
  }

  #deliver(response: SipResponse, explanation?: string): void {
    this.#answered = true
    if (this.#request?.method === 'INVITE' && this.#host.signalling.digest !== undefined) this.#credentials = credentialsOf(this.#request)
    this.#request = undefined
    this.#cancel('final')
    this.#plan.listener.response(response, explanation)
  }

  #fail(failure: RequestFailure, error?: unknown): void {
    if (this.#finished || (failure !== 'cancelled' && this.#retry(undefined))) return
    this.#detach()
    this.#cancel('final')
    this.#plan.listener.failed(failure, error)
    this.#finish()
  }

  #finish(): void {
    if (this.#finished) return
    this.#finished = true
    this.#request = undefined
    this.#host.signalling.schedule(this, Infinity)
    this.#plan.listener.finished()
  }

  #cancel(input: CancellationInput | undefined): void {
    const { signalling } = this.#host
    const out: CancellationEffect[] = []
    if (input === undefined) this.#cancellation.wake(signalling.now, out)
    else this.#cancellation.receive(signalling.now, input, out)
    signalling.schedule(this, this.#cancellation.deadline)
    const [effect] = out
    if (effect === 'abandon') {
      if (this.#key !== undefined) signalling.abandon(this.#key)
      this.#fail('cancelled')
    } else if (effect === 'cancel' && this.flow !== undefined && this.#request !== undefined) {
      signalling.open(createCancel(this.#request, this.#cancelHeaders), this.flow, NOBODY)
    }
  }
}

/** Who a challenge on this flow comes from, as far as credentials are concerned. */
function originOf(flow: Flow): string {
  return `${flow.transport} ${flow.remote.host}`
}

function credentialsOf({ headers }: SipRequest): Credentials {
  return CREDENTIALS.flatMap((name) => headers.getAll(name).map((value) => [name, value] as const))
}

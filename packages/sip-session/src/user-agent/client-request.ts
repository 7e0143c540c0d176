import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { createCancel } from '@offhook/sip-transaction'
import { TransportError } from '@offhook/sip-transport'
import type { Flow, Target } from '@offhook/sip-transport'
import { Cancellation } from '../session/cancellation.js'
import type { CancellationEffect, CancellationInput } from '../session/cancellation.js'
import type { RequestFailure } from '../session/session.js'
import type { Router, Way } from './router.js'
import type { Signalling, TransactionUser, Wakeable } from './signalling.js'

/** Who hears what became of a request. Challenges that were answered are not heard of. */
export interface RequestListener {
  /** Every response. `explanation` says why a challenge in it was not answered. */
  response(response: SipResponse, explanation?: string): void
  failed(failure: RequestFailure, error?: unknown): void
  /** Nothing more comes. */
  finished(): void
}

/** How a request finds its way and its number. */
export interface RequestContext {
  readonly signalling: Signalling
  readonly router: Router
  /** URI of the next hop. */
  readonly nextHop: string
  /** The flow of the dialog. */
  readonly kept?: Flow | undefined
  /** Adds what depends on the flow, such as Contact. */
  readonly dress: (request: SipRequest, flow: Flow) => void
  /** The number for another attempt, which counts in its dialog (RFC 3261 §22.2). */
  readonly nextSequence: () => number
}

/** A challenge and its stale nonce for each of a proxy and a server, and one to spare. */
const MAX_ATTEMPTS = 5

/**
 * One request on its way: finds a flow, answers challenges, tries another target, dials again when the connection was gone,
 * cancels an INVITE when that is allowed.
 */
export class ClientRequest implements TransactionUser, Wakeable {
  readonly #context: RequestContext
  readonly #listener: RequestListener
  readonly #cancellation: Cancellation
  readonly #dialling = new AbortController()
  #request: SipRequest
  #key: string | undefined
  #flow: Flow | undefined
  #others: readonly Target[] = []
  #attempts = 0
  #redialled = false
  #answered = false
  #finished = false
  #cancelHeaders: Iterable<readonly [string, string]> = []

  constructor(context: RequestContext, request: SipRequest, listener: RequestListener) {
    this.#context = context
    this.#request = request
    this.#listener = listener
    this.#cancellation = new Cancellation(64 * context.signalling.timers.t1)
  }

  /** The flow it went out on last. */
  get flow(): Flow | undefined {
    return this.#flow
  }

  /** Sends it, at once when the way is known. */
  start(): void {
    const { router, nextHop, kept } = this.#context
    this.#take(router.find(nextHop, kept, this.#dialling.signal))
  }

  /** Cancels an INVITE as soon as that is allowed; what has not been sent yet is not sent (RFC 3261 §9.1). */
  cancel(headers: Iterable<readonly [string, string]> = []): void {
    if (this.#finished) return
    this.#cancelHeaders = headers
    if (this.#key === undefined) {
      this.#dialling.abort()
      this.#fail('cancelled')
    } else this.#cancel('cancel')
  }

  /** Forgets it. */
  abandon(): void {
    if (this.#finished) return
    this.#dialling.abort()
    if (this.#key !== undefined) this.#context.signalling.abandon(this.#key)
    this.#finish()
  }

  response(response: SipResponse): void {
    const { statusCode } = response
    if (statusCode < 200) {
      this.#answered = true
      this.#cancel('provisional')
      this.#listener.response(response)
      return
    }
    if (statusCode === 503 && this.#others.length > 0 && !this.#cancellation.wanted) return this.#tryOther()
    const challenged = statusCode === 401 || statusCode === 407
    const { digest } = this.#context.signalling
    if (challenged && digest !== undefined && !this.#cancellation.wanted && this.#attempts < MAX_ATTEMPTS) return this.#answerChallenge(response)
    this.#deliver(response)
  }

  failed(failure: 'timed-out' | 'unreachable'): void {
    const { signalling, router, nextHop, kept } = this.#context
    if (this.#flow !== undefined && failure === 'timed-out') router.forget(this.#flow)
    if (!this.#answered && !this.#cancellation.wanted) {
      if (this.#others.length > 0) return this.#tryOther()
      // The connection was gone already, unnoticed: once more on a new one.
      if (failure === 'unreachable' && this.#flow?.reliable === true && !this.#redialled && !signalling.closed) {
        this.#redialled = true
        router.forget(this.#flow)
        this.#detach()
        return this.#take(router.find(nextHop, kept, this.#dialling.signal))
      }
    }
    this.#fail(failure)
  }

  finished(): void {
    this.#finish()
  }

  wake(): void {
    this.#cancel(undefined)
  }

  #take(way: Way | Promise<Way>): void {
    if (!(way instanceof Promise)) return this.#send(way)
    const { signalling } = this.#context
    way.then(
      (found) => signalling.run(() => this.#send(found)),
      (error: unknown) => signalling.run(() => this.#fail(error instanceof TransportError && error.code === 'aborted' ? 'cancelled' : 'unreachable', error)),
    )
  }

  #send({ flow, others }: Way): void {
    if (this.#finished) return
    const { signalling, dress } = this.#context
    if (this.#attempts === 0) {
      dress(this.#request, flow)
      this.#request = signalling.digest?.authorize(this.#request, originOf(flow)) ?? this.#request
    } else this.#renumber()
    this.#attempts++
    this.#others = others
    this.#flow = flow
    signalling.address(this.#request, flow)
    this.#key = signalling.open(this.#request, flow, this)
  }

  #renumber(): void {
    this.#request.headers.set('CSeq', `${this.#context.nextSequence()} ${this.#request.method}`)
  }

  #tryOther(): void {
    const { router, nextHop } = this.#context
    if (this.#flow !== undefined) router.forget(this.#flow)
    this.#detach()
    this.#request = this.#request.clone()
    this.#take(router.retry(nextHop, this.#others, this.#dialling.signal))
  }

  #answerChallenge(response: SipResponse): void {
    const { signalling } = this.#context
    const flow = this.#flow
    if (signalling.digest === undefined || flow === undefined) return this.#deliver(response)
    const { others } = this
    const judge = (answer: Awaited<ReturnType<typeof signalling.digest.answer>>): void => {
      if (this.#finished) return
      if (!answer.ok) return this.#deliver(response, answer.error.message)
      if (this.#cancellation.wanted) return this.#fail('cancelled')
      this.#request = answer.value
      this.#detach()
      if (signalling.isOpen(flow)) this.#send({ flow, others })
      else this.start()
    }
    const answer = signalling.digest.answer(this.#request, response, originOf(flow))
    if (!(answer instanceof Promise)) return judge(answer)
    answer.then(
      (given) => signalling.run(() => judge(given)),
      (error: unknown) => signalling.run(() => this.#deliver(response, `the credentials could not be had: ${String(error)}`)),
    )
  }

  /** The transaction at hand says no more that matters. */
  #detach(): void {
    if (this.#key !== undefined) this.#context.signalling.disown(this.#key)
    this.#key = undefined
  }

  #deliver(response: SipResponse, explanation?: string): void {
    this.#answered = true
    this.#cancel('final')
    this.#listener.response(response, explanation)
  }

  #fail(failure: RequestFailure, error?: unknown): void {
    if (this.#finished) return
    if (this.#key !== undefined) this.#context.signalling.disown(this.#key)
    this.#cancel('final')
    this.#listener.failed(failure, error)
    this.#finish()
  }

  #finish(): void {
    if (this.#finished) return
    this.#finished = true
    this.#context.signalling.schedule(this, Infinity)
    this.#listener.finished()
  }

  #cancel(input: CancellationInput | undefined): void {
    const { signalling } = this.#context
    const out: CancellationEffect[] = []
    if (input === undefined) this.#cancellation.wake(signalling.now, out)
    else this.#cancellation.receive(signalling.now, input, out)
    signalling.schedule(this, this.#cancellation.deadline)
    for (const effect of out) {
      if (effect === 'cancel') this.#sendCancel()
      else {
        if (this.#key !== undefined) signalling.abandon(this.#key)
        this.#fail('cancelled')
      }
    }
  }

  #sendCancel(): void {
    if (this.#flow === undefined) return
    const nobody: TransactionUser = { response: () => undefined, failed: () => undefined, finished: () => undefined }
    this.#context.signalling.open(createCancel(this.#request, this.#cancelHeaders), this.#flow, nobody)
  }

  get others(): readonly Target[] {
    return this.#others
  }
}

/** Who a challenge on this flow comes from, as far as credentials are concerned. */
function originOf(flow: Flow): string {
  return `${flow.transport} ${flow.remote.host}`
}

import type { DeadlinePlace, Instant } from '@offhook/sip-machine'
import { legible, reasonPhraseOf } from '@offhook/sip-parser'
import type { SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import { sipETag } from '@offhook/sip-parser/headers'
import { Publisher } from '../publication/publisher.js'
import type { PublishedState, PublisherEffect, PublisherInput, PublisherState } from '../publication/publisher.js'
import type { ExtraHeaders } from '../session/session.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { ExtendedAgent } from '../call/extension.js'
import type { Wakeable } from '../signalling/signalling.js'

/** What may be told to a publication. */
export interface PublishOptions {
  /** Seconds; 3600 when absent. The server may shorten it. */
  readonly expires?: number
  readonly headers?: ExtraHeaders
}

/** What became of something that was told. */
export type PublicationOutcome =
  | { readonly ok: true }
  /** The status that refused it: 408 when nothing was heard, 0 when it was taken back here. */
  | { readonly ok: false; readonly status: number; readonly reason: string }

/** Event state that is kept at a server: renewed in time, told anew when it was lost there. */
export interface Publication {
  readonly event: string
  readonly state: PublisherState
  /** Whether it was published, the first time. Never rejects. */
  readonly published: Promise<PublicationOutcome>
  /** Why it is over: `ok` when it was taken back. Never rejects. */
  readonly ended: Promise<PublicationOutcome>
  /** Tells another state. Resolves when the server knows it, or a later one. */
  update(state: PublishedState): Promise<PublicationOutcome>
  /** Takes it back; resolves with `ended`. */
  remove(): Promise<PublicationOutcome>
}

const EXPIRES = 3600
const OK: PublicationOutcome = { ok: true }

/** One publication of the application: the machine's hands towards the network (RFC 3903). */
export class OutgoingPublication implements Publication, Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  readonly event: string
  readonly published: Promise<PublicationOutcome>
  readonly ended: Promise<PublicationOutcome>
  readonly #agent: ExtendedAgent
  readonly #target: Uri
  readonly #headers: ExtraHeaders | undefined
  readonly #machine: Publisher
  #waiting: readonly ((outcome: PublicationOutcome) => void)[] = []
  #resolve: (outcome: PublicationOutcome) => void = () => undefined
  #over: PublicationOutcome | undefined

  constructor(agent: ExtendedAgent, target: Uri, event: string, { expires = EXPIRES, headers }: PublishOptions) {
    this.event = event
    this.#agent = agent
    this.#target = target
    this.#headers = headers
    this.#machine = new Publisher(expires)
    this.published = new Promise((resolve) => (this.#waiting = [resolve]))
    this.ended = new Promise((resolve) => (this.#resolve = resolve))
  }

  get state(): PublisherState {
    return this.#machine.state
  }

  update(state: PublishedState): Promise<PublicationOutcome> {
    return new Promise((resolve) => {
      if (this.#over !== undefined) return resolve(this.#over.ok ? { ok: false, status: 0, reason: 'The publication was taken back.' } : this.#over)
      this.#waiting = [...this.#waiting, resolve]
      this.#receive({ type: 'publish', state })
    })
  }

  remove(): Promise<PublicationOutcome> {
    this.#receive({ type: 'remove' })
    return this.ended
  }

  wake(): void {
    this.#run((now, out) => this.#machine.wake(now, out))
  }

  /** It is over, once. */
  finish(outcome: PublicationOutcome): void {
    if (this.#over !== undefined) return
    this.#over = outcome
    this.#resolve(outcome)
    this.#settle(outcome.ok ? { ok: false, status: 0, reason: 'The publication was taken back.' } : outcome)
  }

  #settle(outcome: PublicationOutcome): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve(outcome)
  }

  #receive(input: PublisherInput): void {
    this.#agent.host.signalling.run(() => this.#run((now, out) => this.#machine.receive(now, input, out)))
  }

  #run(step: (now: Instant, out: PublisherEffect[]) => void): void {
    const { signalling } = this.#agent.host
    const out: PublisherEffect[] = []
    step(signalling.now, out)
    signalling.schedule(this, this.#machine.deadline)
    for (const effect of out) {
      if (effect.type === 'send') this.#send(effect)
      else if (effect.type === 'published') this.#settle(OK)
      else if (effect.why === 'removed') this.finish(OK)
      else this.finish({ ok: false, status: effect.statusCode ?? 0, reason: reasonPhraseOf(effect.statusCode ?? 0) })
    }
  }

  #send({ entityTag, expires, state }: Extract<PublisherEffect, { type: 'send' }>): void {
    const { host } = this.#agent
    const headers: ExtraHeaders = { Event: this.event, Expires: expires, ...(entityTag !== undefined && { 'SIP-If-Match': entityTag }), ...this.#headers }
    let plan: ReturnType<ExtendedAgent['plan']>
    try {
      plan = this.#agent.plan('PUBLISH', this.#target, { headers })
    } catch {
      // Only a closing agent makes no requests: the target was good the first time.
      return this.finish({ ok: false, status: 0, reason: 'The user agent was closed.' })
    }
    if (state !== undefined) setState(plan.request, state)
    const listener = {
      response: (response: SipResponse) => {
        const { statusCode, headers: said } = response
        if (statusCode < 200) return
        this.#receive({
          type: 'response', statusCode, entityTag: legible(() => said.read(sipETag)[0]), expires: legible(() => response.expires),
          minExpires: legible(() => response.minExpires), retryAfter: legible(() => response.retryAfter),
        })
      },
      failed: () => this.#receive({ type: 'failed' }),
      finished: () => undefined,
    }
    new ClientRequest(host, plan.request, { nextHop: plan.nextHop, listener }).start()
  }
}

const encoder = new TextEncoder()

function setState(request: SipRequest, { contentType, body }: PublishedState): void {
  request.headers.set('Content-Type', contentType)
  request.body = typeof body === 'string' ? encoder.encode(body) : body
}

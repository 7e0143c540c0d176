import { DeadlineQueue } from '@offhook/sip-machine'
import type { Instant } from '@offhook/sip-machine'
import { legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import type { TransactionInput } from '@offhook/sip-transaction'
import { createCancel } from '@offhook/sip-transaction'
import type { Flow } from '@offhook/sip-transport'
import { isSipUri } from '../domains.js'
import type { MaybePromise } from '../maybe-promise.js'
import type { ForwardTarget } from './forward-target.js'
import { consumeCredentials, createForwardedRequest } from './forwarded-request.js'
import type { LoopMarks } from './loop-mark.js'
import type { Reachability, Reached } from './reachability.js'
import { mayCreateDialog, recordRoutes } from './record-route.js'
import type { DialogSide } from './record-route.js'
import { ResponseContext } from './response-context.js'
import type { ContextEffect, ContextInput } from './response-context.js'
import type { RouteTokens } from './route-token.js'
import type { RoutedRequest } from './route-processing.js'

/** What the proxy needs of its composition root. */
export interface ProxyOptions {
  readonly tokens: RouteTokens
  readonly marks: LoopMarks
  readonly realm: string | undefined
  readonly recordRoute: boolean
  readonly timerC: number
  readonly cancelTimeout: number
  readonly now: () => Instant
  readonly createBranch: () => string
  readonly createTag: () => string
  readonly reachability: Pick<Reachability, 'reach' | 'reachOne' | 'failed' | 'pinOf'>
  /** The flow for a request of this size that was meant for `flow` (RFC 3261 §18.1.1). */
  readonly fit: (request: SipRequest, flow: Flow, added: number) => MaybePromise<Flow>
  readonly via: (flow: Flow, branch: string) => string
  readonly contactHost: (flow: Flow) => string
  readonly transact: (input: TransactionInput<Flow>) => void
  /** Sends without a transaction. */
  readonly send: (request: SipRequest, flow: Flow) => void
  /** How many branches may be open at a time, over all requests. */
  readonly maxBranches: number
  /** Runs a task after the one at hand. */
  readonly later: (task: () => void) => void
}

/** About what Via and Record-Route add to a copy. */
const ADDED_BYTES = 400

/** A response context with what stands around it. */
interface Job {
  readonly context: ResponseContext
  readonly serverKey: string
  readonly received: SipRequest
  readonly inbound: Flow
  readonly mark: string
}

/** A copy that went out in a client transaction. */
interface SentBranch {
  readonly job: Job
  readonly branch: string
  readonly target: ForwardTarget
  readonly reached: Reached
  /** What went out, as it was before it knew its way; kept while there are other ways. */
  readonly spare: SipRequest | undefined
  /** Something came back. */
  answered: boolean
}

/** The stateful forwarding of requests (RFC 3261 §16.6 to §16.10): one response context per server transaction. */
export class Proxy {
  readonly #options: ProxyOptions
  readonly #byServerKey = new Map<string, Job>()
  /** By the name of the client transaction: that of its branch, until the branch goes to another target. */
  readonly #sent = new Map<string, SentBranch>()
  /** The transactions at hand of branches that went to another target. */
  readonly #moved = new Map<string, string>()
  readonly #deadlines = new DeadlineQueue<Job>()
  #opened = 0
  #moves = 0
  /** Branches that wait for a flow. */
  #opening = 0

  constructor(options: ProxyOptions) {
    this.#options = options
  }

  get deadline(): Instant {
    return this.#deadlines.next
  }

  /** How many response contexts are live. */
  get size(): number {
    return new Set([...this.#byServerKey.values(), ...[...this.#sent.values()].map(({ job }) => job)]).size
  }

  /** A response context for a request that came in `received` on `inbound`; from here on a CANCEL finds it. */
  open(serverKey: string, received: SipRequest, routed: SipRequest, inbound: Flow): ResponseContext {
    const { createTag, timerC, cancelTimeout, realm, marks } = this.#options
    this.#opened += 1
    const context = new ResponseContext({ key: `branch ${this.#opened}`, request: routed, createTag, timerC, cancelTimeout, realm })
    this.#byServerKey.set(serverKey, { context, serverKey, received, inbound, mark: marks.markOf(received) })
    return context
  }

  /** Something happened to the context of a server transaction; harmless when that is over. */
  tell(serverKey: string, input: ContextInput): void {
    const job = this.#byServerKey.get(serverKey)
    if (job === undefined) return
    const crowded = input.type === 'targets' && this.#opening + this.#sent.size + input.targets.length > this.#options.maxBranches
    this.#tell(job, crowded ? { type: 'refuse', reply: { statusCode: 503, headers: [['Retry-After', '10']] } } : input)
  }

  /** Whether the request of that server transaction still waits for an answer. */
  isPending(serverKey: string): boolean {
    return this.#byServerKey.get(serverKey)?.context.isAnswered === false
  }

  responded(key: string, response: SipResponse): void {
    const sent = this.#current(key)
    if (sent === undefined) return
    sent.answered = true
    if (response.statusCode === 503 && this.#goesOn(sent, legible(() => response.retryAfter))) return
    this.#tell(sent.job, { type: 'response', branch: sent.branch, response })
  }

  failed(key: string, reason: 'timeout' | 'unreachable'): void {
    const sent = this.#current(key)
    if (sent === undefined || (!sent.answered && this.#goesOn(sent))) return
    this.#tell(sent.job, { type: 'failed', branch: sent.branch, reason })
  }

  /**
   * A transaction, of whichever side, is over. A caller whose connection broke before an answer cannot hear one any more:
   * the phones stop ringing.
   */
  ended(key: string): void {
    this.#forget(key)
    const job = this.#byServerKey.get(key)
    if (job === undefined) return
    if (!job.context.isAnswered) this.#tell(job, { type: 'cancel' })
    this.#byServerKey.delete(key)
  }

  wake(now: Instant): void {
    for (let job = this.#deadlines.takeDue(now); job !== undefined; job = this.#deadlines.takeDue(now)) {
      const effects: ContextEffect[] = []
      job.context.wake(now, effects)
      this.#perform(job, effects)
    }
  }

  /** Forwards an ACK to a 2xx along the dialog's route, without a transaction (RFC 3261 §16.11, RFC 6026 §7.3). */
  forwardAck(received: SipRequest, { request, token }: RoutedRequest, inbound: Flow): void {
    if (token === undefined || request.maxForwards === 0) return
    const target: ForwardTarget = { uri: request.requestUri, path: [], flow: token.flow, dialable: true, kind: 'dialog' }
    const mark = this.#options.marks.markOf(received)
    this.#dispatch(target, request, 1, {
      send: (copy, { flow }) => {
        this.#address(copy, flow, inbound, received, target, mark)
        this.#options.send(copy, flow)
      },
      fail: () => undefined,
    })
  }

  #tell(job: Job, input: ContextInput): void {
    const effects: ContextEffect[] = []
    job.context.receive(this.#options.now(), input, effects)
    this.#perform(job, effects)
  }

  #perform(job: Job, effects: readonly ContextEffect[]): void {
    this.#deadlines.schedule(job, job.context.deadline)
    for (const effect of effects) {
      switch (effect.type) {
        case 'forward': this.#forward(job, effect.branch, effect.target, effect.breadth); break
        case 'respond': this.#options.transact({ type: 'respond', key: job.serverKey, response: effect.response }); break
        case 'cancel': this.#cancel(effect.branch, effect.request); break
        case 'abandon': this.#abandon(this.#moved.get(effect.branch) ?? effect.branch); break
        case 'silence':
          this.#byServerKey.delete(job.serverKey)
          this.#options.transact({ type: 'abandon', key: job.serverKey })
          break
      }
    }
  }

  #forward(job: Job, branch: string, target: ForwardTarget, breadth: number): void {
    this.#opening += 1
    this.#dispatch(target, job.context.request, breadth, {
      send: (request, reached) => {
        this.#opening -= 1
        this.#launch(job, branch, branch, target, request, reached)
      },
      fail: (reason) => {
        this.#opening -= 1
        this.#tell(job, { type: 'failed', branch, reason })
      },
    })
  }

  #launch(job: Job, branch: string, key: string, target: ForwardTarget, request: SipRequest, reached: Reached): void {
    if (!job.context.isOpening(branch)) return
    const { flow } = reached
    const spare = reached.others.length > 0 ? request.clone() : undefined
    this.#address(request, flow, job.inbound, job.received, target, job.mark)
    this.#sent.set(key, { job, branch, target, reached, spare, answered: false })
    this.#tell(job, { type: 'sent', branch, request })
    this.#options.transact({ type: 'request', key, request, flow })
  }

  /** What a client transaction carries, unless its branch has gone elsewhere. */
  #current(key: string): SentBranch | undefined {
    const sent = this.#sent.get(key)
    return sent === undefined || (this.#moved.get(sent.branch) ?? sent.branch) !== key ? undefined : sent
  }

  /**
   * The target of a branch failed: it is avoided, and the copy goes to the next one in a new transaction (RFC 3263 §4.3).
   *
   * @param retryAfter what a 503 asked for, in seconds
   * @returns whether there is another one, and the branch may go there
   */
  #goesOn({ job, branch, target, reached, spare }: SentBranch, retryAfter?: number): boolean {
    const { reachability, fit, later } = this.#options
    if (reached.target !== undefined) reachability.failed(reached.target, retryAfter && 1000 * retryAfter)
    if (spare === undefined) return false
    this.#tell(job, { type: 'reopen', branch })
    if (!job.context.isOpening(branch)) return false
    this.#moves += 1
    const key = `${branch} move ${this.#moves}`
    this.#moved.set(branch, key)
    this.#opening += 1
    const arrive = (next: Reached | 'unreachable'): void => {
      this.#opening -= 1
      if (next === 'unreachable' || !isSecured(spare, next.flow)) this.#tell(job, { type: 'failed', branch, reason: 'unreachable' })
      else this.#launch(job, branch, key, target, spare, next)
      if (!this.#sent.has(key)) this.#moved.delete(branch)
    }
    const fitted = async (next: Reached | 'unreachable'): Promise<Reached | 'unreachable'> => (next === 'unreachable' ? next : { ...next, flow: await fit(spare, next.flow, ADDED_BYTES) })
    reachability.reachOne(reached.others).then(fitted).then((next) => later(() => arrive(next)), () => later(() => arrive('unreachable')))
    return true
  }

  #abandon(key: string): void {
    this.#forget(key)
    this.#options.transact({ type: 'abandon', key })
  }

  /** A client transaction is over. */
  #forget(key: string): void {
    const sent = this.#sent.get(key)
    if (sent !== undefined && this.#moved.get(sent.branch) === key) this.#moved.delete(sent.branch)
    this.#sent.delete(key)
  }

  /** The CANCEL is a transaction of its own on the flow of the INVITE; what is answered to it tells nothing (RFC 3261 §9.1). */
  #cancel(branch: string, invite: SipRequest): void {
    const key = this.#moved.get(branch) ?? branch
    const sent = this.#sent.get(key)
    if (sent === undefined) return
    this.#options.transact({ type: 'request', key: `${key} cancel`, request: createCancel(invite), flow: sent.reached.flow })
  }

  /** Makes the copy, finds the flow, and hands both on, in this task or in a later one. */
  #dispatch(
    target: ForwardTarget, routed: SipRequest, breadth: number,
    next: { readonly send: (request: SipRequest, reached: Reached) => void; readonly fail: (reason: 'unreachable' | 'flow-gone') => void },
  ): void {
    const { realm, reachability, later } = this.#options
    const { request, nextHop } = createForwardedRequest(routed, target, breadth)
    if (realm !== undefined) consumeCredentials(request, realm)
    const arrive = (reached: Reached | 'unreachable' | 'flow-gone'): void => {
      if (typeof reached === 'string') next.fail(reached)
      else if (isSecured(request, reached.flow)) this.#fit(request, reached, (fitting) => next.send(request, fitting))
      else next.fail('unreachable')
    }
    const reached = reachability.reach(target, nextHop)
    if (reached instanceof Promise) reached.then((found) => later(() => arrive(found)), () => later(() => arrive('unreachable')))
    else later(() => arrive(reached))
  }

  /** Goes on with a connection instead where the copy is too large for datagrams (RFC 3261 §18.1.1). */
  #fit(request: SipRequest, reached: Reached, send: (fitting: Reached) => void): void {
    const { fit, later } = this.#options
    const go = (flow: Flow): void => send(flow === reached.flow ? reached : { ...reached, flow })
    const fitting = fit(request, reached.flow, ADDED_BYTES)
    if (fitting instanceof Promise) fitting.then((flow) => later(() => go(flow)), () => later(() => send(reached)))
    else go(fitting)
  }

  /** Steps 4 and 8 of RFC 3261 §16.6: Record-Route, then Via on top. */
  #address(request: SipRequest, outbound: Flow, inbound: Flow, received: SipRequest, target: ForwardTarget, mark: string): void {
    const { recordRoute, marks, createBranch, via, reachability } = this.#options
    if (recordRoute && mayCreateDialog(request.method)) {
      const secure = isSecure(request.requestUri)
      const sides = [this.#side(inbound, reachability.pinOf(inbound, received), request.callId), this.#side(outbound, target.flow, request.callId)] as const
      for (const value of recordRoutes(...sides, secure).toReversed()) request.headers.prepend('Record-Route', value)
    }
    request.headers.prepend('Via', via(outbound, marks.branchWith(createBranch(), mark)))
  }

  #side(flow: Flow, pin: string | undefined, callId: string): DialogSide {
    return {
      transport: flow.transport, sentBy: this.#options.contactHost(flow), remoteHost: flow.remote.host,
      token: this.#options.tokens.issue(pin, callId), pinned: pin !== undefined,
    }
  }
}

function isSecure(uri: Uri): boolean {
  return isSipUri(uri) && uri.scheme === 'sips'
}

/** SIPS goes over TLS or not at all (RFC 3261 §26.2.2). */
function isSecured(request: SipRequest, flow: Flow): boolean {
  return !isSecure(request.requestUri) || flow.transport === 'TLS' || flow.transport === 'WSS'
}

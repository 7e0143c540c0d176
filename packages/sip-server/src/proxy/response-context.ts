import { Timers } from '@offhook/sip-machine'
import type { Instant, Machine } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Reply } from '../reply.js'
import { challengesFor, chooseBest, gatherChallenges } from './best-response.js'
import type { BranchResult } from './best-response.js'
import type { ForwardTarget } from './forward-target.js'
import { breadthOf } from './request-checks.js'

/** What happens to a response context. Branches go by the names that it gave them. */
export type ContextInput =
  /** The targets are known: fork to all of them at once. */
  | { readonly type: 'targets'; readonly targets: readonly ForwardTarget[] }
  /** This server answers by itself, before or instead of any branch. */
  | { readonly type: 'refuse'; readonly reply: Reply }
  /** The copy went out. */
  | { readonly type: 'sent'; readonly branch: string; readonly request: SipRequest }
  | { readonly type: 'response'; readonly branch: string; readonly response: SipResponse }
  /** The copy is to go to another target of the same next hop (RFC 3263 §4.3). Nothing happens where it must not. */
  | { readonly type: 'reopen'; readonly branch: string }
  /** No response came (timer B or F), or the next hop cannot be reached. */
  | { readonly type: 'failed'; readonly branch: string; readonly reason: 'timeout' | 'unreachable' | 'flow-gone' }
  /** The caller gave up. */
  | { readonly type: 'cancel' }

/** What a response context asks for. */
export type ContextEffect =
  | { readonly type: 'forward'; readonly branch: string; readonly target: ForwardTarget; readonly breadth: number }
  /** CANCEL the INVITE that was sent as `request`. */
  | { readonly type: 'cancel'; readonly branch: string; readonly request: SipRequest }
  /** Give the client transaction up. */
  | { readonly type: 'abandon'; readonly branch: string }
  /** To the server transaction. */
  | { readonly type: 'respond'; readonly response: SipResponse }
  /** Nothing is to be answered any more (RFC 4320 §4.2). */
  | { readonly type: 'silence' }

interface Branch {
  readonly name: string
  readonly target: ForwardTarget
  /** `opening`: on its way to a flow; then as the client transaction. */
  state: 'opening' | 'calling' | 'proceeding' | 'completed'
  request: SipRequest | undefined
  cancel: 'none' | 'wanted' | 'sent'
}

export interface ResponseContextOptions {
  /** Names branches: unique among all contexts. */
  readonly key: string
  /** As received, without this proxy's Route values. */
  readonly request: SipRequest
  readonly createTag: () => string
  /** Longer than three minutes, in ms (RFC 3261 §16.6, 11). */
  readonly timerC: number
  /** How long a branch may stay silent after its CANCEL, in ms: 64·T1 (RFC 3261 §9.1). */
  readonly cancelTimeout: number
  /** This server's own realm, in which no device may challenge. */
  readonly realm: string | undefined
}

/**
 * A stateful proxy's memory of one request (RFC 3261 §16.7): its branches, their responses, timer C, and which final
 * response goes upstream. Every 2xx to an INVITE does; of the others one, when all branches are over.
 */
export class ResponseContext implements Machine<ContextInput, ContextEffect> {
  readonly key: string
  readonly request: SipRequest
  readonly #options: ResponseContextOptions
  readonly #invite: boolean
  readonly #branches: Branch[] = []
  readonly #results: BranchResult[] = []
  readonly #timers = new Timers<string>()
  #cancelled = false
  #answered = false

  constructor(options: ResponseContextOptions) {
    this.key = options.key
    this.request = options.request
    this.#options = options
    this.#invite = options.request.method === 'INVITE'
  }

  get deadline(): Instant {
    return this.#timers.next
  }

  /** A final response went upstream. */
  get isAnswered(): boolean {
    return this.#answered
  }

  /** Whether a branch still wants its copy to go out. */
  isOpening(branch: string): boolean {
    return this.#find(branch)?.state === 'opening'
  }

  receive(now: Instant, input: ContextInput, out: ContextEffect[]): void {
    switch (input.type) {
      case 'targets': this.#fork(input.targets, out); break
      case 'refuse': this.#refuse(input.reply, out); break
      case 'sent': this.#sent(now, input.branch, input.request); break
      case 'response': this.#respondedTo(now, input.branch, input.response, out); break
      case 'reopen': this.#reopen(input.branch); break
      case 'failed': this.#failed(input.branch, input.reason, out); break
      case 'cancel': this.#cancel(now, out); break
    }
  }

  wake(now: Instant, out: ContextEffect[]): void {
    for (let due = this.#timers.takeDue(now); due !== undefined; due = this.#timers.takeDue(now)) {
      const branch = this.#find(due)
      if (branch === undefined || branch.state === 'completed') continue
      // §16.8: ringing for too long is cancelled first; silence, before or after a CANCEL, ends the branch.
      if (branch.state === 'proceeding' && branch.cancel !== 'sent') {
        this.#cancelBranch(now, branch, out)
        continue
      }
      out.push({ type: 'abandon', branch: branch.name })
      this.#complete(branch, { statusCode: this.#cancelled ? 487 : 408, response: undefined }, out)
    }
  }

  #refuse(reply: Reply, out: ContextEffect[]): void {
    if (this.#answered) return
    this.#answered = true
    out.push({ type: 'respond', response: createResponse(this.request, { ...reply, toTag: this.#options.createTag() }) })
  }

  #fork(targets: readonly ForwardTarget[], out: ContextEffect[]): void {
    if (this.#answered) return
    const breadth = breadthOf(this.request)
    if (targets.length > breadth) {
      this.#refuse({ statusCode: 440 }, out)
      return
    }
    for (const [index, target] of targets.entries()) {
      const branch: Branch = { name: `${this.key}.${index}`, target, state: 'opening', request: undefined, cancel: 'none' }
      this.#branches.push(branch)
      out.push({ type: 'forward', branch: branch.name, target, breadth: Math.floor(breadth / targets.length) })
    }
    if (targets.length === 0) this.#refuse({ statusCode: 480 }, out)
  }

  #sent(now: Instant, name: string, request: SipRequest): void {
    const branch = this.#find(name)
    if (branch?.state !== 'opening') return
    branch.state = 'calling'
    branch.request = request
    if (this.#invite) this.#timers.set(name, now + this.#options.timerC)
  }

  /** Not for one that is to be cancelled, nor when somebody answered. */
  #reopen(name: string): void {
    const branch = this.#find(name)
    if (branch === undefined || branch.state === 'completed' || branch.cancel !== 'none' || this.#answered || this.#cancelled) return
    branch.state = 'opening'
    this.#timers.clear(name)
  }

  #respondedTo(now: Instant, name: string, response: SipResponse, out: ContextEffect[]): void {
    const branch = this.#find(name)
    if (branch === undefined) return
    const { statusCode } = response
    if (statusCode < 200) {
      this.#provisional(now, branch, response, out)
      return
    }
    if (statusCode < 300) {
      this.#success(now, branch, response, out)
      return
    }
    if (branch.state === 'completed') return
    const upstream = withoutTopVia(response)
    if (upstream === undefined) {
      this.#complete(branch, { statusCode: 502, response: undefined }, out)
      return
    }
    if (statusCode >= 600) this.#cancelOthers(now, branch, out)
    const { realm } = this.#options
    const forged = realm !== undefined && branch.target.kind !== 'relay' && challengesFor(upstream, realm)
    this.#complete(branch, forged ? { statusCode: 403, response: undefined } : { statusCode, response: upstream }, out)
  }

  #provisional(now: Instant, branch: Branch, response: SipResponse, out: ContextEffect[]): void {
    if (branch.state !== 'calling' && branch.state !== 'proceeding') return
    branch.state = 'proceeding'
    if (branch.cancel === 'wanted') this.#cancelBranch(now, branch, out)
    if (response.statusCode === 100) return
    if (this.#invite && branch.cancel === 'none') this.#timers.set(branch.name, now + this.#options.timerC)
    const upstream = this.#answered ? undefined : withoutTopVia(response)
    if (upstream !== undefined) out.push({ type: 'respond', response: upstream })
  }

  /** Forwarded at once, and after an earlier one too if it is to an INVITE (§16.7, 5). */
  #success(now: Instant, branch: Branch, response: SipResponse, out: ContextEffect[]): void {
    const upstream = withoutTopVia(response)
    if (upstream !== undefined && (this.#invite || !this.#answered)) {
      this.#answered = true
      out.push({ type: 'respond', response: upstream })
    }
    branch.state = 'completed'
    this.#timers.clear(branch.name)
    this.#cancelOthers(now, branch, out)
  }

  #failed(name: string, reason: 'timeout' | 'unreachable' | 'flow-gone', out: ContextEffect[]): void {
    const branch = this.#find(name)
    if (branch === undefined || branch.state === 'completed') return
    this.#complete(branch, { statusCode: this.#statusOf(branch, reason), response: undefined }, out)
  }

  /** A user whose device cannot be reached is unavailable; a domain that cannot be is our failure to reach it (§16.9). */
  #statusOf(branch: Branch, reason: 'timeout' | 'unreachable' | 'flow-gone'): number {
    if (this.#cancelled) return 487
    if (reason === 'timeout') return 408
    if (branch.target.kind === 'user') return 480
    return reason === 'flow-gone' ? 430 : 503
  }

  #cancel(now: Instant, out: ContextEffect[]): void {
    if (this.#answered || this.#cancelled) return
    this.#cancelled = true
    if (this.#branches.length === 0) {
      this.#refuse({ statusCode: 487 }, out)
      return
    }
    this.#cancelOthers(now, undefined, out)
  }

  #cancelOthers(now: Instant, but: Branch | undefined, out: ContextEffect[]): void {
    if (!this.#invite) return
    for (const branch of this.#branches) {
      if (branch !== but && branch.state !== 'completed' && branch.cancel === 'none') this.#cancelBranch(now, branch, out)
    }
  }

  /** A CANCEL waits for a provisional response (§9.1). A copy that has not gone out yet never will. */
  #cancelBranch(now: Instant, branch: Branch, out: ContextEffect[]): void {
    if (branch.state === 'opening') {
      this.#complete(branch, { statusCode: 487, response: undefined }, out)
      return
    }
    branch.cancel = 'wanted'
    if (branch.state !== 'proceeding' || branch.request === undefined) return
    branch.cancel = 'sent'
    this.#timers.set(branch.name, now + this.#options.cancelTimeout)
    out.push({ type: 'cancel', branch: branch.name, request: branch.request })
  }

  #complete(branch: Branch, result: BranchResult, out: ContextEffect[]): void {
    branch.state = 'completed'
    this.#timers.clear(branch.name)
    this.#results.push(result)
    if (this.#answered || this.#branches.some(({ state }) => state !== 'completed')) return
    const best = chooseBest(this.#results)
    if (best !== undefined) this.#answer(best, out)
  }

  #answer(best: BranchResult, out: ContextEffect[]): void {
    this.#answered = true
    if (best.statusCode === 408 && best.response === undefined && !this.#invite) {
      out.push({ type: 'silence' })
      return
    }
    out.push({ type: 'respond', response: this.#upstreamOf(best) })
  }

  #upstreamOf({ statusCode, response }: BranchResult): SipResponse {
    // Another server's 503 would tell the caller that this one is overloaded (§16.7, 6).
    if (response === undefined || statusCode === 503) {
      return createResponse(this.request, { statusCode: statusCode === 503 ? 500 : statusCode, toTag: this.#options.createTag() })
    }
    gatherChallenges(response, this.#results)
    return response
  }

  #find(name: string): Branch | undefined {
    return this.#branches.find((branch) => branch.name === name)
  }
}

/** The response as the previous hop is to see it; `undefined` when it was meant for this element (§16.7, 3). */
function withoutTopVia(response: SipResponse): SipResponse | undefined {
  const copy = response.clone()
  copy.headers.removeFirst('Via')
  return copy.headers.has('Via') ? copy : undefined
}

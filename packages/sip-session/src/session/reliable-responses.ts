import { randomInteger } from '@offhook/sip-machine'
import type { Instant } from '@offhook/sip-machine'
import { rAck } from '@offhook/sip-parser/headers'
import { legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { descriptionOf } from './description.js'
import { listsToken } from './listed-token.js'
import type { ExtendedUsage, UsageExtension } from './usage-extension.js'
import type { AnswerInput, OpenRequest } from './usage-types.js'

/**
 * Where the reliable provisional responses to one INVITE stand. `waiting`: one is out, and repeated until its PRACK;
 * `overtaken`: the final response is out, and the PRACK may still come.
 */
export type ReliableState = 'idle' | 'waiting' | 'overtaken' | 'over'
export type ReliableEvent = 'send' | 'prack' | 'timeout' | 'final'

/** The UAS core of RFC 3262 §3, one reliable response at a time. An event that is absent is out of place. */
export const RELIABLE: Readonly<Record<ReliableState, Readonly<Partial<Record<ReliableEvent, ReliableState>>>>> = {
  idle: { send: 'waiting', final: 'over' },
  waiting: { prack: 'idle', timeout: 'over', final: 'overtaken' },
  overtaken: { prack: 'over' },
  over: {},
}

/** Bounds of the first RSeq (RFC 3262 §3). */
const [FIRST, LIMIT] = [1, 2 ** 31]

/** Sends our provisional responses to the INVITEs of one peer reliably, where it can take that (RFC 3262 §3, §5). */
export class ReliableResponses implements UsageExtension {
  /** The INVITE: its server transaction. */
  #key = ''
  #state: ReliableState = 'idle'
  #response: SipResponse | undefined
  #rseq = 0
  /** Whether what is out describes the session, and that makes the offer. */
  #described = false
  #offered = false
  /** Whether a reliable response of this INVITE has described the session. */
  #exchanged = false
  /** Answers of the application that have to wait, in order. */
  #held: readonly AnswerInput[] = []
  #interval = 0
  #repeatAt: Instant = Infinity
  #giveUpAt: Instant = Infinity

  get state(): ReliableState {
    return this.#state
  }

  get deadline(): Instant {
    return this.#state === 'waiting' ? Math.min(this.#repeatAt, this.#giveUpAt) : Infinity
  }

  get unsettled(): boolean {
    return this.#state === 'waiting'
  }

  wake(now: Instant, usage: ExtendedUsage): void {
    const response = this.#response
    if (response === undefined) return
    if (now >= this.#giveUpAt) return this.#giveUp(usage)
    // Unlike a 2xx, without a cap (RFC 3262 §3).
    this.#interval *= 2
    this.#repeatAt = now + this.#interval
    usage.tell({ type: 'respond', key: this.#key, response, again: true })
  }

  reliable(invite: SipRequest): boolean {
    return listsToken(invite, 'Supported', '100rel') || listsToken(invite, 'Require', '100rel')
  }

  holds(answer: AnswerInput, request: SipRequest, usage: ExtendedUsage): boolean {
    if (request.method !== 'INVITE') return false
    if (answer.key !== this.#key) this.#begin(answer.key)
    const { statusCode } = answer
    if (statusCode >= 300 || !this.reliable(request)) return false
    const waits = statusCode < 200 ? this.#state === 'waiting' : !this.#maySucceed(usage)
    if (waits || this.#held.some((held) => held !== answer && held.added.description !== undefined)) {
      // What only says how it goes need not be said any more once the call is taken.
      if (statusCode >= 200) this.#held = this.#held.filter((held) => held.added.description !== undefined)
      this.#held = [...this.#held, answer]
      return true
    }
    return false
  }

  responding(now: Instant, open: OpenRequest, response: SipResponse, usage: ExtendedUsage): void {
    if (open.key !== this.#key) return
    if (response.statusCode >= 200) return void this.#step('final')
    if (!this.reliable(open.request) || !this.#step('send')) return
    this.#rseq = this.#rseq === 0 ? randomInteger(usage.settings.random, FIRST, LIMIT) : this.#rseq + 1
    response.headers.append('Require', '100rel')
    response.headers.append('RSeq', String(this.#rseq))
    this.#described = descriptionOf(response) !== undefined
    this.#exchanged ||= this.#described
    this.#offered = this.#described && usage.negotiation.isOffering
    this.#response = response
    const { t1 } = usage.settings.timers
    this.#interval = t1
    this.#repeatAt = now + t1
    this.#giveUpAt = now + 64 * t1
  }

  received(_now: Instant, open: OpenRequest, usage: ExtendedUsage): boolean {
    const { request } = open
    if (request.method !== 'PRACK') return false
    if (!this.#acknowledges(request) || !this.#step('prack')) usage.respond(open, 481)
    else this.#acknowledged(open, usage)
    return true
  }

  settled(_now: Instant, usage: ExtendedUsage): void {
    if (this.#key !== '' && !usage.isOpen(this.#key)) this.#step('final')
    for (let [next] = this.#held; next !== undefined && this.#state === 'idle'; [next] = this.#held) {
      if (next.statusCode >= 200 && !this.#maySucceed(usage)) return
      this.#held = this.#held.slice(1)
      usage.answer(next)
    }
  }

  /** A 2xx waits for the PRACK of what described the session, and for the answers to the offers since (RFC 3262 §3, RFC 3311 §5.1). */
  #maySucceed({ negotiation }: ExtendedUsage): boolean {
    return !(this.#state === 'waiting' && this.#described) && (!this.#exchanged || negotiation.isSettled)
  }

  #begin(key: string): void {
    this.#key = key
    this.#state = 'idle'
    this.#rseq = 0
    this.#exchanged = this.#described = this.#offered = false
    this.#held = []
    this.#response = undefined
  }

  #acknowledges(prack: SipRequest): boolean {
    const [acknowledged] = legible(() => prack.headers.read(rAck)) ?? []
    const sequence = this.#response?.cseq.sequence
    return acknowledged?.responseNumber === this.#rseq && acknowledged.sequence === sequence && acknowledged.method === 'INVITE'
  }

  /** The PRACK may answer our offer, or make one (RFC 3262 §5). */
  #acknowledged(open: OpenRequest, usage: ExtendedUsage): void {
    const { negotiation } = usage
    const { request } = open
    const description = descriptionOf(request)
    if (this.#offered && negotiation.isOffering) {
      usage.respond(open, 200)
      if (description === undefined) return usage.abandon('refused', 488, 'The PRACK left the offer without an answer.')
      negotiation.remote(description)
      usage.tell({ type: 'answered', request, answer: description, answerMissing: false })
    } else if (description === undefined) usage.respond(open, 200)
    else if (negotiation.isIdle) {
      negotiation.remote(description)
      usage.open(open, description)
    } else usage.respond(open, 491)
  }

  /** The INVITE is refused; a session that stands without it goes on (RFC 3262 §3). */
  #giveUp(usage: ExtendedUsage): void {
    this.#step('timeout')
    this.#held = []
    if (usage.dialog.state === 'early') usage.abandon('lost', 504, 'A provisional response was never acknowledged.')
    else usage.answer({ type: 'answer', key: this.#key, statusCode: 504, added: {} })
  }

  #step(event: ReliableEvent): boolean {
    const next = RELIABLE[this.#state][event]
    if (next === undefined) return false
    this.#state = next
    if (next === 'over') {
      this.#response = undefined
      this.#held = []
    }
    return true
  }
}

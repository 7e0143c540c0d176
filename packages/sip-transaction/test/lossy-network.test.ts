import { randomInteger } from '@offhook/sip-machine'
import { LossyNetwork, seededRandom, VirtualClock } from '@offhook/sip-machine/testing'
import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { createCancel } from '../src/cancel-request.js'
import { NetworkSide } from './support/network-side.js'
import type { NetworkEffect } from './support/network-side.js'

/** What the server is asked to do with a request, as the user part of its Request-URI. */
const PLANS = ['answer', 'accept', 'reject', 'cancelled', 'mute', 'nobody'] as const
type Plan = (typeof PLANS)[number]

/** The final status the client must see; undefined for none at all. */
const VERDICT: Record<Plan, number | undefined> = { answer: 200, accept: 200, reject: 486, cancelled: 487, mute: undefined, nobody: undefined }
const RINGING_LIMIT = 180_000

interface Outcome {
  readonly plan: Plan
  finals: number[]
  timeouts: string[]
  ended: number
  abandoned: boolean
}

class Trial {
  readonly clock = new VirtualClock()
  readonly outcomes = new Map<string, Outcome>()
  /** How often the server's user saw each request. */
  readonly seen = new Map<string, number>()
  readonly network: LossyNetwork
  readonly client: NetworkSide
  readonly server: NetworkSide
  readonly #random
  readonly #requests = new Map<string, SipRequest>()
  readonly #cancelSent = new Set<string>()
  readonly #unacknowledged = new Map<string, { response: SipResponse; key: string; until: number }>()
  acknowledged = 0
  lateAcknowledgements = 0

  constructor(seed: number, loss: number) {
    const { clock } = this
    this.#random = seededRandom(seed + 1)
    this.network = new LossyNetwork({ clock, random: seededRandom(seed), loss, duplicate: 0.1, reorder: 0.2, delay: [5, 120] })
    this.client = new NetworkSide({ clock, random: seededRandom(seed + 2), network: this.network, address: 'client', user: (effect) => this.#onClient(effect) })
    this.server = new NetworkSide({ clock, random: seededRandom(seed + 3), network: this.network, address: 'server', user: (effect) => this.#onServer(effect) })
  }

  start(index: number): void {
    const plan = PLANS[index % PLANS.length] ?? 'answer'
    const key = `${plan}-${String(index)}`
    const method = plan === 'answer' || plan === 'mute' ? 'MESSAGE' : plan === 'nobody' && index % 2 === 0 ? 'OPTIONS' : 'INVITE'
    const request = createRequest({ method, requestUri: `sip:${plan}@server`, headers: [
      ['Via', `SIP/2.0/UDP client;branch=${this.client.layer.createBranch()}`], ['Max-Forwards', 70],
      ['From', `<sip:c@client>;tag=${key}`], ['To', '<sip:s@server>'], ['Call-ID', key], ['CSeq', `1 ${method}`],
    ] })
    this.#requests.set(key, request)
    this.outcomes.set(key, { plan, finals: [], timeouts: [], ended: 0, abandoned: false })
    this.client.do({ type: 'request', key, request, flow: this.client.flowTo(plan === 'nobody' ? 'nowhere' : 'server') })
    this.#after(RINGING_LIMIT, () => this.#giveUp(key))
  }

  #after(ms: number, act: () => void): void {
    this.clock.schedule(this.clock.now() + ms, act)
  }

  /** Timer C of the client's user: an INVITE whose final response never got through. */
  #giveUp(key: string): void {
    const outcome = this.outcomes.get(key)
    if (outcome === undefined || this.client.layer.stateOf(key) !== 'proceeding') return
    outcome.abandoned = true
    this.client.do({ type: 'abandon', key })
  }

  #onClient(effect: NetworkEffect): void {
    if (effect.type === 'stray-response') return
    const key = 'key' in effect ? effect.key : ''
    const outcome = this.outcomes.get(key)
    if (effect.type === 'response') {
      const { response } = effect
      const request = this.#requests.get(key)
      if (request === undefined) return
      if (response.statusCode < 200) this.#maybeCancel(key, request)
      else if (request.method === 'INVITE' && response.statusCode < 300) {
        this.#acknowledge(request, response)
        if (outcome?.finals.length === 0) outcome.finals.push(response.statusCode)
      } else outcome?.finals.push(response.statusCode)
    } else if (effect.type === 'timeout') outcome?.timeouts.push(effect.timer)
    else if (effect.type === 'ended' && outcome !== undefined) outcome.ended++
  }

  #maybeCancel(key: string, invite: SipRequest): void {
    if (this.outcomes.get(key)?.plan !== 'cancelled' || this.#cancelSent.has(key)) return
    this.#cancelSent.add(key)
    this.client.do({ type: 'request', key: `cancel ${key}`, request: createCancel(invite), flow: this.client.flowTo('server') })
  }

  #acknowledge(invite: SipRequest, response: SipResponse): void {
    this.client.sendStraight(createRequest({ method: 'ACK', requestUri: invite.requestUri, headers: [
      ['Via', `SIP/2.0/UDP client;branch=${this.client.layer.createBranch()}`], ['Max-Forwards', 70],
      ['From', invite.headers.get('From') ?? ''], ['To', response.headers.get('To') ?? ''], ['Call-ID', invite.callId], ['CSeq', '1 ACK'],
    ] }), 'server')
  }

  #onServer(effect: NetworkEffect): void {
    switch (effect.type) {
      case 'request': this.#serve(effect.key, effect.request); break
      case 'cancel':
        this.server.do({ type: 'respond', key: effect.key, response: createResponse(effect.request, { statusCode: effect.inviteKey === undefined ? 481 : 200, toTag: 's' }) })
        if (effect.inviteKey !== undefined) {
          const invite = this.#requests.get(effect.request.callId)
          if (invite !== undefined) this.#answer(effect.inviteKey, invite, 487)
        }
        break
      case 'ack':
        if (this.#unacknowledged.delete(effect.request.callId)) this.acknowledged++
        else this.lateAcknowledgements++
        break
      default: break
    }
  }

  #serve(key: string, request: SipRequest): void {
    this.seen.set(request.callId, (this.seen.get(request.callId) ?? 0) + 1)
    const plan = this.outcomes.get(request.callId)?.plan
    const soon = randomInteger(this.#random, 0, 9000)
    switch (plan) {
      case 'answer': this.#after(soon, () => this.#answer(key, request, 200)); break
      case 'mute': this.server.do({ type: 'abandon', key }); break
      case 'reject': this.#after(soon, () => this.#answer(key, request, 486)); break
      case 'cancelled':
        this.#after(soon, () => this.#answer(key, request, 180))
        // Nobody lets it ring for ever: the client may have given up without a CANCEL getting through.
        this.#after(RINGING_LIMIT, () => this.#answer(key, request, 480))
        break
      case 'accept':
        this.#after(soon, () => this.#answer(key, request, 180))
        this.#after(soon + 1000, () => {
          const response = createResponse(request, { statusCode: 200, toTag: 's' })
          this.#unacknowledged.set(request.callId, { response, key, until: this.clock.now() + 32_000 })
          this.#repeat(request.callId, 500)
        })
        break
      default: throw new TypeError(`nobody asked for ${String(plan)}`)
    }
  }

  #answer(key: string, request: SipRequest, statusCode: number): void {
    this.server.do({ type: 'respond', key, response: createResponse(request, { statusCode, toTag: 's' }) })
  }

  /** The user's retransmission of a 2xx (RFC 3261 §13.3.1.4). */
  #repeat(callId: string, interval: number): void {
    const waiting = this.#unacknowledged.get(callId)
    if (waiting === undefined || this.clock.now() >= waiting.until) return
    this.server.do({ type: 'respond', key: waiting.key, response: waiting.response })
    this.#after(interval, () => this.#repeat(callId, Math.min(2 * interval, 4000)))
  }
}

/** Lets transactions begin, one every `pace` ms, and all of them end. */
function runTrial(seed: number, loss: number, { count, pace }: { readonly count: number; readonly pace: number }): Trial {
  const trial = new Trial(seed, loss)
  for (let index = 0; index < count; index++) {
    trial.start(index)
    trial.clock.advance(pace)
  }
  trial.clock.run()
  return trial
}

/** Each has one outcome, and that is the one it must have. @returns how many had bad luck: everything that could have helped was lost */
function countUnlucky(trial: Trial, loss: number, hint: string): number {
  let unlucky = 0
  for (const [key, { plan, finals, timeouts, ended, abandoned }] of trial.outcomes) {
    const seen = trial.seen.get(key) ?? 0
    const where = (): string => `${key}, ${hint}: ${JSON.stringify({ finals, timeouts, ended, abandoned, seen })}`
    // A final response, or a timeout, or given up: never two. The user of the server sees a request once, however often it came.
    const once = finals.length + timeouts.length + Number(abandoned) === 1 && ended === (abandoned ? 0 : 1) && seen <= 1
    const right = finals.length === 0 || (finals[0] === VERDICT[plan] && seen === 1)
    const reached = loss > 0 || seen === (plan === 'nobody' ? 0 : 1)
    if (!once || !right || !reached) expect.fail(where())
    if (finals.length === 0 && VERDICT[plan] !== undefined) unlucky++
  }
  return unlucky
}

describe.each([
  { seed: 20_260_802, loss: 0, count: 1200, pace: 25 },
  { seed: 7, loss: 0.2, count: 1200, pace: 25 },
  { seed: 4320, loss: 0.3, count: 10_000, pace: 5 },
])('$count transactions over a network that loses $loss, doubles and reorders (seed $seed)', ({ seed, loss, ...load }) => {
  it('all end as they must', { timeout: 60_000 }, () => {
    const trial = runTrial(seed, loss, load)
    const hint = `seed ${String(seed)}, loss ${String(loss)}`
    // Seven INVITEs in 32 s, each answered with (1 - loss)^2: some are lost for good, and few.
    expect(countUnlucky(trial, loss, hint), hint).toBeLessThanOrEqual(loss === 0 ? 0 : load.count / 40)
    expect(trial.acknowledged, hint).toBeGreaterThanOrEqual((load.count / PLANS.length) * (loss === 0 ? 1 : 0.95))
    for (const side of [trial.client, trial.server]) {
      expect(side.layer.entries, hint).toBe(0)
      expect(side.layer.deadline, hint).toBe(Infinity)
      expect(side.alarm.at, hint).toBe(Infinity)
    }
    expect(trial.clock.pending, hint).toBe(0)
    const { lost, duplicated, reordered, sent } = trial.network.stats
    if (loss > 0) expect([lost / sent > loss - 0.02, duplicated > 0, reordered > 0], hint).toEqual([true, true, true])
  })
})

import type { Instant } from '@offhook/sip-machine'
import { SessionExpires, minSE, sessionExpires } from '@offhook/sip-parser/headers'
import { legible } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { listsToken } from './listed-token.js'
import { retryDelay } from './retry-delay.js'
import type { ExtendedUsage, UsageExtension } from './usage-extension.js'
import type { OpenRequest } from './usage-types.js'

/** Who keeps the session alive: nobody, this side, or the peer. `expired`: it was not kept, and is ended. */
export type SessionTimerState = 'off' | 'refreshing' | 'watching' | 'expired'
/** What the 2xx to a refresh said, by its Session-Expires or by having none; and that time ran out. */
export type SessionTimerEvent = 'ours' | 'theirs' | 'none' | 'timeout'

/** RFC 4028 §7.2, §9, §10. An event that is absent changes nothing. */
export const SESSION_TIMER: Readonly<Record<SessionTimerState, Readonly<Partial<Record<SessionTimerEvent, SessionTimerState>>>>> = {
  off: { ours: 'refreshing', theirs: 'watching' },
  refreshing: { ours: 'refreshing', theirs: 'watching', none: 'off', timeout: 'expired' },
  watching: { ours: 'refreshing', theirs: 'watching', none: 'off', timeout: 'expired' },
  expired: {},
}

/** What a session timer negotiates with. Times in seconds. */
export interface SessionTimerTerms {
  readonly expires: number
  /** The shortest interval that is taken. */
  readonly minSe: number
  /** Who refreshes, when it is ours to say: the sender of a request, or its receiver. */
  readonly refresher: 'uac' | 'uas' | undefined
}

/** The shortest interval that may be asked for, and what a request without Min-SE means, in seconds (RFC 4028 §5). */
export const LEAST_INTERVAL = 90
/** Seconds before the end at which a session that was not refreshed is given up, or a third of the interval if that is less (RFC 4028 §10). */
const MARGIN = 32

/** Keeps the session of one dialog alive, or ends it when nobody did (RFC 4028). */
export class SessionTimer implements UsageExtension {
  readonly #terms: SessionTimerTerms
  #state: SessionTimerState = 'off'
  /** Seconds. */
  #interval = 0
  /** The largest Min-SE of the peer, in seconds. */
  #minSe = 0
  #refreshAt: Instant = Infinity
  #endAt: Instant = Infinity
  /** Whether a refresh of ours has gone out since the last that was granted. */
  #asked = false
  /** Whether the peer takes UPDATE. */
  #takesUpdate = false

  constructor(terms: SessionTimerTerms) {
    this.#terms = terms
  }

  get state(): SessionTimerState {
    return this.#state
  }

  get deadline(): Instant {
    return Math.min(this.#endAt, this.#state === 'refreshing' ? this.#refreshAt : Infinity)
  }

  wake(now: Instant, usage: ExtendedUsage): void {
    if (now < this.#endAt) return this.#refresh(now, usage)
    this.#step('timeout')
    usage.abandon('expired', 408, 'The session timer expired.')
  }

  requesting(request: SipRequest, usage: ExtendedUsage): void {
    const { headers } = request
    if (!isRefresh(request.method) || isEarly(usage) || headers.has('Session-Expires')) return
    const minSe = Math.max(this.#minSe, this.#terms.minSe)
    const interval = Math.max(minSe, this.#state === 'off' ? this.#terms.expires : this.#interval)
    const refresher = this.#state === 'off' ? this.#terms.refresher : this.#state === 'refreshing' ? 'uac' : 'uas'
    headers.append('Session-Expires', String(SessionExpires.of(interval, refresher)))
    if (this.#minSe > 0 || minSe > LEAST_INTERVAL) headers.append('Min-SE', String(minSe))
  }

  received(_now: Instant, { request }: OpenRequest): boolean {
    this.#learn(request)
    return false
  }

  responding(now: Instant, { request }: OpenRequest, response: SipResponse, usage: ExtendedUsage): void {
    if (!isRefresh(request.method) || !isSuccess(response) || (request.method !== 'INVITE' && isEarly(usage))) return
    this.#learn(request)
    const asked = expiryOf(request)
    const supported = listsToken(request, 'Supported', 'timer') || listsToken(request, 'Require', 'timer')
    if (asked === undefined && !supported) return this.#grant(now, 0, 'none')
    const { expires, refresher: preferred = 'uac' } = this.#terms
    const most = Math.max(expires, minimumOf(request) ?? LEAST_INTERVAL)
    const interval = asked === undefined ? most : Math.min(asked.seconds, most)
    // RFC 4028 §9, table 2.
    const refresher = supported ? (asked?.refresher ?? preferred) : 'uas'
    response.headers.set('Session-Expires', String(SessionExpires.of(interval, refresher)))
    if (supported && !listsToken(response, 'Require', 'timer')) response.headers.append('Require', 'timer')
    this.#grant(now, interval, refresher === 'uas' ? 'ours' : 'theirs')
  }

  responded(now: Instant, response: SipResponse, usage: ExtendedUsage): void {
    const { statusCode, cseq } = response
    this.#learn(response)
    if (!isRefresh(cseq.method) || statusCode < 200) return
    if (isSuccess(response)) {
      const granted = cseq.method === 'INVITE' || !isEarly(usage) ? expiryOf(response) : undefined
      this.#grant(now, granted?.seconds ?? 0, granted === undefined ? 'none' : granted.refresher === 'uas' ? 'theirs' : 'ours')
    } else if (this.#asked) {
      // Glare, and whatever says when to come again; 422 taught us the interval to ask for. Others are asked once more, later.
      const delay = retryDelay(response, usage.dialog.role === 'uac', usage.settings.random)
      if (delay !== undefined) this.#refreshAt = now + delay
    }
  }

  /** By UPDATE where the peer takes it, for that needs no offer (RFC 4028 §7.4); otherwise by a re-INVITE that says what was said last. */
  #refresh(now: Instant, usage: ExtendedUsage): void {
    this.#asked = true
    this.#refreshAt = now + Math.max(1000, (this.#endAt - now) / 2)
    const description = usage.negotiation.ownDescription
    if (this.#takesUpdate || description === undefined) usage.request('UPDATE')
    // What is under way refreshes the session itself.
    else if (usage.mayOffer) usage.request('INVITE', { description })
  }

  #grant(now: Instant, interval: number, event: SessionTimerEvent): void {
    this.#step(event)
    this.#asked = false
    const none = event === 'none'
    const ms = 1000 * interval
    this.#interval = interval
    this.#refreshAt = none ? Infinity : now + ms / 2
    this.#endAt = none ? Infinity : now + ms - Math.min(1000 * MARGIN, ms / 3)
  }

  #learn(message: SipRequest | SipResponse): void {
    if (message.headers.has('Allow')) this.#takesUpdate = listsToken(message, 'Allow', 'update')
    if (message.kind === 'request' ? isRefresh(message.method) : message.statusCode === 422) this.#minSe = Math.max(this.#minSe, minimumOf(message) ?? 0)
  }

  #step(event: SessionTimerEvent): void {
    this.#state = SESSION_TIMER[this.#state][event] ?? this.#state
  }
}

/** The interval that a message asks for or grants; `undefined` when it says none that can be read. */
export function expiryOf({ headers }: SipRequest | SipResponse): SessionExpires | undefined {
  return legible(() => headers.read(sessionExpires)[0])
}

/** Min-SE in seconds. */
export function minimumOf({ headers }: SipRequest | SipResponse): number | undefined {
  return legible(() => headers.read(minSE)[0]?.number)
}

/** Whether requests of this method refresh a session. */
export function isRefresh(method: string): boolean {
  return method === 'INVITE' || method === 'UPDATE'
}

function isSuccess({ statusCode }: SipResponse): boolean {
  return statusCode >= 200 && statusCode < 300
}

function isEarly({ dialog }: ExtendedUsage): boolean {
  return dialog.state === 'early'
}

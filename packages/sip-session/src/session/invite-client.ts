import type { Instant, Machine } from '@offhook/sip-machine'
import type { SipResponse } from '@offhook/sip-parser'
import { Dialog } from '../dialog/dialog.js'
import type { DialogOrigin } from '../dialog/dialog.js'
import type { Description } from '../session-description-handler.js'
import { InviteUsage } from './invite-usage.js'
import type { RequestFailure } from './session.js'
import type { UsageSettings } from './usage-extension.js'
import type { UsageInput } from './usage-types.js'

/** Where our first INVITE stands (RFC 3261 §13.2). `leaving`: given up by the application, still answered by others. */
export type InviteClientState = 'calling' | 'proceeding' | 'leaving' | 'accepted' | 'refused'
/** What its transaction brings, and `leave`: the application gives up. */
export type InviteClientEvent = 'provisional' | 'success' | 'failure' | 'leave'

/** An event that is absent leaves the state as it is. */
export const INVITE_CLIENT: Readonly<Record<InviteClientState, Readonly<Partial<Record<InviteClientEvent, InviteClientState>>>>> = {
  calling: { provisional: 'proceeding', success: 'accepted', failure: 'refused', leave: 'leaving' },
  proceeding: { success: 'accepted', failure: 'refused', leave: 'leaving' },
  leaving: { failure: 'refused' },
  accepted: {},
  refused: {},
}

export type InviteClientInput =
  | { readonly type: 'response'; readonly response: SipResponse }
  | { readonly type: 'failed'; readonly failure: RequestFailure }
  | { readonly type: 'leave' }
  /** The transaction is over: no further fork can answer. */
  | { readonly type: 'finished' }

export type InviteClientEffect =
  /** A dialog began. Its inputs follow as `deliver`. */
  | { readonly type: 'fork'; readonly usage: InviteUsage }
  | { readonly type: 'deliver'; readonly usage: InviteUsage; readonly input: UsageInput }
  /** A 1xx, in a dialog or (100, or without tag) in none. */
  | { readonly type: 'provisional'; readonly response: SipResponse }
  /** This dialog lives; what other forks answer is acknowledged and ended. */
  | { readonly type: 'established'; readonly usage: InviteUsage; readonly response: SipResponse }
  | { readonly type: 'refused'; readonly response: SipResponse }
  | { readonly type: 'failed'; readonly failure: RequestFailure }

/**
 * Our first INVITE and the dialogs it makes: one for each fork that answers (RFC 3261 §12.1, §13.2.2.4).
 *
 * The first 2xx lives. Every other, and any that comes after the application has left, is acknowledged and ended by BYE on
 * its own dialog, which the disposed {@link InviteUsage} does by itself.
 */
export class InviteClient implements Machine<InviteClientInput, InviteClientEffect> {
  readonly #id: string
  readonly #origin: DialogOrigin
  readonly #offer: Description | undefined
  readonly #settings: UsageSettings
  #forks: readonly InviteUsage[] = []
  #state: InviteClientState = 'calling'
  #lives: InviteUsage | undefined

  /** @param id the client transaction, as the usages know it */
  constructor(id: string, origin: DialogOrigin, offer: Description | undefined, settings: UsageSettings) {
    this.#id = id
    this.#origin = origin
    this.#offer = offer
    this.#settings = settings
  }

  get state(): InviteClientState {
    return this.#state
  }

  get deadline(): Instant {
    return Infinity
  }

  wake(): void {
    // Its time is kept by the transaction.
  }

  receive(_now: Instant, input: InviteClientInput, out: InviteClientEffect[]): void {
    switch (input.type) {
      case 'response':
        return this.#response(input.response, out)
      case 'failed':
        if (this.#state === 'accepted' || !this.#step('failure')) return
        this.#drop(out, { type: 'failed', id: this.#id, failure: input.failure })
        out.push({ type: 'failed', failure: input.failure })
        return
      case 'leave':
        if (this.#step('leave')) this.#drop(out, { type: 'dispose' })
        return
      case 'finished':
        this.#drop(out, { type: 'finished', id: this.#id })
        this.#forks = []
        return
    }
  }

  #response(response: SipResponse, out: InviteClientEffect[]): void {
    if (response.statusCode < 200) this.#provisional(response, out)
    else if (response.statusCode < 300) this.#success(response, out)
    else if (this.#step('failure')) {
      for (const usage of this.#forks) out.push({ type: 'deliver', usage, input: { type: 'response', id: this.#id, response } })
      out.push({ type: 'refused', response })
    }
  }

  #provisional(response: SipResponse, out: InviteClientEffect[]): void {
    this.#step('provisional')
    if (this.#state !== 'proceeding') return
    if (response.statusCode === 199 && !response.headers.has('RSeq')) return this.#forkEnded(response, out)
    // A 1xx without tag makes no dialog, one without Contact neither, for nothing could be sent in it (RFC 3261 §12.1).
    const usage = response.to.tag === undefined || response.statusCode === 100 || !response.headers.has('Contact')
      ? this.#find(response)
      : this.#fork(response, out)
    if (usage !== undefined) out.push({ type: 'deliver', usage, input: { type: 'response', id: this.#id, response } })
    out.push({ type: 'provisional', response })
  }

  /** A fork will not answer any more (RFC 6228 §4); of one that has not been heard of this says nothing. */
  #forkEnded(response: SipResponse, out: InviteClientEffect[]): void {
    const usage = this.#find(response)
    if (usage === undefined) return
    this.#forks = this.#forks.filter((fork) => fork !== usage)
    out.push({ type: 'deliver', usage, input: { type: 'finished', id: this.#id } }, { type: 'provisional', response })
  }

  #success(response: SipResponse, out: InviteClientEffect[]): void {
    const usage = this.#fork(response, out)
    const lives = this.#step('success')
    if (lives) this.#lives = usage
    else if (usage !== this.#lives) out.push({ type: 'deliver', usage, input: { type: 'dispose' } })
    out.push({ type: 'deliver', usage, input: { type: 'response', id: this.#id, response } })
    if (lives) out.push({ type: 'established', usage, response })
  }

  #find(response: SipResponse): InviteUsage | undefined {
    const tag = response.to.tag ?? ''
    return this.#forks.find(({ dialog }) => dialog.remoteTag === tag)
  }

  #fork(response: SipResponse, out: InviteClientEffect[]): InviteUsage {
    const known = this.#find(response)
    if (known !== undefined) return known
    const usage = new InviteUsage(
      Dialog.ofResponse(this.#origin, response), { id: this.#id, offer: this.#offer }, this.#settings,
    )
    this.#forks = this.#forks.concat(usage)
    out.push({ type: 'fork', usage })
    return usage
  }

  /** Tells every fork but the living one. */
  #drop(out: InviteClientEffect[], input: UsageInput): void {
    for (const usage of this.#forks) {
      out.push({ type: 'deliver', usage, input: usage === this.#lives && input.type !== 'finished' ? { type: 'finished', id: this.#id } : input })
    }
  }

  #step(event: InviteClientEvent): boolean {
    const next = INVITE_CLIENT[this.#state][event]
    if (next !== undefined) this.#state = next
    return next !== undefined
  }
}

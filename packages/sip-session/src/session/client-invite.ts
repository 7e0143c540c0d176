import type { SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import type { Added } from './added.js'
import { descriptionOf } from './description.js'
import type { OfferAnswer } from './offer-answer.js'

export type ClientInviteState = 'pending' | 'accepted' | 'acknowledged' | 'refused'
export type ClientInviteInput = 'success' | 'failure' | 'acknowledge'

/** An INVITE of ours in one dialog, seen by its UAC core (RFC 3261 §13.2.2). `accepted`: the 2xx waits for our ACK. */
export const CLIENT_INVITE: Readonly<Record<ClientInviteState, Readonly<Record<ClientInviteInput, ClientInviteState | undefined>>>> = {
  pending: { success: 'accepted', failure: 'refused', acknowledge: undefined },
  accepted: { success: undefined, failure: undefined, acknowledge: 'acknowledged' },
  acknowledged: { success: undefined, failure: undefined, acknowledge: undefined },
  refused: { success: undefined, failure: undefined, acknowledge: undefined },
}

/** What a response said about the media. */
export interface Described {
  readonly answer?: Description
  readonly offer?: Description
  /** Our offer got no answer where one was due. */
  readonly answerMissing: boolean
}

/** One INVITE of ours, first or later: its 2xx, its ACK, its reliable provisional responses. */
export class ClientInvite {
  readonly id: string
  /** Whether it made the dialog. */
  readonly initial: boolean
  #state: ClientInviteState = 'pending'
  #sequence = 0
  #ack: Added | undefined
  #rseq: number | undefined
  #rack: string | undefined

  constructor(id: string, initial: boolean) {
    this.id = id
    this.initial = initial
  }

  get state(): ClientInviteState {
    return this.#state
  }

  /** CSeq number of the 2xx, and so of the ACK. */
  get sequence(): number {
    return this.#sequence
  }

  /** What the ACK carries, which goes out again for each 2xx that comes again (RFC 3261 §13.2.2.4). */
  get ack(): Added | undefined {
    return this.#ack
  }

  /** Takes a 1xx. `undefined`: a reliable one that came before, or too soon (RFC 3262 §4). */
  provisional(response: SipResponse, negotiation: OfferAnswer): (Described & { readonly reliable: boolean }) | undefined {
    const rseq = reliableSequence(response)
    const reliable = rseq !== undefined
    if (reliable) {
      if (this.#rseq !== undefined && rseq !== this.#rseq + 1) return undefined
      this.#rseq = rseq
      this.#rack = `${rseq} ${response.cseq.sequence} INVITE`
    }
    const description = descriptionOf(response)
    if (description !== undefined && negotiation.state === 'HaveLocalOffer') {
      negotiation.remote(description, !reliable)
      return { answer: description, answerMissing: false, reliable }
    }
    if (description !== undefined && reliable && negotiation.state === 'Initial') {
      negotiation.remote(description)
      return { offer: description, answerMissing: false, reliable }
    }
    return { answerMissing: false, reliable }
  }

  /** The RAck of the PRACK that is due, once (RFC 3262 §7.2). */
  takeRack(): string | undefined {
    const rack = this.#rack
    this.#rack = undefined
    return rack
  }

  get prackDue(): boolean {
    return this.#rack !== undefined
  }

  /** Takes the 2xx. */
  success(response: SipResponse, negotiation: OfferAnswer): Described {
    this.#step('success')
    this.#sequence = response.cseq.sequence
    const description = descriptionOf(response)
    if (negotiation.preview) {
      negotiation.finishPreview(description)
      return { ...(negotiation.answer && { answer: negotiation.answer }), answerMissing: false }
    }
    if (negotiation.state === 'HaveLocalOffer') {
      if (description === undefined) {
        negotiation.rollback()
        return { answerMissing: true }
      }
      negotiation.remote(description)
      return { answer: description, answerMissing: false }
    }
    return description !== undefined && this.#rseq === undefined && negotiation.remote(description)
      ? { offer: description, answerMissing: false }
      : { answerMissing: false }
  }

  failure(): void {
    this.#step('failure')
  }

  acknowledge(ack: Added): void {
    if (this.#step('acknowledge')) this.#ack = ack
  }

  #step(input: ClientInviteInput): boolean {
    const next = CLIENT_INVITE[this.#state][input]
    if (next === undefined) return false
    this.#state = next
    return true
  }
}

/** The RSeq of a reliable provisional response (RFC 3262 §7.1). */
function reliableSequence(response: SipResponse): number | undefined {
  const text = response.headers.get('RSeq')
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined
  return /(^|,)\s*100rel\s*(,|$)/i.test(response.headers.getAll('Require').join(',')) ? Number(text) : undefined
}

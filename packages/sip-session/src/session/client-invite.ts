import type { SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import type { Added } from './added.js'
import { descriptionOf } from './description.js'
import type { OfferAnswer } from './offer-answer.js'

export type ClientInviteState = 'pending' | 'accepted' | 'acknowledged' | 'refused'
export type ClientInviteInput = 'success' | 'failure' | 'acknowledge'

/** An INVITE of ours in one dialog, seen by its UAC core (RFC 3261 §13.2.2). `accepted`: the 2xx waits for our ACK. An input that is absent changes nothing. */
export const CLIENT_INVITE: Readonly<Record<ClientInviteState, Readonly<Partial<Record<ClientInviteInput, ClientInviteState>>>>> = {
  pending: { success: 'accepted', failure: 'refused' },
  accepted: { acknowledge: 'acknowledged' },
  acknowledged: {},
  refused: {},
}

/** What a response said about the media. */
export interface Described {
  readonly answer?: Description | undefined
  readonly offer?: Description | undefined
  /** Our offer got no answer where one was due. */
  readonly answerMissing?: boolean
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

  get prackDue(): boolean {
    return this.#rack !== undefined
  }

  /** The RAck of the PRACK that is due, once (RFC 3262 §7.2). */
  takeRack(): string | undefined {
    const rack = this.#rack
    this.#rack = undefined
    return rack
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
    if (description === undefined) return { reliable }
    if (negotiation.isOffering) {
      negotiation.remote(description, !reliable)
      return { answer: description, reliable }
    }
    return reliable && negotiation.state === 'Initial' && negotiation.remote(description) ? { offer: description, reliable } : { reliable }
  }

  /** Takes the 2xx. */
  success(response: SipResponse, negotiation: OfferAnswer): Described {
    this.#step('success')
    this.#sequence = response.cseq.sequence
    const description = descriptionOf(response)
    if (negotiation.preview) {
      negotiation.finishPreview(description)
      return { answer: negotiation.answer }
    }
    if (!negotiation.isOffering) return description !== undefined && this.#rseq === undefined && negotiation.remote(description) ? { offer: description } : {}
    if (description === undefined) negotiation.rollback()
    else negotiation.remote(description)
    return { answer: description, answerMissing: description === undefined }
  }

  failure(): void {
    this.#step('failure')
  }

  acknowledge(ack: Added): void {
    if (this.#step('acknowledge')) this.#ack = ack
  }

  #step(input: ClientInviteInput): boolean {
    const next = CLIENT_INVITE[this.#state][input]
    if (next !== undefined) this.#state = next
    return next !== undefined
  }
}

/** The RSeq of a reliable provisional response (RFC 3262 §7.1). */
function reliableSequence({ headers }: SipResponse): number | undefined {
  const text = headers.get('RSeq') ?? ''
  return /^\d{1,10}$/.test(text) && /(^|,)\s*100rel\s*(,|$)/i.test(headers.getAll('Require').join()) ? Number(text) : undefined
}

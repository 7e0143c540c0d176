import type { SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import type { Added } from './added.js'
import { descriptionOf } from './description.js'
import { listsToken } from './listed-token.js'
import type { OfferAnswer } from './offer-answer.js'

/** What a response said about the media. */
export interface Described {
  readonly answer?: Description | undefined
  readonly offer?: Description | undefined
  /** Our offer got no answer where one was due. */
  readonly answerMissing?: boolean
}

/** One INVITE of ours in one dialog, first or later, seen by its UAC core (RFC 3261 §13.2.2): its 2xx, its ACK, its reliable provisional responses. */
export class ClientInvite {
  readonly id: string
  /** Whether it made the dialog. */
  readonly initial: boolean
  /** CSeq number of the 2xx, and so of the ACK; `undefined` while the INVITE has not succeeded. */
  sequence: number | undefined
  /** What the ACK carries, which goes out again for each 2xx that comes again (RFC 3261 §13.2.2.4). */
  ack: Added = {}
  /** Whether a reliable 1xx brought its answer or its offer. */
  exchanged = false
  #rseq: number | undefined
  #rack: string | undefined

  constructor(id: string, initial: boolean) {
    this.id = id
    this.initial = initial
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
    const description = this.exchanged ? undefined : descriptionOf(response)
    if (description === undefined) return { reliable }
    const { isOffering, preview } = negotiation
    // An offer has to be reliable, and a preview is shown once (RFC 3262 §5, RFC 6337 §3.1.1).
    if (!isOffering && !reliable) return { reliable }
    if (preview) negotiation.finishPreview(description)
    else negotiation.remote(description, !reliable)
    this.exchanged = reliable
    return isOffering || preview ? { answer: description, reliable } : { offer: description, reliable }
  }

  /** Takes the 2xx. It has nothing to say where a reliable 1xx has said it (RFC 6337 §3.1.1). */
  success(response: SipResponse, negotiation: OfferAnswer): Described {
    this.sequence = response.cseq.sequence
    if (this.exchanged) return {}
    const description = descriptionOf(response)
    if (negotiation.preview) {
      negotiation.finishPreview(description)
      return { answer: negotiation.answer }
    }
    if (negotiation.isOffering) return answerTo(negotiation, description)
    return description !== undefined && negotiation.remote(description) ? { offer: description } : {}
  }
}

/** Takes the answer to our offer, or that none came. */
export function answerTo(negotiation: OfferAnswer, answer: Description | undefined): Described & { readonly answerMissing: boolean } {
  if (answer === undefined) negotiation.rollback()
  else negotiation.remote(answer)
  return { answer, answerMissing: answer === undefined }
}

/** The RSeq of a reliable provisional response (RFC 3262 §7.1). */
function reliableSequence(response: SipResponse): number | undefined {
  const text = response.headers.get('RSeq') ?? ''
  return /^\d{1,10}$/.test(text) && listsToken(response, 'Require', '100rel') ? Number(text) : undefined
}

import type { Description } from '../session-description-handler.js'
import type { SignalingState } from './session.js'

/** What may happen to an exchange: each side describes itself; or the exchange, or the session, is given up. */
export type OfferAnswerInput = 'local' | 'remote' | 'rollback' | 'close'

/**
 * Offer and answer (RFC 3264 §4, RFC 6337 §2.1). An input that is absent is out of place and changes nothing.
 * `back` is the state in which the exchange began.
 */
export const OFFER_ANSWER: Readonly<Record<SignalingState, Readonly<Partial<Record<OfferAnswerInput, SignalingState | 'back'>>>>> = {
  Initial: { local: 'HaveLocalOffer', remote: 'HaveRemoteOffer', close: 'Closed' },
  HaveLocalOffer: { remote: 'Stable', rollback: 'back', close: 'Closed' },
  HaveRemoteOffer: { local: 'Stable', rollback: 'back', close: 'Closed' },
  Stable: { local: 'HaveLocalOffer', remote: 'HaveRemoteOffer', close: 'Closed' },
  Closed: {},
}

/** A pair of descriptions that both sides agreed to. */
export interface Agreement {
  readonly offer: Description
  readonly answer: Description
  /** Which of them was ours. */
  readonly own: Description
}

/** The offer/answer exchange of one dialog, as a machine without time. */
export class OfferAnswer {
  #state: SignalingState = 'Initial'
  #offer: Description | undefined
  #answer: Description | undefined
  #agreed: Agreement | undefined
  /** An answer that came in an unreliable 1xx: a preview of the one in the 2xx (RFC 3261 §13.2.1). */
  #preview = false
  #ownOffer = false

  /** @param agreed what holds already */
  constructor(agreed?: Agreement) {
    if (agreed === undefined) return
    this.#state = 'Stable'
    this.#agreed = agreed
    this.#offer = agreed.offer
    this.#answer = agreed.answer
  }

  get state(): SignalingState {
    return this.#state
  }

  /** Whether no exchange is under way. One with a preview is: the 2xx ends it (RFC 6337 §3.1.1). */
  get isIdle(): boolean {
    return !this.#preview && (this.#state === 'Stable' || this.#state === 'Initial')
  }

  /** Whether an exchange is done and no other under way. */
  get isSettled(): boolean {
    return this.#state === 'Stable' && !this.#preview
  }

  /** Whether an offer of ours waits for its answer. */
  get isOffering(): boolean {
    return this.#state === 'HaveLocalOffer'
  }

  get offer(): Description | undefined {
    return this.#offer
  }

  get answer(): Description | undefined {
    return this.#answer
  }

  /** What has been agreed last, whatever is under way. */
  get agreed(): Agreement | undefined {
    return this.#agreed
  }

  /** What this side said last that the other side agreed to. */
  get ownDescription(): Description | undefined {
    return this.#agreed?.own
  }

  get preview(): boolean {
    return this.#preview
  }

  /** This side described itself, by offer or answer. False when the description is out of place. */
  local(description: Description, preview = false): boolean {
    return this.#describe('local', description, preview)
  }

  /** The peer described itself. */
  remote(description: Description, preview = false): boolean {
    return this.#describe('remote', description, preview)
  }

  /** The 2xx came: the preview holds unless it brings an answer of its own. */
  finishPreview(answer: Description | undefined): void {
    if (!this.#preview) return
    this.#preview = false
    if (answer !== undefined) this.#answer = answer
    this.#agree()
  }

  /** The exchange under way has failed: what held before holds again. */
  rollback(): void {
    if (!this.#preview && OFFER_ANSWER[this.#state].rollback !== 'back') return
    this.#preview = false
    this.#state = this.#agreed === undefined ? 'Initial' : 'Stable'
    this.#offer = this.#agreed?.offer
    this.#answer = this.#agreed?.answer
  }

  close(): void {
    this.#state = 'Closed'
    this.#offer = this.#answer = this.#agreed = undefined
    this.#preview = false
  }

  #describe(input: 'local' | 'remote', description: Description, preview: boolean): boolean {
    const next = OFFER_ANSWER[this.#state][input]
    if (next === undefined || next === 'back') return false
    this.#state = next
    if (next === 'Stable') {
      this.#answer = description
      this.#preview = preview
      if (!preview) this.#agree()
    } else {
      this.#offer = description
      this.#answer = undefined
      this.#ownOffer = input === 'local'
    }
    return true
  }

  #agree(): void {
    const [offer, answer] = [this.#offer, this.#answer]
    if (offer !== undefined && answer !== undefined) this.#agreed = { offer, answer, own: this.#ownOffer ? offer : answer }
  }
}

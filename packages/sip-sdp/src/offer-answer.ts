import { answerOffer } from './answer-offer.js'
import type { Capabilities } from './capabilities.js'
import { codecsOf } from './codec.js'
import { createOffer } from './create-offer.js'
import { directionFrom, directionOf, receives, sends } from './direction.js'
import { negotiatedStreams, type NegotiatedStream } from './negotiated-stream.js'
import { PayloadTypes } from './payload-types.js'
import { isByDtls, isProtected, offersProtection } from './protection.js'
import type { Result } from './result.js'
import { SdpError } from './sdp-error.js'
import type { SessionDescription } from './session-description.js'

/** What was agreed on last. */
export interface Agreement {
  readonly local: SessionDescription
  readonly remote: SessionDescription
  readonly streams: readonly NegotiatedStream[]
}

/** How to make a description. */
export interface DescriptionOptions {
  /** True to hold the peer, false to stop that; as before when absent (RFC 3264 §8.4). */
  readonly hold?: boolean | undefined
  /** How many common codecs an answer keeps; see `AnswerOptions`. */
  readonly codecs?: 'all' | 'first' | undefined
}

/**
 * Offer and answer over the life of one session (RFC 3264, RFC 6337).
 *
 * | state    | createOffer        | answerOffer          | applyAnswer                            | rollback |
 * |----------|--------------------|----------------------|----------------------------------------|----------|
 * | stable   | → offering         | stable               | `no-offer`                             | stable   |
 * | offering | throws             | `offer-pending`, 491 | → stable, or offering while it is early | → stable |
 *
 * It keeps what the RFC wants kept: places of streams, what payload types have meant, one version of `o=` for each description
 * that was sent, and the protection that a stream once had. Media is none of its business.
 *
 * @example
 * const session = new OfferAnswer(capabilities)
 * send(serializeSessionDescription(session.createOffer()))
 * const agreed = session.applyAnswer(answer)
 */
export class OfferAnswer {
  #capabilities: Capabilities
  readonly #payloadTypes = new PayloadTypes()
  #agreement: Agreement | undefined
  /** What we sent last, agreed on or not: its version is never used again for something else. */
  #sent: SessionDescription | undefined
  #offer: SessionDescription | undefined
  #isHolding = false
  #wasHolding = false

  constructor(capabilities: Capabilities) {
    this.#capabilities = capabilities
  }

  /** What was agreed on last; undefined before the first answer. */
  get agreement(): Agreement | undefined {
    return this.#agreement
  }

  /** Whether an offer of ours waits for its answer. */
  get isOffering(): boolean {
    return this.#offer !== undefined
  }

  /** Whether we hold the peer. */
  get isHolding(): boolean {
    return this.#isHolding
  }

  /** Whether the peer holds us: it receives on none of the running streams, by direction or by 0.0.0.0. */
  get isHeld(): boolean {
    const { remote, streams = [] } = this.#agreement ?? {}
    const running = streams.filter(({ active }) => active).map(({ index }) => remote?.media[index])
    return running.length > 0 && running.every((media) => media !== undefined && remote !== undefined && !receives(directionOf(media, remote)))
  }

  /** Changes what we can do, for the next description: streams that are listed no more are closed, new ones are added. */
  setCapabilities(capabilities: Capabilities): void {
    this.#capabilities = capabilities
  }

  /**
   * Makes the next offer.
   * @throws SdpError `offer-pending` while one waits, `weaker-transport` when our capabilities would end a stream's protection, `invalid-value` as `createOffer` does
   */
  createOffer({ hold }: DescriptionOptions = {}): SessionDescription {
    if (this.#offer !== undefined) throw new SdpError('offer-pending', 'An offer waits for its answer')
    const isHolding = hold ?? this.#isHolding
    const previous = this.#previous()
    const made = createOffer(this.#wishes(isHolding), { previous, payloadTypes: this.#payloadTypes })
    if (this.#isWeakerThanAgreed(made)) throw new SdpError('weaker-transport', 'The capabilities leave a protected stream without protection')
    const offer = this.#asSent(made, previous)
    this.#note(offer)
    this.#wasHolding = this.#isHolding
    this.#isHolding = isHolding
    this.#offer = offer
    return offer
  }

  /**
   * Answers an offer of the peer.
   * @returns the answer, or why there is none, which leaves all as it was: see `answerOffer`, and `offer-pending` (491) while one of ours waits
   */
  answerOffer(offer: SessionDescription, { hold, codecs }: DescriptionOptions = {}): Result<SessionDescription, SdpError> {
    if (this.#offer !== undefined) return { ok: false, error: new SdpError('offer-pending', 'Offers have crossed') }
    const isHolding = hold ?? this.#isHolding
    const previous = this.#previous()
    const made = answerOffer(offer, this.#wishes(isHolding), { previous, previousRemote: this.#agreement?.remote, codecs })
    if (!made.ok) return made
    const streams = negotiatedStreams(made.value, offer)
    if (!streams.ok) return streams
    const answer = this.#asSent(made.value, previous)
    this.#isHolding = isHolding
    this.#agree(answer, offer, streams.value)
    return { ok: true, value: answer }
  }

  /**
   * Takes the answer to our offer.
   * @param final false while it is early and may be followed by another: the offer goes on waiting
   * @returns the streams, or why the answer cannot be taken: `no-offer`, `media-mismatch`, `weaker-transport`; the offer then waits on
   */
  applyAnswer(answer: SessionDescription, final = true): Result<readonly NegotiatedStream[], SdpError> {
    const offer = this.#offer
    if (offer === undefined) return { ok: false, error: new SdpError('no-offer', 'There is no offer that this could answer') }
    const streams = negotiatedStreams(offer, answer)
    if (!streams.ok) return streams
    if (this.#losesKeys(streams.value)) return { ok: false, error: new SdpError('weaker-transport', 'The answer continues a protected stream in the clear') }
    this.#agree(offer, answer, streams.value)
    if (final) this.#offer = undefined
    return streams
  }

  /** Gives our offer up, as after a refusal: what was agreed on before holds. Harmless without one. */
  rollback(): void {
    if (this.#offer === undefined) return
    this.#offer = undefined
    this.#isHolding = this.#wasHolding
  }

  /** A stream that had keys on a profile without protection has to have some again (RFC 8643, CVE-2022-39269). */
  #losesKeys(streams: readonly NegotiatedStream[]): boolean {
    const before = this.#agreement?.streams ?? []
    return before.some(({ index, crypto }) => {
      const now = streams[index]
      return crypto !== undefined && now?.active === true && now.crypto === undefined && !isByDtls(now)
    })
  }

  #isWeakerThanAgreed(offer: SessionDescription): boolean {
    if (this.#agreement === undefined) return false
    const { local, remote, streams } = this.#agreement
    return streams.some(({ index, active }) => {
      const [before, now] = [local.media[index], offer.media[index]]
      return active && before !== undefined && now !== undefined && now.port !== 0 && isProtected(before, remote.media[index]) && !offersProtection(now, before)
    })
  }

  /** What was agreed on last, under the version that was sent last. */
  #previous(): SessionDescription | undefined {
    const local = this.#agreement?.local
    return local === undefined ? undefined : { ...local, origin: this.#sent?.origin ?? local.origin }
  }

  #agree(local: SessionDescription, remote: SessionDescription, streams: readonly NegotiatedStream[]): void {
    this.#agreement = { local, remote, streams }
    this.#sent = local
    this.#note(local)
    this.#note(remote)
  }

  /** A description that was refused has used its version up, unless this is the very same one. */
  #asSent(made: SessionDescription, previous: SessionDescription | undefined): SessionDescription {
    const version = made.origin.sessionVersion
    const agreed = this.#agreement?.local.origin.sessionVersion
    const isUnchanged = previous !== undefined && version === previous.origin.sessionVersion
    const sent = isUnchanged && agreed !== undefined && version !== agreed ? { ...made, origin: { ...made.origin, sessionVersion: String(BigInt(version) + 1n) } } : made
    this.#sent = sent
    return sent
  }

  #wishes(isHolding: boolean): Capabilities {
    if (!isHolding) return this.#capabilities
    const media = this.#capabilities.media.map((capability) => ({ ...capability, direction: directionFrom(sends(capability.direction ?? 'sendrecv'), false) }))
    return { ...this.#capabilities, media }
  }

  #note({ media }: SessionDescription): void {
    for (const [index, stream] of media.entries()) this.#payloadTypes.note(index, codecsOf(stream))
  }
}

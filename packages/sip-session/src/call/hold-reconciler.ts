import { descriptionOf } from '../session/description.js'
import type { DescriptionWish } from '../session-description-handler.js'
import type { RequestOutcome } from '../session/session.js'
import type { CallMedia } from './call-media.js'
import type { OperationOutcome } from './call-types.js'
import type { DialogSession } from './dialog-session.js'
import { ENDED, OK, failed, refused } from './operation.js'
import type { Signalling } from '../signalling/signalling.js'

/** How often a re-INVITE that collides or is put off is tried again. */
const MAX_RETRIES = 10

/** The call that is held. */
export interface HeldCall {
  /** Its session, while both sides are in it. */
  readonly live: DialogSession | undefined
  /** An exchange is done: the peer may hold us now, or not any more. */
  checkRemoteHold(): void
}

/** What an offer that the application asks for is to do besides describing the media. */
export interface Renegotiation {
  /** True to gather new transport addresses (ICE restart, RFC 8839 §4.4.1.1.1). */
  readonly restart?: boolean
}

/**
 * Brings the wire to what the application wants: held, or not, and described anew when the media have changed. Wanting a
 * thing twice is one re-INVITE, and wanting the opposite before it is out is none.
 */
export class HoldReconciler {
  readonly #signalling: Signalling
  readonly #media: CallMedia
  readonly #call: HeldCall
  #held = false
  #wanted = false
  /** What the application has changed since the last offer, if anything. */
  #due: Renegotiation | undefined
  #work: Promise<OperationOutcome> | undefined
  #waiting: (() => void)[] = []

  constructor(signalling: Signalling, media: CallMedia, call: HeldCall) {
    this.#signalling = signalling
    this.#media = media
    this.#call = call
  }

  /** Whether the peer has agreed to be held. */
  get held(): boolean {
    return this.#held
  }

  /** Says what is wanted; resolves when the wire agrees, or does not. */
  want(held: boolean): Promise<OperationOutcome> {
    this.#wanted = held
    return this.#start()
  }

  /** The media are to be described anew; resolves when the peer agreed, or did not. */
  renegotiate({ restart = false }: Renegotiation): Promise<OperationOutcome> {
    this.#due = { restart: restart || this.#due?.restart === true }
    return this.#start()
  }

  /** Something changed that may have been waited for. */
  nudge(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }

  #start(): Promise<OperationOutcome> {
    this.#work ??= this.#reconcile().finally(() => (this.#work = undefined))
    return this.#work
  }

  async #reconcile(): Promise<OperationOutcome> {
    let retries = 0
    while (this.#held !== this.#wanted || this.#due !== undefined) {
      const session = this.#call.live
      if (session === undefined) return ENDED
      if (!session.usage.mayOffer || session.sessionState !== 'Confirmed') {
        await this.#change()
        continue
      }
      const wanted = this.#wanted
      const due = this.#due
      this.#due = undefined
      const again = (): void => {
        if (due !== undefined) this.#due = { ...due, ...this.#due }
      }
      try {
        const outcome = await this.#media.exchange(() => this.#exchange(session, { hold: wanted, ...due }))
        if (outcome === undefined) {
          again()
          continue
        }
        if (outcome.ok) this.#held = wanted
        else if (outcome.retryIn !== undefined && retries++ < MAX_RETRIES) {
          again()
          await this.#pause(outcome.retryIn)
        } else {
          this.#giveUp()
          return this.#call.live === undefined ? ENDED : refused(outcome.status, outcome.reason)
        }
      } catch (error) {
        this.#giveUp()
        return this.#call.live === undefined ? ENDED : failed(error)
      }
    }
    return OK
  }

  /** What was refused is not wanted any more. */
  #giveUp(): void {
    this.#wanted = this.#held
    this.#due = undefined
  }

  /** One offer and its answer. `undefined`: the peer was faster with an offer of its own. */
  async #exchange(session: DialogSession, wish: DescriptionWish): Promise<RequestOutcome | undefined> {
    const offer = await this.#media.createOffer(wish)
    if (offer === undefined) return { ok: false, status: 0, reason: 'There is no media engine to hold.' }
    if (!session.usage.mayOffer || session.sessionState !== 'Confirmed') {
      await this.#media.rollback()
      return undefined
    }
    const outcome = await session.invite({ body: offer.body, contentType: offer.contentType }).outcome
    const answer = outcome.ok && outcome.response !== undefined ? descriptionOf(outcome.response) : undefined
    if (answer === undefined) {
      await this.#media.rollback()
      return outcome.ok ? { ...outcome, ok: false, reason: 'The other side did not answer the offer.' } : outcome
    }
    await this.#media.applyAnswer(answer, true)
    this.#call.checkRemoteHold()
    return outcome
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Waits, but not beyond the end of the call. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#signalling.later(ms, resolve)
      void this.#untilOver().then(() => {
        stop()
        resolve()
      })
    })
  }

  async #untilOver(): Promise<void> {
    while (this.#call.live !== undefined) await this.#change()
  }
}

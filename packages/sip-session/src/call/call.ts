import type { SipRequest, Uri } from '@offhook/sip-parser'
import { SessionError, missing } from '../errors.js'
import type { SessionDescriptionHandler } from '../session-description-handler.js'
import type { Session } from '../session/session.js'
import type { CallLeg } from './call-leg.js'
import type { CallSnapshot } from './call-snapshot.js'
import type {
  AnswerOptions, AnswerOutcome, CallEnd, CallEvents, CallState, HangUpOptions, OperationOptions, OperationOutcome, RejectOptions, RingOptions,
} from './call-types.js'
import { DtmfSender } from './dtmf.js'
import type { DtmfOptions } from './dtmf.js'
import type { ExtendedCall } from './extension.js'
import type { Renegotiation } from './hold-reconciler.js'
import { ENDED, OK, abortable, failed, whenAborted } from './operation.js'
import type { RemoteParty } from './remote-party.js'
import type { Transfer, TransferOptions } from './transfer-types.js'

/**
 * A call, whoever made it: what a person can do with a telephone.
 *
 * Every operation is asynchronous and may be repeated; none rejects because the other side was faster, and none ends the
 * call by failing. `answered` and `ended` always resolve, once.
 *
 * @example
 * const call = agent.call('bob')
 * const { answered } = await call.answered
 * if (answered) await call.hold()
 * await call.hangUp()
 */
export class Call {
  readonly direction: 'incoming' | 'outgoing'
  /** Its Call-ID. */
  readonly id: string
  /** How the ringing ended. Never rejects. */
  readonly answered: Promise<AnswerOutcome>
  /** How the call ended. Never rejects. */
  readonly ended: Promise<CallEnd>
  readonly #leg: CallLeg
  #dtmf: DtmfSender | undefined
  #muted = false
  /** Whether the ringing has described our media already. */
  #described = false
  #answering: Promise<OperationOutcome> | undefined
  #leaving: Promise<OperationOutcome> | undefined

  /** Calls come from `UserAgent.call()` and from the `incoming` event. @internal */
  constructor(leg: CallLeg) {
    this.#leg = leg
    this.direction = leg.origin.direction
    this.id = leg.origin.id
    this.answered = leg.answered
    this.ended = leg.ended
    leg.face = this
    const forget = whenAborted(leg.origin.options.signal, () => void this.hangUp())
    if (leg.origin.options.signal !== undefined) void this.ended.then(forget)
  }

  get state(): CallState {
    return this.#leg.state
  }

  /** The far end, as its last message named it. */
  get remote(): RemoteParty {
    return this.#leg.remote
  }

  /** The INVITE of the other side, with its header fields and body, until the call is answered or over: no call keeps a message. */
  get invite(): SipRequest | undefined {
    return this.#leg.invitation?.request
  }

  /** The INVITE session beneath, once there is a dialog. */
  get session(): Session | undefined {
    return this.#leg.session
  }

  /** The call that this one takes the place of, while that one lasts (RFC 3891, RFC 5589). */
  get replaces(): Call | undefined {
    return callOf(this.#leg.replaces)
  }

  /** The call whose conversation this one asks to be added to, while that one lasts (RFC 3911). */
  get joins(): Call | undefined {
    return callOf(this.#leg.joins)
  }

  /** The call that took the place of this one. */
  get replacedBy(): Call | undefined {
    return callOf(this.#leg.replacedBy)
  }

  /** The media side, when the agent has one. */
  get media(): SessionDescriptionHandler | undefined {
    return this.#leg.media.handler
  }

  /** Whether we hold the peer, as agreed on the wire. */
  get localHold(): boolean {
    return this.#leg.localHold
  }

  /** Whether the peer holds us. */
  get remoteHold(): boolean {
    return this.#leg.remoteHold
  }

  get muted(): boolean {
    return this.#muted
  }

  /** Listens to an event; the function returned stops listening. */
  on<Name extends keyof CallEvents>(event: Name, listener: (...values: CallEvents[Name]) => void): () => void {
    if (event === 'trace') this.#leg.host.traceCall(this.#leg)
    return this.#leg.events.on(event, listener)
  }

  /**
   * Tells the caller that it rings: 180, or another 1xx, or early media by 183. Agents do it by themselves unless told not to.
   * @throws {SessionError} `wrong-state` for a call of ours.
   */
  ring(options: RingOptions = {}): Promise<OperationOutcome> {
    this.#mustBeTheirs()
    return this.#ring(options)
  }

  /**
   * Takes the call. When the media engine fails the call goes on ringing, and may be answered again or rejected.
   * @throws {SessionError} `wrong-state` for a call of ours.
   */
  answer(options: AnswerOptions = {}): Promise<OperationOutcome> {
    this.#mustBeTheirs()
    this.#answering ??= this.#answer(options)
    return abortable(this.#answering, options.signal)
  }

  /** Refuses the call, with 486 unless told. @throws {SessionError} `wrong-state` for a call of ours, `bad-status` for less than 300. */
  reject(status = 486, reason?: string, options: RejectOptions = {}): Promise<OperationOutcome> {
    this.#mustBeTheirs()
    if (this.#leg.isOver) return Promise.resolve(ENDED)
    if (this.state.name === 'established') return Promise.resolve(failed(new SessionError('wrong-state', 'The call is answered already.')))
    this.#leg.refuse(status, reason, options)
    return Promise.resolve(OK)
  }

  /**
   * Ends the call, wherever it stands, by CANCEL, BYE or a 4xx. It has ended when this returns; the promise resolves when
   * the peer knows it, or cannot be reached. A process that exits before may leave the peer in a call.
   */
  hangUp(options: HangUpOptions = {}): Promise<OperationOutcome> {
    this.#leaving ??= this.#leg.leave(options)
    return abortable(this.#leaving, options.signal)
  }

  /** Puts the peer on hold. Resolves when it agreed; glare is retried, and a refusal leaves the call as it was. */
  hold(options: OperationOptions = {}): Promise<OperationOutcome> {
    return this.#setHold(true, options)
  }

  /** Ends the hold. */
  resume(options: OperationOptions = {}): Promise<OperationOutcome> {
    return this.#setHold(false, options)
  }

  /**
   * Describes the media anew, after the application has changed them: a track added, a codec chosen, the network another
   * (`restart`, which gathers new transport addresses). Resolves when the peer agreed; glare is retried, and a refusal
   * leaves the call as it was.
   */
  renegotiate({ signal, ...change }: Renegotiation & OperationOptions = {}): Promise<OperationOutcome> {
    if (this.media === undefined) return Promise.resolve(failed(new SessionError('no-media', 'There is no media engine to describe.')))
    return abortable(this.#leg.holding.renegotiate(change), signal)
  }

  /**
   * The call as a value for `JSON.stringify`, for `UserAgent.restore()` after a reload. Take it anew after each request in the call, for the
   * numbers of requests are in it.
   * @throws {SessionError} `wrong-state` unless the call is established, `missing-extension` unless the agent was made with `callSnapshots()`
   */
  snapshot(): CallSnapshot {
    const leg = this.#leg
    if (leg.live === undefined) throw new SessionError('wrong-state', 'Only an established call can be restored.')
    for (const extension of leg.host.extensions) if (extension.snapshot !== undefined) return extension.snapshot(leg, leg.live)
    throw missing('callSnapshots()')
  }

  /** Stops sending what the inputs hear; the peer is not told. */
  mute(): Promise<OperationOutcome> {
    return this.#mute(true)
  }

  unmute(): Promise<OperationOutcome> {
    return this.#mute(false)
  }

  /** Sends digits `0-9 A-D * #`, with `,` for a pause of 2 s: in the media (RFC 4733) or, if that was not negotiated, by INFO. */
  dtmf(tones: string, options: DtmfOptions & OperationOptions = {}): Promise<OperationOutcome> {
    this.#dtmf ??= new DtmfSender(this.#leg.host.signalling, this.media, this.#leg)
    return abortable(this.#dtmf.send(tones, options), options.signal)
  }

  /**
   * Asks the peer to call somebody else: a name, number or URI, or the party of another call of ours, whose place it then
   * takes there (RFC 5589). That call may still be ringing: the peer is asked when it is answered.
   *
   * @throws {SessionError} `missing-extension` unless the agent was made with the extension `transfers()`, `wrong-state` before
   * the call is established, `bad-target`
   *
   * @example
   * const { ok } = await call.transfer('carol').outcome
   */
  transfer(target: string | Uri | Call, options: TransferOptions = {}): Transfer {
    const leg = this.#leg
    for (const extension of leg.host.extensions) {
      if (extension.transfer !== undefined) return extension.transfer(leg, target instanceof Call ? target.#leg : target, options)
    }
    throw missing('transfers()')
  }

  #mustBeTheirs(): void {
    if (this.direction === 'outgoing') throw new SessionError('wrong-state', 'Only a call of the other side can be answered or rejected.')
  }

  async #ring(options: RingOptions): Promise<OperationOutcome> {
    const { invitation } = this.#leg
    if (this.#leg.isOver) return ENDED
    if (invitation === undefined || !this.#leg.isOpen('ringing')) return OK
    this.#leg.rang = true
    const { earlyMedia = false, status = earlyMedia || options.body !== undefined ? 183 : 180, reason, ...added } = options
    try {
      const { offer } = invitation
      const describe = earlyMedia && !this.#described && (offer !== undefined || this.#leg.session?.usage.isReliable === true)
      const own = describe ? await this.#leg.describe(offer) : undefined
      if (!this.#leg.isOpen('ringing')) return OK
      this.#described ||= describe
      invitation.progress({ ...added, ...own, statusCode: status, reasonPhrase: reason })
      return OK
    } catch (error) {
      return failed(error)
    }
  }

  async #answer(options: AnswerOptions): Promise<OperationOutcome> {
    const { media, session, invitation } = this.#leg
    if (this.#leg.isOver || invitation === undefined) return ENDED
    this.#leg.become({ name: 'answering' })
    try {
      const { offer } = invitation
      const { headers, body, contentType } = options
      // What was said in a 183 is said again by the session itself, where that is needed.
      const said = this.#described || session?.usage.negotiation.preview === true || media.handler === undefined
      const own = said ? undefined : await this.#leg.describe(offer)
      if (!this.#leg.isOpen('answering')) return ENDED
      invitation.accept({ headers, body, contentType, ...own })
      this.#leg.establish()
      return OK
    } catch (error) {
      this.#answering = undefined
      if (!this.#leg.isOpen('answering')) return ENDED
      this.#leg.become({ name: 'ringing' })
      return failed(error)
    }
  }

  #setHold(held: boolean, { signal }: OperationOptions): Promise<OperationOutcome> {
    if (this.media === undefined) return Promise.resolve(failed(new SessionError('no-media', 'There is no media engine to hold.')))
    return abortable(this.#leg.holding.want(held), signal)
  }

  #mute(muted: boolean): Promise<OperationOutcome> {
    if (this.#leg.isOver) return Promise.resolve(ENDED)
    if (this.media === undefined) return Promise.resolve(failed(new SessionError('no-media', 'There is no media engine to mute.')))
    this.#muted = muted
    this.media.mute(muted)
    return Promise.resolve(OK)
  }
}

function callOf(leg: ExtendedCall | undefined): Call | undefined {
  return leg?.face instanceof Call ? leg.face : undefined
}

import type { Session } from '@offhook/sip-session'
import { createSdpFragment, parseSessionDescription, SDP_FRAGMENT_TYPE, type SdpFragment, serializeSdpFragment, TrickledCandidates } from '@offhook/sip-sdp'
import { forkIn } from '../fork-connection.js'
import type { GatherPolicy } from '../gathering.js'
import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import type { Timers } from '../platform.js'

/** Where trickling is done without a word: nothing is waited for any more once the peer is known to trickle. */
const AT_ONCE = { cap: 0, idleGap: 0 }
/** Milliseconds in which candidates are collected for one INFO (RFC 8838 §5 lets them go together). */
const COLLECTING = 20
/** Fragments kept that come before the description they belong to. */
const MAX_EARLY = 16

/** The parts of a call that trickling looks at. */
export interface TrickledCall {
  readonly direction: 'incoming' | 'outgoing'
  readonly session: Session | undefined
  readonly state: { readonly name: string }
}

interface Known {
  /** What tells its generation from others. */
  readonly fork: string
  readonly connection: RTCPeerConnection
  readonly candidates: TrickledCandidates
}

/** How a call's candidates went, for the diagnosis. */
export interface TrickleReport {
  /** `none`: the peer does not; `half`: our offer was complete, the rest trickled; `full`: nothing was waited for. */
  readonly mode: 'none' | 'half' | 'full'
  readonly sent: number
  readonly received: number
}

/** Sends the candidates of one call as they are found, and takes the peer's (RFC 8840 §4). */
export class CallTrickle {
  readonly #call: TrickledCall
  readonly #media: PeerConnectionDescriptionHandler
  readonly #timers: Timers
  #known: readonly Known[] = []
  #early: SdpFragment[] = []
  #isKnown = false
  #isReady = false
  #isOver = false
  #isFull: boolean
  readonly #patient: GatherPolicy
  #isSending = false
  #isDue = false
  #stopTimer: (() => void) | undefined
  /** The candidates that the peer has, as text; with the end said or not. */
  #told = ''
  #sent = 0
  #received = 0

  /** @param isFull whether our first offer waits for nothing, because the peer is known to trickle */
  constructor(call: TrickledCall, media: PeerConnectionDescriptionHandler, timers: Timers, isFull: boolean) {
    this.#call = call
    this.#media = media
    this.#timers = timers
    this.#isFull = isFull
    this.#patient = media.gatherPolicy
    if (isFull) media.gatherPolicy = AT_ONCE
    if (media.connection !== undefined) this.#follow(media.connection)
    media.on('connection', (connection) => this.#follow(connection))
    media.on('remote-description', (sdp, connection) => this.#learn(sdp, connection))
    media.on('agreed', () => this.#due())
    media.on('closing', () => {
      this.#isOver = true
      this.#stopTimer?.()
    })
  }

  get report(): TrickleReport {
    return { mode: this.#isFull ? 'full' : this.#isKnown ? 'half' : 'none', sent: this.#sent, received: this.#received }
  }

  /** Our description as it is by now, for a peer that wants all of it in one. */
  get offerNow(): string | undefined {
    return this.#media.connection?.localDescription?.sdp
  }

  /** The peer has said that it trickles, or that it does not. */
  peerTrickles(does: boolean): void {
    this.#isKnown = does
    if (!does) {
      this.#isFull = false
      this.#media.gatherPolicy = this.#patient
      return
    }
    if (this.#call.direction === 'incoming') this.#isFull = true
    this.#media.gatherPolicy = AT_ONCE
    this.#due()
  }

  /** The dialog stands on both sides: the peer has sent a request in it, or has answered (RFC 8840 §4.3). */
  ready(): void {
    this.#isReady = true
    this.#due()
  }

  /** What the peer sent; it is in no hurry to have an answer. */
  take(fragment: SdpFragment): void {
    if (this.#known.length === 0) this.#early = [...this.#early.slice(1 - MAX_EARLY), fragment]
    for (const known of this.#known) this.#add(known, fragment)
  }

  #follow(connection: RTCPeerConnection): void {
    connection.addEventListener('icecandidate', () => this.#due())
    connection.addEventListener('icegatheringstatechange', () => this.#due())
  }

  /** A description of the peer: candidates that come from now on are of its generation. */
  #learn(sdp: string, connection: RTCPeerConnection): void {
    const parsed = parseSessionDescription(sdp)
    if (!parsed.ok) return
    const fork = forkIn(sdp)
    // An answer in a 200 repeats the early one, and says nothing of candidates that is not known (RFC 8840 §4.3.2).
    if (this.#known.some((known) => known.connection === connection && known.fork === fork)) return
    const known = { fork, connection, candidates: new TrickledCandidates(parsed.value) }
    this.#known = [...this.#known.filter((other) => other.connection !== connection), known]
    const early = this.#early
    this.#early = []
    for (const fragment of early) this.#add(known, fragment)
  }

  #add({ connection, candidates }: Known, fragment: SdpFragment): void {
    for (const { mid, ufrag, candidates: values, endOfCandidates } of candidates.take(fragment)) {
      const all = values.map((value) => `candidate:${value}`).concat(endOfCandidates ? [''] : [])
      this.#received += values.length
      // One that the browser does not understand is one way less, no more.
      for (const candidate of all) connection.addIceCandidate({ candidate, sdpMid: mid, usernameFragment: ufrag }).catch(() => undefined)
    }
  }

  #due(): void {
    if (this.#isOver || !this.#isKnown || !this.#isReady || this.#stopTimer !== undefined) return
    this.#stopTimer = this.#timers.after(COLLECTING, () => {
      this.#stopTimer = undefined
      void this.#send()
    })
  }

  /** One INFO at a time, with all that is known (RFC 8840 §4.4). */
  async #send(): Promise<void> {
    if (this.#isSending) {
      this.#isDue = true
      return
    }
    const { session } = this.#call
    const body = this.#fragment()
    if (session === undefined || session.sessionState === 'Terminated' || body === undefined || this.#isOver) return
    this.#isSending = true
    const headers = { 'Info-Package': 'trickle-ice', 'Content-Disposition': 'Info-Package' }
    const outcome = await session.info({ headers, contentType: SDP_FRAGMENT_TYPE, body }).outcome
    this.#isSending = false
    if (outcome.ok) {
      this.#told = body
      this.#sent += 1
    } else this.#isOver ||= outcome.status !== 408
    if (this.#isDue) {
      this.#isDue = false
      this.#due()
    }
  }

  /** The fragment to send; `undefined` when the peer has all of it. */
  #fragment(): string | undefined {
    const { connection } = this.#media
    const parsed = parseSessionDescription(connection?.localDescription?.sdp ?? '')
    if (!parsed.ok) return undefined
    const fragment = createSdpFragment(parsed.value)
    const isComplete = connection?.iceGatheringState === 'complete'
    const attributes = isComplete ? [...fragment.attributes.filter(({ name }) => name !== 'end-of-candidates'), { name: 'end-of-candidates' }] : fragment.attributes
    const body = serializeSdpFragment({ ...fragment, attributes })
    return body === this.#told || !body.includes('candidate') ? undefined : body
  }
}

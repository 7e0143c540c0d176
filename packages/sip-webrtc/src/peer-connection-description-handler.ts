import { directionOf, parseSessionDescription, receives } from '@offhook/sip-sdp'
import type { Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler } from '@offhook/sip-session'
import { addressesIn, credentialsIn, DEFAULT_GATHER_POLICY, gather, type GatherPolicy, type GatherReport } from './gathering.js'
import { type MediaInput, openInput } from './local-input.js'
import { MediaError } from './media-error.js'
import { type MediaPlatform, mediaStreamOf, peerConnectionOf, timersOf } from './platform.js'
import { TonePlayer } from './tone-player.js'
import { addTransceivers, directTransceivers } from './transceivers.js'

/** What the media side of a call is made of. */
export interface PeerConnectionMediaOptions extends MediaPlatform {
  /** Configuration of the peer connection: `iceServers`, `iceTransportPolicy`… */
  readonly configuration?: RTCConfiguration | undefined
  /** Our sound and picture. Default: the default microphone. */
  readonly input?: MediaInput | undefined
  readonly gather?: Partial<GatherPolicy> | undefined
  /** The peer's sound (and picture) is there. Told once a call: later tracks join the same stream. */
  readonly onRemoteStream?: ((stream: MediaStream, media: PeerConnectionDescriptionHandler) => void) | undefined
  /** A description has waited for its addresses. */
  readonly onGathered?: ((report: GatherReport, media: PeerConnectionDescriptionHandler) => void) | undefined
  /** The media of a call is over. */
  readonly onClosed?: ((media: PeerConnectionDescriptionHandler) => void) | undefined
}

const MICROPHONE: MediaStreamConstraints = { audio: true }

/**
 * The media side of one call on an `RTCPeerConnection` (RFC 8829).
 *
 * Descriptions are complete: they wait for transport addresses, never longer than the gather policy's cap.
 * Early answers are applied as `pranswer`, so that the final one may still differ.
 */
export class PeerConnectionDescriptionHandler implements SessionDescriptionHandler {
  readonly #options: PeerConnectionMediaOptions
  readonly #context: SessionDescriptionContext
  readonly #tones = new TonePlayer()
  #connection: RTCPeerConnection | undefined
  #remoteStream: MediaStream | undefined
  /** Our tracks, all owned. */
  #tracks: readonly MediaStreamTrack[] = []
  #opening: Promise<void> | undefined
  #muted = false
  #held = false
  /** Whether an exchange has been completed. */
  #isAgreed = false
  /** Hold as agreed before the exchange in flight. */
  #heldBefore = false
  #remoteHold = false
  /** The peer's description applied last, and whether for good. */
  #applied: { readonly body: string; readonly type: RTCSdpType } | undefined
  #stopGathering: (() => void) | undefined
  #lastGathering: GatherReport | undefined
  #closed = false
  /** Rejects when the call is closed: what a peer connection has under way when it is closed never settles. */
  readonly #closing: Promise<never>
  #rejectClosing: (error: MediaError) => void = () => undefined

  constructor(context: SessionDescriptionContext, options: PeerConnectionMediaOptions = {}) {
    this.#context = context
    this.#options = options
    this.#closing = new Promise((_, reject) => (this.#rejectClosing = reject))
    this.#closing.catch(() => undefined)
  }

  /** The peer connection, once the first description has been asked for. */
  get connection(): RTCPeerConnection | undefined {
    return this.#connection
  }

  /** What the peer sends, the same stream for the whole call; undefined before its first track. */
  get remoteStream(): MediaStream | undefined {
    return this.#remoteStream
  }

  /** Our own tracks as they are sent. */
  get localTracks(): readonly MediaStreamTrack[] {
    return this.#tracks
  }

  /** How the last gathering went. */
  get lastGathering(): GatherReport | undefined {
    return this.#lastGathering
  }

  get remoteHold(): boolean {
    return this.#remoteHold
  }

  /** @throws MediaError when the input cannot be opened or the call is over */
  async createOffer({ hold = false, restart = false }: DescriptionWish): Promise<Description> {
    await this.#openTracks()
    await this.rollback()
    const connection = this.#open()
    if (connection.getTransceivers().length === 0) addTransceivers(connection, this.localTracks)
    await this.#direct(connection, hold)
    const offer = await this.#untilClosed(connection.createOffer(restart ? { iceRestart: true } : undefined))
    return this.#describe(connection, offer)
  }

  /** @throws MediaError `bad-description` when the offer cannot be applied, or when the input cannot be opened or the call is over */
  async answerOffer(offer: Description, { hold = false }: DescriptionWish): Promise<Description> {
    await this.#openTracks()
    await this.rollback()
    const connection = this.#open()
    const local = connection.localDescription
    if (this.#applied?.type === 'offer' && this.#applied.body === offer.body && this.#held === hold && local !== null) {
      // The same offer again, as a refresh makes it, has the same answer (RFC 3264 §8).
      return { contentType: 'application/sdp', body: local.sdp }
    }
    await this.#apply(connection, { type: 'offer', sdp: offer.body })
    await this.#direct(connection, hold)
    const answer = await this.#untilClosed(connection.createAnswer())
    const description = await this.#describe(connection, answer)
    this.#agree()
    return description
  }

  /** @throws MediaError `bad-description` when the answer cannot be applied, `wrong-state` when nothing was offered */
  async applyAnswer(answer: Description, final: boolean): Promise<void> {
    const connection = this.#open()
    const type = final ? 'answer' : 'pranswer'
    const isStable = connection.signalingState === 'stable'
    if (this.#applied?.body === answer.body && (this.#applied.type === type || isStable)) return
    if (isStable) throw new MediaError('wrong-state', 'There is no offer that this answers')
    // While a call changes, its media goes on as agreed until the answer is final.
    if (!final && this.#isAgreed) return
    await this.#apply(connection, { type, sdp: answer.body })
    if (final) this.#agree()
  }

  async rollback(): Promise<void> {
    const connection = this.#connection
    if (connection === undefined || this.#closed) return
    switch (connection.signalingState) {
      case 'have-local-offer':
        await this.#untilClosed(connection.setLocalDescription({ type: 'rollback' }))
        break
      case 'have-remote-offer':
        await this.#untilClosed(connection.setRemoteDescription({ type: 'rollback' }))
        break
      case 'have-local-pranswer':
      case 'have-remote-pranswer':
        // From here there is no way back (RFC 8829 §4.1.10.2); only a first exchange comes here, so nothing is lost.
        this.#discard(connection)
        return
      case 'stable':
      case 'closed':
        return
    }
    this.#applied = undefined
    this.#remoteHold = holds(connection.remoteDescription?.sdp)
    await this.#direct(connection, this.#heldBefore)
  }

  mute(muted: boolean): void {
    this.#muted = muted
    this.#enable()
  }

  async dtmf(tones: string, timing: { readonly duration: number; readonly gap: number }): Promise<boolean> {
    const sender = this.#connection?.getTransceivers().find(({ receiver }) => receiver.track.kind === 'audio')?.sender
    return this.#tones.play(sender, tones, timing)
  }

  /**
   * Sends another microphone, camera or stream from now on, without a new offer. Kinds the new input
   * lacks go on as they are. The tracks it takes the place of are stopped.
   * @throws MediaError when the input cannot be opened or the call is over
   */
  async replaceInput(input: MediaInput): Promise<void> {
    const tracks = await openInput(input, this.#options)
    if (this.#closed) {
      for (const track of tracks) track.stop()
      throw new MediaError('closed', 'The call is over')
    }
    const replaced = this.#tracks.filter(({ kind }) => tracks.some((track) => track.kind === kind))
    this.#tracks = [...this.#tracks.filter((track) => !replaced.includes(track)), ...tracks]
    this.#enable()
    for (const { sender, receiver } of this.#connection?.getTransceivers() ?? []) {
      const track = tracks.find(({ kind }) => kind === receiver.track.kind)
      if (track !== undefined) await sender.replaceTrack(track)
    }
    for (const track of replaced) track.stop()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#rejectClosing(new MediaError('closed', 'The call is over'))
    this.#stopGathering?.()
    this.#tones.close()
    for (const track of this.#tracks) track.stop()
    this.#connection?.close()
    this.#options.onClosed?.(this)
  }

  /** Opens the input once. */
  #openTracks(): Promise<void> {
    if (this.#closed) return this.#closing
    this.#opening ??= this.#takeInput()
    return this.#untilClosed(this.#opening)
  }

  async #takeInput(): Promise<void> {
    try {
      const tracks = await openInput(this.#options.input === undefined ? MICROPHONE : this.#options.input, this.#options)
      // Another input may have come by replaceInput while this one opened: it counts.
      const wanted = tracks.filter(({ kind }) => !this.#tracks.some((track) => track.kind === kind))
      for (const track of tracks) if (this.#closed || !wanted.includes(track)) track.stop()
      if (this.#closed) return
      this.#tracks = [...this.#tracks, ...wanted]
      this.#enable()
    } catch (error) {
      // Asked again at the next description: the user may have allowed it by then.
      this.#opening = undefined
      throw error
    }
  }

  #open(): RTCPeerConnection {
    if (this.#closed) throw new MediaError('closed', 'The call is over')
    if (this.#connection !== undefined) return this.#connection
    const Stream = mediaStreamOf(this.#options)
    const connection = new (peerConnectionOf(this.#options))(this.#options.configuration)
    this.#connection = connection
    connection.addEventListener('track', ({ track }) => this.#takeTrack(track, Stream))
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState
      if (connection !== this.#connection) return
      if (state === 'connected' || state === 'disconnected' || state === 'failed') this.#context.onConnectivity(state)
    })
    return connection
  }

  /** Drops a connection whose first exchange failed; the next description opens another. */
  #discard(connection: RTCPeerConnection): void {
    connection.close()
    this.#connection = undefined
    this.#applied = undefined
    this.#remoteHold = false
    for (const track of this.#remoteStream?.getTracks() ?? []) this.#remoteStream?.removeTrack(track)
  }

  #agree(): void {
    this.#isAgreed = true
    this.#heldBefore = this.#held
  }

  #takeTrack(track: MediaStreamTrack, Stream: new () => MediaStream): void {
    const isFirst = this.#remoteStream === undefined
    const stream = (this.#remoteStream ??= new Stream())
    stream.addTrack(track)
    if (isFirst) this.#options.onRemoteStream?.(stream, this)
  }

  /** Takes the peer's description. */
  async #apply(connection: RTCPeerConnection, description: { readonly type: RTCSdpType; readonly sdp: string }): Promise<void> {
    const held = holds(description.sdp)
    try {
      await this.#untilClosed(connection.setRemoteDescription(description))
    } catch (error) {
      if (error instanceof MediaError) throw error
      throw new MediaError('bad-description', "The peer's description cannot be applied", error)
    }
    this.#applied = { body: description.sdp, type: description.type }
    this.#remoteHold = held
  }

  /** Takes our own description and waits for its addresses. */
  async #describe(connection: RTCPeerConnection, description: RTCSessionDescriptionInit): Promise<Description> {
    const before = credentialsIn(connection)
    await this.#untilClosed(connection.setLocalDescription(description))
    // Either side's ICE restart changes our credentials, and only then are there new addresses to wait for (RFC 8839 §4.4.1.1.1).
    if (connection.connectionState === 'connected' && credentialsIn(connection) === before) {
      this.#lastGathering = { milliseconds: 0, outcome: 'connected', candidates: addressesIn(connection).length }
    } else {
      const gathering = gather(connection, { ...DEFAULT_GATHER_POLICY, ...this.#options.gather }, timersOf(this.#options))
      this.#stopGathering = () => gathering.stop()
      this.#lastGathering = await this.#untilClosed(gathering.report)
      this.#stopGathering = undefined
    }
    this.#options.onGathered?.(this.#lastGathering, this)
    return { contentType: 'application/sdp', body: connection.localDescription?.sdp ?? description.sdp ?? '' }
  }

  async #direct(connection: RTCPeerConnection, held: boolean): Promise<void> {
    this.#held = held
    this.#enable()
    await this.#untilClosed(directTransceivers(connection, this.#tracks, held))
  }

  #untilClosed<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([this.#closing, work])
  }

  #enable(): void {
    for (const track of this.#tracks) track.enabled = !this.#muted && !this.#held
  }
}

/** Whether the description holds whoever gets it: none of its running streams wants to receive (RFC 3264 §8.4). */
function holds(sdp: string | undefined): boolean {
  const result = sdp === undefined ? undefined : parseSessionDescription(sdp)
  if (result?.ok !== true) return false
  const running = result.value.media.filter(({ kind, port }) => port !== 0 && (kind === 'audio' || kind === 'video'))
  return running.length > 0 && !running.some((media) => receives(directionOf(media, result.value)))
}

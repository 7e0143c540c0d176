import type { Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler } from '@offhook/sip-session'
import { holds } from './described-streams.js'
import { keepDtlsRole } from './dtls-role.js'
import { forkIn, takeUpOffer } from './fork-connection.js'
import { addressesIn, credentialsIn, DEFAULT_GATHER_POLICY, gather, type GatherPolicy, type GatherReport } from './gathering.js'
import { configurationOf } from './ice-configuration.js'
import { Listeners } from './listeners.js'
import { type MediaInput, openInput } from './local-input.js'
import { LocalTracks, type MediaKind } from './local-tracks.js'
import { MediaError } from './media-error.js'
import type { MediaEvents, PeerConnectionMediaOptions } from './peer-connection-media-options.js'
import { mediaStreamOf, peerConnectionOf, timersOf } from './platform.js'
import { RemoteStream } from './remote-stream.js'
import { TonePlayer } from './tone-player.js'
import { directTransceivers } from './transceivers.js'

const MICROPHONE: MediaStreamConstraints = { audio: true }

/**
 * The media side of one call on an `RTCPeerConnection` (RFC 8829).
 *
 * Descriptions are complete: they wait for transport addresses, never longer than the gather policy's cap.
 * Early answers are applied as `pranswer`, so that the final one may still differ; each phone that answers early has a connection
 * of its own where the browser allows that, and the winner's is kept.
 */
export class PeerConnectionDescriptionHandler implements SessionDescriptionHandler {
  /** How long descriptions wait for addresses; may be changed between them. */
  gatherPolicy: GatherPolicy
  /** Whether the peer's picture is taken though we send none. */
  receiveVideo: boolean
  readonly #options: PeerConnectionMediaOptions
  readonly #context: SessionDescriptionContext
  readonly #events = new Listeners<MediaEvents>()
  readonly #tones = new TonePlayer()
  readonly #tracks: LocalTracks
  readonly #remote: RemoteStream
  #opening: Promise<RTCPeerConnection> | undefined
  #connection: RTCPeerConnection | undefined
  /** Connections with an early answer, by the phone that gave it. */
  readonly #forks = new Map<string, RTCPeerConnection>()
  #openedAt: number | undefined
  #certificates: RTCCertificate[] | undefined
  /** Whether an exchange has been completed. */
  #isAgreed = false
  /** Hold as agreed before the exchange in flight. */
  #heldBefore = false
  /** The peer's description applied last, and whether for good. */
  #applied: { readonly body: string; readonly type: RTCSdpType } | undefined
  #remoteHolds = { all: false, audio: false, video: false }
  #stopGathering: (() => void) | undefined
  #lastGathering: GatherReport | undefined
  #closed = false
  /** Rejects when the call is closed: what a peer connection has under way when it is closed never settles. */
  readonly #closing: Promise<never>
  #rejectClosing: (error: MediaError) => void = () => undefined

  constructor(context: SessionDescriptionContext, options: PeerConnectionMediaOptions = {}) {
    this.#context = context
    this.#options = options
    this.gatherPolicy = { ...DEFAULT_GATHER_POLICY, ...options.gather }
    this.receiveVideo = options.receiveVideo ?? false
    this.#tracks = new LocalTracks(options)
    this.#remote = new RemoteStream(() => mediaStreamOf(options), (stream, isFirst) => this.#events.emit(isFirst ? 'remote-stream' : 'remote-tracks', stream))
    this.#closing = new Promise((_, reject) => (this.#rejectClosing = reject))
    this.#closing.catch(() => undefined)
    // While it rings there is time to find addresses; a platform without WebRTC says so when the call is answered.
    if (context.direction === 'incoming' && options.preGather !== false) this.#open().catch(() => (this.#opening = undefined))
  }

  /** The peer connection, once the first description has been asked for, or from the start for a call that rings here. */
  get connection(): RTCPeerConnection | undefined {
    return this.#connection
  }

  /** What the peer sends, the same stream for the whole call; undefined before its first track. */
  get remoteStream(): MediaStream | undefined {
    return this.#remote.stream
  }

  /** Our own tracks as they are sent. */
  get localTracks(): readonly MediaStreamTrack[] {
    return this.#tracks.all
  }

  /** How the last gathering went. */
  get lastGathering(): GatherReport | undefined {
    return this.#lastGathering
  }

  get remoteHold(): boolean {
    return this.#remoteHolds.all
  }

  /** Whether the peer holds our sound, or our picture, apart from the other. */
  remoteHoldOf(kind: MediaKind): boolean {
    return this.#remoteHolds[kind]
  }

  /** Listens to an event; the function returned stops listening. */
  on<Name extends keyof MediaEvents>(event: Name, listener: (...values: MediaEvents[Name]) => void): () => void {
    return this.#events.on(event, listener)
  }

  /** @throws MediaError when the input cannot be opened or the call is over */
  async createOffer({ hold = false, restart = false }: DescriptionWish): Promise<Description> {
    await this.#openTracks()
    await this.rollback()
    const connection = await this.#open()
    if (restart) await this.#refreshServers(connection)
    await this.#direct(connection, hold, true)
    const offer = await this.#untilClosed(connection.createOffer(restart ? { iceRestart: true } : undefined))
    return this.#describe(connection, offer)
  }

  /** @throws MediaError `bad-description` when the offer cannot be applied, or when the input cannot be opened or the call is over */
  async answerOffer(offer: Description, { hold = false }: DescriptionWish): Promise<Description> {
    await this.#openTracks()
    await this.rollback()
    const connection = await this.#open()
    const local = connection.localDescription
    if (this.#applied?.type === 'offer' && this.#applied.body === offer.body && this.#tracks.held === hold && local !== null) {
      // The same offer again, as a refresh makes it, has the same answer (RFC 3264 §8).
      return { contentType: 'application/sdp', body: local.sdp }
    }
    await this.#apply(connection, { type: 'offer', sdp: offer.body })
    await this.#direct(connection, hold)
    const answer = await this.#untilClosed(connection.createAnswer())
    const description = await this.#describe(connection, answer)
    this.#agree(connection)
    return description
  }

  /** @throws MediaError `bad-description` when the answer cannot be applied, `wrong-state` when nothing was offered */
  async applyAnswer(answer: Description, final: boolean): Promise<void> {
    const connection = await this.#open()
    const type = final ? 'answer' : 'pranswer'
    const isStable = connection.signalingState === 'stable'
    if (this.#applied?.body === answer.body && (this.#applied.type === type || isStable)) return
    if (isStable) throw new MediaError('wrong-state', 'There is no offer to answer')
    // While a call changes, its media goes on as agreed until the answer is final.
    if (!final && this.#isAgreed) return
    const answered = await this.#forkFor(connection, answer.body)
    await this.#apply(answered, { type, sdp: answer.body })
    this.#use(answered)
    if (!final) return
    for (const other of [connection, ...this.#forks.values()]) if (other !== answered) other.close()
    this.#forks.clear()
    this.#agree(answered)
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
    this.#learnHolds(connection.remoteDescription?.sdp)
    await this.#direct(connection, this.#heldBefore)
  }

  /** Stops sending what the microphone hears, or with `video` what the camera sees. The other kind goes on. */
  mute(muted: boolean, kind: MediaKind = 'audio'): void {
    this.#tracks.mute(kind, muted)
    this.#events.emit('local-tracks')
  }

  isMuted(kind: MediaKind): boolean {
    return this.#tracks.isMuted(kind)
  }

  /** Holds one kind by itself, or lets it go, from the next description on: `call.renegotiate()` makes one. */
  holdKind(kind: MediaKind, held: boolean): void {
    if (held) this.#tracks.heldKinds.add(kind)
    else this.#tracks.heldKinds.delete(kind)
    this.#tracks.enable()
  }

  async dtmf(tones: string, timing: { readonly duration: number; readonly gap: number }): Promise<boolean> {
    const sender = this.#connection?.getTransceivers().find(({ receiver }) => receiver.track.kind === 'audio')?.sender
    return this.#tones.play(sender, tones, timing)
  }

  /** Something that listens to the peer's sound has heard a digit: the call tells it as any other. */
  hearTone(tone: string): void {
    this.#context.onDtmf(tone)
  }

  /**
   * Sends another microphone, camera or stream from now on, without a new offer. Kinds the new input lacks go on as they are;
   * a kind that was not sent before is sent from the next description on. The tracks it takes the place of are stopped.
   * @throws MediaError when the input cannot be opened or the call is over
   */
  async replaceInput(input: MediaInput): Promise<void> {
    const tracks = await openInput(input, this.#options)
    if (this.#closed) {
      for (const track of tracks) track.stop()
      throw new MediaError('closed', 'The call is over')
    }
    const replaced = this.#tracks.replace(tracks)
    for (const { sender } of this.#connection?.getTransceivers() ?? []) {
      const track = tracks.find(({ kind }) => kind === sender.track?.kind)
      if (track !== undefined) await sender.replaceTrack(track)
    }
    for (const track of replaced) track.stop()
    this.#events.emit('local-tracks')
  }

  /** Stops sending a kind and frees its device; the m-line says so from the next description on. */
  async dropInput(kind: MediaKind): Promise<void> {
    this.#tracks.drop(kind)
    for (const { sender } of this.#connection?.getTransceivers() ?? []) if (sender.track?.kind === kind) await sender.replaceTrack(null)
    this.#events.emit('local-tracks')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#rejectClosing(new MediaError('closed', 'The call is over'))
    this.#stopGathering?.()
    this.#tones.close()
    this.#events.emit('closing')
    this.#tracks.close()
    for (const connection of [this.#connection, ...this.#forks.values()]) connection?.close()
    this.#events.emit('closed')
    this.#events.clear()
  }

  /** Opens the input once. */
  #openTracks(): Promise<void> {
    if (this.#closed) return this.#closing
    return this.#untilClosed(this.#tracks.open(() => (this.#options.input === undefined ? MICROPHONE : this.#options.input)))
  }

  #open(): Promise<RTCPeerConnection> {
    if (this.#closed) return this.#closing
    this.#opening ??= this.#openFirst()
    return this.#untilClosed(this.#opening)
  }

  async #openFirst(): Promise<RTCPeerConnection> {
    const Connection = peerConnectionOf(this.#options)
    mediaStreamOf(this.#options)
    const configuration = await this.#configuration()
    if (this.#context.direction === 'outgoing') {
      // A phone that answers later gets a connection of its own with the same certificate.
      const certificate = await Connection.generateCertificate?.({ name: 'ECDSA', namedCurve: 'P-256' })
      if (certificate !== undefined) this.#certificates = [certificate]
    } else if (this.#options.preGather !== false) configuration.iceCandidatePoolSize ??= 1
    if (this.#closed) return this.#closing
    this.#openedAt = timersOf(this.#options).now()
    const connection = this.#connect(configuration)
    this.#use(connection)
    return connection
  }

  #connect(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new (peerConnectionOf(this.#options))(this.#certificates === undefined ? configuration : { certificates: this.#certificates, ...configuration })
    connection.addEventListener('track', ({ track }) => this.#remote.take(connection, track))
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState
      if (connection !== this.#connection) return
      if (state === 'connected' || state === 'disconnected' || state === 'failed') this.#context.onConnectivity(state)
    })
    return connection
  }

  async #configuration(): Promise<RTCConfiguration> {
    try {
      return { ...(await configurationOf(this.#options.configuration, timersOf(this.#options), this.gatherPolicy.cap)) }
    } catch (error) {
      if (error instanceof MediaError) this.#events.emit('servers-failed', error)
      return {}
    }
  }

  /** A restart gathers with credentials that are still valid. */
  async #refreshServers(connection: RTCPeerConnection): Promise<void> {
    const { iceServers } = await this.#untilClosed(this.#configuration())
    if (iceServers !== undefined) connection.setConfiguration({ ...connection.getConfiguration(), iceServers })
  }

  /** The connection that talks to whoever gave this answer to our first offer. */
  async #forkFor(first: RTCPeerConnection, answer: string): Promise<RTCPeerConnection> {
    const fork = forkIn(answer)
    const known = this.#forks.get(fork)
    if (known !== undefined || this.#isAgreed) return known ?? first
    const connection = this.#forks.size === 0 ? first : await this.#openTwin(first)
    this.#forks.set(fork, connection)
    return connection
  }

  /** Falls back to the first connection, which then leaves the phone that it talked to. */
  async #openTwin(first: RTCPeerConnection): Promise<RTCPeerConnection> {
    const twin = this.#connect(first.getConfiguration())
    try {
      await this.#untilClosed(takeUpOffer(twin, first))
      return twin
    } catch {
      twin.close()
      if (this.#closed) return this.#closing
      return first
    }
  }

  /** The call now goes through this connection. */
  #use(connection: RTCPeerConnection): void {
    if (connection === this.#connection) return
    this.#connection = connection
    this.#opening = Promise.resolve(connection)
    this.#remote.use(connection)
    this.#events.emit('connection', connection)
    if (connection.connectionState === 'connected') this.#context.onConnectivity('connected')
  }

  /** Drops a connection whose first exchange failed; the next description opens another. */
  #discard(connection: RTCPeerConnection): void {
    for (const other of [connection, ...this.#forks.values()]) other.close()
    this.#forks.clear()
    this.#connection = this.#opening = this.#applied = undefined
    this.#learnHolds(undefined)
    this.#remote.use(undefined)
  }

  #agree(connection: RTCPeerConnection): void {
    this.#isAgreed = true
    this.#heldBefore = this.#tracks.held
    this.#remote.settle(connection)
    this.#events.emit('agreed')
  }

  /** Takes the peer's description. */
  async #apply(connection: RTCPeerConnection, description: { readonly type: RTCSdpType; readonly sdp: string }): Promise<void> {
    try {
      const sdp = this.#options.modifyRemote?.(description.sdp) ?? description.sdp
      await this.#untilClosed(connection.setRemoteDescription({ type: description.type, sdp: description.type === 'offer' ? sdp : keepDtlsRole(sdp, connection) }))
    } catch (error) {
      if (error instanceof MediaError) throw error
      throw new MediaError('bad-description', "The peer's description cannot be applied", error)
    }
    this.#applied = { body: description.sdp, type: description.type }
    this.#learnHolds(description.sdp)
    this.#events.emit('remote-description', description.sdp, connection)
  }

  #learnHolds(sdp: string | undefined): void {
    const before = this.#remoteHolds
    this.#remoteHolds = { all: holds(sdp), audio: holds(sdp, 'audio'), video: holds(sdp, 'video') }
    for (const kind of ['audio', 'video'] as const) {
      const held = this.#remoteHolds[kind]
      if (before[kind] !== held) this.#events.emit('remote-hold', kind, held)
    }
  }

  /** Takes our own description and waits for its addresses. */
  async #describe(connection: RTCPeerConnection, description: RTCSessionDescriptionInit): Promise<Description> {
    const before = credentialsIn(connection)
    await this.#untilClosed(connection.setLocalDescription(description))
    // Either side's ICE restart changes our credentials, and only then are there new addresses to wait for (RFC 8839 §4.4.1.1.1).
    if (connection.connectionState === 'connected' && credentialsIn(connection) === before) {
      this.#lastGathering = { milliseconds: 0, outcome: 'connected', candidates: addressesIn(connection).length }
    } else {
      const gathering = gather(connection, this.gatherPolicy, timersOf(this.#options), before === '' && this.#context.direction === 'incoming' ? this.#openedAt : undefined)
      this.#stopGathering = () => gathering.stop()
      this.#lastGathering = await this.#untilClosed(gathering.report)
      this.#stopGathering = undefined
    }
    this.#events.emit('gathered', this.#lastGathering)
    const body = connection.localDescription?.sdp ?? description.sdp ?? ''
    return { contentType: 'application/sdp', body: this.#options.modifyLocal?.(body) ?? body }
  }

  async #direct(connection: RTCPeerConnection, held: boolean, mayAdd = false): Promise<void> {
    this.#tracks.held = held
    this.#tracks.enable()
    await this.#untilClosed(directTransceivers(connection, { tracks: this.#tracks, receiveVideo: this.receiveVideo, mayAdd }))
    if (this.#options.prepare !== undefined) for (const transceiver of connection.getTransceivers()) this.#options.prepare(transceiver)
  }

  #untilClosed<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([this.#closing, work])
  }
}

import { type MediaInput, openInput } from '../local-input.js'
import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import type { MediaPlatform } from '../platform.js'
import { SoundMix } from './sound-mix.js'

/** What a conference is made of. */
export interface ConferenceOptions {
  /** Our own voice. Default: the default microphone; `null` for none. */
  readonly input?: MediaInput | undefined
  /** Default: a new `AudioContext`, closed with the conference. */
  readonly context?: AudioContext | undefined
  readonly platform?: MediaPlatform | undefined
}

interface Member {
  readonly mix: SoundMix
  readonly forget: readonly (() => void)[]
}

/**
 * Several calls as one conversation, mixed here: everybody hears us and all others, and not themselves. We hear the calls as before,
 * each through its own output. Opened by `add`; a call that ends leaves by itself.
 */
export class Conference {
  readonly #context: AudioContext
  readonly #owned: boolean
  readonly #input: MediaInput
  readonly #platform: MediaPlatform
  readonly #members = new Map<PeerConnectionDescriptionHandler, Member>()
  #opening: Promise<readonly MediaStreamTrack[]> | undefined
  #voice: MediaStreamTrack | undefined
  #isMuted = false
  #isClosed = false

  constructor({ input = { audio: true }, context, platform = {} }: ConferenceOptions = {}) {
    this.#context = context ?? new AudioContext()
    this.#owned = context === undefined
    this.#input = input
    this.#platform = platform
  }

  /** The media of the calls that take part. */
  get members(): readonly PeerConnectionDescriptionHandler[] {
    return [...this.#members.keys()]
  }

  /** Takes a call in. Its peer is not asked and not told. @throws MediaError when our own voice cannot be opened */
  async add(media: PeerConnectionDescriptionHandler): Promise<void> {
    if (this.#members.has(media) || this.#isClosed) return
    this.#opening ??= openInput(this.#input, this.#platform)
    this.#voice = (await this.#opening).find(({ kind }) => kind === 'audio')
    this.#enable()
    const mix = new SoundMix(this.#context, false)
    const again = (): void => this.#connect()
    this.#members.set(media, { mix, forget: [media.on('remote-stream', again), media.on('remote-tracks', again), media.on('closing', () => this.#forget(media))] })
    this.#connect()
    await media.replaceInput(() => new MediaStream([mix.track]))
  }

  /** Lets a call go on by itself, with our own voice, or with the input given. @throws MediaError when that cannot be opened */
  async remove(media: PeerConnectionDescriptionHandler, input: MediaInput = this.#input): Promise<void> {
    if (!this.#members.has(media)) return
    if (input !== null) await media.replaceInput(input)
    this.#forget(media)
  }

  /** Stops sending our own voice to all; they go on hearing each other. */
  mute(muted: boolean): void {
    this.#isMuted = muted
    this.#enable()
  }

  /** Ends the mixing; calls that are still in it get our own voice back. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const media of this.members) await this.remove(media).catch(() => this.#forget(media))
    for (const track of (await this.#opening?.catch(() => [])) ?? []) track.stop()
    if (this.#owned && this.#context.state !== 'closed') await this.#context.close()
  }

  #enable(): void {
    if (this.#voice !== undefined) this.#voice.enabled = !this.#isMuted
  }

  #forget(media: PeerConnectionDescriptionHandler): void {
    const member = this.#members.get(media)
    if (member === undefined) return
    this.#members.delete(media)
    for (const forget of member.forget) forget()
    member.mix.close()
    this.#connect()
  }

  /** Everybody gets everybody else. */
  #connect(): void {
    for (const [media, { mix }] of this.#members) {
      const others = this.members.filter((other) => other !== media).flatMap((other) => other.remoteStream?.getAudioTracks() ?? [])
      mix.become(this.#voice === undefined ? others : [this.#voice, ...others])
    }
  }
}

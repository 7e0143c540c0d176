import type { Call, OperationOutcome } from '@offhook/sip-session'
import { MediaError } from '../media-error.js'
import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import { type MediaPlatform, mediaDevicesOf } from '../platform.js'
import { SoundMix } from '../sound/sound-mix.js'
import { renegotiate } from './renegotiate.js'

/** A feature of `Softphone`: shows the screen, a window or a tab to the peer, with its sound. */
export function screenShare(platform: MediaPlatform = {}): (call: Call, media: PeerConnectionDescriptionHandler) => ScreenShare {
  return (call, media) => new ScreenShare(call, media, platform)
}

/** What is put back when sharing ends. */
interface Before {
  readonly camera: MediaStreamTrack | undefined
  readonly microphone: MediaStreamTrack | undefined
}

/** The screen in one call. It takes the place of the camera; its sound is mixed with the microphone's, for most peers know one sound only. */
export class ScreenShare {
  readonly #call: Call
  readonly #media: PeerConnectionDescriptionHandler
  readonly #platform: MediaPlatform
  #mix: SoundMix | undefined
  #before: Before | undefined
  #onEnded: ((outcome: OperationOutcome) => void) | undefined

  constructor(call: Call, media: PeerConnectionDescriptionHandler, platform: MediaPlatform) {
    this.#call = call
    this.#media = media
    this.#platform = platform
    media.on('closing', () => this.#mix?.close())
  }

  get isSharing(): boolean {
    return this.#before !== undefined
  }

  /**
   * Lets the user choose what to show, and shows it. Resolves when the peer agreed; `ended` of the result resolves when it is over, by
   * `stop`, by the button of the browser, or by the end of the call.
   * @throws MediaError `input-denied` when the user chose nothing
   */
  async start(options: DisplayMediaStreamOptions = { video: true, audio: true }): Promise<OperationOutcome & { readonly ended?: Promise<OperationOutcome> }> {
    if (this.#before !== undefined) return { ok: true }
    const shown = await this.#choose(options)
    const [picture] = shown.getVideoTracks()
    const [sound] = shown.getAudioTracks()
    const wasSending = this.#media.localTracks.some(({ kind }) => kind === 'video')
    this.#before = { camera: this.#copyOf('video'), microphone: sound === undefined ? undefined : this.#copyOf('audio') }
    const ended = new Promise<OperationOutcome>((resolve) => (this.#onEnded = resolve))
    picture?.addEventListener('ended', () => void this.stop())
    void this.#call.ended.then(() => this.stop())
    const tracks = picture === undefined ? [] : [picture]
    if (sound !== undefined) tracks.push(this.#mixed(sound))
    await this.#media.replaceInput(() => streamOf(shown, tracks))
    const outcome = wasSending ? ({ ok: true } as const) : await renegotiate(this.#call)
    if (outcome.ok) return { ...outcome, ended }
    await this.stop()
    return outcome
  }

  /** Ends it; camera and microphone are as they were. */
  async stop(): Promise<OperationOutcome> {
    const before = this.#before
    if (before === undefined) return { ok: true }
    this.#before = undefined
    const { camera, microphone } = before
    let outcome: OperationOutcome = { ok: true }
    if (this.#call.state.name === 'ended') {
      camera?.stop()
      microphone?.stop()
    } else {
      const tracks = [camera, microphone].filter((track) => track !== undefined)
      const [first] = this.#media.localTracks
      if (tracks.length > 0 && first !== undefined) await this.#media.replaceInput(() => streamOf(new MediaStream(), tracks))
      if (camera === undefined) {
        await this.#media.dropInput('video')
        outcome = await renegotiate(this.#call)
      }
    }
    this.#mix?.close()
    this.#mix = undefined
    this.#onEnded?.(outcome)
    return outcome
  }

  async #choose(options: DisplayMediaStreamOptions): Promise<MediaStream> {
    try {
      return await mediaDevicesOf(this.#platform).getDisplayMedia(options)
    } catch (error) {
      throw error instanceof MediaError ? error : new MediaError('input-denied', 'Nothing was chosen to be shown', error)
    }
  }

  /** A track like the one that is sent now, to be put back later: the one that is sent is stopped when it is replaced. */
  #copyOf(kind: string): MediaStreamTrack | undefined {
    return this.#media.localTracks.find((track) => track.kind === kind)?.clone()
  }

  #mixed(sound: MediaStreamTrack): MediaStreamTrack {
    const mix = new SoundMix(new AudioContext())
    this.#mix = mix
    mix.add(sound)
    if (this.#before?.microphone !== undefined) mix.add(this.#before.microphone)
    return mix.track
  }
}

function streamOf(stream: MediaStream, tracks: readonly MediaStreamTrack[]): MediaStream {
  for (const track of stream.getTracks()) if (!tracks.includes(track)) stream.removeTrack(track)
  for (const track of tracks) stream.addTrack(track)
  return stream
}

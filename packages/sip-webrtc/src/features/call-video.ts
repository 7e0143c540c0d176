import type { Call, OperationOutcome } from '@offhook/sip-session'
import type { MediaInput } from '../local-input.js'
import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import { renegotiate } from './renegotiate.js'

/** A feature of `Softphone`: pictures, both ways. With it, calls take the peer's picture though we send none. */
export function callVideo(): (call: Call, media: PeerConnectionDescriptionHandler) => CallVideo {
  return (call, media) => new CallVideo(call, media)
}

/** The picture of one call. */
export class CallVideo {
  readonly #call: Call
  readonly #media: PeerConnectionDescriptionHandler

  constructor(call: Call, media: PeerConnectionDescriptionHandler) {
    this.#call = call
    this.#media = media
    media.receiveVideo = true
  }

  /** Whether we send a picture. */
  get isSending(): boolean {
    return this.#media.localTracks.some(({ kind }) => kind === 'video')
  }

  /** Whether a picture of the peer is in `remoteStream`. */
  get isReceiving(): boolean {
    return this.#media.remoteStream?.getVideoTracks().some(({ readyState }) => readyState === 'live') === true
  }

  /**
   * Sends a picture: the default camera's, unless told. Takes the place of the one that is sent, without asking the peer; otherwise
   * resolves when the peer agreed. A peer that does not want it leaves the call as it was.
   * @throws MediaError when the camera cannot be opened
   */
  async add(input: MediaInput = { video: true }): Promise<OperationOutcome> {
    const wasSending = this.isSending
    await this.#media.replaceInput(input)
    if (wasSending) return { ok: true }
    const outcome = await renegotiate(this.#call)
    if (!outcome.ok) await this.#media.dropInput('video')
    return outcome
  }

  /** Stops sending, and frees the camera. */
  async drop(): Promise<OperationOutcome> {
    if (!this.isSending) return { ok: true }
    await this.#media.dropInput('video')
    return renegotiate(this.#call)
  }

  /** Sends black instead of the picture, or no longer; at once and without a word to the peer. */
  mute(muted: boolean): void {
    this.#media.mute(muted, 'video')
  }
}

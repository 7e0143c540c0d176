import { fingerprintOf } from '@offhook/sip-sdp'
import type { SessionDescription } from '@offhook/sip-sdp'
import type { Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler, SessionDescriptionHandlerFactory } from '@offhook/sip-session'
import type { EchoMediaOptions, EchoMediaSurroundings } from './echo-media-options.js'
import { readDescription } from './read-description.js'
import { RtpDescription } from './rtp-description.js'
import { LocalAddresses } from './rtp-socket.js'
import { WebRtcDescription } from './web-rtc-description.js'

/**
 * Media that gives back what it hears: plain RTP as it comes, WebRTC (ICE and DTLS-SRTP) through werift where the peer offers it.
 *
 * Audio only; PCMU, PCMA, G.722 and Opus are passed on undecoded. Digits are reported, not given back. No RTCP is sent on plain RTP.
 */
export function createEchoMedia(options: EchoMediaOptions = {}): SessionDescriptionHandlerFactory {
  const surroundings: EchoMediaSurroundings = { ...options, addresses: new LocalAddresses() }
  return (context) => new EchoDescription(context, surroundings)
}

/** Decides by the first offer which engine the call gets. */
class EchoDescription implements SessionDescriptionHandler {
  readonly #context: SessionDescriptionContext
  readonly #surroundings: EchoMediaSurroundings
  #engine: SessionDescriptionHandler | undefined

  constructor(context: SessionDescriptionContext, surroundings: EchoMediaSurroundings) {
    this.#context = context
    this.#surroundings = surroundings
  }

  get remoteHold(): boolean {
    return this.#engine?.remoteHold ?? false
  }

  createOffer(wish: DescriptionWish): Promise<Description> {
    this.#engine ??= new RtpDescription(this.#context, this.#surroundings)
    return this.#engine.createOffer(wish)
  }

  async answerOffer(offer: Description, wish: DescriptionWish): Promise<Description> {
    this.#engine ??= wantsWebRtc(readDescription(offer))
      ? new WebRtcDescription(this.#context)
      : new RtpDescription(this.#context, this.#surroundings)
    return this.#engine.answerOffer(offer, wish)
  }

  async applyAnswer(answer: Description, final: boolean): Promise<void> {
    await this.#engine?.applyAnswer(answer, final)
  }

  async rollback(): Promise<void> {
    await this.#engine?.rollback()
  }

  mute(muted: boolean): void {
    this.#engine?.mute(muted)
  }

  async dtmf(tones: string, timing: { readonly duration: number; readonly gap: number }): Promise<boolean> {
    return (await this.#engine?.dtmf(tones, timing)) ?? false
  }

  close(): void {
    this.#engine?.close()
  }
}

function wantsWebRtc(description: SessionDescription): boolean {
  return description.media.some((media) => /^UDP\/TLS\/RTP\/SAVPF?$/i.test(media.protocol) && fingerprintOf(media, description) !== undefined)
}

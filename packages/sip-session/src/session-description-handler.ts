/** A session description as it travels in a body: SDP in practice (RFC 3261 §7.4). */
export interface Description {
  /** `application/sdp` unless the media engine speaks something else. */
  readonly contentType: string
  readonly body: string
}

/** What the local side wants of its media when a description is made. */
export interface DescriptionWish {
  /** True to put the peer on hold (RFC 3264 §8.4). */
  readonly hold?: boolean
  /** True to gather new transport addresses (ICE restart, RFC 8839). */
  readonly restart?: boolean
}

/**
 * The media side of one call: the port that `sip-webrtc` and any other media engine plug into.
 *
 * One description is in flight at a time; the session waits for each promise before it calls again.
 * A rejected promise never ends an established call: it fails the one exchange it belongs to.
 */
export interface SessionDescriptionHandler {
  /** Makes an offer for a new exchange. */
  createOffer(wish: DescriptionWish): Promise<Description>
  /** Takes the peer's offer and answers it. */
  answerOffer(offer: Description, wish: DescriptionWish): Promise<Description>
  /** Takes the peer's answer. `final` is false while it is early (a 183) and may be replaced. */
  applyAnswer(answer: Description, final: boolean): Promise<void>
  /** Goes back to the state before the exchange that is in flight; harmless when there is none. */
  rollback(): Promise<void>
  /** True while the last description of the peer holds us (it does not want to receive). */
  readonly remoteHold: boolean
  /** Stops or resumes sending what the local inputs give, without signalling. */
  mute(muted: boolean): void
  /** Plays tones in the media (RFC 4733); `false` when the peer did not negotiate them. `duration` and `gap` in milliseconds. */
  dtmf(tones: string, timing: { readonly duration: number; readonly gap: number }): Promise<boolean>
  /** Frees every track, socket and connection. Idempotent. */
  close(): void
}

/** Told to a media engine when it is made. */
export interface SessionDescriptionContext {
  readonly direction: 'incoming' | 'outgoing'
  /** A digit that the peer played in the media. */
  readonly onDtmf: (tone: string) => void
  /** The media path is lost or back again. */
  readonly onConnectivity: (state: 'connected' | 'disconnected' | 'failed') => void
}

/** Makes the media side of one call. */
export type SessionDescriptionHandlerFactory = (context: SessionDescriptionContext) => SessionDescriptionHandler

import { type Call, type CallOptions, type Extension, type RegisterOptions, type Registration, UserAgent, type UserAgentEvents, type UserAgentOptions } from '@offhook/sip-session'
import { AudioOutput, type AudioTarget } from './audio-output.js'
import { Devices } from './devices.js'
import { PeerConnectionDescriptionHandler } from './peer-connection-description-handler.js'
import type { PeerConnectionMediaOptions } from './peer-connection-media-options.js'
import { MediaError } from './media-error.js'
import type { MediaPlatform } from './platform.js'

/** What a softphone is made of: a user agent's options, and where sound comes from and goes to. */
export interface SoftphoneOptions<Features extends CallFeatures = CallFeatures>
  extends Omit<UserAgentOptions, 'media'>, Pick<PeerConnectionMediaOptions, 'input' | 'gather' | 'preGather' | 'receiveVideo' | 'prepare' | 'modifyLocal' | 'modifyRemote'> {
  /** The SIP server's WebSocket: `wss://sip.example.com`. */
  readonly server: string
  /** Where the peers are heard. Default: an audio element of its own. */
  readonly audio?: AudioTarget | undefined
  /** STUN and TURN servers; a function is asked for each call and each ICE restart, for credentials that live for minutes. */
  readonly iceServers?: readonly RTCIceServer[] | (() => readonly RTCIceServer[] | Promise<readonly RTCIceServer[]>) | undefined
  /** Whether only relays are used (`relay`), or any way (`all`, the default). */
  readonly iceTransportPolicy?: RTCIceTransportPolicy | undefined
  /** What each call can do besides, by the names that `of(call)` gives it under. */
  readonly features?: Features | undefined
  /** What stands in for the globals of a browser. */
  readonly platform?: MediaPlatform | undefined
}

/** Something a call can do that a page asks for by importing it: made once a call, when the call is there. */
export interface CallFeature<Part> {
  (call: Call, media: PeerConnectionDescriptionHandler): Part
  /** What the user agent is to be composed with for it. */
  readonly extension?: Extension
}

/** Features by the names that a page gives them. */
export type CallFeatures = Readonly<Record<string, CallFeature<unknown>>>

/** What the features of a softphone made for one call. */
export type CallParts<Features extends CallFeatures> = { readonly [Name in keyof Features]: ReturnType<Features[Name]> }

/**
 * A telephone in a page: registers, calls, takes calls, plays them.
 *
 * @example
 * const phone = new Softphone({ server: 'wss://sip.example.com', identity: 'sip:alice@example.com', password: 'secret' })
 * phone.on('incoming', (call) => void call.answer())
 * await phone.register()
 * const call = phone.call('bob')
 */
export class Softphone<Features extends CallFeatures = CallFeatures> {
  /** The SIP side; everything it can do is open to you. */
  readonly userAgent: UserAgent
  readonly devices: Devices
  readonly #output: AudioOutput
  readonly #calls = new Set<Call>()
  readonly #features: Features | undefined
  readonly #parts = new WeakMap<Call, CallParts<Features>>()

  constructor(options: SoftphoneOptions<Features>) {
    const { audio, iceServers, iceTransportPolicy, input, features, platform = {} } = options
    const output = new AudioOutput(audio)
    const open = new Set<PeerConnectionDescriptionHandler>()
    const devices = new Devices(platform, input === undefined ? { audio: true } : input, open, output)
    this.#output = output
    this.#features = features
    this.devices = devices
    this.userAgent = new UserAgent({
      ...options,
      extensions: [...(options.extensions ?? []), ...Object.values(features ?? {}).flatMap(({ extension }) => extension ?? [])],
      media: (context) => {
        const media = new PeerConnectionDescriptionHandler(context, {
          ...options, ...platform,
          // Those of the options are SIP's.
          timers: platform.timers,
          configuration: async () => ({
            ...(iceServers && { iceServers: [...(typeof iceServers === 'function' ? await iceServers() : iceServers)] }),
            ...(iceTransportPolicy && { iceTransportPolicy }),
          }),
          // Asked when the microphone is opened, so that a choice made while it rings counts.
          get input() { return devices.input },
        })
        media.on('remote-stream', (stream) => output.play(stream))
        media.on('closed', () => {
          open.delete(media)
          if (media.remoteStream !== undefined) output.stop(media.remoteStream)
        })
        open.add(media)
        return media
      },
    })
    this.userAgent.on('incoming', (call) => this.#keep(call))
  }

  /** The calls that have not ended, the oldest first. */
  get calls(): readonly Call[] {
    return [...this.#calls]
  }

  /** Registers and keeps registered. @throws RegistrationError with the reason */
  register(options?: RegisterOptions): Promise<Registration> {
    return this.userAgent.register(options)
  }

  /** Takes the registration back. */
  unregister(): Promise<void> {
    return this.userAgent.unregister()
  }

  /** Calls a name, a number or a URI. The call is there at once: see its `answered` and `ended`. */
  call(target: string, options?: CallOptions): Call {
    return this.#keep(this.userAgent.call(target, options))
  }

  /** The media of a call: its streams, its peer connection, its input. */
  mediaOf(call: Call): PeerConnectionDescriptionHandler | undefined {
    return call.media instanceof PeerConnectionDescriptionHandler ? call.media : undefined
  }

  /**
   * What the features of this softphone can do with a call: `phone.of(call).health`, if `health` is among its features.
   * @throws MediaError `closed` for a call that is not of this softphone
   */
  of(call: Call): CallParts<Features> {
    const parts = this.#parts.get(call)
    if (parts === undefined) throw new MediaError('closed', 'There is no such call')
    return parts
  }

  /** `audio-blocked`: the browser plays nothing before the user has done something; call `resume` from a click. */
  on(event: 'audio-blocked', listener: (resume: () => Promise<void>) => void): () => void
  /** Listens to an event of the user agent; the function returned stops listening. */
  on<Name extends keyof UserAgentEvents>(event: Name, listener: (...values: UserAgentEvents[Name]) => void): () => void
  on<Name extends keyof UserAgentEvents>(
    event: Name | 'audio-blocked',
    listener: ((...values: UserAgentEvents[Name]) => void) & ((resume: () => Promise<void>) => void),
  ): () => void {
    return event === 'audio-blocked' ? this.#output.onBlocked(listener) : this.userAgent.on(event, listener)
  }

  /** Ends every call, unregisters and disconnects. */
  close(): Promise<void> {
    return this.userAgent.close()
  }

  #keep(call: Call): Call {
    this.#calls.add(call)
    const { media } = call
    if (media instanceof PeerConnectionDescriptionHandler) {
      const parts = Object.entries(this.#features ?? {}).map(([name, feature]) => [name, feature(call, media)])
      this.#parts.set(call, Object.fromEntries(parts) as CallParts<Features>)
    }
    void call.ended.then(() => this.#calls.delete(call))
    return call
  }
}

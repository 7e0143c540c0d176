import { type Call, type CallOptions, type RegisterOptions, type Registration, UserAgent, type UserAgentEvents, type UserAgentOptions } from '@offhook/sip-session'
import { AudioOutput, type AudioTarget } from './audio-output.js'
import { Devices } from './devices.js'
import type { GatherPolicy } from './gathering.js'
import type { MediaInput } from './local-input.js'
import { PeerConnectionDescriptionHandler } from './peer-connection-description-handler.js'
import type { MediaPlatform } from './platform.js'

/** What a softphone is made of: a user agent's options, and where sound comes from and goes to. */
export interface SoftphoneOptions extends Omit<UserAgentOptions, 'media'> {
  /** The SIP server's WebSocket: `wss://sip.example.com`. */
  readonly server: string
  /** Where the peers are heard. Default: an audio element of its own. */
  readonly audio?: AudioTarget | undefined
  /** STUN and TURN servers. */
  readonly iceServers?: readonly RTCIceServer[] | undefined
  /** Our sound. Default: the default microphone. */
  readonly input?: MediaInput | undefined
  readonly gather?: Partial<GatherPolicy> | undefined
  /** What stands in for the globals of a browser. */
  readonly platform?: MediaPlatform | undefined
}

/**
 * A telephone in a page: registers, calls, takes calls, plays them.
 *
 * @example
 * const phone = new Softphone({ server: 'wss://sip.example.com', identity: 'sip:alice@example.com', password: 'secret' })
 * phone.on('incoming', (call) => void call.answer())
 * await phone.register()
 * const call = phone.call('bob')
 */
export class Softphone {
  /** The SIP side; everything it can do is open to you. */
  readonly userAgent: UserAgent
  readonly devices: Devices
  readonly #output: AudioOutput
  readonly #calls = new Set<Call>()

  constructor({ audio, iceServers, input, gather, platform = {}, ...agentOptions }: SoftphoneOptions) {
    const output = new AudioOutput(audio)
    const open = new Set<PeerConnectionDescriptionHandler>()
    const devices = new Devices(platform, input === undefined ? { audio: true } : input, open, output)
    this.#output = output
    this.devices = devices
    this.userAgent = new UserAgent({
      ...agentOptions,
      media: (context) => {
        const media = new PeerConnectionDescriptionHandler(context, {
          ...platform,
          gather,
          configuration: iceServers === undefined ? {} : { iceServers: [...iceServers] },
          // Asked when the microphone is opened, so that a choice made while it rings counts.
          get input() { return devices.input },
          onRemoteStream: (stream) => output.play(stream),
          onClosed: (closed) => {
            open.delete(closed)
            if (closed.remoteStream !== undefined) output.stop(closed.remoteStream)
          },
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
    void call.ended.then(() => this.#calls.delete(call))
    return call
  }
}

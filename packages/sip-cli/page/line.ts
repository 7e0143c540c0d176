import { Softphone } from '@offhook/sip-webrtc'
import type { Call, MediaError, PeerConnectionDescriptionHandler, RegistrationState } from '@offhook/sip-webrtc'
import type { LadderRecord } from '@offhook/sip-trace'
import type { DeviceChoice } from './devices.js'
import { element } from './elements.js'

/** A message on the wire, with what was on it. */
export type TraceRecord = LadderRecord & { readonly bytes: Uint8Array }

/** Whether the server knows us. */
export type LineState = { readonly name: 'online' } | { readonly name: 'connecting' } | { readonly name: 'lost'; readonly advice: string }

/** What a line is opened with. */
export interface LineOptions {
  readonly name: string
  readonly domain: string
  readonly password?: string
  readonly devices: DeviceChoice
  readonly trace: (record: TraceRecord) => void
}

const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }

/** Our connection with the server, under one name. */
export class Line {
  readonly name: string
  /** The Call-ID of our registration: what shows the server that it is us. */
  registration = ''
  onState: (state: LineState) => void = () => undefined
  onIncoming: (call: Call) => void = () => undefined
  /** The browser plays nothing before a click; `resume` is to be called from one. */
  onBlocked: (resume: () => Promise<void>) => void = () => undefined
  readonly #phone: Softphone
  readonly #localStreams = new WeakMap<MediaStreamTrack, MediaStream>()

  private constructor(options: LineOptions) {
    this.name = options.name
    const { protocol, host } = location
    this.#phone = new Softphone({
      identity: `sip:${options.name}@${options.domain}`,
      server: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/sip`,
      userAgent: 'offhook softphone',
      audio: element('remote-audio', HTMLAudioElement),
      input: { audio: processing },
      trace: options.trace,
      ...(options.password === undefined ? {} : { password: options.password }),
    })
    this.#phone.on('registration', (state) => this.#changed(state))
    this.#phone.on('connection', (state) => {
      if (state === 'disconnected') this.onState({ name: 'connecting' })
    })
    this.#phone.on('incoming', (call) => this.onIncoming(call))
    this.#phone.on('audio-blocked', (resume) => this.onBlocked(resume))
  }

  /** Registers. Rejects with a RegistrationError. */
  static async open(options: LineOptions): Promise<Line> {
    const line = new Line(options)
    try {
      await line.use(options.devices)
      line.registration = (await line.#phone.register()).response.callId
      return line
    } catch (error) {
      await line.#phone.close()
      throw error
    }
  }

  /** @throws SessionError when `target` is nothing that can be called */
  call(target: string): Call {
    return this.#phone.call(target)
  }

  /** What is heard on both ends of a call, as far as it is there. */
  streams(call: Call): { readonly local: MediaStream | undefined; readonly remote: MediaStream | undefined } {
    const media = this.#phone.mediaOf(call)
    return { local: this.#localStream(media), remote: media?.remoteStream }
  }

  /** Changes microphone and speaker, of a call that stands as well. What cannot be had is said, and stays as it was. */
  async use({ microphone, speaker }: DeviceChoice): Promise<MediaError | undefined> {
    try {
      if (microphone !== this.#phone.devices.microphone) await this.#phone.devices.useMicrophone(microphone)
      if (speaker !== this.#phone.devices.speaker) await this.#phone.devices.useSpeaker(speaker)
      return undefined
    } catch (error) {
      return error as MediaError
    }
  }

  /** Tries to reach the server at once instead of after the pause. */
  async retry(): Promise<void> {
    this.onState({ name: 'connecting' })
    await this.#phone.register().catch(() => undefined)
  }

  /** Ends calls, unregisters and disconnects. */
  close(): Promise<void> {
    this.onState = () => undefined
    return this.#phone.close()
  }

  #localStream(media: PeerConnectionDescriptionHandler | undefined): MediaStream | undefined {
    const track = media?.localTracks.find(({ kind }) => kind === 'audio')
    if (track === undefined) return undefined
    const stream = this.#localStreams.get(track) ?? new MediaStream([track])
    this.#localStreams.set(track, stream)
    return stream
  }

  #changed(state: RegistrationState): void {
    switch (state.name) {
      case 'registered':
        return this.onState({ name: 'online' })
      case 'registering':
        return this.onState({ name: 'connecting' })
      case 'retrying':
        return this.onState({ name: 'lost', advice: `Nobody can call you until it is back. Trying again in ${Math.ceil(state.retryIn / 1000)} s.` })
      case 'failed':
        return this.onState({ name: 'lost', advice: `It says: ${state.error.reason}. Try now, or sign out and in again.` })
      case 'unregistered':
        return this.onState({ name: 'lost', advice: 'You are signed out. Sign in again.' })
    }
  }
}

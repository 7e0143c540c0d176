import type { AudioOutput } from './audio-output.js'
import type { MediaInput } from './local-input.js'
import type { MediaKind } from './local-tracks.js'
import type { PeerConnectionDescriptionHandler } from './peer-connection-description-handler.js'
import { type MediaPlatform, mediaDevicesOf } from './platform.js'

/** The devices there are. Their labels are empty until the user has allowed one. */
export interface DeviceList {
  readonly microphones: readonly MediaDeviceInfo[]
  readonly cameras: readonly MediaDeviceInfo[]
  readonly speakers: readonly MediaDeviceInfo[]
}

/** Microphone, camera and loudspeaker of a softphone. */
export class Devices {
  readonly #platform: MediaPlatform
  readonly #calls: ReadonlySet<PeerConnectionDescriptionHandler>
  readonly #output: AudioOutput
  #input: MediaInput
  #microphone = ''
  #camera = ''
  #speaker = ''

  constructor(platform: MediaPlatform, input: MediaInput, calls: ReadonlySet<PeerConnectionDescriptionHandler>, output: AudioOutput) {
    this.#platform = platform
    this.#input = input
    this.#calls = calls
    this.#output = output
  }

  /** Id of the chosen microphone; `''` for the default. */
  get microphone(): string {
    return this.#microphone
  }

  /** Id of the chosen camera; `''` for the default. */
  get camera(): string {
    return this.#camera
  }

  /** Id of the chosen loudspeaker; `''` for the default. */
  get speaker(): string {
    return this.#speaker
  }

  /** What the next call is to send. */
  get input(): MediaInput {
    return this.#input
  }

  /** @throws MediaError `insecure-page` */
  async list(): Promise<DeviceList> {
    const devices = await mediaDevicesOf(this.#platform).enumerateDevices()
    const of = (kind: MediaDeviceKind): readonly MediaDeviceInfo[] => devices.filter((device) => device.kind === kind)
    return { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') }
  }

  /**
   * Sends from this microphone, in the present calls and in later ones. Later calls take the default one should it be gone.
   * @throws MediaError when it cannot be opened; the calls go on as before
   */
  async useMicrophone(deviceId: string): Promise<void> {
    await this.#use('audio', deviceId)
    this.#microphone = deviceId
  }

  /**
   * Sends from this camera in the calls that send a picture, and in later ones that do.
   * @throws MediaError when it cannot be opened; the calls go on as before
   */
  async useCamera(deviceId: string): Promise<void> {
    await this.#use('video', deviceId)
    this.#camera = deviceId
  }

  /**
   * Plays on this loudspeaker.
   * @throws MediaError `output-failed`
   */
  async useSpeaker(deviceId: string): Promise<void> {
    await this.#output.setSink(deviceId)
    this.#speaker = deviceId
  }

  async #use(kind: MediaKind, deviceId: string): Promise<void> {
    const constraints = isConstraints(this.#input) ? this.#input : {}
    const wanted = constraints[kind]
    const own = typeof wanted === 'object' ? wanted : {}
    const chosen = (exact: boolean): MediaTrackConstraints => {
      if (deviceId !== '') return { ...own, deviceId: exact ? { exact: deviceId } : { ideal: deviceId } }
      const others = { ...own }
      delete others.deviceId
      return others
    }
    for (const call of this.#calls) {
      // A call that has not opened its device yet will open this one.
      if (call.localTracks.some((track) => track.kind === kind)) await call.replaceInput({ [kind]: chosen(true) })
    }
    // Choosing a camera is not yet sending its picture.
    if (kind === 'audio' || wanted !== undefined && wanted !== false) this.#input = { ...constraints, [kind]: chosen(false) }
  }

  /** Told when a device is plugged in or out; the function returned stops listening. @throws MediaError `insecure-page` */
  onChange(listener: () => void): () => void {
    const devices = mediaDevicesOf(this.#platform)
    devices.addEventListener('devicechange', listener)
    return () => devices.removeEventListener('devicechange', listener)
  }
}

function isConstraints(input: MediaInput): input is MediaStreamConstraints {
  return input !== null && typeof input !== 'function' && !('getTracks' in input)
}

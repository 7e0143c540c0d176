import type { DeviceList, Devices } from '../devices.js'
import { Listeners } from '../listeners.js'

/** What a watch on the devices tells. */
export interface DeviceEvents {
  added: [device: MediaDeviceInfo]
  removed: [device: MediaDeviceInfo]
  /** A chosen device was pulled out, and the calls go on with the default one; or it is back, and they use it again. */
  switched: [kind: 'microphone' | 'camera' | 'speaker', deviceId: string]
}

const KINDS = { microphone: 'microphones', camera: 'cameras', speaker: 'speakers' } as const
const USE = { microphone: 'useMicrophone', camera: 'useCamera', speaker: 'useSpeaker' } as const

/**
 * Follows devices as they are plugged in and out: tells which, lets calls go on with the default device when the chosen one is pulled
 * out, and returns to it when it is back.
 */
export class DeviceWatch {
  readonly #devices: Devices
  readonly #events = new Listeners<DeviceEvents>()
  readonly #missed = new Map<keyof typeof KINDS, string>()
  #forget: (() => void) | undefined
  #last: DeviceList | undefined
  #looking: Promise<void> = Promise.resolve()

  constructor(devices: Devices) {
    this.#devices = devices
  }

  /** Begins. @throws MediaError `insecure-page` */
  async start(): Promise<void> {
    this.#forget ??= this.#devices.onChange(() => {
      this.#looking = this.#looking.then(() => this.#look())
    })
    this.#last = await this.#devices.list()
  }

  on<Name extends keyof DeviceEvents>(event: Name, listener: (...values: DeviceEvents[Name]) => void): () => void {
    return this.#events.on(event, listener)
  }

  stop(): void {
    this.#forget?.()
    this.#forget = undefined
  }

  async #look(): Promise<void> {
    const before = this.#last
    const now = await this.#devices.list()
    this.#last = now
    if (before === undefined || this.#forget === undefined) return
    for (const kind of ['microphone', 'camera', 'speaker'] as const) {
      const [old, present] = [before[KINDS[kind]], now[KINDS[kind]]]
      const isIn = (list: readonly MediaDeviceInfo[], id: string): boolean => list.some(({ deviceId }) => deviceId === id)
      for (const device of present) if (!isIn(old, device.deviceId)) this.#events.emit('added', device)
      for (const device of old) if (!isIn(present, device.deviceId)) this.#events.emit('removed', device)
      const chosen = this.#devices[kind]
      const missed = this.#missed.get(kind)
      if (chosen !== '' && !isIn(present, chosen)) {
        this.#missed.set(kind, chosen)
        await this.#switch(kind, '')
      } else if (missed !== undefined && chosen === '' && isIn(present, missed)) {
        this.#missed.delete(kind)
        await this.#switch(kind, missed)
      } else if (chosen !== '') this.#missed.delete(kind)
    }
  }

  async #switch(kind: keyof typeof KINDS, deviceId: string): Promise<void> {
    try {
      await this.#devices[USE[kind]](deviceId)
      this.#events.emit('switched', kind, deviceId)
    } catch {
      // There is no other one, or it is busy: the calls go on as they are, and the next change is looked at again.
    }
  }
}

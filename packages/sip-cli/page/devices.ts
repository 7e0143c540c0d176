import { element, make } from './elements.js'

/** What the person has chosen; empty means the system's own choice. */
export interface DeviceChoice {
  readonly microphone: string
  readonly speaker: string
}

const storageKey = 'offhook-devices'

/** The choice of microphone and speaker. */
export class Devices {
  readonly #microphone = element('microphone', HTMLSelectElement)
  readonly #speaker = element('speaker', HTMLSelectElement)
  readonly #note = element('devices-note', HTMLElement)
  #choice: DeviceChoice

  constructor(changed: (choice: DeviceChoice) => void) {
    this.#choice = readChoice()
    const choose = (): void => {
      this.#choice = { microphone: this.#microphone.value, speaker: this.#speaker.value }
      localStorage.setItem(storageKey, JSON.stringify(this.#choice))
      changed(this.#choice)
    }
    this.#microphone.addEventListener('change', choose)
    this.#speaker.addEventListener('change', choose)
    element('speaker-field', HTMLElement).hidden = !('setSinkId' in HTMLMediaElement.prototype)
    // Absent where the page may not use devices at all (no https).
    const devices: MediaDevices | undefined = 'mediaDevices' in navigator ? navigator.mediaDevices : undefined
    devices?.addEventListener('devicechange', () => void this.refresh())
    element('devices', HTMLDetailsElement).addEventListener('toggle', () => void this.refresh())
  }

  get choice(): DeviceChoice {
    return this.#choice
  }

  /** Reads the devices again; their names are known once a microphone was allowed. */
  async refresh(): Promise<void> {
    if (!('mediaDevices' in navigator)) return
    const devices = await navigator.mediaDevices.enumerateDevices()
    const named = devices.some(({ label }) => label !== '')
    fill(this.#microphone, devices.filter(({ kind }) => kind === 'audioinput'), this.#choice.microphone, 'Microphone')
    fill(this.#speaker, devices.filter(({ kind }) => kind === 'audiooutput'), this.#choice.speaker, 'Speaker')
    this.#note.hidden = named
    this.#note.textContent = devices.some(({ kind }) => kind === 'audioinput')
      ? 'Names of devices show up after your first call, when the browser has asked you for the microphone.'
      : 'No microphone was found. Plug one in, and it shows up here.'
  }
}

function fill(select: HTMLSelectElement, devices: readonly MediaDeviceInfo[], chosen: string, word: string): void {
  const options = devices
    .filter(({ deviceId }) => deviceId !== '' && deviceId !== 'default')
    .map(({ deviceId, label }, index) => make('option', { value: deviceId }, label === '' ? `${word} ${index + 1}` : label))
  select.replaceChildren(make('option', { value: '' }, 'System default'), ...options)
  select.value = chosen
  if (select.selectedIndex === -1) select.value = ''
}

function readChoice(): DeviceChoice {
  try {
    const { microphone = '', speaker = '' } = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<DeviceChoice>
    return { microphone, speaker }
  } catch {
    return { microphone: '', speaker: '' }
  }
}

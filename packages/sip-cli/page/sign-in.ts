import { RegistrationError } from '@offhook/sip-session'
import type { Devices } from './devices.js'
import { element } from './elements.js'
import { Line } from './line.js'
import type { TraceRecord } from './line.js'
import { notify } from './notices.js'
import { fetchNews } from './people.js'
import type { OnlineNews } from './people.js'
import { explainHost, explainRegistration } from './problems.js'

/** What the form needs, and whom it tells. */
export interface SignInPorts {
  /** A gesture has come: sounds may be made from now on. */
  unlock(): void
  trace(record: TraceRecord): void
  readonly devices: Devices
  opened(line: Line, news: OnlineNews): void
}

const storageKey = 'offhook-name'

/** The form where a person picks a name. */
export class SignIn {
  readonly #ports: SignInPorts
  readonly #name = element('name', HTMLInputElement)
  readonly #password = element('password', HTMLInputElement)
  readonly #button = element('go-online', HTMLButtonElement)
  /** The name that was warned of being taken; a second attempt takes it all the same. */
  #warned = ''

  constructor(ports: SignInPorts) {
    this.#ports = ports
    // Each tab is a person of its own, so the name stays with the tab.
    this.#name.value = sessionStorage.getItem(storageKey) ?? ''
    element('sign-in-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      ports.unlock()
      void this.#submit()
    })
    const host = explainHost()
    if (host !== undefined) notify('host', { kind: 'error', ...host })
    void fetchNews().then(({ passwords }) => this.#askPassword(passwords), () => undefined)
    this.focus()
  }

  focus(): void {
    this.#name.focus()
    this.#name.select()
  }

  async #submit(): Promise<void> {
    const name = this.#name.value.trim()
    if (!/^[\w.~+-]+$/.test(name)) {
      this.#complain(name === '' ? 'Type a name first.' : 'A name is made of letters, digits and . _ ~ + - only.')
      return
    }
    this.#busy(true)
    try {
      await this.#open(name)
    } finally {
      this.#busy(false)
    }
  }

  async #open(name: string): Promise<void> {
    let news: OnlineNews
    try {
      news = await fetchNews()
    } catch {
      this.#complain('The server does not answer. Is “offhook serve” still running? Start it again, then try once more.')
      return
    }
    this.#askPassword(news.passwords)
    if (news.passwords && this.#password.value === '') {
      this.#complain('This server wants a password.', this.#password)
      return
    }
    if (name === news.robot) {
      this.#complain(`“${name}” is the robot. Pick another name.`)
      return
    }
    if (news.users?.includes(name) === true && this.#warned !== name) {
      this.#warned = name
      this.#complain(`“${name}” is online already, perhaps in another tab. Pick another name, or go online again to ring in both places.`)
      return
    }
    try {
      const line = await Line.open({
        name, domain: news.domain, devices: this.#ports.devices.choice, trace: (record) => this.#ports.trace(record),
        ...(news.passwords ? { password: this.#password.value } : {}),
      })
      sessionStorage.setItem(storageKey, name)
      this.#warned = ''
      this.#complain('')
      this.#ports.opened(line, news)
    } catch (error) {
      const { status, reason } = error instanceof RegistrationError ? error : { status: undefined, reason: '' }
      const { title, advice } = explainRegistration(status, reason, name)
      this.#complain(`${title}. ${advice}`, status === 401 || status === 403 ? this.#password : this.#name)
    }
  }

  #askPassword(wanted: boolean): void {
    element('password-field', HTMLElement).hidden = !wanted
  }

  #busy(busy: boolean): void {
    this.#button.disabled = busy
    this.#button.textContent = busy ? 'Connecting…' : 'Go online'
  }

  #complain(words: string, field: HTMLInputElement = this.#name): void {
    const problem = element('name-problem', HTMLElement)
    problem.textContent = words
    problem.hidden = words === ''
    this.#name.setAttribute('aria-invalid', String(words !== '' && field === this.#name))
    if (words !== '') field.focus()
  }
}

// Telephones of ours inside a place, told what to do from a test: the hand that presses their buttons.
import { fileURLToPath } from 'node:url'
import type { Place } from './place.js'
import type { Program } from './program.js'

const script = fileURLToPath(new URL('phones-process.ts', import.meta.url))

export interface PhoneOptions {
  /** Address of record. */
  readonly identity: string
  readonly server?: string
  readonly password?: string
  readonly listen?: { readonly transport: 'UDP' | 'TCP'; readonly host: string; readonly port: number }
  /** Plays a tone of so many Hz; echoes when absent. */
  readonly tone?: number
  /** What it does with calls that come in: answers them unless told; `early` sends a 183 with its description. */
  readonly incoming?: 'answer' | 'ring' | 'early'
  readonly reliable?: 'supported' | 'required' | 'none'
  /** Has session timers, and asks for so many seconds. */
  readonly sessionExpires?: number
  /** Its clock runs so many times as fast as the wall's, its transaction timers as fast as ever. */
  readonly pace?: number
}

/** A call of one of the phones. */
export class PhoneCall {
  readonly #phone: Phone
  readonly number: number

  constructor(phone: Phone, number: number) {
    this.#phone = phone
    this.number = number
  }

  answered(): Promise<unknown> { return this.#order('answered') }
  ended(): Promise<unknown> { return this.#order('ended') }
  hold(): Promise<unknown> { return this.#order('hold') }
  resume(): Promise<unknown> { return this.#order('resume') }
  answer(): Promise<unknown> { return this.#order('answer') }
  hangUp(): Promise<unknown> { return this.#order('hangUp') }
  /** Resolves with the outcome, which is the target's answer. */
  transfer(to: string | PhoneCall): Promise<unknown> { return this.#order('transfer', to instanceof PhoneCall ? to.number : to) }

  /** Waits until this call has told of an event. */
  told(event: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#phone.told(event, { call: this.number, ...more })
  }

  #order(order: string, to?: string | number): Promise<unknown> {
    return this.#phone.order(order, { call: this.number, to })
  }
}

/** One phone. */
export class Phone {
  readonly name: string
  readonly #phones: Phones
  #heard = 0

  constructor(phones: Phones, name: string) {
    this.#phones = phones
    this.name = name
  }

  register(): Promise<unknown> { return this.order('register') }

  async call(to: string): Promise<PhoneCall> {
    return new PhoneCall(this, Number(await this.order('call', { to })))
  }

  /** The next call that came in, or that a referral made. */
  async incoming(): Promise<PhoneCall> {
    const skip = this.#heard++
    const { call } = await this.#phones.record((record) => record['event'] === 'incoming' && record['phone'] === this.name, skip)
    return new PhoneCall(this, Number(call))
  }

  told(event: string, more: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
    const wanted = Object.entries({ event, phone: this.name, ...more })
    return this.#phones.record((record) => wanted.every(([key, value]) => record[key] === value))
  }

  /** The messages of this phone, in their order, as it wrote and read them. */
  wire(direction: 'sent' | 'received', start: RegExp): string[] {
    return this.#phones.program.records
      .filter((record) => record['event'] === 'wire' && record['phone'] === this.name && record['direction'] === direction)
      .map(({ message }) => String(message)).filter((message) => start.test(message))
  }

  order(order: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#phones.order({ phone: this.name, order, ...more })
  }
}

/** All phones of a test, in one process. */
export class Phones {
  readonly program: Program
  #orders = 0

  constructor(place: Place) {
    this.program = place.run([process.execPath, script], { name: 'phones', input: true })
  }

  async open(name: string, options: PhoneOptions): Promise<Phone> {
    const phone = new Phone(this, name)
    await phone.order('open', { options })
    return phone
  }

  /** Sends a command and waits for its result. */
  async order(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = ++this.#orders
    this.program.write(`${JSON.stringify({ id, ...command })}\n`)
    const { result, error } = await this.record((record) => record['done'] === id)
    if (error !== undefined) throw new Error(JSON.stringify(error))
    return result
  }

  /** The first record that fits, after `skip` others that do; waits for it up to 20 s. */
  record(fits: (record: Readonly<Record<string, unknown>>) => boolean, skip = 0): Promise<Readonly<Record<string, unknown>>> {
    return this.program.look(() => this.program.records.filter(fits)[skip])
  }
}

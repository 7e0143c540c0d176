import type { NameAddr, SipRequest } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import { Binding } from '../registration/registration.js'
import type { BindingEffect, BindingInput } from '../registration/registration.js'
import { RegistrationError } from '../registration/registration-types.js'
import type { Registration, RegistrationState } from '../registration/registration-types.js'
import { ClientRequest } from './client-request.js'
import type { RequestHost, RequestListener } from './client-request.js'
import { headerList } from './local-identity.js'
import { whenAborted } from './operation.js'
import type { Wakeable } from './signalling.js'
import type { RegisterOptions } from './user-agent-types.js'

const EXPIRES = 600

/** What a registrant needs besides. */
export interface RegistrantOptions {
  readonly registrar: string
  readonly address: NameAddr
  /** URI of the first hop of a REGISTER, and its Route if the server wants one. */
  readonly nextHop: string
  readonly route: readonly string[]
  readonly instance: string | undefined
  readonly changed: (state: RegistrationState) => void
}

interface Waiter {
  readonly resolve: (registration: Registration) => void
  readonly reject: (error: RegistrationError) => void
}

/** Keeps one binding at the registrar: promises for the application, requests for the network. */
export class Registrant implements Wakeable {
  readonly #host: RequestHost
  readonly #options: RegistrantOptions
  readonly #binding: Binding
  readonly #waiting = new Set<Waiter>()
  #unregistering: (() => void)[] = []
  #client: ClientRequest | undefined
  #flow: Flow | undefined
  /** Where the last response came from; its request may be over when it is looked at. */
  #answeredOn: Flow | undefined
  #registration: Registration | undefined

  constructor(host: RequestHost, options: RegistrantOptions, register: RegisterOptions) {
    this.#host = host
    this.#options = options
    this.#binding = new Binding({
      registrar: options.registrar, address: String(options.address), expires: register.expires ?? EXPIRES, retries: register.retries ?? 0,
      headers: [...options.route.map((route) => ['Route', route] as const), ...headerList(register.headers)], random: host.signalling.random,
    })
  }

  get registration(): Registration | undefined {
    return this.#registration
  }

  register(signal: AbortSignal | undefined): Promise<Registration> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (registration) => {
          this.#waiting.delete(waiter)
          forget()
          resolve(registration)
        },
        reject: (error) => {
          this.#waiting.delete(waiter)
          forget()
          reject(error)
        },
      }
      this.#waiting.add(waiter)
      let forget = (): void => undefined
      forget = whenAborted(signal, () => {
        waiter.reject(new RegistrationError('aborted', undefined, 'Given up by the application.', signal?.reason))
        if (this.#waiting.size === 0 && this.#registration === undefined) this.#receive({ type: 'unregister', all: false })
      })
      if (this.#waiting.has(waiter)) this.#receive({ type: 'register' })
    })
  }

  unregister(all: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#unregistering.push(resolve)
      this.#receive({ type: 'unregister', all })
    })
  }

  /** A connection is gone: perhaps the one that the registrar knows. */
  closed(flow: Flow): void {
    if (flow === this.#flow) this.#receive({ type: 'lost' })
  }

  close(): void {
    this.#client?.abandon()
    this.#settle(new RegistrationError('closed', undefined, 'The user agent is closed.'))
  }

  wake(): void {
    this.#run((out) => this.#binding.wake(this.#host.signalling.now, out))
  }

  #receive(input: BindingInput): void {
    this.#host.signalling.run(() => this.#run((out) => this.#binding.receive(this.#host.signalling.now, input, out)))
  }

  #run(step: (out: BindingEffect[]) => void): void {
    const out: BindingEffect[] = []
    step(out)
    this.#host.signalling.schedule(this, this.#binding.deadline)
    for (const effect of out) this.#do(effect)
  }

  #do(effect: BindingEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#send(effect.request)
      case 'state':
        return this.#options.changed(effect.state)
      case 'bound':
        this.#registration = effect.registration
        this.#flow = this.#answeredOn
        for (const waiter of [...this.#waiting]) waiter.resolve(effect.registration)
        return
      case 'unbound':
        return this.#settle(new RegistrationError('closed', undefined, 'Unregistered meanwhile.'))
      case 'failed':
        return this.#settle(effect.error)
    }
  }

  #settle(error: RegistrationError): void {
    this.#registration = undefined
    this.#flow = undefined
    for (const waiter of [...this.#waiting]) waiter.reject(error)
    for (const done of this.#unregistering) done()
    this.#unregistering = []
  }

  #send(request: SipRequest): void {
    const { instance } = this.#options
    const parameters = instance === undefined ? '' : `;+sip.instance="<${instance}>";reg-id=1`
    let contact = ''
    const listener: RequestListener = {
      dress: (dressed, flow) => {
        contact = this.#host.identity.contactUri(flow)
        if (!dressed.headers.has('Contact')) dressed.headers.append('Contact', `<${contact}>${parameters}`)
        if (instance !== undefined) dressed.headers.set('Supported', 'outbound, path')
      },
      response: (response, explanation) => {
        this.#answeredOn = client.flow
        this.#receive({
          type: 'response', response, explanation, own: { uri: contact, ...(instance !== undefined && { instance: `<${instance}>`, regId: '1' }) },
        })
      },
      failed: (failure, error) => {
        if (failure === 'timed-out' || failure === 'unreachable') this.#receive({ type: 'failed', failure, error })
      },
      finished: () => {
        if (this.#client === client) this.#client = undefined
      },
    }
    const client = new ClientRequest(this.#host, request, { nextHop: this.#options.nextHop, numbering: this.#binding, listener })
    this.#client = client
    client.start()
  }
}

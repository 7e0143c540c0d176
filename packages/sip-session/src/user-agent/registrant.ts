import type { DeadlinePlace, Instant } from '@offhook/sip-machine'
import type { NameAddr, SipRequest } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import { Binding } from '../registration/registration.js'
import type { BindingEffect, BindingInput } from '../registration/registration.js'
import { RegistrationError } from '../registration/registration-types.js'
import type { Registration, RegistrationState } from '../registration/registration-types.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { RequestHost, RequestListener } from '../signalling/client-request.js'
import { headerList } from '../signalling/local-identity.js'
import { whenAborted } from '../call/operation.js'
import type { Wakeable } from '../signalling/signalling.js'
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

/** Who waits to be registered. */
type Waiter = (result: Registration | RegistrationError) => void

/** Keeps one binding at the registrar: promises for the application, requests for the network. */
export class Registrant implements Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  readonly #host: RequestHost
  readonly #options: RegistrantOptions
  readonly #binding: Binding
  readonly #waiting = new Set<Waiter>()
  #unregistering: (() => void)[] = []
  #client: ClientRequest | undefined
  /** The connection that the registrar knows. */
  #flow: Flow | undefined
  /** Where the last response came from; its request may be over when it is looked at. */
  #answeredOn: Flow | undefined
  #registration: Registration | undefined

  constructor(host: RequestHost, options: RegistrantOptions, register: RegisterOptions) {
    const { registrar, address, route } = options
    const { expires = EXPIRES, retries = 0, headers } = register
    this.#host = host
    this.#options = options
    this.#binding = new Binding({
      registrar, address: String(address), expires, retries, random: host.signalling.random,
      headers: [...route.map((proxy) => ['Route', proxy] as const), ...headerList(headers)],
    })
  }

  get registration(): Registration | undefined {
    return this.#registration
  }

  register(signal: AbortSignal | undefined): Promise<Registration> {
    return new Promise((resolve, reject) => {
      let forget = (): void => undefined
      const waiter: Waiter = (result) => {
        if (!this.#waiting.delete(waiter)) return
        forget()
        if (result instanceof RegistrationError) reject(result)
        else resolve(result)
      }
      this.#waiting.add(waiter)
      forget = whenAborted(signal, () => {
        waiter(new RegistrationError('aborted', undefined, 'Given up by the application.', signal?.reason))
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
    this.#run((now, out) => this.#binding.wake(now, out))
  }

  #receive(input: BindingInput): void {
    this.#host.signalling.run(() => this.#run((now, out) => this.#binding.receive(now, input, out)))
  }

  #run(step: (now: Instant, out: BindingEffect[]) => void): void {
    const { signalling } = this.#host
    const out: BindingEffect[] = []
    step(signalling.now, out)
    signalling.schedule(this, this.#binding.deadline)
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
        for (const waiter of this.#waiting) waiter(effect.registration)
        return
      case 'unbound':
        return this.#settle(new RegistrationError('closed', undefined, 'Unregistered meanwhile.'))
      case 'failed':
        return this.#settle(effect.error)
    }
  }

  #settle(error: RegistrationError): void {
    this.#registration = this.#flow = undefined
    for (const waiter of this.#waiting) waiter(error)
    for (const done of this.#unregistering) done()
    this.#unregistering = []
  }

  #send(request: SipRequest): void {
    const { nextHop, instance } = this.#options
    let uri = ''
    const listener: RequestListener = {
      dress: ({ headers }, flow) => {
        uri = this.#host.identity.contactUri(flow)
        if (!headers.has('Contact')) headers.append('Contact', `<${uri}>${instance === undefined ? '' : `;+sip.instance="<${instance}>";reg-id=1`}`)
        if (instance !== undefined) headers.set('Supported', 'outbound, path')
      },
      response: (response, explanation) => {
        this.#answeredOn = client.flow
        this.#receive({ type: 'response', response, explanation, own: { uri, instance: instance && `<${instance}>`, regId: '1' } })
      },
      failed: (failure, error) => {
        if (failure === 'timed-out' || failure === 'unreachable') this.#receive({ type: 'failed', failure, error })
      },
      finished: () => {
        if (this.#client === client) this.#client = undefined
      },
    }
    const client = new ClientRequest(this.#host, request, { nextHop, numbering: this.#binding, listener })
    this.#client = client
    client.start()
  }
}

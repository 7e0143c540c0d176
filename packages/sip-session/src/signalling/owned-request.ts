import type { SipRequest } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'
import type { Description } from '../session-description-handler.js'
import type { IncomingRequest, ResponseOptions } from '../session/session.js'

/** What a request gets that nobody takes. */
const REFUSALS: Readonly<Partial<Record<string, number>>> = { INVITE: 488, UPDATE: 488, NOTIFY: 481, PRACK: 481, REFER: 405 }

/** A request of the peer in the hands of its owner, ready to be answered once. */
export class OwnedRequest implements IncomingRequest {
  readonly request: SipRequest
  readonly offer: Description | undefined
  readonly #respond: (statusCode: number, options: ResponseOptions) => void
  #open = true

  constructor(request: SipRequest, offer: Description | undefined, respond: (statusCode: number, options: ResponseOptions) => void) {
    this.request = request
    this.offer = offer
    this.#respond = respond
  }

  accept(options: ResponseOptions = {}): void {
    this.#reply(200, 200, 299, options)
  }

  reject(options: ResponseOptions = {}): void {
    this.#reply(REFUSALS[this.request.method] ?? 480, 300, 699, options)
  }

  progress(options: ResponseOptions = {}): void {
    this.#reply(183, 101, 199, options)
  }

  #reply(fallback: number, lowest: number, highest: number, options: ResponseOptions): void {
    const { statusCode = fallback } = options
    if (statusCode < lowest || statusCode > highest) throw new SessionError('bad-status', `${statusCode} is not between ${lowest} and ${highest}.`)
    if (!this.#open) return
    this.#open = statusCode < 200
    this.#respond(statusCode, options)
  }
}

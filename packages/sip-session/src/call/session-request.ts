import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import type { Dialog } from '../dialog/dialog.js'
import type { InviteOptions, OutgoingRequest, RequestFailure, RequestOutcome } from '../session/session.js'
import type { UsageInput } from '../session/usage-types.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { Credentials, RequestHost, RequestListener } from '../signalling/client-request.js'

/** Who sends requests in a dialog. */
export interface SessionRequestUser {
  /** Those of its last INVITE, for the ACK. */
  credentials: Credentials
  receive(input: UsageInput): void
  forget(request: SessionRequest): void
}

/** A request of ours in a dialog, from the wish to its outcome. */
export class SessionRequest implements OutgoingRequest, RequestListener {
  readonly id: string
  readonly method: string
  readonly answer: InviteOptions['answer']
  readonly outcome: Promise<RequestOutcome>
  readonly #user: SessionRequestUser
  readonly #host: RequestHost
  #client: ClientRequest | undefined
  #resolve: (outcome: RequestOutcome) => void = () => undefined

  /** @param answer answers the offer of a 2xx, when the request makes none */
  constructor(user: SessionRequestUser, host: RequestHost, id: string, method: string, answer: InviteOptions['answer']) {
    this.#user = user
    this.#host = host
    this.id = id
    this.method = method
    this.answer = answer
    this.outcome = new Promise((resolve) => (this.#resolve = resolve))
  }

  start(request: SipRequest, dialog: Dialog, kept: Flow | undefined): void {
    this.#client = new ClientRequest(this.#host, request, { nextHop: dialog.nextHop, kept, numbering: dialog, listener: this })
    this.#client.start()
  }

  settle(outcome: RequestOutcome): void {
    this.#resolve(outcome)
  }

  cancel(): void {
    this.#host.signalling.run(() => this.#client?.cancel())
  }

  response(response: SipResponse): void {
    if (this.method === 'INVITE') this.#user.credentials = this.#client?.credentials ?? []
    this.#user.receive({ type: 'response', id: this.id, response })
  }

  failed(failure: RequestFailure): void {
    this.#user.receive({ type: 'failed', id: this.id, failure })
  }

  finished(): void {
    this.#user.forget(this)
  }
}

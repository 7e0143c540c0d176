import type { SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import { InviteClient } from '../session/invite-client.js'
import type { InviteClientEffect, InviteClientInput } from '../session/invite-client.js'
import type { RequestFailure } from '../session/session.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { RequestListener } from '../signalling/client-request.js'
import { DialogSession, FIRST_INVITE } from './dialog-session.js'
import type { SessionHost, SessionOwner } from './dialog-session.js'
import type { PlannedRequest } from './extension.js'

/** Who placed the INVITE. */
export interface InviteOwner extends SessionOwner {
  /** A 1xx, in whatever dialog or none. */
  progressed(response: SipResponse): void
  refused(response: SipResponse, explanation: string | undefined): void
  failed(failure: RequestFailure, error: unknown): void
}

/** Our first INVITE on its way, and the sessions that its forks make. */
export class OutgoingInvite implements RequestListener {
  readonly #host: SessionHost
  /** The call, until the INVITE has its final response; later forks are nobody's. */
  #owner: InviteOwner | undefined
  readonly #machine: InviteClient
  readonly #client: ClientRequest
  #sessions: readonly DialogSession[] = []
  #explanation: string | undefined
  #error: unknown
  /** Called when an INVITE that was given up is over on the wire. */
  #left: (() => void) | undefined

  constructor(host: SessionHost, owner: InviteOwner, { request, origin, nextHop }: PlannedRequest, offer: Description | undefined) {
    this.#host = host
    this.#owner = owner
    this.#machine = new InviteClient(FIRST_INVITE, origin, offer, host.usages)
    this.#client = new ClientRequest(host, request, { nextHop, listener: this })
  }

  start(): void {
    this.#client.start()
  }

  /**
   * Gives up: CANCEL as soon as it is allowed; a 2xx that comes all the same is acknowledged and ended. Resolves when the peer
   * has refused, knows of the end, or cannot be reached.
   */
  leave(headers: Iterable<readonly [string, string]>): Promise<void> {
    return new Promise((resolve) => {
      this.#left = resolve
      this.#owner = undefined
      this.#receive({ type: 'leave' })
      this.#client.cancel(headers)
    })
  }

  response(response: SipResponse, explanation?: string): void {
    this.#explanation = explanation
    this.#receive({ type: 'response', response })
    if (this.#left === undefined || response.statusCode < 200) return
    const session = this.#sessions.find(({ remoteTag }) => remoteTag === response.to.tag)
    if (response.statusCode >= 300 || session === undefined) this.#left()
    else session.whenGone = this.#left
  }

  failed(failure: RequestFailure, error?: unknown): void {
    this.#error = error
    this.#receive({ type: 'failed', failure })
    this.#left?.()
  }

  finished(): void {
    this.#receive({ type: 'finished' })
    this.#sessions = []
    this.#left?.()
  }

  #receive(input: InviteClientInput): void {
    const out: InviteClientEffect[] = []
    this.#machine.receive(this.#host.signalling.now, input, out)
    for (const effect of out) this.#do(effect)
  }

  #deliver({ usage, input }: Extract<InviteClientEffect, { type: 'deliver' }>): void {
    const session = this.#sessions.find((fork) => fork.usage === usage)
    if (session === undefined) return
    session.credentials = this.#client.credentials
    session.receive(input)
  }

  #do(effect: InviteClientEffect): void {
    switch (effect.type) {
      case 'fork':
        this.#sessions = this.#sessions.concat(new DialogSession(this.#host, this.#owner, effect.usage, this.#client.flow))
        return
      case 'deliver':
        return this.#deliver(effect)
      case 'provisional':
        return this.#owner?.progressed(effect.response)
      case 'established':
        this.#owner = undefined
        return
      case 'refused':
        return this.#owner?.refused(effect.response, this.#explanation)
      case 'failed':
        return this.#owner?.failed(effect.failure, this.#error)
    }
  }
}

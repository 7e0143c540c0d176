import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import { InviteClient } from '../session/invite-client.js'
import type { InviteClientEffect, InviteClientInput } from '../session/invite-client.js'
import type { InviteUsage } from '../session/invite-usage.js'
import type { RequestFailure } from '../session/session.js'
import { ClientRequest } from './client-request.js'
import { DialogSession, FIRST_INVITE } from './dialog-session.js'
import type { SessionHost, SessionOwner } from './dialog-session.js'

/** Who placed the INVITE. */
export interface InviteOwner extends SessionOwner {
  /** A 1xx, in whatever dialog or none. */
  progressed(response: SipResponse): void
  refused(response: SipResponse, explanation: string | undefined): void
  failed(failure: RequestFailure, error: unknown): void
}

/** Our first INVITE on its way, and the sessions that its forks make. */
export class OutgoingInvite {
  readonly #host: SessionHost
  readonly #owner: InviteOwner
  readonly #machine: InviteClient
  readonly #client: ClientRequest
  readonly #sessions = new Map<InviteUsage, DialogSession>()
  #explanation: string | undefined
  #error: unknown

  constructor(host: SessionHost, owner: InviteOwner, request: SipRequest, offer: Description | undefined, nextHop: string) {
    this.#host = host
    this.#owner = owner
    this.#machine = new InviteClient(FIRST_INVITE, request, offer, host.signalling)
    let { sequence } = request.cseq
    this.#client = new ClientRequest(
      {
        signalling: host.signalling, router: host.router, nextHop,
        dress: (dressed, flow) => host.identity.dressRequest(dressed, flow),
        nextSequence: () => ++sequence,
      },
      request,
      {
        response: (response, explanation) => {
          this.#explanation = explanation
          this.#receive({ type: 'response', response })
        },
        failed: (failure, error) => {
          this.#error = error
          this.#receive({ type: 'failed', failure })
        },
        finished: () => this.#receive({ type: 'finished' }),
      },
    )
  }

  start(): void {
    this.#client.start()
  }

  /** Gives up: CANCEL as soon as it is allowed; a 2xx that comes all the same is acknowledged and ended. */
  leave(headers: Iterable<readonly [string, string]>): void {
    this.#receive({ type: 'leave' })
    this.#client.cancel(headers)
  }

  #receive(input: InviteClientInput): void {
    const out: InviteClientEffect[] = []
    this.#machine.receive(this.#host.signalling.now, input, out)
    for (const effect of out) this.#do(effect)
  }

  #do(effect: InviteClientEffect): void {
    switch (effect.type) {
      case 'fork':
        this.#sessions.set(effect.usage, new DialogSession(this.#host, this.#owner, effect.usage, this.#client.flow))
        return
      case 'deliver':
        this.#sessions.get(effect.usage)?.receive(effect.input)
        return
      case 'provisional':
        return this.#owner.progressed(effect.response)
      case 'established':
        return
      case 'refused':
        return this.#owner.refused(effect.response, this.#explanation)
      case 'failed':
        return this.#owner.failed(effect.failure, this.#error)
    }
  }
}

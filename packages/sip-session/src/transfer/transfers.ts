import type { Uri } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'
import { Call } from '../call/call.js'
import { targetUri } from '../call/call-target.js'
import type { DialogSession, SessionHost } from '../call/dialog-session.js'
import type { ExtendedAgent, ExtendedCall, Extension } from '../call/extension.js'
import type { OutsideRequest } from '../signalling/outside-request.js'
import type { OwnedRequest } from '../signalling/owned-request.js'
import type { Transfer, TransferOptions } from '../call/transfer-types.js'
import { readReference } from './call-reference.js'
import { eventId, eventPackage } from './event-id.js'
import { RecentDialogs } from './recent-dialogs.js'
import { takeOver } from './take-over.js'
import { Transferee } from './transferee.js'
import { Transferor } from './transferor.js'
import type { TransfersOptions } from './transfers-options.js'

/** What may be told to a REFER outside of a call. */
export interface ReferOptions extends TransferOptions {
  /** The call that it is about: the peer sees that we are in it (RFC 4538). Its Contact has to be one that others can find. */
  readonly call?: Call
}

/** The feature that transfers calls, in every role of RFC 5589. One object serves one agent. */
export class Transfers implements Extension {
  readonly supported: readonly string[]
  readonly allow: readonly string[]
  readonly #options: TransfersOptions
  #agent: ExtendedAgent | undefined
  #transferor: Transferor | undefined
  #transferee: Transferee | undefined
  #recent: RecentDialogs | undefined

  /** Made by {@link transfers}. @internal */
  constructor(options: TransfersOptions) {
    this.#options = options
    const referred = options.onRefer !== undefined
    this.supported = ['replaces', ...(referred ? ['norefersub', 'tdialog', 'nosub', 'explicitsub'] : []), ...(options.mayJoin === undefined ? [] : ['join'])]
    this.allow = ['NOTIFY', ...(referred ? ['REFER', 'SUBSCRIBE'] : [])]
  }

  /**
   * Asks somebody to call somebody else, outside of a call (RFC 3515): click to dial, or a call that a `call` of the options is
   * about (RFC 4538).
   *
   * @throws {SessionError} `missing-extension` when no agent has this extension, `bad-target`, `closed`
   */
  refer(peer: string | Uri, to: string | Uri, options: ReferOptions = {}): Transfer {
    if (this.#transferor === undefined || this.#agent === undefined) throw new SessionError('missing-extension', 'No user agent was made with this extension.')
    const { call, ...rest } = options
    return this.#transferor.refer(peer, targetUri(to, this.#agent.host.identity.uri), rest, call === undefined ? undefined : this.#agent.legOf(call))
  }

  attach(agent: ExtendedAgent): void {
    if (this.#agent !== undefined) throw new SessionError('wrong-state', 'One extension serves one user agent.')
    const { signalling } = agent.host
    this.#agent = agent
    this.#transferor = new Transferor(agent)
    this.#transferee = this.#options.onRefer && new Transferee(agent, this.#options.onRefer)
    this.#recent = new RecentDialogs(() => signalling.now, 64 * signalling.timers.t1)
  }

  transfer(call: ExtendedCall, target: string | Uri | ExtendedCall, options: TransferOptions): Transfer {
    if (this.#transferor === undefined) throw new SessionError('missing-extension', 'No user agent was made with this extension.')
    return this.#transferor.transfer(call, target, options)
  }

  invited(call: ExtendedCall, invitation: OwnedRequest): boolean {
    if (this.#recent === undefined) return false
    const reference = readReference(invitation.request, call.host, this.#recent, this.#options)
    if (reference.type === 'refused') call.refuse(reference.statusCode, reference.reasonPhrase, {})
    else if (reference.type === 'replaces') takeOver(call, reference.call)
    else if (reference.type === 'joins') this.#join(call, reference.call)
    return reference.type === 'refused'
  }

  inside(call: ExtendedCall, session: DialogSession, owned: OwnedRequest): boolean {
    const { request } = owned
    if (request.method === 'REFER' && this.#transferee !== undefined) this.#transferee.refer(owned, session, call)
    else if (eventPackage(request) !== 'refer') return false
    else if (request.method === 'SUBSCRIBE' && this.#transferee !== undefined) this.#transferee.subscribe(owned)
    else if (request.method === 'NOTIFY') return this.#notified(owned, undefined)
    else return false
    return true
  }

  outside(_host: SessionHost, owned: OutsideRequest): boolean {
    const { request } = owned
    const { method, headers } = request
    // Both speak of INVITE alone (RFC 3891 §3, RFC 3911 §4).
    if (method !== 'INVITE' && (headers.has('Replaces') || headers.has('Join'))) owned.reject({ statusCode: 400 })
    else if (method === 'REFER' && request.to.tag === undefined && this.#transferee !== undefined) this.#transferee.referOutside(owned)
    else if (eventPackage(request) !== 'refer') return false
    else if (method === 'SUBSCRIBE' && this.#transferee !== undefined) this.#transferee.subscribe(owned, owned)
    else if (method === 'NOTIFY') return this.#notified(owned, owned)
    else return false
    return true
  }

  left({ id }: DialogSession): void {
    this.#recent?.add(id)
  }

  closed(): void {
    this.#transferor?.close()
  }

  #notified(owned: OwnedRequest, outside: OutsideRequest | undefined): boolean {
    const transfer = this.#transferor?.find(owned.request, eventId(owned.request))
    transfer?.notify(owned, outside?.flow, outside === undefined)
    return transfer !== undefined
  }

  #join(call: ExtendedCall, joined: ExtendedCall): void {
    call.joins = joined
    call.host.signalling.follow(joined.ended, () => (call.joins = undefined))
  }
}

/**
 * Makes the feature that transfers calls: `call.transfer()`, and what others ask of us by REFER, Replaces and Join.
 *
 * @example
 * const agent = new UserAgent({ identity, extensions: [transfers({ onRefer: (referral) => referral.accept() })] })
 */
export function transfers(options: TransfersOptions = {}): Transfers {
  return new Transfers(options)
}

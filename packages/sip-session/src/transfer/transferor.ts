import { legible } from '@offhook/sip-parser'
import type { Uri } from '@offhook/sip-parser'
import { TargetDialog, referEventsAt, referSub } from '@offhook/sip-parser/headers'
import { SessionError } from '../errors.js'
import type { ExtraHeaders, RequestOutcome } from '../session/session.js'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { targetUri } from '../call/call-target.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { RequestListener } from '../signalling/client-request.js'
import type { ExtendedAgent, ExtendedCall, PlannedRequest } from '../call/extension.js'
import { failureOf, outcomeOf } from '../signalling/request-outcome.js'
import { SequenceNumber } from '../signalling/sequence-number.js'
import type { SubscriberUsage } from '../user-agent/subscriber-usage.js'
import type { Transfer, TransferOptions } from '../call/transfer-types.js'
import { OutgoingTransfer } from './outgoing-transfer.js'
import { referToSession, referToUri } from './refer-target.js'

/** What is asked of whom. */
interface Attempt {
  readonly transfer: OutgoingTransfer
  /** The call with the peer that is asked. */
  readonly call: ExtendedCall
  readonly referTo: () => string
  readonly options: TransferOptions
  /** What may be done where the peer does not transfer. */
  readonly instead?: (() => void) | undefined
}

/** Asks others to call somebody else, and hears what comes of it (transferor of RFC 5589). */
export class Transferor {
  readonly #agent: ExtendedAgent
  #transfers: readonly OutgoingTransfer[] = []

  constructor(agent: ExtendedAgent) {
    this.#agent = agent
  }

  /** The transfer that a NOTIFY is about: with an id the REFER of that number, without one the oldest (RFC 3515 §2.4.6). */
  find(notify: SipRequest, id: number | undefined): OutgoingTransfer | undefined {
    const expecting = this.#transfers.filter((transfer) => transfer.expects(notify, id))
    return id === undefined ? expecting[0] : expecting.at(-1)
  }

  /** Asks the peer of a call. */
  transfer(call: ExtendedCall, target: string | Uri | ExtendedCall, options: TransferOptions): Transfer {
    const { uri: ourUri } = this.#agent.host.identity
    const address = options.referTo === undefined ? undefined : targetUri(options.referTo, ourUri)
    const other = typeof target === 'object' && 'origin' in target ? target : undefined
    if (!call.isOver && call.state.name !== 'established') throw new SessionError('wrong-state', 'A call is transferred once it is answered.')
    if (other === call) throw new SessionError('bad-target', 'A call cannot be transferred to itself.')
    const blind = other === undefined ? referToUri(targetUri(target as string | Uri, ourUri)) : ''
    const transfer = this.#begin(options)
    const { signalling } = call.host
    if (other === undefined) this.#attempt({ transfer, call, referTo: () => blind, options })
    else {
      // One that rings is waited for: to give it up would be a race with its answer (RFC 5589 §7.6).
      signalling.follow(other.answered, (outcome) => {
        if (outcome.answered) return this.#consult(transfer, call, other, address, options)
        const { end: { status, reason } } = outcome
        transfer.settle({ ok: false, code: 'failed', reason, ...(status !== undefined && { status }) })
      })
    }
    this.#leaveAfter(transfer, [call, other], options)
    return transfer
  }

  /** Asks somebody with whom there is no dialog, or not in it (RFC 3515 §3.9, RFC 4538). */
  refer(peer: string | Uri, to: Uri, options: TransferOptions, call: ExtendedCall | undefined): Transfer {
    const { session } = call ?? {}
    const headers: Record<string, string> = { 'Refer-To': referToUri(to) }
    if (session !== undefined) {
      headers['Target-Dialog'] = String(TargetDialog.of(session.callId, { localTag: session.localTag, remoteTag: session.remoteTag }))
    }
    const { request, origin, nextHop } = this.#agent.plan('REFER', peer, { headers: { ...headers, ...this.#headersFor(options) } })
    const transfer = this.#begin(options)
    const reports = options.report !== 'none' && options.report !== 'explicit'
    const numbering = new SequenceNumber(request.cseq.sequence)
    this.#leaveAfter(transfer, [call], options)
    const usage = reports
      ? transfer.subscribed({ callId: request.callId, localTag: origin.localTag, first: numbering.last, outside: { origin, sequence: () => numbering.last } })
      : undefined
    const answered = (outcome: RequestOutcome): void => this.#answered(transfer, outcome, options, usage)
    const { host } = this.#agent
    host.signalling.run(() => new ClientRequest(host, request, { nextHop, numbering, listener: listenerOf(answered) }).start())
    return transfer
  }

  /** Nothing more will come. */
  close(): void {
    for (const transfer of this.#transfers) transfer.settle({ ok: false, code: 'ended', reason: 'The user agent was closed.' })
    this.#transfers = []
  }

  /** What becomes of our own calls. */
  #leaveAfter(transfer: OutgoingTransfer, calls: readonly (ExtendedCall | undefined)[], { hangUp = 'succeeded' }: TransferOptions): void {
    const { signalling } = this.#agent.host
    const leave = (): void => {
      for (const call of calls) if (call?.isOver === false) void call.leave({}, { cause: 'transferred', reason: 'Transferred.' })
    }
    if (hangUp === 'accepted') transfer.on('accepted', () => signalling.run(leave))
    if (hangUp !== 'never') signalling.follow(transfer.outcome, ({ ok }) => (ok ? leave() : undefined))
  }

  #begin({ signal }: TransferOptions): OutgoingTransfer {
    const transfer = new OutgoingTransfer(this.#agent.host, signal, (over) => {
      this.#transfers = this.#transfers.filter((other) => other !== over)
    })
    if (!transfer.isSettled) this.#transfers = [...this.#transfers, transfer]
    return transfer
  }

  /** The other party has answered. Where the peer does not transfer, that party is asked, too (RFC 5589 §7.4). */
  #consult(transfer: OutgoingTransfer, call: ExtendedCall, other: ExtendedCall, address: Uri | undefined, options: TransferOptions): void {
    const to = (leg: ExtendedCall, uri?: Uri) => (): string => (leg.session === undefined ? '' : referToSession(leg.session, uri))
    const instead = (): void => this.#attempt({ transfer, call: other, referTo: to(call), options })
    this.#attempt({ transfer, call, referTo: to(other, address), options, instead })
  }

  #attempt({ transfer, call, referTo, options, instead }: Attempt): void {
    if (transfer.isSettled) return
    const { session, host: { signalling } } = call
    const to = referTo()
    if (call.isOver || session === undefined || to === '') return transfer.settle({ ok: false, code: 'ended', reason: 'The call has ended.' })
    const { allow } = session.capabilities
    if (allow.length > 0 && !allow.includes('REFER')) {
      return instead === undefined ? transfer.settle({ ok: false, code: 'refused', status: 405, reason: 'The other side does not transfer calls.' }) : instead()
    }
    const { usage: { dialog } } = session
    const { outcome } = session.refer(to, { headers: this.#headersFor(options) })
    let usage: SubscriberUsage | undefined
    signalling.run(() => {
      if (options.report === 'none' || options.report === 'explicit' || transfer.isSettled) return
      usage = transfer.subscribed({ callId: session.callId, localTag: session.localTag, first: dialog.localSequence }, dialog, session.flow)
    })
    signalling.follow(outcome, (answer) => {
      const { status } = answer
      if (answer.response !== undefined && (status === 405 || status === 501) && instead !== undefined) {
        usage?.receive({ type: 'failed' })
        return instead()
      }
      if (answer.ok && answer.response !== undefined) dialog.refresh(answer.response)
      this.#answered(transfer, answer, options, usage)
    })
  }

  #answered(transfer: OutgoingTransfer, { ok, status, reason, response, failure }: RequestOutcome, options: TransferOptions, usage: SubscriberUsage | undefined): void {
    if (!ok || response === undefined) {
      transfer.settle({ ok: false, code: failure === 'closed' ? 'ended' : 'refused', status, reason })
      usage?.receive({ type: 'failed' })
      return
    }
    transfer.accepted()
    usage?.receive({ type: 'accepted' })
    if (options.report === 'explicit') this.#subscribe(transfer, response)
    else if (options.report === 'none' || isUnreported(response)) transfer.unreported()
  }

  /** Asks for the reports where the peer says that they are (RFC 7614 §4.4). */
  #subscribe(transfer: OutgoingTransfer, { headers }: SipResponse): void {
    const at = legible(() => headers.read(referEventsAt)[0]?.uri)
    if (at === undefined) return transfer.unreported()
    if (transfer.isSettled) return
    const { host } = this.#agent
    let plan: PlannedRequest
    try {
      plan = this.#agent.plan('SUBSCRIBE', at, { headers: { Event: 'refer', Expires: 300 } })
    } catch {
      return transfer.settle({ ok: false, code: 'ended', reason: 'The user agent was closed.' })
    }
    const { request, origin, nextHop } = plan
    const numbering = new SequenceNumber(request.cseq.sequence)
    const usage = transfer.subscribed({ callId: request.callId, localTag: origin.localTag, first: 0, outside: { origin, sequence: () => numbering.last } })
    const listener: RequestListener = {
      response: (response) => usage.answered(response),
      failed: () => usage.receive({ type: 'failed' }),
      finished: () => undefined,
    }
    new ClientRequest(host, request, { nextHop, numbering, listener }).start()
  }

  #headersFor({ headers, report = 'implicit' }: TransferOptions): ExtraHeaders {
    return { 'Referred-By': `<${String(this.#agent.host.identity.uri)}>`, ...REPORTS[report], ...headers }
  }
}

/** What a REFER says about its reports (RFC 4488 §4, RFC 7614 §4.1, §5.1). */
const REPORTS: Readonly<Record<NonNullable<TransferOptions['report']>, Readonly<Record<string, string>>>> = {
  implicit: {},
  unwanted: { 'Refer-Sub': 'false', Supported: 'norefersub' },
  none: { Require: 'nosub' },
  explicit: { Require: 'explicitsub' },
}

/** Whether the peer does as it was asked, and makes no subscription (RFC 4488 §4). */
function isUnreported({ headers }: SipResponse): boolean {
  return legible(() => headers.read(referSub)[0]?.token.toLowerCase()) === 'false'
}

function listenerOf(answered: (outcome: RequestOutcome) => void): RequestListener {
  return {
    response: (response, explanation) => {
      if (response.statusCode >= 200) answered(outcomeOf(response, { explanation }))
    },
    failed: (failure) => answered(failureOf(failure)),
    finished: () => undefined,
  }
}

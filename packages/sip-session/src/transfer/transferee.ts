import { createToken } from '@offhook/sip-machine'
import { SipUri, legible } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { referSub, referredBy, targetDialog } from '@offhook/sip-parser/headers'
import { Dialog } from '../dialog/dialog.js'
import type { IncomingRequest } from '../session/session.js'
import { CallLeg } from '../call/call-leg.js'
import type { DialogSession } from '../call/dialog-session.js'
import type { ExtendedAgent, ExtendedCall } from '../call/extension.js'
import type { NotifierUsage } from '../user-agent/notifier-usage.js'
import type { OutsideRequest } from '../signalling/outside-request.js'
import { eventId } from './event-id.js'
import { IncomingReferral } from './incoming-referral.js'
import type { ReportMode } from './incoming-referral.js'
import { readReferTo } from './refer-target.js'
import type { Referral } from './transfers-options.js'

/** How many referrals may wait or be reported on at once; more are put off, so many seconds. */
const MOST = 100
const LATER = 30
/** Seconds that others may subscribe for at once. */
const LONGEST = 3600
/** The URI parameter that tells one referral from another, where its reports are subscribed to. */
const REPORT = 'refer'

/** Takes the REFERs of others, and reports what came of them (transferee of RFC 5589). */
export class Transferee {
  readonly #agent: ExtendedAgent
  readonly #decide: (referral: Referral) => void
  #referrals: readonly IncomingReferral[] = []
  /** Dialogs in which one REFER came before. */
  readonly #referred = new WeakSet<Dialog>()

  constructor(agent: ExtendedAgent, decide: (referral: Referral) => void) {
    this.#agent = agent
    this.#decide = decide
  }

  /** A REFER in the dialog of a call. */
  refer(owned: IncomingRequest, session: DialogSession, call: ExtendedCall): void {
    const { dialog } = session.usage
    const again = this.#referred.has(dialog)
    this.#referred.add(dialog)
    dialog.refresh(owned.request)
    this.#ask(owned, call, { type: 'implicit', dialog, flow: () => session.flow, event: again ? `refer;id=${owned.request.cseq.sequence}` : 'refer' })
  }

  /** A REFER outside of dialogs. */
  referOutside(owned: OutsideRequest): void {
    const { request, localTag, flow } = owned
    const named = legible(() => request.headers.read(targetDialog)[0])
    // What is local to the sender is remote to us (RFC 4538 §5).
    const session = named === undefined ? undefined : this.#agent.host.find(named.callId, named.remoteTag ?? '', named.localTag ?? '')
    const call = session?.owner instanceof CallLeg ? session.owner : undefined
    this.#ask(owned, call, { type: 'implicit', dialog: Dialog.ofRequest(request, localTag), flow: () => flow, event: 'refer' })
  }

  /** A SUBSCRIBE to the event `refer`: it renews or ends what a REFER began, which nothing else can begin but where we said so (RFC 3515 §2.4.4, RFC 7614 §4.5). */
  subscribe(owned: IncomingRequest, outside?: OutsideRequest): void {
    const { request } = owned
    const expires = Math.min(legible(() => request.expires) ?? LONGEST, LONGEST)
    const { signalling } = this.#agent.host
    const accept = (then: () => void): void => {
      owned.accept({ headers: { Expires: expires } })
      signalling.run(then)
    }
    const usage = this.#find(request)
    if (usage !== undefined) {
      if (outside !== undefined && !usage.dialog.accepts(request)) return owned.reject({ statusCode: 500 })
      return accept(() => usage.receive({ type: 'subscribed', expires, granted: usage.state === 'active' }))
    }
    const { requestUri } = request
    const token = requestUri instanceof SipUri ? requestUri.parameters.get(REPORT) : undefined
    const referral = token === undefined ? undefined : this.#referrals.find(({ address }) => address?.endsWith(`;${REPORT}=${token}`) === true)
    if (referral === undefined || outside === undefined || request.to.tag !== undefined) return owned.reject({ statusCode: 403 })
    accept(() => referral.tell(Dialog.ofRequest(request, outside.localTag), () => outside.flow, 'refer', expires))
  }

  #ask(owned: IncomingRequest, call: ExtendedCall | undefined, implicit: Extract<ReportMode, { type: 'implicit' }>): void {
    const { request } = owned
    const target = readReferTo(request)
    if (target === 'bad') return owned.reject({ statusCode: 400, reasonPhrase: 'Bad Refer-To' })
    if (target === 'foreign') return owned.reject({ statusCode: 603 })
    if (this.#referrals.length >= MOST) return owned.reject({ statusCode: 480, headers: { 'Retry-After': LATER } })
    const referral = new IncomingReferral({
      agent: this.#agent, owned, target, call, mode: this.#modeOf(request, implicit),
      referredBy: legible(() => request.headers.read(referredBy)[0]),
      over: (over) => (this.#referrals = this.#referrals.filter((other) => other !== over)),
    })
    this.#referrals = [...this.#referrals, referral]
    referral.ask(this.#decide)
  }

  #modeOf(request: SipRequest, implicit: Extract<ReportMode, { type: 'implicit' }>): ReportMode {
    const { headers } = request
    const required = (legible(() => request.require) ?? []).map((tag) => tag.toLowerCase())
    if (required.includes('explicitsub')) {
      const flow = implicit.flow()
      const { identity, signalling } = this.#agent.host
      // Whoever knows the address may subscribe, so nobody can guess it (RFC 7614 §4.3).
      if (flow !== undefined) return { type: 'explicit', address: `${identity.contactUri(flow)};${REPORT}=${createToken(signalling.random)}` }
    }
    if (required.includes('nosub')) return { type: 'none', headers: {} }
    return legible(() => headers.read(referSub)[0]?.token.toLowerCase()) === 'false' ? { type: 'none', headers: { 'Refer-Sub': 'false' } } : implicit
  }

  #find(request: SipRequest): NotifierUsage | undefined {
    const { callId, to, from } = request
    if (to.tag === undefined) return undefined
    const id = Dialog.idOf(callId, to.tag, from.tag ?? '')
    const named = eventId(request)
    return this.#referrals.flatMap(({ notifiers }) => notifiers).find((usage) => usage.dialog.id === id && idOf(usage.event) === named)
  }
}

function idOf(event: string): number | undefined {
  const id = event.split(';id=')[1]
  return id === undefined ? undefined : Number(id)
}

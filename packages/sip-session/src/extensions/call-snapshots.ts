import { Dialog } from '../dialog/dialog.js'
import type { DialogSnapshot } from '../dialog/dialog-snapshot.js'
import { SessionError } from '../errors.js'
import type { Description } from '../session-description-handler.js'
import { InviteUsage } from '../session/invite-usage.js'
import { CallLeg } from '../call/call-leg.js'
import type { CallHost } from '../call/call-leg.js'
import type { CallSnapshot } from '../call/call-snapshot.js'
import { DialogSession } from '../call/dialog-session.js'
import type { Extension } from '../call/extension.js'

/**
 * Calls that outlive a reload: `Call.snapshot()` on one side of it, `UserAgent.restore()` on the other.
 *
 * @example
 * sessionStorage.setItem('call', JSON.stringify(call.snapshot()))
 * // after the reload
 * const call = agent.restore(JSON.parse(sessionStorage.getItem('call')))
 */
export function callSnapshots(): Extension {
  return {
    snapshot({ origin: { direction } }, session) {
      const { agreed } = session.usage.negotiation
      const own = agreed?.own === agreed?.offer ? 'offer' : 'answer'
      return { version: 1, direction, dialog: session.snapshot(), ...(agreed !== undefined && { agreed: { offer: agreed.offer, answer: agreed.answer, own } }) }
    },
    restore(host, snapshot) {
      if (!isCallSnapshot(snapshot)) throw new SessionError('bad-snapshot', 'Not the snapshot of a call, or of another version.')
      const { direction, agreed } = snapshot
      const dialog = Dialog.restore(snapshot.dialog)
      // What cannot be read is told now, and not in the middle of a call.
      ;[dialog.remoteTarget, dialog.remoteUri, dialog.localUri].forEach(String)
      const agreement = agreed && { offer: agreed.offer, answer: agreed.answer, own: agreed.own === 'offer' ? agreed.offer : agreed.answer }
      // The host of the sessions of an agent is that of its calls.
      const leg = new CallLeg(host as CallHost, { direction, id: dialog.callId, ringTimeout: Infinity, options: {} }, dialog)
      const session = new DialogSession(host, leg, new InviteUsage(dialog, { agreed: agreement }, host.usages), undefined)
      leg.resume(session)
      describe(leg, session)
      return leg
    },
  }
}

/** Brings our new address and media to the peer. A call whose peer does not want them is none. */
function describe(leg: CallLeg, session: DialogSession): void {
  const described = leg.media.handler === undefined ? session.invite({ ...session.usage.negotiation.ownDescription }).outcome : leg.holding.renegotiate({})
  void described.then((outcome) => {
    if (outcome.ok || leg.isOver) return
    leg.finish({ by: 'error', cause: 'media', reason: outcome.reason })
    session.bye()
  })
}

function isCallSnapshot(value: unknown): value is CallSnapshot {
  const { version, direction, dialog, agreed } = Object(value) as Partial<Record<string, unknown>>
  if (version !== 1 || (direction !== 'incoming' && direction !== 'outgoing') || !isDialogSnapshot(dialog)) return false
  if (agreed === undefined) return true
  const { offer, answer, own } = Object(agreed) as Partial<Record<string, unknown>>
  return isDescription(offer) && isDescription(answer) && (own === 'offer' || own === 'answer')
}

const TEXTS = ['callId', 'localTag', 'remoteTag', 'localAddress', 'remoteAddress', 'remoteTarget']

/** Whether a value has the shape of a confirmed dialog. */
function isDialogSnapshot(value: unknown): value is DialogSnapshot {
  const { version, state, role, localSequence, remoteSequence, routeSet, secure, ...texts } = Object(value) as Partial<Record<string, unknown>>
  return version === 1 && state === 'confirmed' && (role === 'uac' || role === 'uas') && typeof secure === 'boolean'
    && isSequence(localSequence) && (remoteSequence === undefined || isSequence(remoteSequence))
    && Array.isArray(routeSet) && routeSet.every((route) => typeof route === 'string') && TEXTS.every((name) => typeof texts[name] === 'string')
}

function isSequence(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0
}

function isDescription(value: unknown): value is Description {
  const { body, contentType } = Object(value) as Partial<Record<string, unknown>>
  return typeof body === 'string' && typeof contentType === 'string'
}
